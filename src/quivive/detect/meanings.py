"""What short runs of words mean, in many languages at once: the first layer of a sentence encoder.

Google's Universal Sentence Encoder, multilingual, version 3 (Yang and others 2020) reads pieces of
words with convolutions over 2, 3 and 5 neighbours. Only its embeddings and first convolution are
used: that is four times faster than the whole, and tells leanings as well (``bench/negativity``).
What depends on one piece alone is held for the next text; where room is short, what is met often.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]
Places = NDArray[np.int64]
Splitter: TypeAlias = Callable[[str], Sequence[int]]
"""A word to the ids of its pieces."""

WIDTH = 256
BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Neighbours each convolution sees, and how many of them stand before; each sees what those before
it see."""
SIZE = WIDTH * len(BRANCHES)
MOST_PIECES = 160
"""Pieces read of one text."""
REMEMBERED = 20_000
"""Words whose pieces are remembered."""
STEPS = (-2, -1, 0, 1, 2)
"""Where neighbours stand, the piece itself among them."""
HELD = 4_096
"""Pieces whose vectors are held, 7 kB each: nine of ten pieces that people write."""
TILE = 256
"""Pieces convolved together: few enough for their sums to stay near the processor."""
_MARKS = (1, 2)
"""Pieces that stand before and behind a text."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights of the encoder as it was published.

    Attributes:
        table: bytes of each piece, shape (pieces, 512); ``value = byte · scale + low``, of the
            piece's group ``id mod groups``.
        project, project_bias: shape (512, SIZE), (SIZE,).
        gain, shift: of the layer norm after it, shape (SIZE,).
        convolve: for each branch (neighbours · WIDTH, WIDTH); its bias (WIDTH,).
    """

    table: NDArray[np.uint8]
    scale: Singles
    low: Singles
    project: Singles
    project_bias: Singles
    gain: Singles
    shift: Singles
    convolve: tuple[tuple[Singles, Singles], ...]
    tiny: float


