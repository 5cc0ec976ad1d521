"""One series of counts read row by row: finds the interval, then rings as a topic would."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

import numpy as np

from quivive.detect import baseline as usual
from quivive.detect.burst_state import BurstState, empty
from quivive.detect.bursts import BurstSettings, observe
from quivive.detect.counting import moment
from quivive.detect.law import expected_step
from quivive.detect.listening import let_pass, live_in, miss
from quivive.detect.surprises import WEEK_S
from quivive.detect.tails import NOTHING

FINER = 0.75
"""Two rows that come within this part of the interval show that the interval is shorter."""


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

    The interval is the time between the first two rows. Should two rows come within it later, the
    rows so far are learned anew with a shorter one. Rows off the grid count in the nearest
    interval. A row without a value was not listened to: it teaches nothing. So does an interval
    without a row, once a row of 0 has shown that silence gets a row; until then it counts as empty.
    """

    def __init__(
        self, settings: BurstSettings, *, rows_a_false_alarm: float = 0, zone: tzinfo = UTC
    ) -> None:
        """Start with nothing heard.

        Args:
            rows_a_false_alarm: for how many rows one false alarm is accepted at most, where rows
                are rare; 0: what is accepted a week is all that counts.
            zone: of the clock people live by.
        """
        self._accepted, self._settings = settings, settings
        self._rows_a_false_alarm, self._zone = rows_a_false_alarm, zone
        self._rows: list[tuple[int, int | None]] = []
        self._step_s = 0
        self._state: BurstState | None = None
        self._place = -1
        self._tells_silence = False
        self._heard = self._counted = self._unheard = 0  # posts, rows with a value, rows without

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
        if not self._step_s:
            self._learn_anew(spacing)
        elif second - self._rows[-3][0] < FINER * self._step_s:
            self._learn_anew(max(spacing, self._rows[-2][0] - self._rows[-3][0]))
        return self._put(second, value)

    def _due(self) -> float:
        """Return the count due in the interval at the clock."""
        assert self._state is not None
        if self._state.baseline.age_h[0] >= usual.KNOWN_H:
            return float(expected_step(self._state)[0])
        intervals = self._counted if self._tells_silence else self._place - self._unheard
        return self._heard / max(intervals, 1)

    def _learn_anew(self, step_s: int) -> None:
        first = self._rows[0][0]
        self._step_s, self._place, self._tells_silence = step_s, -1, False
        self._heard = self._counted = self._unheard = 0
        self._state = empty(("series",), step_s=step_s, start=moment(first))
        live_in(self._state, self._zone)
        accepted = self._accepted.false_alarms_per_week
        if self._rows_a_false_alarm:
            accepted = min(accepted, WEEK_S / step_s / self._rows_a_false_alarm)
        self._settings = BurstSettings(accepted, self._accepted.minimum)
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
        due = self._due()
        if value is None:
            self._unheard += 1
            miss(self._state, at + self._step_s)
            return RowReading(due, NOTHING, alarm=False)
        self._tells_silence |= value == 0
        self._heard, self._counted = self._heard + value, self._counted + 1
        counts = np.array([value], np.int64)
        self._state, seen = observe(self._state, counts, at=moment(at), settings=self._settings)
        return RowReading(due, float(seen.score[0]), alarm=bool(seen.alarm[0]))
