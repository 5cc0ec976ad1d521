"""What of a post tells how it stands to a claim: cues one can name, in French and English alike.

A cue means the same in both languages, so that what ``bench/train_stance.py`` learns from English
replies carries over. Quoted words are another's and left out.
"""

import re

import msgspec

from quivive.detect.cues import (
    ASSENT,
    DENIAL,
    DOUBT,
    NEGATION,
    QUESTION_WORD,
    REPORT,
    SWEAR,
    asks,
    bare,
    words_of,
)
from quivive.detect.enquiry import enquires
from quivive.detect.lemmas import lemmas
from quivive.detect.sentences import sentences_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say

FEW_WORDS = 4
MANY_WORDS = 30
DEEPEST = 3
REPEATED = 0.5
"""Share of the words of the shorter text that the other holds, from which it repeats it."""
ASKED = 0.4
"""Share of the stems of the shorter that a question holds from which it asks about a claim."""
FEWEST_SHARED = 2
"""Stems that a question shares with the claim it asks about: the topic is named in all posts."""
SHOUTED = 0.4
_QUOTED = re.compile(r'[“"«]\s*(@?\w[^“”"«»]{12,})[”"»]?|(?<![\w@])RT\s?[“":@].*', re.IGNORECASE)
_CAPITALS = re.compile(r"[A-Z]")
_LETTERS = re.compile(r"[A-Za-z]")
_SOURCE = re.compile(r"https?://|(?<!\w)(?:selon|d'apres|according to|source ?:|communique|via @)")
_ALONE = re.compile(r"^\W*(?:non|no|nope|faux|false|lies?|mensonges?|fake|wrong|bs|bullshit)\W*$")
_FIRST_NO = re.compile(r"^\W*(?:non|no|nope|faux|false|wrong|intox|mensonge|fake)(?!\w)")
_FIRST_YES = re.compile(r"^\W*(?:oui|yes|yep|yeah|exact\w*|true|vrai|d'accord)(?!\w)")
_LAUGH = re.compile(
    "[\U0001f600-\U0001f606\U0001f923\U0001f644\U0001f611]|(?<!\\w)(?:mdr|lol|haha)"
)
_SAD = re.compile(
    "[\U0001f614\U0001f61e\U0001f622\U0001f62d\U0001f64f\U0001f494\U0001f621\U0001f624]"
)

