"""How much was heard lately: sliding sums over several windows, one ring of slots a window."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HOUR_S = 3600
MOST_SLOTS = 60
"""Slots of one ring; a long window slides in steps of a sixtieth of its length."""


@dataclass(slots=True, frozen=True)
class Ring:
    """Shape of one sliding window.

    Attributes:
        window_s: its length.  slot_s: how far it slides at once.  slots: how many make it.
    """

    window_s: int
    slot_s: int
    slots: int


def ring_of(window_s: int, step_s: int) -> Ring:
    """Choose slots for a window over intervals of ``step_s``.

    >>> ring_of(86_400, 60)
    Ring(window_s=86400, slot_s=1440, slots=60)
    """
    steps = max(1, -(-window_s // step_s))
    steps_a_slot = -(-steps // MOST_SLOTS)
    return Ring(window_s, steps_a_slot * step_s, -(-steps // steps_a_slot))


def lengths(rings: Sequence[Ring]) -> NDArray[np.int64]:
    """Return how long some windows are, in seconds."""
    return np.array([ring.window_s for ring in rings])


def add(
    ring: Ring,
    held: NDArray[np.int64],
    heard: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    since: int,
    last: int,
) -> None:
    """Put one interval's counts into a ring, in place.

    Args:
        held: counts per slot, shape (N, slots).
        heard: places of the series that were heard, each once, shape (K,).
        counts: theirs, shape (K,).
        since: seconds from the origin to the interval's start.
        last: the same of the interval put in before; slots between are emptied.
    """
    skip(ring, held, since=since, last=last)
    held[:, since // ring.slot_s % ring.slots][heard] += counts


def skip(ring: Ring, held: NDArray[np.int64], *, since: int, last: int) -> None:
    """Let time pass without posts: empty the slots that fall out of the window, in place."""
    passed = since // ring.slot_s - last // ring.slot_s
    if passed <= 0:
        return
    if passed >= ring.slots:
        held[:] = 0
        return
    first, stop = last // ring.slot_s % ring.slots + 1, since // ring.slot_s % ring.slots + 1
    if first < stop:
        held[:, first:stop] = 0
    else:  # around the ring's end
        held[:, first:] = 0
        held[:, :stop] = 0


def span_start(ring: Ring, since: int) -> int:
    """Return where the window begins, in seconds from the origin."""
    return (since // ring.slot_s - ring.slots + 1) * ring.slot_s


def overlaps(begins: NDArray[np.int64], end: int, hours: int) -> NDArray[np.float64]:
    """Return which part of each hour, newest first, lies in each span; shape (hours, spans).

    Args:
        begins: Unix second at which each span begins; all end at ``end``.
    """
    first = ((end - 1) // HOUR_S * HOUR_S - HOUR_S * np.arange(hours))[:, None]
    shared = np.minimum(end, first + HOUR_S) - np.maximum(begins, first)
    return np.asarray(np.maximum(shared, 0) / HOUR_S, np.float64)
