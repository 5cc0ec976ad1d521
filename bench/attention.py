"""Hidden units that read each place of a text, and the attention they share out: how both learn.

``Σ share · tanh(meaning · into + rest)`` over the places of a text, where ``share`` is a softmax
over them, one for each group of units (gated attention pooling: Ilse, Tomczak and Welling 2018,
*Attention-based deep multiple instance learning*). Slopes are written out by hand, batches are
small, steps are AdamW's (Loshchilov and Hutter 2019); units are dropped while learning (Srivastava
and others 2014). One thread and one seed give one result.
"""

from typing import NamedTuple

import numpy as np

from quivive.detect.sentiment import shared_out, softmax

LEANINGS = slice(0, 3)
RAISE = 3.0
"""Multiplies units and signs, so that steps of one size suit all weights."""
BATCH, RATE, WARM_UP, DECAY = 64, 2e-3, 200, 0.01
DROPPED = 0.1


class Read(NamedTuple):
    """Texts as this network reads them.

    Attributes:
        places: meanings, those of a text one after the other, shape (places, channels), halves.
        turned: whether a negation turns the word of each place, shape (places,).
        lengths: how many places each text has, shape (texts,).
        signs: shape (texts, signs).
    """

    places: np.ndarray
    turned: np.ndarray
    lengths: np.ndarray
    signs: np.ndarray


class Attentive(NamedTuple):
    """Weights: (channels, units), (units,), (channels, groups); (channels + 1, units) and
    (channels + 1, groups) for what turned places give besides, the last row for being turned at
    all; then for outputs: those of units (units, outputs), of signs (signs, outputs), and the bias
    (outputs,)."""

    into: np.ndarray
    rest: np.ndarray
    heed: np.ndarray
    turned_into: np.ndarray
    turned_heed: np.ndarray
    units: np.ndarray
    signs: np.ndarray
    bias: np.ndarray


class Scaling(NamedTuple):
    """What meanings are centred on and divided by, shape (channels,) each."""

    centre: np.ndarray
    spread: np.ndarray


