"""A series of rows: its interval is found, and no row looks ahead."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from quivive.detect.bursts import BurstSettings
from quivive.detect.series import SeriesWatch

START = datetime(2026, 3, 2, 21, 42, 53, tzinfo=UTC)


def read(values, *, every_s=300, start=START):
    watch = SeriesWatch(BurstSettings())
    return [watch.read(start + timedelta(seconds=i * every_s), v) for i, v in enumerate(values)]


class TestASeries:
    def test_answers_as_it_did_when_later_rows_were_unknown(self):
        values = np.random.default_rng(1).poisson(30, 700).tolist()

        assert read(values)[:500] == read(values[:500])

    @pytest.mark.parametrize("every_s", [300, 3600])
    def test_rings_once_for_a_jump_at_any_interval(self, every_s):
        values = np.random.default_rng(2).poisson(20, 600).tolist()

        seen = read([*values, 400, 420], every_s=every_s)

        assert [row.alarm for row in seen[-2:]] == [True, False]
        assert not any(row.alarm for row in seen[:-2])

    def test_of_days_rings_too(self):
        values = np.random.default_rng(2).poisson(20, 40).tolist()

        assert read([*values, 400], every_s=86_400)[-1].alarm

    def test_learns_a_shorter_interval_when_rows_come_closer(self):
        watch = SeriesWatch(BurstSettings())
        watch.read(START, 5)
        watch.read(START + timedelta(hours=1), 4)

        watch.read(START + timedelta(hours=1, minutes=5), 6)
        row = watch.read(START + timedelta(hours=1, minutes=10), 6)

        assert row.expected < 2

    def test_keeps_its_interval_where_single_rows_come_early(self):
        rng = np.random.default_rng(4)
        watch = SeriesWatch(BurstSettings())
        values, early = rng.poisson(5, 400), rng.integers(0, 50, 400)
        for hour, (value, minutes) in enumerate(zip(values, early, strict=True)):
            last = watch.read(START + timedelta(hours=hour, minutes=int(minutes)), int(value))

        assert last.expected == pytest.approx(5, rel=0.3)

    def test_expects_what_it_heard_from_the_second_row_on(self):
        assert [row.expected for row in read([12, 14, 10])] == [12, 12, 13]

    def test_takes_a_constant_for_usual_however_large(self):
        seen = read([10**6] * 300, every_s=3600)

        assert not any(row.alarm for row in seen)
        assert seen[10].expected == pytest.approx(10**6, rel=0.02)

    def test_refuses_a_row_that_is_not_later(self):
        watch = SeriesWatch(BurstSettings())
        watch.read(START, 5)

        with pytest.raises(ValueError, match="does not come after"):
            watch.read(START, 5)


class TestRowsNobodyCounted:
    def test_teach_nothing(self):
        values = np.random.default_rng(3).poisson(20, 600).tolist()

        dark = read([*values, *[None] * 300, 20])
        silent = read([*values, *[0] * 300, 20])

        assert dark[-1].expected == pytest.approx(20, rel=0.2)
        assert silent[-1].expected < 0.9 * dark[-1].expected

    def test_never_ring_and_still_say_what_was_due(self):
        seen = read([*np.random.default_rng(3).poisson(20, 600).tolist(), None])

        assert not seen[-1].alarm
        assert seen[-1].expected == pytest.approx(20, rel=0.2)

    def test_are_meant_by_missing_rows_where_silence_has_rows(self):
        values = np.random.default_rng(3).poisson(2, 900).tolist()
        watch = SeriesWatch(BurstSettings())
        for place, value in enumerate(values):
            if not 500 <= place < 800:
                last = watch.read(START + timedelta(minutes=5 * place), value)

        assert 0 in values
        assert last.expected == read([*values[:500], *[None] * 300, *values[800:]])[-1].expected

    def test_are_silence_where_only_counts_have_rows(self):
        watch = SeriesWatch(BurstSettings())
        for hour in (0, 1, *range(6, 1500, 5)):
            last = watch.read(START + timedelta(hours=hour), 3)

        assert last.expected == pytest.approx(0.6, rel=0.4)
