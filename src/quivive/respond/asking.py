"""Who needs an answer first: people in danger, people in need and alone, then others.

A queue of unanswered posts is ordered by what their words say and then by waiting time, never by
followers (crisis.md R-52, R-71). Words are looked for in French and English; what they miss waits
in order of time, so nothing is lost, only later.
"""

import re
from enum import IntEnum, StrEnum

import msgspec

from quivive.vocabulary.folding import fold


class Urgency(IntEnum):
    """How soon somebody should answer."""

    NONE = 0
    ADDRESSED = 1
    QUESTION = 2
    NEED = 3
    ALONE = 4
    DANGER = 5


class Reason(StrEnum):
    """Why somebody should answer."""

    DANGER = "danger"
    ALONE = "alone"
    FRAIL = "frail"
    WITHOUT = "without"
    UNHEARD = "unheard"
    QUESTION = "question"
    TO_US = "to-us"


class Because(msgspec.Struct, frozen=True):
    """One reason, with the words that show it, folded; none for what no word says."""

    reason: Reason
    words: str = ""


class Asking(msgspec.Struct, frozen=True):
    """What a post asks of us: how soon, and every reason for it."""

    urgency: Urgency
    because: tuple[Because, ...] = ()


_NOT_THE_ONLY = r"(?:(?!(?:le|la|les|un|une|des|mon|ma|notre|pas|the|only) )\w+ ){0,2}?"

_WORDS: dict[Reason, re.Pattern[str]] = {
    Reason.DANGER: re.compile(
        r"\b(?:au secours|a l'aide|aidez[- ](?:moi|nous)|en danger|besoin d'aide|urgence vitale"
        r"|bless(?:e|es|ee|ees)|pompiers|samu|ambulance|intoxiqu\w+|malaise|monoxyde"
        r"|crise cardiaque|fuite de gaz|(?:odeur|sent) (?:de|le) gaz|incendie|en feu|inconscient\w*"
        r"|evanoui\w*|suffo\w+|noye\w*|(?:crier?|hurler?) (?:dans|au secours|a l'aide)"
        r"|(?:emmen|transport|conduit|evacu|admis)\w* (?:\w+ ){0,3}(?:a l'hopital|aux urgences)"
        r"|(?:bloqu|coinc|enferm)(?:e|es|ee|ees) (?:dans|dedans|au|a)"
        r"|help (?:me|us)|in danger|injured|hurt|firefighters|heart attack|gas leak|smell of gas"
        r"|(?:taken|rushed) to hospital|on fire|trapped|stuck in|unconscious|can't breathe"
        r"|carbon monoxide|panicking|screaming)\b"
    ),
    Reason.ALONE: re.compile(
        rf"\b(?:(?:suis|est|sont|vis|vit|vivent|habite\w*|reste\w*|laisse\w*|me sens)"
        rf" {_NOT_THE_ONLY}seule?s?\b"
        r"(?! (?:responsable|maitre|juge|proprietaire|a (?:pouvoir|avoir)))"
        r"|toute?s? seule?s?|seule?s? (?:avec|chez|dans mon|dans ma|a la maison|depuis|et j)"
        r"|(?:personnes?|dames?|gens|suis|me sens|se sent) (?:(?!mal )\w+ )?isole(?:e|es|s)?"
        r"|sans famille|ne connais personne"
        r"|(?:am|is|are|lives?|living|all|left|feel) alone|alone (?:and|with|in|since)"
        r"|on (?:my|her|his) own|by myself|(?:nobody|no one) to (?:help|call))\b"
    ),
    Reason.FRAIL: re.compile(
        r"\b(?:agee?s?|handicap\w*|fauteuil|mobilite reduite|enceinte|bebes?|nourrissons?|enfants?"
        r"|malades?|dialyse|oxygene|perfusion|insuline|(?:7[5-9]|[89]\d|1[01]\d) ans|\d{1,2} mois"
        r"|elderly|disabled|wheelchair|pregnant|baby|babies|toddler|children|sick|dialysis|oxygen"
        r"|insulin|(?:7[5-9]|[89]\d|1[01]\d) years? old)\b"
    ),
    Reason.WITHOUT: re.compile(
        r"\b(?:froid|gele\w*|grelott\w*|sans (?:eau|chauffage|courant|electricite|ascenseur)"
        r"|bloqu(?:e|es|ee|ees)"
        r"|freezing|cold|no (?:water|heating|power|lift)|stranded)\b"
    ),
    Reason.UNHEARD: re.compile(
        r"\b(?:personne ne (?:me |nous )?(?:repond|rappelle|vient)|toujours pas de reponse"
        r"|(?:nobody|no one) (?:answers|calls back|comes))\b"
    ),
    Reason.QUESTION: re.compile(
        r"\?|\b(?:c'est vrai|est-ce vrai|vrai ou faux|info ou intox"
        r"|quelqu'un (?:peut|sait|a|confirme)"
        r"|(?:a )?qui (?:appeler|telephoner|joindre)|que faire|combien de temps"
        r"|is it true|does anyone|who (?:can|do) (?:i|we) call|what should|how long)\b"
    ),
}
_NEEDS = {Reason.FRAIL, Reason.WITHOUT, Reason.UNHEARD}


def asking(words: str, *, to_us: bool = False) -> Asking:
    """Tell what a post asks of us, and why.

    Args:
        words: of the post.
        to_us: it answers us or names us, so that even a remark deserves a look.

    >>> told = asking("j ai froid je suis seule a qui telephoner")
    >>> told.urgency.name, [(one.reason.value, one.words) for one in told.because]
    ('ALONE', [('alone', 'suis seule'), ('without', 'froid'), ('question', 'a qui telephoner')])
    """
    plain = fold(words)
    found = [(reason, pattern.search(plain)) for reason, pattern in _WORDS.items()]
    because = [Because(reason, met[0]) for reason, met in found if met]
    if to_us:
        because.append(Because(Reason.TO_US))
    return Asking(_urgency({one.reason for one in because}), tuple(because))


def _urgency(reasons: set[Reason]) -> Urgency:
    if Reason.DANGER in reasons:
        return Urgency.DANGER
    if Reason.ALONE in reasons:
        return Urgency.ALONE
    if reasons & _NEEDS:
        return Urgency.NEED
    if Reason.QUESTION in reasons:
        return Urgency.QUESTION
    return Urgency.ADDRESSED if reasons else Urgency.NONE


def urgency(words: str) -> Urgency:
    """Tell how soon somebody should answer a post.

    >>> urgency("Ma voisine de 82 ans est seule et elle a froid").name
    'ALONE'
    >>> urgency("Au secours, odeur de gaz au 3e !").name, urgency("C'est vrai ?").name
    ('DANGER', 'QUESTION')
    """
    return asking(words).urgency