def learn(
    read: Read,
    wanted: np.ndarray,
    counts: np.ndarray,
    *,
    units: int,
    groups: int,
    epochs: int,
    seed: int,
) -> Attentive:
    """Learn from texts; what comes out takes meanings and signs as they are.

    Args:
        wanted: what is to be said of each text, shape (texts, outputs); the first three outputs are
            shares of one whole, the others each stand alone.
        counts: how much each text counts for each output, same shape; they average about 1.
    """
    chance = np.random.default_rng(seed)
    scaling = _scaling(read.places)
    at = _begun(chance, read, wanted.shape[1], (units, groups))
    first, second = [[np.zeros_like(one) for one in at] for _ in range(2)]
    borders = np.concatenate([[0], np.cumsum(read.lengths)])
    steps = epochs * (len(wanted) // BATCH)
    batches = (
        np.sort(batch) for _ in range(epochs) for batch in _full(chance.permutation(len(wanted)))
    )
    for number, batch in enumerate(batches, 1):
        some = _part(read, borders, batch, scaling)
        kept = (chance.random((BATCH, units)) >= DROPPED) / np.float32(1 - DROPPED)
        slopes = _slopes(at, some, wanted[batch], counts[batch], kept.astype(np.float32))
        rate = RATE * min(number / WARM_UP, max(0.01, 1 - number / steps))
        for place, slope in enumerate(slopes):
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.999 * second[place] + 0.001 * slope**2
            way = first[place] / (1 - 0.9**number)
            way /= np.sqrt(second[place] / (1 - 0.999**number)) + 1e-8
            moved = at[place] - rate * (way + DECAY * at[place])
            at = at._replace(**{Attentive._fields[place]: moved.astype(np.float32)})
    return _unscaled(at, scaling)


def _begun(
    chance: np.random.Generator, read: Read, outputs: int, sizes: tuple[int, int]
) -> Attentive:
    channels, signs, (units, groups) = read.places.shape[1], read.signs.shape[1], sizes
    begun = (
        chance.normal(0, 1 / np.sqrt(channels), (channels, units)),
        np.zeros(units),
        np.zeros((channels, groups)),
        np.zeros((channels + 1, units)),
        np.zeros((channels + 1, groups)),
        chance.normal(0, 0.1, (units, outputs)),
        np.zeros((signs, outputs)),
        np.zeros(outputs),
    )
    return Attentive(*(one.astype(np.float32) for one in begun))


def _scaling(places: np.ndarray) -> Scaling:
    some = places[:: max(1, len(places) // 50_000)].astype(np.float32)
    return Scaling(some.mean(axis=0), some.std(axis=0) + np.float32(1e-3))


def _unscaled(at: Attentive, scaling: Scaling) -> Attentive:
    """Return weights for meanings that are not scaled, and units and signs that are not raised."""
    into = at.into / scaling.spread[:, None]
    turned = [one / np.append(scaling.spread, 1)[:, None] for one in at[3:5]]
    for one in turned:
        one[-1] -= scaling.centre @ one[:-1]
    return at._replace(
        into=into,
        rest=at.rest - scaling.centre @ into,
        heed=at.heed / scaling.spread[:, None],
        turned_into=turned[0],
        turned_heed=turned[1],
        units=at.units * RAISE,
        signs=at.signs * RAISE,
    )


def _full(order: np.ndarray) -> list[np.ndarray]:
    return [order[at : at + BATCH] for at in range(0, len(order) - BATCH + 1, BATCH)]


def _part(read: Read, borders: np.ndarray, batch: np.ndarray, scaling: Scaling) -> Read:
    here = np.concatenate([np.arange(borders[at], borders[at + 1]) for at in batch])
    scaled = (read.places[here].astype(np.float32) - scaling.centre) / scaling.spread
    return Read(scaled, read.turned[here], read.lengths[batch], read.signs[batch])


def _pooled(at: Attentive, some: Read) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return units at each place, each place's share of them, and units of each text."""
    starts = np.cumsum(some.lengths) - some.lengths
    units, heed = some.places @ at.into + at.rest, some.places @ at.heed
    turned = _turned(some)
    units[some.turned] += turned @ at.turned_into
    heed[some.turned] += turned @ at.turned_heed
    units, heed = np.tanh(units), shared_out(heed, starts, some.lengths)
    shares = np.repeat(heed, units.shape[1] // heed.shape[1], axis=1)
    return units, shares, np.add.reduceat(units * shares, starts, axis=0)


def _turned(some: Read) -> np.ndarray:
    """Return turned places, and a one for being turned, shape (turned places, channels + 1)."""
    return np.insert(some.places[some.turned], some.places.shape[1], 1, axis=1)


def _slopes(
    at: Attentive, some: Read, wanted: np.ndarray, counts: np.ndarray, kept: np.ndarray
) -> Attentive:
    """Return how the mean cross-entropy of a batch changes with each weight."""
    units, shares, pooled = _pooled(at, some)
    pooled = pooled * (RAISE * kept)
    signs = some.signs * RAISE
    said = pooled @ at.units + signs @ at.signs + at.bias
    found = np.hstack([softmax(said[:, LEANINGS]), 1 / (1 + np.exp(-said[:, 3:]))])
    off = ((found - wanted) * counts / len(wanted)).astype(np.float32)
    back = np.repeat((off @ at.units.T) * (RAISE * kept), some.lengths, axis=0)
    groups = at.heed.shape[1]
    heed = shares.reshape(len(shares), groups, -1)[:, :, 0]
    pull = (back * units).reshape(len(units), groups, -1).sum(axis=2)
    starts = np.cumsum(some.lengths) - some.lengths
    usual = np.repeat(np.add.reduceat(heed * pull, starts, axis=0), some.lengths, axis=0)
    inner, pull = back * shares * (1 - units**2), heed * (pull - usual)
    turned = _turned(some).T
    return Attentive(
        into=some.places.T @ inner,
        rest=inner.sum(axis=0),
        heed=some.places.T @ pull,
        turned_into=turned @ inner[some.turned],
        turned_heed=turned @ pull[some.turned],
        units=pooled.T @ off,
        signs=signs.T @ off,
        bias=off.sum(axis=0),
    )
