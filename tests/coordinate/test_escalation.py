"""Who is told when: steps, quiet hours, retries."""

from datetime import UTC, datetime, time, timedelta

import pytest

from quivive.coordinate.escalation import (
    MOST_TRIES,
    QuietHours,
    deliver_at,
    retry_at,
    silence,
)

RANG = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
NIGHT = QuietHours(begins=time(22), ends=time(7))


class TestQuietHours:
    @pytest.mark.parametrize(
        ("utc", "expected"),
        [
            ("2026-03-02T20:30", "2026-03-02T20:30"),  # 21:30 in Paris
            ("2026-03-02T21:00", "2026-03-03T06:00"),  # 22:00, until 7:00 next day
            ("2026-03-03T02:00", "2026-03-03T06:00"),  # 3:00, until 7:00 the same day
            ("2026-03-03T06:00", "2026-03-03T06:00"),  # 7:00 sharp
            ("2026-03-28T23:00", "2026-03-29T05:00"),  # clocks go forward that night
        ],
    )
    def test_delay_to_the_morning_of_that_person(self, utc, expected):
        due = datetime.fromisoformat(f"{utc}+00:00")

        found = deliver_at(due, severity=5, quiet=NIGHT)

        assert found == datetime.fromisoformat(f"{expected}+00:00")

    def test_never_delay_what_is_critical(self):
        midnight = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)

        assert deliver_at(midnight, severity=8, quiet=NIGHT) == midnight

    def test_may_lie_within_a_day(self):
        nap = QuietHours(begins=time(13), ends=time(14, 30), zone="UTC")

        assert deliver_at(RANG.replace(hour=13), severity=1, quiet=nap) == RANG.replace(
            hour=14, minute=30
        )
        assert deliver_at(RANG, severity=1, quiet=nap) == RANG

    def test_that_nobody_set_delay_nothing(self):
        assert deliver_at(RANG, severity=1, quiet=None) == RANG


class TestRetries:
    def test_wait_longer_each_time_up_to_a_bound(self):
        waits = [(retry_at(n, RANG, "d1") - RANG).total_seconds() for n in range(1, MOST_TRIES)]

        assert 15 <= waits[0] <= 22.5
        assert 30 <= waits[1] <= 45
        assert all(900 <= wait <= 1350 for wait in waits[6:])

    def test_end_within_the_hour_or_so(self):
        waits = [retry_at(n, RANG, "d1") - RANG for n in range(1, MOST_TRIES)]

        assert retry_at(MOST_TRIES, RANG, "d1") is None
        assert 40 <= sum(wait.total_seconds() for wait in waits) / 60 <= 70

    def test_spread_out_and_can_be_told_again(self):
        assert retry_at(3, RANG, "d1") == retry_at(3, RANG, "d1")
        assert len({retry_at(3, RANG, n) for n in range(20)}) > 15


class TestSilence:
    def quiet(self, begins, ends, zone="UTC"):
        return QuietHours(begins=time(begins), ends=time(ends), zone=zone)

    def test_is_when_every_way_is_quiet_at_once(self):
        now = RANG.replace(hour=12, minute=7)
        ways = [self.quiet(22, 7), self.quiet(23, 8)]

        assert silence(ways, now) == (
            RANG.replace(hour=23, minute=0),
            RANG.replace(hour=7, minute=0) + timedelta(days=1),
        )

    def test_follows_each_person_s_own_clock(self):
        now = RANG.replace(hour=12, minute=0)
        ways = [self.quiet(0, 6, "Europe/Paris"), self.quiet(0, 6, "Pacific/Noumea")]

        assert silence(ways, now) is None

    def test_has_begun_when_it_is_night_already(self):
        now = RANG.replace(hour=23, minute=20)

        assert silence([self.quiet(22, 7)], now) == (
            RANG.replace(hour=23, minute=15),
            RANG.replace(hour=7, minute=0) + timedelta(days=1),
        )

    def test_is_never_while_one_way_stays_open(self):
        assert silence([self.quiet(22, 7), None], RANG) is None
        assert silence([], RANG) is None
