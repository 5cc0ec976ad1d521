"""Planned peaks are read line by line, and found by their days."""

from datetime import date

import pytest

from quivive.detect.planned import planned_between, read_peak

LINES = ("2026-03-01 2026-03-05 Rent notices", "2026-03-05 2026-03-05 Open day, all houses")


class TestAPlannedPeak:
    @pytest.mark.parametrize(
        "line",
        ["", "Rent notices", "2026-03-01 Rent notices", "2026-03-05 2026-03-01 Rent", "1 2 x"],
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