class Meanings:
    """Reads what runs of words mean."""

    def __init__(self, layer: Layer, splitter: Splitter, channels: Places | None = None) -> None:
        """Keep the weights, one block a neighbour, and remember how words are split.

        Args:
            channels: the places of meanings that are computed, sorted; None for all ``SIZE``.
        """
        channels = np.arange(SIZE) if channels is None else channels
        self._layer, self._channels = layer, channels
        borders = np.searchsorted(channels, np.arange(len(BRANCHES) + 1) * WIDTH).tolist()
        self._parts = [slice(*pair) for pair in pairwise(borders)]
        seeing = [[one for one in range(len(BRANCHES)) if _sees(one, step)] for step in STEPS]
        self._blocks = [
            [self._block(branch, step) for branch in some]
            for some, step in zip(seeing, STEPS, strict=True)
        ]
        bias = np.concatenate([bias for _, bias in layer.convolve])[channels]
        self._nobody = [
            np.concatenate([bias[self._parts[one]] * (BRANCHES[one][1] == -step) for one in some])
            for some, step in zip(seeing, STEPS, strict=True)
        ]
        self._held, self._held_at = 0, np.full(len(layer.table), -1, np.int64)
        self._own, self._lone = self._room(HELD)
        self._met = np.zeros(HELD, np.int64)
        self._split = lru_cache(REMEMBERED)(lambda word: tuple(splitter(word)))

    def _block(self, branch: int, step: int) -> tuple[slice, Singles]:
        """Return the weights a branch gives a neighbour, and the part of a vector they read."""
        near, before = BRANCHES[branch]
        weights = self._layer.convolve[branch][0].reshape(near, WIDTH, WIDTH)[step + before]
        kept = self._channels[self._parts[branch]] - branch * WIDTH
        return slice(branch * WIDTH, (branch + 1) * WIDTH), weights[:, kept].copy()

    def narrowed(self, channels: Places) -> "Meanings":
        """Return what computes these channels alone."""
        return Meanings(self._layer, self._split, channels)

    def of(self, words: Sequence[Sequence[str]]) -> tuple[Singles, Places, Places]:
        """Return the meaning at each piece of a batch of texts.

        Args:
            words: of each text.

        Returns:
            Meanings, shape (pieces, channels); the text and the word each piece is of, counted over
            the batch, shape (pieces,); the word is -1 for the marks around a text.
        """
        split = list(map(self._split, chain.from_iterable(words)))
        sizes = np.array([*map(len, split)], np.int64)
        text_of = np.repeat(np.arange(len(words)), [*map(len, words)])
        before = np.cumsum(sizes) - sizes
        read = before - before[np.searchsorted(text_of, text_of)] < MOST_PIECES
        many = np.bincount(text_of[read], sizes[read], len(words)).astype(np.int64) + len(_MARKS)
        ends = np.cumsum(many)
        ids, word_of = np.empty(many.sum(), np.int64), np.full(many.sum(), -1)
        inside = np.ones(len(ids), np.bool_)
        for at, mark in zip((ends - many, ends - 1), _MARKS, strict=True):
            ids[at], inside[at] = mark, False
        pieces = chain.from_iterable(compress(split, read.tolist()))
        ids[inside] = np.fromiter(pieces, np.int64, np.count_nonzero(inside))
        word_of[inside] = np.repeat(np.flatnonzero(read), sizes[read])
        text_of = np.repeat(np.arange(len(words)), many)
        return self._convolve(ids, text_of), text_of, word_of

    def alone(self, word: str) -> Singles:
        """Return what each piece of a word means whatever stands beside it, (pieces, SIZE)."""
        return self._project(np.array(self._split(word), np.int64))

    def _convolve(self, ids: Places, text_of: Places) -> Singles:
        which = self._known(ids)
        many = len(ids)
        meant = np.empty((many, len(self._channels)), np.float32)
        rows = np.full((len(STEPS), many), len(self._own))  # the last row: nobody stands there
        for row, step in zip(rows, STEPS, strict=True):
            here = slice(max(-step, 0), many - max(step, 0))
            there = slice(here.start + step, here.stop + step)
            np.copyto(row[here], which[there], where=text_of[there] == text_of[here])
        nothing = np.zeros((TILE, meant.shape[1]), np.float32)  # a plain 0 is compared more slowly
        for start in range(0, many, TILE):
            some = slice(start, start + TILE)
            heard = nothing[: len(ids[some]), :0]
            for lone, row in zip(self._lone, rows, strict=True):
                told = np.take(lone, row[some], axis=0, mode="clip")  # "clip" spares a look
                narrow, heard = sorted((heard, told), key=lambda one: one.shape[1])
                heard[:, heard.shape[1] - narrow.shape[1] :] += narrow
            np.maximum(heard, nothing[: len(heard)], out=heard)
            own = np.take(self._own, which[some], axis=0, mode="clip")
            np.add(heard, own, out=meant[some])
        return meant

    def _known(self, ids: Places) -> Places:
        """Return where each piece's vectors are held; those not met lately are computed."""
        new = np.unique(ids[self._held_at[ids] < 0])
        if self._held + len(new) > len(self._own):
            self._forget_rare()
            new = np.unique(ids[self._held_at[ids] < 0])
        if self._held + len(new) > len(self._own):
            new = np.unique(ids)
            self._held, self._held_at[:] = 0, -1
            if len(new) > len(self._own):
                self._own, self._lone = self._room(len(new))
                self._met = np.zeros(len(new), np.int64)
        if len(new):
            there = slice(self._held, self._held + len(new))
            own = self._project(new)
            self._own[there] = own[:, self._channels]
            for lone, blocks in zip(self._lone, self._blocks, strict=True):
                told = [own[:, of_branch] @ weights for of_branch, weights in blocks]
                np.concatenate(told, axis=1, out=lone[there])
                lone[there] += lone[-1]
            self._held_at[new] = np.arange(there.start, there.stop)
            self._met[there] = 0
            self._held = there.stop
        which = self._held_at[ids]
        self._met[: self._held] += np.bincount(which, minlength=self._held)
        return which

    def _forget_rare(self) -> None:
        """Keep the half that was met most often; what was met long ago counts for less each time.

        Rare pieces come and go, while those of every other text stay.
        """
        kept = np.argsort(-self._met[: self._held], kind="stable")[: self._held // 2]
        here = np.full(self._held + 1, -1)
        here[kept] = np.arange(len(kept))
        self._held_at = here[self._held_at]
        self._own[: len(kept)] = self._own[kept]
        for lone in self._lone:
            lone[: len(kept)] = lone[kept]
        self._met[: len(kept)] = self._met[kept] // 2
        self._held = len(kept)

    def _room(self, pieces: int) -> tuple[Singles, list[Singles]]:
        """Make room for the vectors of so many pieces; memory is only taken as they come.

        What a piece tells its neighbours begins with the first branch that sees so far. Where
        nobody stands a branch still has its bias, which it hears from the first of its places.
        """
        lone = [np.empty((pieces + 1, len(nobody)), np.float32) for nobody in self._nobody]
        for each, nobody in zip(lone, self._nobody, strict=True):
            each[-1] = nobody
        return np.empty((pieces, len(self._channels)), np.float32), lone

    def _project(self, ids: Places) -> Singles:
        """Return each piece's own vector, shape (pieces, SIZE)."""
        layer = self._layer
        group = ids % len(layer.scale)
        raw = layer.table[ids] * layer.scale[group, None] + layer.low[group, None]
        own = raw.astype(np.float32) @ layer.project + layer.project_bias
        own -= own.mean(axis=1, keepdims=True)
        own /= np.sqrt(np.einsum("ij,ij->i", own, own) / SIZE + layer.tiny)[:, None]
        return np.asarray(own * layer.gain + layer.shift, np.float32)


def _sees(branch: int, step: int) -> bool:
    """Tell whether a branch sees the neighbour so many pieces further."""
    near, before = BRANCHES[branch]
    return 0 <= step + before < near
