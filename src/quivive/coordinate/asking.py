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
    r"|crise cardiaque|fuite de gaz|(?:odeur|sent) (?:de|le) gaz|incendie|en feu|inconscient\w*"
    r"|evanoui\w*|suffo\w+|noye\w*|panique|(?:crie|crier|hurle|hurler)"
    r"|(?:bloqu|coinc|enferm)(?:e|es|ee|ees) (?:dans|dedans|au|a)"
    r"|help (?:me|us)|in danger|injured|hurt|hospital|firefighters|heart attack|gas leak"
    r"|smell of gas|on fire|trapped|stuck in|unconscious|can't breathe|carbon monoxide|panicking"
    r"|screaming)\b"
)
_NEED = re.compile(
    r"\b(?:seule?s?|isole\w*|agee?s?|handicap\w*|fauteuil|mobilite reduite|enceinte|bebes?"
    r"|nourrissons?|enfants?|malades?|dialyse|oxygene|perfusion|insuline|froid|gele\w*|grelott\w*"
    r"|sans (?:eau|chauffage|courant|electricite|ascenseur)|bloqu(?:e|es|ee|ees)"
    r"|personne ne repond|(?:7[5-9]|[89]\d|1[01]\d) ans|\d{1,2} mois"
    r"|alone|elderly|disabled|wheelchair|pregnant|baby|babies|toddler|children|sick|dialysis"
    r"|oxygen|insulin|freezing|cold|no (?:water|heating|power|lift)|nobody answers|stranded"
    r"|(?:7[5-9]|[89]\d|1[01]\d) years? old)\b"
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
