"""Parts of texts for a teacher to read: what a small model learns most from (``train_sentiment``).

From texts that may be learned from: short runs of their words, and the beginning of one text before
the end of another (as Tang and others 2019, *Distilling task-specific knowledge from BERT into
simple neural networks*, sample n-grams). One seed, so the same texts give the same parts.
"""

from collections.abc import Sequence

import numpy as np

FEWEST, SHORTEST = 5, 3
"""Words of a text that is cut, and of what is cut out."""
LONGEST_SHARE = 0.7
KEPT = (0.3, 0.7)
"""Shares of two texts that are joined."""


def parts_of(texts: Sequence[str], chance: np.random.Generator, *, twice: bool) -> list[str]:
    """Return joined halves and short runs of texts of one source and language.

    Args:
        twice: take a second run of each text.
    """
    parts = []
    for text, other in zip(texts, chance.permutation(np.array(texts, object)), strict=True):
        parts.append(_joined(text, other, chance))
        parts.append(_run(text, chance))
        if twice:
            parts.append(_run(other, chance))
    return [part for part in parts if part]


def _joined(one: str, other: str, chance: np.random.Generator) -> str:
    first, last = one.split(), other.split()
    begun = max(2, round(len(first) * chance.uniform(*KEPT)))
    ended = max(2, round(len(last) * chance.uniform(*KEPT)))
    return " ".join(first[:begun] + last[-ended:])


def _run(text: str, chance: np.random.Generator) -> str:
    words = text.split()
    if len(words) < FEWEST:
        return ""
    longest = max(SHORTEST + 1, int(len(words) * LONGEST_SHARE))
    many = int(chance.integers(SHORTEST, longest + 1))
    start = int(chance.integers(0, len(words) - many + 1))
    return " ".join(words[start : start + many])
