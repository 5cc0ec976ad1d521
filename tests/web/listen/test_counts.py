"""Half hours always say what their minutes say."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from quivive.detect.counting import MinuteCounts
from quivive.web.listen.counts import store_minutes
from quivive.web.listen.models import HalfHour, Topic

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def counted(minute: int, *, voices: int, expected: float = 2.0, topic: str = "lift"):
    return MinuteCounts(
        topic=topic, minute=NINE + timedelta(minutes=minute), voices=voices, originals=voices,
        reposts=1, relays=1, negatives=voices, positives=0, own=0, expected=expected,
        upper=expected + 3,
    )  # fmt: skip


def half_hours() -> list[tuple[int, int, int, float, float]]:
    """Minutes since nine, voices, rows behind, expected, upper."""
    return [
        (int((row.start - NINE).total_seconds() // 60), row.voices, row.minutes, row.expected,
         row.upper)
        for row in HalfHour.objects.order_by("topic", "start")
    ]  # fmt: skip


@pytest.fixture
def topics(db):
    for slug in ("lift", "heat"):
        Topic.objects.create(slug=slug, name=slug, query=slug, created_at=NINE)


@pytest.mark.usefixtures("topics")
class TestHalfHours:
    def test_add_up_the_minutes_of_each_topic(self):
        store_minutes(
            [
                counted(0, voices=3),
                counted(29, voices=1, expected=4.0),
                counted(30, voices=5),
                counted(31, voices=7, topic="heat"),
            ]
        )

        assert sorted(half_hours()) == [
            (0, 4, 2, 3.0, 6.0),
            (30, 5, 1, 2.0, 5.0),
            (30, 7, 1, 2.0, 5.0),
        ]

    def test_follow_a_minute_that_comes_later_and_one_that_is_counted_anew(self):
        store_minutes([counted(2, voices=3)])
        store_minutes([counted(9, voices=4)])
        store_minutes([counted(2, voices=1)])

        assert half_hours() == [(0, 5, 2, 2.0, 5.0)]

    def test_are_added_up_for_what_an_earlier_version_counted(self):
        store_minutes([counted(minute, voices=minute) for minute in range(0, 70, 7)])
        kept = half_hours()
        HalfHour.objects.all().delete()

        past = import_module("quivive.web.listen.migrations.0012_half_hours_of_the_past")
        past.add_up_what_is_stored(apps, SimpleNamespace(connection=connection))

        assert half_hours() == kept
