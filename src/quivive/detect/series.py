"""One series of counts read row by row: finds the interval, then rings as a topic would."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from quivive.detect.burst_state import BurstState, empty
from quivive.detect.bursts import (
    BurstSettings,
    expected_step,
    let_pass,
    miss,
    observe,
)
from quivive.detect.counting import moment
from quivive.detect.tails import NOTHING

FINER = 0.75
"""A row that comes sooner than this part of the interval shows that the interval is shorter."""


@dataclass(frozen=True, slots=True)
class RowReading:
    """What one row showed.

    Attributes:
        expected: count due in the row's interval, from the rows before it.
        score: as in ``bursts.Readings``.
        alarm: a run of unusual rows begins here.
    """

    expected: float
    score: float
    alarm: bool


class SeriesWatch:
    """Reads rows in order, strictly online: a reading depends on no later row.

    The interval is the time between the first two rows. Should rows come closer later, the rows
    so far are learned anew with the shorter interval. Rows off the grid count in the nearest
    interval. A row without a value was not listened to: it teaches nothing. So does an interval
    without a row, once a row of 0 has shown that silence gets a row; until then it counts as empty.
    """

    def __init__(self, settings: BurstSettings) -> None:
        """Start with nothing heard."""
        self._settings = settings
        self._rows: list[tuple[int, int | None]] = []
        self._step_s = 0
        self._state: BurstState | None = None
        self._place = -1
        self._tells_silence = False

    def read(self, at: datetime, value: int | None) -> RowReading:
        """Take in the next row, later than those before; None: nobody listened.

        Raises:
            ValueError: when ``at`` is not at least a second later than the row before.
        """
        second = int(at.timestamp())
        self._rows.append((second, value))
        if len(self._rows) == 1:  # nothing to compare with: not even the interval is known
            return RowReading(float(value or 0), 0.0, alarm=False)
        spacing = second - self._rows[-2][0]
        if spacing < 1:
            self._rows.pop()
            message = f"A row at {at} does not come after the row before it."
            raise ValueError(message)
        if not self._step_s or spacing < FINER * self._step_s:
            self._learn_anew(spacing)
        return self._put(second, value)

    def _learn_anew(self, step_s: int) -> None:
        first = self._rows[0][0]
        self._step_s, self._place, self._tells_silence = step_s, -1, False
        self._state = empty(("series",), step_s=step_s, start=moment(first))
        for second, value in self._rows[:-1]:
            self._put(second, value)

    def _put(self, second: int, value: int | None) -> RowReading:
        assert self._state is not None
        first = self._rows[0][0]
        self._place = max(self._place + 1, round((second - first) / self._step_s))
        at = first + self._place * self._step_s
        if self._tells_silence and at > self._state.clock:
            miss(self._state, at)
        let_pass(self._state, at)
        due = float(expected_step(self._state)[0])
        if value is None:
            miss(self._state, at + self._step_s)
            return RowReading(due, NOTHING, alarm=False)
        self._tells_silence |= value == 0
        counts = np.array([value], np.int64)
        self._state, seen = observe(self._state, counts, at=moment(at), settings=self._settings)
        return RowReading(due, float(seen.score[0]), alarm=bool(seen.alarm[0]))
