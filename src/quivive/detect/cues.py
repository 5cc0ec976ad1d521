"""Words that turn what is said: not, false, is it true. French and English, our own lists.

Two posts may share nine words of ten and say opposite things. ``turns`` finds the tenth: what
keeps a denial apart from its claim (``copies.py``) and tells how a post stands (``stance.py``).
Everything here reads folded text.
"""

import re

import msgspec

from quivive.detect.enquiry import enquires

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_HTML = re.compile(r"&(?:amp|lt|gt|quot|#\d+);")
_NAME = re.compile(r"(?:^rt\s+)?@\w[\w.-]*:?")
_VIA = re.compile(r"\(?\bvia\s*(?=\)|$)\)?")

NEGATION = re.compile(
    r"(?<![\w'])(?:n'(?=[aeiouyh])|(?:ne|pas|aucune?|aucuns|jamais|nulle?|personne|rien|ni|non|sans|"
    r"not|no|never|nobody|none|nothing|neither|nor|zero|without|cannot|"
    r"(?:do|does|did|is|was|are|were|has|have|had|ca|wo|would|could|should|ai)n't|"
    r"dont|doesnt|didnt|isnt|wasnt|wont|cant)(?!\w))"
)
DENIAL = re.compile(
    r"(?<![\w-])(?:faux(?![ -](?:cul|pas|depart))|fausses?|intox|infox|"
    r"desinformation|rumeurs?|mensonges?|mensongere?s?|ment|"
    r"mentent|menteurs?|menteuses?|dement\w*|inexact\w*|infondee?s?|canulars?|invente\w*|"
    r"n'importe quoi|arretez|cessez|contrairement|rectificatif|rectifier|hoax\w*|fakes?|false|"
    r"falsely|untrue|incorrect|inaccurate|wrong(?! with)|lies?(?! (?:a|au|aux|par)\b)|lied|liars?|"
    r"lying|debunk\w*|a tort|(?:sans|aucun) fondement|unfounded|baseless|"
    r"rumou?rs?|bogus|nonsense|bullshit|bs|propaganda|misinformation|disinformation|misleading|photoshop\w*|"
    r"den(?:y|ies|ied|ying)|made up|makes? up|ruled out|no evidence|"
    r"stop (?:spreading|saying|sharing)|correction|refute\w*|retract(?:s|ed|ions?)?)(?!\w)"
)
_TAKEN_BACK = (
    r"(?:j'ai|je l'ai) (?:tout )?(?:supprime|efface|retire|parle trop vite)|je me suis trompee?|"
    r"mal renseignee?s?|au(?:tant| temps) pour moi|mea culpa|je (?:retire|corrige)|"
    r"i(?:'ve| have)? (?:just )?(?:deleted|removed|took down|taken down)|i stand corrected|"
    r"i was (?:wrong|misinformed)|my (?:mistake|bad)|i take (?:it|that) back|scratch that"
)
TAKES_BACK = re.compile(rf"(?<!\w)(?:{_TAKEN_BACK})(?!\w)")
"""Somebody takes back what they said: it denies whatever that was."""
DOUBT = re.compile(
    r"(?<!\w)(?:vrai|vraie|vraiment|peut-etre|il parait|parait-il|apparemment|soi-disant|"
    r"pretendu\w*|confirme\w*|confirmation|source|sources|preuves?|serait|seraient|aurait|auraient|si|"
    r"est-ce|true|really|maybe|apparently|allegedly|alleged|unconfirmed|supposedly|confirm\w*|"
    r"verif\w*|proof|evidence|heard|hearing|whether|if)(?!\w)"
)
QUESTION_WORD = re.compile(
    r"^\W*(?:qui|que|quoi|ou|quand|comment|pourquoi|combien|quel\w*|est-ce|y a-t-il|a-t-\w+|"
    r"va-t-\w+|who|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|can|could|will|would|"
    r"should)(?!\w)"
)
INVERTED = re.compile(r"\w-(?:t-)?(?:il|elle|ils|elles|on|vous|tu|ce)(?!\w)")
ASSENT = re.compile(
    r"(?<!\w)(?:oui|exact|exactement|c'est vrai|effectivement|confirme|d'accord|bien dit|"
    r"je confirme|temoin|temoigne|j'y etais|moi aussi|yes|yep|yeah|exactly|agreed?|"
    r"true|right|indeed|confirmed|so true|me too|same here|this is why)(?!\w)"
)
REPORT = re.compile(
    r"(?<!\w)(?:selon|d'apres|alerte|urgent|info|flash|communique|annonce\w*|breaking|update|"
    r"reports?|reported(?:ly)?|according|police say|officials?|witness\w*|just in|developing|"
    r"says?|said)(?!\w)"
)
SWEAR = re.compile(
    r"(?<!\w)(?:putain|merde|conn\w+|debile\w*|mdr|ptdr|lol|lmao|rofl|smh|wtf|fuck\w*|shit\w*|damn|"
    r"idiots?|stupid|dumb|moron\w*|ass|haha\w*|hehe\w*)(?!\w)"
)
_WISH = (
    r"pray\w*|(?:my|our) thoughts|thought'?s (?:\w+ )?(?:are|go|and|with|to)|rip|r\.i\.p|"
    r"hearts? (?:\w+ )?(?:go(?:es|ing)?|went|breaks?|aches?|is|are)|(?:heavy|broken|sad) hearts?|"
    r"heart ?(?:brok\w+|break\w*)|good luck|wishes|(?:be|keep) safe|take care|dear (?:god|lord)|"
    r"lord|god help|heavenly|sending (?:\w+ ){0,3}(?:love|hugs?|strength|support|thoughts)|"
    r"fingers crossed|crossing (?:my|our) fingers|bonne chance|de tout coeur|prieres?|prions|priez|"
    r"coeur (?:brise|serre|lourd|gros)|seigneur|mon dieu|tenez bon|prenez soin|"
    r"hop(?:e|es|ing|efully)|bless(?:ed|ings?)?|bravo|merci|courage|condol(?:ea|e)nces?|pensees?|j'espere|esperons|thanks?|"
    r"thank you|respect|congrat\w*|felicit\w*|solidarite|soutien|stay (?:safe|strong)|let's|let us|"
    r"thinking of (?:you|all|those|every\w+|the (?:people|families|victims))|"
    r"pens(?:e|ons) (?:tres |bien )?(?:fort )?a (?:vous|toi|eux|elles|ceux|celles|toutes|tous)"
)
_JUDGING = (
    r"(?:i|we) (?:think|believe|feel|guess|wonder|love|hate|want|need|wish|mean|agree)|imh?o|"
    r"je (?:pense|crois|trouve|veux|comprends)|a mon avis|should(?:n't)?|must|ought|needs? to|"
    r"il faut|(?:il )?faudrait|on devrait|imagine|remember when|honte|shame(?:ful)?|disgusting|"
    r"scandale|scandaleux|ridiculous|ridicule|dommage|vivement|hate de|marre|franchement|"
    r"prefere\w*|trop (?:beau|belle|bien|bon|bonne|cool|drole|fort|mignon\w*|nul\w*|triste)|"
    r"agacant\w*|mdr+|ptdr+|lol|lmao|rofl|a(?:ha)+|amazing|awesome|"
    r"(?:so|too) (?:sad|proud|happy|beautiful|excited|scary|sorry|tragic|terrible|awful|horrible)|"
    r"(?:si|tellement|tres) (?:triste|affreux|horrible)"
)
_ONESELF = (
    r"(?:i|i'm|i'll|i've|i'd|je|j'ai|j')"
    r"(?! ?(?:just )?(?:heard?|hearing|saw|read|was told|am told|entendu|appris|lu|vu)(?!\w))"
    r"|j(?:e ?)?s(?:uis|ais)|jvais|jcrois|jvoulais?|perso|tu|t'(?:as|es|etais)"
)
_LOVING = "[\U0001f602\U0001f60d\U0001f618\U0001f923\U0001f62d\U0001f498\U0001f495\u2764]"
OPINION = re.compile(rf"(?<!\w)(?:{_WISH}|{_JUDGING}|{_ONESELF})(?!\w)|{_LOVING}")
"""Wishes, opinions and what somebody feels: nothing one could look up."""
_OPPOSITES = (
    ("ouvert", "ferme"), ("ouverte", "fermee"), ("open", "closed"), ("vivant", "mort"),
    ("alive", "dead"), ("sain", "contamine"), ("saine", "contaminee"), ("safe", "unsafe"),
    ("innocent", "coupable"), ("guilty", "innocent"), ("hausse", "baisse"), ("plus", "moins"),
    ("avant", "apres"), ("before", "after"), ("more", "less"), ("up", "down"), ("win", "lose"),
    ("on", "off"), ("augmente", "baisse"), ("avec", "sans"), ("with", "without"),
)  # fmt: skip
_POLAR = frozenset(word for pair in _OPPOSITES for word in pair)
_NUMBERS = {
    word: str(value)
    for value, words in enumerate(
        (
            *("zero", "un une one", "deux two", "trois three", "quatre four", "cinq five"),
            *("six", "sept seven", "huit eight", "neuf nine", "dix ten", "onze eleven"),
            "douze twelve",
        )
    )
    for word in words.split()
} | {"un": "un", "une": "un", "one": "one"}
"""``un`` is an article far more often than a number."""
_WORD = re.compile(r"\w+(?:[.,]\d+)?")


