"""What is usual at an hour is usual by the clock on the wall, in summer and in winter."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from quivive.detect.alignment import align, graft
from quivive.detect.burst_state import BurstState, empty
from quivive.detect.bursts import BurstSettings, observe
from quivive.detect.law import expected_step
from quivive.detect.listening import live_in, miss

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
HOUR = timedelta(hours=1)
OFFICE = range(9, 18)
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)
"""Sundays on which clocks change in Paris."""
SUMMER = datetime(2026, 6, 14, tzinfo=UTC)


def learned(until: datetime, zone: tzinfo) -> BurstState:
    """Return three weeks of an office in Paris: forty voices in each hour it is open."""
    return BurstState.from_bytes(heard(until, zone))


@cache
def heard(until: datetime, zone: tzinfo) -> bytes:
    first = until - timedelta(days=21)
    state = empty(["heating"], step_s=3600, start=first)
    live_in(state, zone)
    for hour in range(21 * 24):
        at = first + hour * HOUR
        voices = 40 if at.astimezone(PARIS).hour in OFFICE else 0
        observe(state, np.array([voices]), at=at, settings=BurstSettings())
    return state.to_bytes()


def due(state: BurstState, hour: int, day: datetime) -> float:
    """Return the voices due in an hour of Paris of a day to come."""
    at = datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)
    later = BurstState.from_bytes(state.to_bytes())
    miss(later, int(at.timestamp()))
    return float(expected_step(later)[0])


class TestTheHourAnOfficeOpens:
    @pytest.mark.parametrize("change", [SPRING, AUTUMN])
    def test_stays_the_same_on_the_wall_when_clocks_change(self, change):
        state = learned(change, PARIS)

        for day in (change, change + timedelta(days=1)):
            assert due(state, 8, day) < 7
            assert due(state, 9, day) > 12
            assert due(state, 17, day) > 12
            assert due(state, 18, day) < 7

    def test_would_be_an_hour_late_or_early_on_the_clock_of_greenwich(self):
        spring, autumn = learned(SPRING, UTC), learned(AUTUMN, UTC)

        assert due(spring, 9, SPRING) < 7
        assert due(autumn, 8, AUTUMN) > 12


class TestAnOrganisationThatChangesItsZone:
    def test_keeps_what_it_learned_where_the_sun_was(self):
        state, monday = learned(SUMMER, PARIS), SUMMER + timedelta(days=1)
        before = [due(state, hour, monday) for hour in range(24)]

        live_in(state, REUNION)

        assert [due(state, hour, monday) for hour in range(24)] == pytest.approx(before)
        live_in(state, PARIS)
        assert state == learned(SUMMER, PARIS)

    def test_is_remembered_over_a_checkpoint_and_by_new_topics(self):
        state = align(learned(SUMMER, PARIS), ["lift", "heating"])

        assert str(BurstState.from_bytes(state.to_bytes()).zone) == "Europe/Paris"

    def test_takes_in_topics_that_were_learned_on_another_clock(self):
        monday = SUMMER + timedelta(days=1)

        grafted = graft(learned(SUMMER, PARIS), learned(SUMMER, UTC))

        assert str(grafted.zone) == "Europe/Paris"
        assert due(grafted, 9, monday) == pytest.approx(due(learned(SUMMER, UTC), 9, monday))
