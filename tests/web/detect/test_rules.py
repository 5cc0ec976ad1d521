"""The rules seen by people: how their alarms were judged, and what they would have rung."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.cache import cache
from django.db.models import F
from tests.web.detect.test_services import found

from quivive.web.detect import rule_queries, services
from quivive.web.listen.models import Minute, Topic

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
STOPS = (0.02, 0.1, 1.0)


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def topic():
    return Topic.objects.create(
        slug="heating", name="Heating", query="heating", created_at=NOW - timedelta(weeks=4)
    )


def speak(topic, *, days, a_day=10, burst=()):
    """Store minutes of ordinary days and a burst an hour before now."""
    rng = np.random.default_rng(1)
    minutes = {int(at): 1 for at in rng.integers(0, days * 1440, days * a_day)}
    start = NOW - timedelta(days=days)
    rows = [(start + timedelta(minutes=at), count) for at, count in minutes.items()]
    rows += [(NOW - timedelta(minutes=60 - place), count) for place, count in enumerate(burst)]
    counted = dict(rows)
    Minute.objects.bulk_create(
        Minute(
            topic=topic, minute=at, voices=count, originals=count, reposts=0, negatives=0,
            positives=0, own=0, expected=0.4, upper=2,
        )
        for at, count in counted.items()
    )  # fmt: skip


class TestThePastOfATopic:
    def test_rings_for_the_burst_it_held_at_every_stop(self, topic):
        speak(topic, days=21, burst=[4, 5, 6])

        past = rule_queries.past_of("heating", STOPS, minimum=4, now=NOW)

        assert [len(stop.rung) >= 1 for stop in past.stops] == [True, True, True]
        assert past.stops[0].rung[0].at >= (NOW - timedelta(hours=1)).timestamp()
        assert 2.5 < past.weeks <= 3.1

    def test_rings_no_less_at_a_keener_stop(self, topic):
        speak(topic, days=21, a_day=40, burst=[2, 3, 3])

        past = rule_queries.past_of("heating", STOPS, minimum=4, now=NOW)
        counts = [len(stop.rung) for stop in past.stops]

        assert counts == sorted(counts)

    def test_is_worked_out_once_an_hour(self, topic, django_assert_num_queries):
        speak(topic, days=2)
        rule_queries.past_of("heating", STOPS, minimum=4, now=NOW)

        with django_assert_num_queries(2):  # the topic and the zone
            rule_queries.past_of("heating", STOPS, minimum=4, now=NOW)

    def test_of_a_topic_never_heard_is_none(self, topic):
        assert rule_queries.past_of("heating", STOPS, minimum=4, now=NOW) is None


class TestRatings:
    def test_count_what_people_answered(self, topic, cleo):
        for hour in range(3):
            at = NOW - timedelta(hours=hour * 20)
            [alert] = services.keep_signals([found(found_at=at, rang_at=at, onset=at)], now=at)
            if hour == 0:
                services.acknowledge(alert_id=alert.pk, person=cleo, now=NOW)
            if hour == 1:
                services.mark_false_alarm(alert_id=alert.pk, person=cleo, reason="a game", now=NOW)

        page = rule_queries.ratings(now=NOW)

        [burst] = page.kinds
        assert (burst.rang, burst.judged, burst.false) == (3, 2, 1)
        assert burst.precision == 0.5
        assert burst.low < 0.5 < burst.high
        [heating] = page.topics
        assert heating.promised == pytest.approx(0.4)

    def test_leave_out_what_was_found_in_past_posts(self, topic):
        at = NOW - timedelta(days=2)
        services.keep_signals([found(found_at=at, rang_at=at)], now=NOW)

        assert not rule_queries.ratings(now=NOW).kinds


class TestPages:
    def test_show_the_past_at_the_chosen_stop(self, browse, cleo, topic):
        speak(topic, days=3, burst=[4, 5, 6])
        Minute.objects.update(minute=F("minute") + (datetime.now(UTC) - NOW))

        answer = browse(cleo).get(
            "/detect/topics/heating/past/", {"false_alarms_per_week": "0.5", "minimum": "4"}
        )

        assert answer.context["stop"].accepted == 0.5
        assert len(answer.context["stop"].rung) == 1
        assert "it would have rung <strong>once</strong>" in answer.content.decode()

    def test_refuse_a_stop_that_does_not_exist(self, browse, cleo, topic):
        answer = browse(cleo).get(
            "/detect/topics/heating/past/", {"false_alarms_per_week": "7", "minimum": "4"}
        )

        assert answer.status_code == 422

    def test_show_the_rules(self, browse, cleo, topic):
        page = browse(cleo).get("/detect/rules/").content.decode()

        assert "Heating" in page
        assert "No alarm yet" in page
