"""Planned peaks are read line by line, and found by their days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from quivive.detect.burst_state import BurstState, empty
from quivive.detect.bursts import BurstSettings, observe
from quivive.detect.law import expected_step
from quivive.detect.planned import hours_of, planned_between, read_peak
from quivive.detect.planned_hours import foresee

LINES = ("2026-03-01 2026-03-05 Rent notices", "2026-03-05 2026-03-05 Open day, all houses")


class TestAPlannedPeak:
    @pytest.mark.parametrize(
        "line",
        [
            "",
            "Rent notices",
            "2026-03-01 Rent notices",
            "2026-03-05 2026-03-01 Rent",
            "1 2 x",
            "2026-03-05T18:00 2026-03-05T18:00 Rent",
            "2026-03-05T18:00Z 2026-03-05T20:00Z Rent",
            "2026-03-05T25:00 2026-03-06 Rent",
            "2026-03-01 2026-03-05 Rent x0.5",
            "2026-03-01 2026-03-05 Rent x101",
        ],
    )
    def test_is_refused_where_days_or_a_name_are_missing(self, line):
        with pytest.raises(ValueError, match=r".*"):
            read_peak(line)

    @pytest.mark.parametrize(
        ("first", "last", "found"),
        [((2, 27), (2, 28), 0), ((2, 28), (3, 1), 1), ((3, 5), (3, 9), 2), ((3, 6), (3, 9), 0)],
    )
    def test_is_found_by_any_day_it_shares(self, first, last, found):
        assert len(planned_between(LINES, date(2026, *first), date(2026, *last))) == found

    def test_that_older_rules_let_through_stops_nobody(self):
        assert len(hours_of((*LINES, "2026-03-01 2026-03-05 Hashtag x200"), UTC)) == 2

    def test_lasts_whole_days_where_people_live_unless_hours_are_said(self):
        days, hours = hours_of(
            ("2026-03-28 2026-03-29 Vote", "2026-03-05T18:00 2026-03-05T20:30 Open evening ×3,5"),
            ZoneInfo("Europe/Paris"),
        )

        assert days.end - days.begin == 47 * 3600  # clocks change
        assert (days.times, hours.times) == (2.0, 3.5)
        assert hours.begin == datetime(2026, 3, 5, 17, tzinfo=UTC).timestamp()
        assert hours.end == datetime(2026, 3, 5, 19, 30, tzinfo=UTC).timestamp()


START = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(minutes=15)
A_DAY = 96
PEAK_DAYS = (14, 15)
PEAK = hours_of(("2026-03-16 2026-03-16 Rent notices ×4",), UTC)
TOPICS, VOICES_A_DAY = 20, 96


@pytest.fixture(scope="module")
def known():
    """Twenty topics of 96 voices a day, listened to for two weeks."""
    return hear(empty([str(n) for n in range(TOPICS)], step_s=900, start=START), 0, 14)[
        0
    ].to_bytes()


def hear(state, first, last, *, times=1.0, extra=0, planned=()):
    """Listen from one day to another; return the state and the topics that were ringing."""
    foresee(state, dict.fromkeys(range(TOPICS), planned) if planned else {})
    rng, rang = np.random.default_rng(first), np.zeros(TOPICS, bool)
    for place in range(first * A_DAY, last * A_DAY):
        counts = rng.poisson(times * VOICES_A_DAY / A_DAY, TOPICS)
        counts += extra * (last * A_DAY - 4 <= place)
        state, seen = observe(state, counts, at=START + place * STEP, settings=BurstSettings(0.1))
        rang |= seen.above
    return state, rang


class TestADayOfAPlannedPeak:
    def test_rings_when_nobody_planned_it(self, known):
        _, rang = hear(BurstState.from_bytes(known), *PEAK_DAYS, times=4)

        assert rang.all()

    def test_is_quiet_as_long_as_it_brings_what_was_foreseen(self, known):
        _, rang = hear(BurstState.from_bytes(known), *PEAK_DAYS, times=4, planned=PEAK)

        assert rang.sum() <= 1

    def test_rings_for_a_burst_beyond_it(self, known):
        _, rang = hear(BurstState.from_bytes(known), *PEAK_DAYS, times=4, extra=18, planned=PEAK)

        assert rang.mean() >= 0.9

    def test_teaches_nothing_of_other_days(self, known):
        planned, plain = (
            hear(BurstState.from_bytes(known), *PEAK_DAYS, times=times, planned=peak)[0]
            for times, peak in ((4, PEAK), (1, ()))
        )

        assert expected_step(planned) == pytest.approx(expected_step(plain), rel=0.25)
        assert expected_step(planned).mean() == pytest.approx(expected_step(plain).mean(), rel=0.1)

    def test_teaches_what_such_peaks_bring(self, known):
        once = hours_of(("2026-03-16 2026-03-16 Rent notices",), UTC)
        again = hours_of(("2026-03-18 2026-03-18 Rent notices",), UTC)
        state, _ = hear(BurstState.from_bytes(known), *PEAK_DAYS, times=5, planned=once)
        kept = hear(state, 15, 16, planned=once + again)[0].to_bytes()

        _, rang = hear(BurstState.from_bytes(kept), 16, 17, times=5, planned=once + again)
        _, unlearned = hear(BurstState.from_bytes(kept), 16, 17, times=5)

        assert rang.sum() <= 1
        assert unlearned.sum() >= TOPICS / 2
