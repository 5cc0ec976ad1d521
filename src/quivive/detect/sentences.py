"""Takes the sentence out of posts that says best what they share: word for word, never written."""

import re
from collections.abc import Iterable, Mapping

from quivive.detect.cues import bare
from quivive.detect.lemmas import lemmas
from quivive.vocabulary.folding import fold

LONGEST = 280
"""Characters; a longer sentence is cut at a word."""
_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def sentences_of(text: str) -> list[str]:
    r"""Cut a text where sentences end.

    >>> sentences_of("Il pleut. Deux malades !\nVraiment ?")
    ['Il pleut.', 'Deux malades !', 'Vraiment ?']
    """
    return [piece.strip() for piece in _END.split(text) if piece.strip()]


def most_telling(texts: Iterable[str], shared: Mapping[str, int]) -> str:
    """Return the sentence with most of the words that posts share; the earliest among equals.

    Args:
        texts: posts, earliest first.
        shared: stems and how many posts hold each.
    """
    best, chosen = -1.0, ""
    for text in texts:
        for sentence in sentences_of(text):
            words = lemmas(bare(fold(sentence)))
            told = sum(shared.get(word, 0) for word in words) - ("?" in sentence)
            if told > best:
                best, chosen = told, sentence
    return chosen if len(chosen) <= LONGEST else chosen[:LONGEST].rsplit(" ", 1)[0] + "…"
