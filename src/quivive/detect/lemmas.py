"""The words of a text that carry what it is about, cut to their stems."""

import re

from quivive.detect.cues import DENIAL, DOUBT, NEGATION, words_of

STEM = 6
"""Letters kept of longer words: crude, the same in both languages, and kind to cognates."""
_EVERYDAY_TEXT = """
about after all alors and any apres are aucun aussi autre avant avec avoir because been before
bien but can cela celle celui ces cet cette ceux chez comme could dans deja depuis des deux did
does don donc dont elle elles encore est ete etre faire fait faut font for from get had has have
her here him his how ici ils into its jamais just les leur leurs like lui mais meme mes moi moins
mon more most much nos not notre nous now off one only ont our out over par parce pas pendant peu
peut plus pour pourquoi quand que quel quelle qui quoi rien sans ses she should some son sont sous
still such suis sur than that the their them then there these they this those too tous tout toute
toutes tres trop une very vos votre vous was were what when where which who why will with would
you your
"""
EVERYDAY = frozenset(_EVERYDAY_TEXT.split())
"""Words every sentence may need, folded."""
_MORE_TEXT = """
al alerte also amp being bonjour breaking che com con da de del di dire disent dit do el em en es
etait even hello http https il info la las lo los merci na new non para people per please por
quelqu rt said say says se su svp toujours un una update urgent via vraiment
"""
_SMALL = EVERYDAY | frozenset(_MORE_TEXT.split())
_PLURAL = re.compile(r"(?<=\w{3})(?:s|x)$")


def lemmas(plain: str) -> frozenset[str]:
    """Return the stems of content words and numbers; words that turn a text are left out.

    >>> sorted(lemmas("l'hopital de la tour : deux locataires hospitalises ?"))
    ['2', 'hopita', 'hospit', 'locata', 'tour']
    """
    return frozenset(
        _PLURAL.sub("", word)[:STEM]
        for word in words_of(plain)
        if (len(word) > 2 or word.isdigit())  # noqa: PLR2004 - shorter ones are grammar
        and word not in _SMALL
        and not NEGATION.fullmatch(word)
        and not DENIAL.fullmatch(word)
        and not DOUBT.fullmatch(word)
    )