_SAME = re.compile(
    r"(?<!\w)(?:idem|pareil\w*|(?:moi|nous|ici|chez moi|chez nous|eux|elle) aussi|"
    r"aussi (?:de mon|chez|ici|a|pour)|memes? (?:chose|problemes?|soucis?|cas|galere|erreur|panne)|"
    r"same(?! (?:day|time|way|man|person|place))|(?:me|us|mine|here|ours) too|as well|either|"
    r"not just you)(?!\w)"
)
_CLAUSE = re.compile(r"[,;:–—()]|(?<!\w)(?:mais|but|car|because)(?!\w)")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A post as its stance is read.

    Attributes:
        claim: words of the post that made the claim; empty for that post itself.
        answered: words of the post it answers, when known.
        depth: 0 a post of its own, 1 an answer, 2 an answer to an answer ...
        copy: it repeats the claim with the same words.
        linked: it brings a link.
    """

    text: str
    claim: str = ""
    answered: str = ""
    depth: int = 0
    copy: bool = False
    linked: bool = False


NAMES: dict[str, Message] = {
    "own": say("It is a post of its own, not an answer."),
    "answer": say("It answers somebody."),
    "deep": say("It lies deep in a conversation."),
    "asks": say("It holds a question mark."),
    "ends asking": say("It ends in a question."),
    "asks twice": say("It asks more than once."),
    "question word": say("It begins like a question."),
    "enquires": say("It asks whether it is true, or for a source."),
    "negation": say("It says no, not or never."),
    "negations": say("It negates more than once."),
    "denial": say("It calls something false, a rumour or a lie."),
    "denial negated": say("It calls something false, with a negation."),
    "denial asked": say("It asks whether something is false."),
    "negation asked": say("It asks with a negation."),
    "first no": say("It begins with no."),
    "first yes": say("It begins with yes."),
    "alone": say("It says nothing but no or false."),
    "doubt": say("It doubts or wants proof."),
    "assent": say("It agrees or confirms."),
    "report": say("It reads like a report."),
    "same here": say("It says that they live through the same."),
    "swears": say("It swears or mocks."),
    "source": say("It names a source."),
    "linked": say("It brings a link."),
    "quotes": say("It quotes the words of another."),
    "only quotes": say("It quotes and adds next to nothing."),
    "short": say("It is very short."),
    "length": say("It is long."),
    "hashtag": say("It carries a hashtag."),
    "shouts": say("It is written in capitals."),
    "exclaims": say("It exclaims."),
    "number": say("It gives a number."),
    "new number": say("It gives another number than the claim."),
    "claim": say("It repeats words of the claim."),
    "all claim": say("It repeats nearly all words of the claim."),
    "holds claim": say("It holds the words that carry the claim."),
    "held negated": say("It holds the words that carry the claim, and negates them."),
    "claim negated": say("It repeats the claim, but negates it or calls it false."),
    "claim asked": say("It repeats the claim as a question."),
    "claim plain": say("It repeats the claim, and nothing turns it."),
    "answered": say("It repeats words of the post that it answers."),
    "answers a question": say("It answers a question."),
    "answers a denial": say("It answers a denial."),
    "negates claim": say("It negates where it speaks of the claim."),
    "negation differs": say("It negates what the claim affirms, or the reverse."),
    "laughs": say("It laughs."),
    "mourns": say("It shows sorrow or anger."),
    "copy": say("It says the same with the same words."),
}
"""Each cue in a sentence; the order is that of the weights."""


class _Text(msgspec.Struct, frozen=True, gc=False):
    """A post in the forms its cues are read from.

    Attributes:
        folded: all of it, folded.  own_text: without quoted words.  own: those bare and folded.
        words: all its words.  own_words: those of ``own``, in order.
        negations: how many in ``own``.  denies: ``own`` calls something false.
    """

    folded: str
    own_text: str
    own: str
    words: frozenset[str]
    own_words: tuple[str, ...]
    negations: int
    denies: bool


def cues_of(told: Told) -> list[float]:
    """Return the cues of a post, each 0 to 1, in the order of ``NAMES``."""
    text = _read(told.text)
    cues = (
        _of_place(told)
        | _of_asking(text)
        | _of_turning(text)
        | _of_manner(told, text)
        | _of_claim(told, text)
        | _of_answered(told, text)
    )
    return [float(cues[name]) for name in NAMES]


def asks_about(text: str, claim: str) -> bool:
    """Tell whether a post asks if something is so, or puts a question that holds much of the claim.

    >>> asks_about("Is the Hugo tower without gas?", "No gas in the Hugo tower tonight")
    True
    >>> asks_about("No gas in the tower! How do I cook?", "No gas in the Hugo tower tonight")
    False
    """
    own = _QUOTED.sub(" ", text)
    if enquires(bare(fold(own))):
        return True
    stems = lemmas(bare(fold(claim)))
    told = [bare(fold(sentence)) for sentence in sentences_of(own)]
    return any(asks(one) and _holds_much(lemmas(one), stems) for one in told)


def _holds_much(stems: frozenset[str], claim: frozenset[str]) -> bool:
    shared, shorter = len(stems & claim), min(len(stems), len(claim))
    return shared >= max(FEWEST_SHARED, ASKED * shorter)


def _read(text: str) -> _Text:
    folded, own_text = fold(text), _QUOTED.sub(" ", text)
    own = bare(fold(own_text))
    return _Text(
        folded=folded,
        own_text=own_text,
        own=own,
        words=frozenset(words_of(bare(folded))),
        own_words=tuple(words_of(own)),
        negations=len(NEGATION.findall(own)),
        denies=DENIAL.search(own) is not None,
    )


def _of_place(told: Told) -> dict[str, float]:
    return {
        "own": told.depth == 0,
        "answer": told.depth == 1,
        "deep": min(max(told.depth - 1, 0), DEEPEST) / DEEPEST,
        "copy": told.copy,
    }


def _of_asking(text: _Text) -> dict[str, float]:
    return {
        "asks": "?" in text.own,
        "ends asking": text.own.rstrip(" .!…").endswith("?"),
        "asks twice": text.own.count("?") > 1,
        "question word": QUESTION_WORD.match(text.own) is not None,
        "enquires": enquires(text.own),
        "doubt": DOUBT.search(text.own) is not None,
    }


def _of_turning(text: _Text) -> dict[str, float]:
    asking = "?" in text.own
    return {
        "negation": text.negations > 0,
        "negations": min(max(text.negations - 1, 0), 2) / 2,
        "denial": text.denies,
        "denial negated": text.denies and text.negations > 0,
        "denial asked": text.denies and asking,
        "negation asked": text.negations > 0 and asking,
        "first no": _FIRST_NO.match(text.own) is not None,
        "first yes": _FIRST_YES.match(text.own) is not None,
        "alone": _ALONE.match(text.own) is not None,
        "assent": ASSENT.search(text.own) is not None,
    }


def _of_manner(told: Told, text: _Text) -> dict[str, float]:
    letters = len(_LETTERS.findall(text.own_text))
    quotes = text.own_text != told.text
    few = len(text.own_words) < FEW_WORDS
    return {
        "report": REPORT.search(text.own) is not None,
        "same here": _SAME.search(text.own) is not None,
        "swears": SWEAR.search(text.own) is not None,
        "source": _SOURCE.search(text.folded) is not None,
        "linked": told.linked or "http" in text.folded,
        "quotes": quotes,
        "only quotes": quotes and few,
        "short": few,
        "length": min(len(text.own_words), MANY_WORDS) / MANY_WORDS,
        "hashtag": "#" in text.folded,
        "shouts": letters > 0 and len(_CAPITALS.findall(text.own_text)) > SHOUTED * letters,
        "exclaims": "!" in text.own,
        "laughs": _LAUGH.search(text.own_text.lower()) is not None,
        "mourns": _SAD.search(text.own_text) is not None,
    }


def _of_claim(told: Told, text: _Text) -> dict[str, float]:
    claim = bare(fold(told.claim))
    words = frozenset(words_of(claim))
    shared = len(text.words & words)
    stems = lemmas(claim)
    held = len(stems & lemmas(text.own)) / max(len(stems), 1)
    repeats = bool(claim) and shared >= REPEATED * max(min(len(words), len(text.words)), 1)
    negated = _negates(text, stems)
    differs = bool(claim) and negated != (NEGATION.search(claim) is not None)
    turned, questions = text.denies or differs, asks(text.own)
    numbers = {word for word in text.own_words if word[0].isdigit()}
    known = {word for word in words if word[0].isdigit()}
    return {
        "number": bool(numbers),
        "new number": bool(numbers - known) and bool(known),
        "claim": shared / max(len(words | text.words), 1),
        "all claim": shared / max(len(text.words), 1),
        "holds claim": held,
        "held negated": held * turned,
        "claim negated": repeats and turned and "?" not in text.own,
        "claim asked": repeats and questions,
        "claim plain": repeats and not turned and not questions,
        "negates claim": negated,
        "negation differs": differs,
    }


def _negates(text: _Text, stems: frozenset[str]) -> bool:
    """Tell whether a clause with a stem of the claim negates; what others negate is not it."""
    told = [part for one in sentences_of(text.own_text) for part in _CLAUSE.split(bare(fold(one)))]
    return any(NEGATION.search(one) and stems & lemmas(one) for one in told)


def _of_answered(told: Told, text: _Text) -> dict[str, float]:
    answered = bare(fold(told.answered))
    words = frozenset(words_of(answered))
    return {
        "answered": len(text.words & words) / max(len(words | text.words), 1),
        "answers a question": "?" in answered,
        "answers a denial": DENIAL.search(answered) is not None,
    }
