"""French, English or neither: by the small words every sentence needs. Our own lists."""

from collections.abc import Sequence

UNKNOWN = "und"
_FRENCH_WORDS = """
le la les l' un une des du de d' et est c' n' j' m' t' s' qu' ai as ont sont etait ete etre avoir
fait faire je tu il elle nous vous ils elles ce cette ces cet mon ton son ma ta sa mes tes ses
notre votre leur leurs qui que quoi dont ou mais donc car ni pas plus moins tres trop pour par sur
sous dans avec sans chez vers entre depuis pendant quand comme comment pourquoi si oui non merci
bonjour bonsoir svp rien tout tous toute toutes meme aussi encore toujours jamais deja alors ici
ca cela ceux au aux en y se ne va vais vont peut faut apres avant quelqu' quelque aucun aucune
chaque autre bien mal bah mdr ptdr lol quel quelle personne
"""
FRENCH = frozenset(_FRENCH_WORDS.split())
_ENGLISH_WORDS = """
the a an of and is are was were be been being am i you he she it we they this that these those my
your his her its our their who which what where when why how but or so not no yes do does did don
doesn didn isn wasn can could will would should shall may might must have has had having for from
by with without about into over under after before between during to in at on as if then than too
very more less most just only still again also ever never always there here all any some every
thanks thank please hello hi good bad get got going up out off re ve ll im dont cant wont because
while nothing anyone someone everyone today tonight
"""
ENGLISH = frozenset(_ENGLISH_WORDS.split())
CLEARLY_MORE = 1.5
FEWEST_AGAINST_TAG = 2
"""Neighbouring languages share small words: a tag of another language needs more to be denied."""


def guess(tokens: Sequence[str], tag: str | None) -> str:
    """Return ``fr``, ``en`` or ``und``.

    Args:
        tokens: folded words of the text.
        tag: what the network says (BCP 47), believed only where the words do not tell.

    >>> guess(["le", "chauffage", "est", "en", "panne"], "en")
    'fr'
    >>> guess(["legionella", "?"], "en-GB"), guess(["hola", "amigos"], None)
    ('en', 'und')
    """
    french = sum(token in FRENCH for token in tokens)
    english = sum(token.rstrip("'") in ENGLISH for token in tokens)
    short = (tag or "").split("-")[0].lower()
    fewest = 0 if short in {"fr", "en", ""} else FEWEST_AGAINST_TAG
    if french > max(fewest, CLEARLY_MORE * english):
        return "fr"
    if english > max(fewest, CLEARLY_MORE * french):
        return "en"
    return short if short in {"fr", "en"} else UNKNOWN
