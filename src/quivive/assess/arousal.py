"""Words that carry people along: anger, fear, disgust and moral outrage (n4, DR-21)."""

import re
from functools import lru_cache

from quivive.vocabulary.folding import fold

_ANGER = """
    honte! honteu scandal revolt indign inadmissible inacceptable intolerable colere! furieu rage!
    enrage marre! degage! menteu mensonge! mensonges! escroc voleu foutage arnaqu insult mepris
    abandonn incapable irresponsable pourri! pourrie! pourris!
    shame! shameful outrag disgrac unacceptable anger! angry furious fury! liar! liars! lying! lied!
    scam! scammed! fraud betray abandon neglect incompetent insult
"""
_FEAR = """
    peur! peurs! apeur danger! dangers! dangereu gravissime urgence! urgences! hopital hospitalis
    malade! malades! mort! morte! morts! mourir! deces! intoxi contamin legionell amiante explos
    incendie panique! paniqu inquiet angoiss menac victime! victimes! blesse! blesses! blessee!
    afraid scared scary fear! fears! danger! dangerous hospital sick! dead! death! deaths! dying!
    poison contaminat legionnair asbestos explos panic worried threat victim injur emergency
"""
_DISGUST = """
    degout degueul ignoble immonde infect! infecte! infects! ordure puant puanteur rats! cafards!
    moisi! moisie! moisis! insalubr ecoeur abject sordide
    disgust filthy filth! rotten mould! mold! vermin cockroach stink! stinks! appalling revolting
"""
_MORAL = """
    justice! injuste! injustes! injustice dignite! indigne! coupable! coupables! trahi! trahis!
    trahison corrompu corruption complice! complices! inhumain discrimin racis aveu! aveux!
    unjust injustice dignity guilty betrayal corrupt complicit inhuman discriminat
"""
_PHRASES = ("fed up", "sick of", "ras le bol", "ras-le-bol", "se foutent de", "cover-up")
"""Our own lists, of folded words: one with a ``!`` stands alone, the others begin a word."""


def _pattern(words: str, phrases: tuple[str, ...] = ()) -> re.Pattern[str]:
    listed = sorted({*words.split(), *phrases})
    alone = [re.escape(word[:-1]) for word in listed if word.endswith("!")]
    begun = [re.escape(word) for word in listed if not word.endswith("!")]
    return re.compile(rf"(?<!\w)(?:(?:{'|'.join(alone)})(?!\w)|{'|'.join(begun)})")


_AROUSING = _pattern(" ".join((_ANGER, _FEAR, _DISGUST, _MORAL)), _PHRASES)
_SHOUTING = re.compile(r"[!?]{2,}")


_FEARFUL = _pattern(_FEAR)


def fears(folded: str) -> bool:
    """Tell whether a folded text holds a word of fear.

    >>> fears("deux voisins hospitalises, c'est grave"), fears("quelle honte")
    (True, False)
    """
    return _FEARFUL.search(folded) is not None


def arouses(folded: str, more: tuple[str, ...] = ()) -> bool:
    """Tell whether a folded text holds a word, or a mark, of high arousal.

    Args:
        folded: the text.
        more: words of one's own that carry people along too, as people write them.

    >>> arouses("deux voisins hospitalises, c'est grave")
    True
    >>> arouses("le technicien passe jeudi")
    False
    """
    if _AROUSING.search(folded) is not None or _SHOUTING.search(folded) is not None:
        return True
    return bool(more) and _own(more).search(folded) is not None


@lru_cache(maxsize=8)
def _own(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(fold(word)) for word in words)})(?!\w)")
