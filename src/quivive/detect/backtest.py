"""What a topic's burst rule would have rung on its own past, at several settings at once."""

from collections.abc import Iterable, Sequence
from datetime import UTC, tzinfo

import msgspec
import numpy as np

from quivive.detect.burst_state import empty
from quivive.detect.bursts import BurstSettings, observe
from quivive.detect.counting import moment
from quivive.detect.episodes import GUESS_PER_HOUR, eased
from quivive.detect.listening import live_in
from quivive.detect.planned_hours import foresee
from quivive.detect.telling import FLARE_UP_WITHIN_S
from quivive.vocabulary.topics import PlannedHours

STEP_S = 300


class Rung(msgspec.Struct, frozen=True):
    """One alarm of the past.

    Attributes:
        at: Unix second, end of the interval that rang.
        observed, expected, window_s: as in ``bursts.Readings``.
    """

    at: int
    observed: int
    expected: float
    window_s: int


def backtest(
    minutes: Iterable[tuple[int, int]],
    settings: Sequence[BurstSettings],
    planned: tuple[PlannedHours, ...] = (),
    zone: tzinfo = UTC,
) -> list[list[Rung]]:
    """Return what each setting would have rung, oldest first; each learns as the flow does.

    Reposting authors, a friendly tone and a second ring when it gets much worse are left out: only
    voices are stored by the minute.

    Args:
        minutes: Unix second and voices of each minute somebody was heard in, oldest first.
        planned: hours in which people foresaw more.
        zone: of the clock people live by.
    """
    rows = list(minutes)
    if not rows:
        return [[] for _ in settings]
    counts: dict[int, int] = {}
    for second, voices in rows:
        slot = second // STEP_S * STEP_S
        counts[slot] = counts.get(slot, 0) + voices
    n = len(settings)
    names, guesses = [str(place) for place in range(n)], [GUESS_PER_HOUR] * n
    state = empty(names, step_s=STEP_S, start=moment(min(counts)), guesses=guesses)
    live_in(state, zone)
    foresee(state, dict.fromkeys(range(n), planned) if planned else {})
    rung: list[list[Rung]] = [[] for _ in settings]
    watchful = [0] * n  # until when each rings more easily, Unix second
    for slot, voices in counts.items():
        asked = {
            place: eased(setting) if slot <= watchful[place] else setting
            for place, setting in enumerate(settings)
        }
        state, seen = observe(state, np.full(n, voices), at=moment(slot), settings=asked)
        for place in np.flatnonzero(seen.above).tolist():
            if seen.alarm[place]:
                flared = bool(rung[place]) and slot - rung[place][-1].at <= FLARE_UP_WITHIN_S
                watchful[place] = 0 if flared else slot + FLARE_UP_WITHIN_S
                rung[place].append(
                    Rung(
                        at=slot + STEP_S,
                        observed=int(seen.observed[place]),
                        expected=float(seen.expected[place]),
                        window_s=int(seen.window_s[place]),
                    )
                )
    return rung