class Bearing(msgspec.Struct, frozen=True, gc=False):
    """What turns a text.

    Attributes:
        negations: how many words of negation.  denies: a word that calls something false.
        asks: it ends in a question, begins like one, or enquires.
        numbers: the numbers it gives.
    """

    negations: int
    denies: bool
    asks: bool
    numbers: frozenset[str]


def bare(folded: str) -> str:
    """Return folded words without links, names of accounts and marks of relaying.

    >>> bare("rt @ana: l'eau est coupee https://a.b (via @leo)")
    "l'eau est coupee"
    """
    without = _HTML.sub(" ", _NAME.sub(" ", _LINK.sub(" ", folded)))
    return " ".join(_VIA.sub(" ", without).split())


def words_of(plain: str) -> list[str]:
    """Return the words of a bare text, numbers as digits.

    >>> words_of("deux cas, +1,2 % #danger")
    ['2', 'cas', '1,2', 'danger']
    """
    return [_NUMBERS.get(word, word) for word in _WORD.findall(plain)]


def bearing(plain: str) -> Bearing:
    """Read what turns a bare text."""
    words = words_of(plain)
    return Bearing(
        len(NEGATION.findall(plain)),
        DENIAL.search(plain) is not None,
        asks(plain),
        frozenset(word for word in words if word[0].isdigit()),
    )


def asks(plain: str) -> bool:
    """Tell whether a bare text puts a question, with or without a question mark.

    >>> asks("la mairie va-t-elle expulser"), asks("is the dam cracked"), asks("ou est le gaz")
    (True, True, True)
    """
    return (
        "?" in plain
        or enquires(plain)
        or QUESTION_WORD.match(plain) is not None
        or INVERTED.search(plain) is not None
    )


def turns(words: frozenset[str]) -> bool:
    """Tell whether words that only one of two texts has may turn what it says.

    >>> turns(frozenset({"urgent"})), turns(frozenset({"jamais"})), turns(frozenset({"3"}))
    (False, True, True)
    """
    text = " ".join(words)
    return bool(
        any(word[0].isdigit() or word in _POLAR or len(word) == 1 for word in words)
        or NEGATION.search(text)
        or DENIAL.search(text)
        or DOUBT.search(text)
    )
