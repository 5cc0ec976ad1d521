"""Words that carry people along: anger, fear, disgust and moral outrage (n4, DR-21)."""

import re

_ANGER = """
    honte honteu scandale revolt indign inadmissible inacceptable intolerable colere furieu rage
    marre ras-le-bol degage menteu mensonge ment mentent escroc voleu foutage foutent arnaque
    insulte mepris abus abandonn laisse tomber incapable irresponsable pourri bateau
    shame shameful outrag disgrace unacceptable angry anger furious fury rage liar lying lied
    scam fraud fed up betray abandon neglect incompetent insult
"""
_FEAR = """
    peur danger dangereu grave gravissime urgence hopital hospitalis malade mort mourir deces
    intoxi contamin legionell amiante explosion incendie panique inquiet angoiss menace victime
    blesse bebe enfants secret cache silence
    afraid scared fear danger hospital sick dead death dying poison contaminat legionnair asbestos
    explosion fire panic worried threat victim injur baby emergency cover-up hiding
"""
_DISGUST = """
    degout degueul ignoble immonde infect ordure pourriture rats cafard moisi insalubre puant
    ecoeur abject sordide
    disgust filthy gross sick of vile rotten mould mold vermin cockroach stink appalling
"""
_MORAL = """
    justice injust dignite digne indigne droit droits coupable responsable trahi trahison promesse
    verite corrompu corruption complice inhumain discrimin racis aveu
    justice unjust dignity guilty blame betrayal promise truth corrupt complicit inhuman
    discriminat racis
"""
_PHRASES = frozenset({"fed up", "sick of", "laisse tomber"})


def _pattern() -> re.Pattern[str]:
    stems = set(" ".join((_ANGER, _FEAR, _DISGUST, _MORAL)).split())
    stems -= {word for phrase in _PHRASES for word in phrase.split()} - {"sick"}
    every = sorted(stems | _PHRASES, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, every))})")


_AROUSING = _pattern()
_SHOUTING = re.compile(r"[!?]{2,}")


def arouses(folded: str) -> bool:
    """Tell whether a folded text holds a word, or a mark, of high arousal.

    A word counts from its beginning, so that ``hospitalis`` finds every ending.

    >>> arouses("deux voisins hospitalises, c'est grave")
    True
    >>> arouses("le technicien passe jeudi")
    False
    """
    return _AROUSING.search(folded) is not None or _SHOUTING.search(folded) is not None
