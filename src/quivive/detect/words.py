"""Words so grave that every mention rings, French and English; our own list, people edit it.

Folded phrases (``vocabulary.folding``); a phrase is found as whole words. Negation is not treated:
"nobody died" rings too, for at that moment a person wants to read it.
"""

import re
from collections.abc import Sequence

from quivive.vocabulary.folding import fold

SEVERE_FR = (
    "mort", "morte", "morts", "mortes", "deces", "decede", "decedee", "tue", "tuee", "tues",
    "cadavre", "suicide", "suicides", "se suicider", "me suicider", "se tuer", "me tuer",
    "incendie", "incendies", "au feu", "prend feu", "pris feu", "en feu", "explosion",
    "fuite de gaz", "odeur de gaz", "monoxyde de carbone", "intoxication", "intoxique",
    "intoxiques", "empoisonne", "effondrement", "effondre", "s'ecroule", "ecroule",
    "s'est effondre", "peril imminent", "evacuation", "evacues", "blesse", "blessee", "blesses",
    "electrocute", "electrocution", "noyade", "legionellose", "legionelle", "legionelles",
    "plomb dans l'eau", "amiante", "saturnisme", "agression", "agresse", "agressee", "viol",
    "violee", "harcelement", "harcele", "harcelee", "menace de mort", "menaces de mort",
    "arme", "couteau", "racisme", "raciste", "racistes", "antisemite", "antisemitisme",
    "homophobe", "sexiste", "discrimination", "discriminations", "corruption", "corrompu",
    "corrompus", "pot-de-vin", "pots-de-vin", "detournement de fonds", "fuite de donnees",
    "donnees volees", "enfant blesse", "enfant malade", "enfants malades", "enfant disparu",
    "enfant en danger", "enfants en danger", "bebe en danger", "pedophile", "maltraitance",
)  # fmt: skip
SEVERE_EN = (
    "dead", "death", "deaths", "died", "killed", "fatal", "fatality", "suicide", "suicidal",
    "kill myself", "kill himself", "kill herself", "on fire", "caught fire", "house fire",
    "building fire", "flat fire", "explosion", "exploded", "gas leak", "smell of gas",
    "carbon monoxide", "poisoned", "poisoning", "collapse", "collapsed", "evacuated",
    "evacuation", "injured", "injuries", "electrocuted", "drowned", "legionella",
    "legionnaires", "legionnaire's", "asbestos", "lead in the water", "assault", "assaulted",
    "raped", "rape", "harassment", "harassed", "death threat", "death threats", "knife", "gun",
    "racism", "racist", "racists", "antisemitic", "homophobic", "sexist", "discrimination",
    "corruption", "corrupt", "bribe", "bribes", "bribery", "embezzlement", "data breach",
    "data leak", "stolen data", "child hurt", "child injured", "child in danger",
    "children in danger", "missing child", "baby in danger", "paedophile", "pedophile",
    "child abuse",
)  # fmt: skip
SEVERE = SEVERE_FR + SEVERE_EN


def pattern_of(words: Sequence[str]) -> re.Pattern[str] | None:
    """Return one pattern that finds any of the words in folded text; None without words."""
    phrases = sorted({fold(word.strip()) for word in words if word.strip()}, key=len, reverse=True)
    if not phrases:
        return None
    choices = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    return re.compile(rf"(?<![\w])(?:{choices})(?![\w])")
