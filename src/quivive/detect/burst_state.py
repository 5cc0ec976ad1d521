"""Where many series stand: what was learned, what is open, and how a checkpoint keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, tzinfo
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from quivive.detect import baseline as usual
from quivive.detect import tails as straying
from quivive.detect.baseline import Band, Baseline, Due, Floats, Plan
from quivive.detect.tails import Tails
from quivive.detect.windows import Ring, ring_of
from quivive.vocabulary.topics import PlannedHours

WINDOWS_S = (300, 900, 3600, 10_800, 86_400)
CLUSTER_PRIOR = 1.6
"""Variance over mean of distinct voices, before a series has shown its own; quiet real streams had
1.0 to 3.7 in quarters of an hour, half of them under 1.5, and more in hours."""
VERSION = 9
NEVER = -(10**15)
Planned: TypeAlias = dict[int, tuple[PlannedHours, ...]]


@dataclass(slots=True)
class BurstState:
    """Where N series stand. ``observe`` consumes the state it is given.

    Arrays lie column by column: an hour, a window or a slot of all series is read and written.

    Attributes:
        series: names, in the order of every array's first axis.
        step_s: seconds of one interval.
        origin: Unix second at which the state was started.
        clock: Unix second at which the next interval starts.
        baseline, tails: what was learned.
        hour_counts, hour_s: posts of the open hour, shape (N,), and seconds listened in it.
        part_counts, part_s: the same for windows under an hour, shape (N, W) and a list.
        long_counts, long_due: closed hours of windows over an hour, shape (N, W).
        rings: counts per slot, one array (N, slots) a window.
        last_above: Unix second of each series' last unusual interval, shape (N,).
        since: Unix second from which each series was listened to, shape (N,).
        zone: of the clock people live by; hours of the day and of the week are its hours.
        planned: hours in which people foresee more, of the few series that have such, by place; it
            comes from outside (``foresee``) and is in no checkpoint.
        plan, band, due: what the present hour was asked, as long as nothing changes it.
    """

    series: tuple[str, ...]
    step_s: int
    origin: int
    clock: int
    windows: tuple[Ring, ...]
    baseline: Baseline
    tails: Tails
    hour_counts: NDArray[np.int64]
    hour_s: int
    part_counts: NDArray[np.int64]
    part_s: list[int]
    long_counts: NDArray[np.int64]
    long_due: Floats
    rings: tuple[NDArray[np.int64], ...]
    last_above: NDArray[np.int64]
    since: NDArray[np.int64]
    zone: tzinfo = UTC
    planned: Planned = field(default_factory=dict)
    plan: Plan | None = None
    band: Band | None = None
    due: Due | None = None

    def __eq__(self, other: object) -> bool:
        """Two states are equal when everything that will matter later is."""
        return isinstance(other, BurstState) and self.to_bytes() == other.to_bytes()

    __hash__ = None  # type: ignore[assignment]  # a state changes

    def to_bytes(self) -> bytes:
        """Pack the state for a checkpoint."""
        clocks = (self.step_s, self.origin, self.clock, self.hour_s, self.part_s, str(self.zone))
        windows = [ring.window_s for ring in self.windows]
        pack = zstandard.ZstdCompressor(level=1).compress  # nearly all they hold are zeros
        arrays = [(a.dtype.str, a.shape, pack(a.ravel(order="F").data)) for a in arrays_of(self)]
        return msgspec.msgpack.encode((VERSION, self.series, clocks, windows, arrays))

    @staticmethod
    def from_bytes(packed: bytes) -> "BurstState":
        """Unpack a checkpoint.

        Raises:
            ValueError: when another version of the program wrote it.
        """
        version, *rest = msgspec.msgpack.decode(packed)
        if version != VERSION:
            message = f"Burst state of version {version}; this program reads version {VERSION}."
            raise ValueError(message)
        series, (step_s, origin, clock, hour_s, part_s, zone), windows, arrays = rest
        fresh = usual.fresh(np.ones(len(series)), len(windows))
        state = _empty(tuple(series), step_s, origin, tuple(windows), fresh)
        state.clock, state.hour_s, state.part_s, state.zone = clock, hour_s, part_s, ZoneInfo(zone)
        unpack = zstandard.ZstdDecompressor().decompress
        for array, (dtype, shape, data) in zip(arrays_of(state), arrays, strict=True):
            array[:] = np.frombuffer(unpack(data), dtype).reshape(shape, order="F")
        return state


def empty(
    series: Sequence[str],
    *,
    step_s: int,
    start: datetime,
    windows_s: tuple[int, ...] = WINDOWS_S,
    clusters: Sequence[float] | None = None,
    guesses: Sequence[float] | None = None,
) -> BurstState:
    """Return the state of series nothing is known of.

    Args:
        start: when the first interval begins.
        windows_s: lengths to look through; those shorter than an interval are left out.
        clusters: for each series, the variance over mean to think of at first.
        guesses: for each series, the posts an hour to think of at first; 0 thinks of any.
    """
    fitting = tuple(w for w in windows_s if w >= step_s) or (step_s,)
    prior = np.full(len(series), CLUSTER_PRIOR) if clusters is None else np.asarray(clusters)
    levels = None if guesses is None else np.asarray(guesses, np.float64)
    fresh = usual.fresh(prior.astype(np.float64), len(fitting), levels)
    return _empty(tuple(series), step_s, int(start.timestamp()), fitting, fresh)


def _empty(
    series: tuple[str, ...],
    step_s: int,
    origin: int,
    windows_s: tuple[int, ...],
    baseline: Baseline,
) -> BurstState:
    windows = tuple(ring_of(window_s, step_s) for window_s in windows_s)
    n, w = len(series), len(windows)
    return BurstState(
        series=series,
        step_s=step_s,
        origin=origin,
        clock=origin,
        windows=windows,
        baseline=baseline,
        tails=straying.fresh(n, w),
        hour_counts=np.zeros(n, np.int64),
        hour_s=0,
        part_counts=np.zeros((n, w), np.int64, order="F"),
        part_s=[0] * w,
        long_counts=np.zeros((n, w), np.int64, order="F"),
        long_due=np.zeros((n, w), order="F"),
        rings=tuple(np.zeros((n, ring.slots), np.int64, order="F") for ring in windows),
        last_above=np.full(n, NEVER),
        since=np.full(n, origin),
    )


def arrays_of(state: BurstState) -> list[NDArray[np.generic]]:
    """Every array whose first axis is the series."""
    learned = [getattr(state.baseline, field.name) for field in fields(Baseline)]
    learned += [getattr(state.tails, field.name) for field in fields(Tails)]
    own = [state.hour_counts, state.part_counts, state.long_counts, state.long_due]
    return [*learned, *own, *state.rings, state.last_above, state.since]
