"""Who needs an answer first: people in danger or need, then those who ask.

A queue of unanswered posts is ordered by urgency and by waiting time, never by followers
(crisis.md R-52, R-71). Words are looked for in French and English; what they miss waits in order
of time, so nothing is lost, only later.
"""

import re
from enum import IntEnum

from quivive.vocabulary.folding import fold


class Urgency(IntEnum):
    """How soon somebody should answer."""

    NONE = 0
    QUESTION = 1
    NEED = 2
    DANGER = 3


_DANGER = re.compile(
    r"\b(?:au secours|a l'aide|aidez[- ](?:moi|nous)|en danger|besoin d'aide|urgence vitale"
    r"|bless(?:e|es|ee|ees)|hopital|pompiers|samu|ambulance|intoxiqu\w+|malaise|monoxyde"
    r"|fuite de gaz|odeur de gaz|incendie|coince\w*|evanoui\w*|suffo\w+"
    r"|help (?:me|us)|in danger|injured|hurt|hospital|ambulance|firefighters|gas leak"
    r"|smell of gas|on fire|trapped|unconscious|can't breathe|carbon monoxide)\b"
)
_NEED = re.compile(
    r"\b(?:seule?s?|isole\w*|agee?s?|handicap\w*|fauteuil roulant|enceinte|bebes?|nourrissons?"
    r"|enfants?|malades?|sous oxygene|froid|gele\w*|grelott\w*|sans (?:eau|chauffage|courant"
    r"|electricite|ascenseur)|dort avec son manteau|personne ne repond"
    r"|alone|elderly|disabled|wheelchair|pregnant|baby|babies|toddler|children|sick"
    r"|freezing|cold|no (?:water|heating|power|lift)|nobody answers)\b"
)
_QUESTION = re.compile(
    r"\?|\b(?:c'est vrai|est-ce vrai|vrai ou faux|info ou intox|quelqu'un (?:peut|sait|a|confirme)"
    r"|qui appeler|que faire|combien de temps|is it true|does anyone|who (?:can|do) (?:i|we) call"
    r"|what should|how long)\b"
)


def urgency(words: str) -> Urgency:
    """Tell how soon somebody should answer a post.

    >>> urgency("Ma voisine de 82 ans est seule et elle a froid").name
    'NEED'
    >>> urgency("Au secours, odeur de gaz au 3e !").name, urgency("C'est vrai ?").name
    ('DANGER', 'QUESTION')
    """
    plain = fold(words)
    if _DANGER.search(plain):
        return Urgency.DANGER
    if _NEED.search(plain):
        return Urgency.NEED
    return Urgency.QUESTION if _QUESTION.search(plain) else Urgency.NONE
