"""Forecasts of a topic are stored when made, scored when due, and shown for what they were."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.web.assess import queries, services
from quivive.web.assess.models import Forecast, Threat
from quivive.web.assess.worker import foresee_open
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.models import Minute, Topic

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 10, tzinfo=UTC)


@pytest.fixture
def topic() -> Topic:
    begun = NOW - timedelta(days=2)
    return Topic.objects.create(slug="heating", name="Heating", query="heating", created_at=begun)


def heard(topic: Topic, at: datetime, voices: int) -> Minute:
    return Minute.objects.create(
        topic=topic,
        minute=at,
        voices=voices,
        originals=voices,
        reposts=0,
        negatives=0,
        positives=0,
        own=0,
        expected=1.0,
        upper=4.0,
    )


@pytest.fixture
def talk(topic) -> Topic:
    for minutes in range(1, 300):
        heard(topic, NOW - timedelta(minutes=minutes), 2)
    return topic


@pytest.fixture
def ringing(talk) -> Alert:
    signal = Signal.objects.create(
        key="heating/burst/1",
        topic=talk,
        kind="burst",
        found_at=NOW,
        rang_at=NOW,
        onset=NOW,
        onset_low=NOW,
        onset_high=NOW,
        window_s=3600,
        observed=120,
        expected=1.0,
        severity=5,
        certainty="likely",
        reason={"text": "People write."},
        stored_at=NOW,
    )
    return Alert.objects.create(signal=signal, rang_at=NOW, ringing_since=NOW)


class TestATopicThatRings:
    def test_is_foreseen_once_every_ten_minutes(self, ringing):
        assert foresee_open(now=NOW) == 3
        assert foresee_open(now=NOW + timedelta(minutes=5)) == 0
        assert foresee_open(now=NOW + timedelta(minutes=10)) == 3

    @pytest.mark.usefixtures("organisation")
    def test_shows_what_is_foreseen_on_its_alert(self, ringing, ana, browse, monkeypatch):
        foresee_open(now=NOW)
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=5))

        shown = browse(ana).get(f"/detect/alert/{ringing.pk}/").content.decode()

        assert "next 3 hours" in shown
        assert "How past forecasts did" in shown


class TestAForecast:
    def test_is_stored_for_each_horizon(self, talk):
        services.foresee(topic=talk, made_at=NOW)

        rows = list(Forecast.objects.order_by("hours"))
        assert [row.hours for row in rows] == [1, 3, 24]
        assert all(0 <= row.p10 <= row.p50 <= row.p90 for row in rows)

    def test_looks_at_nothing_that_came_later(self, talk):
        services.foresee(topic=talk, made_at=NOW)
        before = list(Forecast.objects.values_list("p10", "p50", "p90"))
        Forecast.objects.all().delete()
        heard(talk, NOW + timedelta(minutes=1), 9_000)

        services.foresee(topic=talk, made_at=NOW)

        assert list(Forecast.objects.values_list("p10", "p50", "p90")) == before

    def test_made_twice_is_stored_once(self, talk):
        services.foresee(topic=talk, made_at=NOW)
        services.foresee(topic=talk, made_at=NOW)

        assert Forecast.objects.count() == 3

    def test_of_a_topic_that_never_spoke_is_not_made(self, topic):
        assert services.foresee(topic=topic, made_at=NOW) == []

    def test_is_scored_with_what_came_once_it_is_due(self, talk):
        services.foresee(topic=talk, made_at=NOW)
        heard(talk, NOW, 7)
        heard(talk, NOW + timedelta(minutes=59), 5)
        heard(talk, NOW + timedelta(minutes=60), 100)

        assert services.settle_forecasts(now=NOW + timedelta(minutes=65)) == 0
        assert services.settle_forecasts(now=NOW + timedelta(minutes=70)) == 1

        assert Forecast.objects.get(hours=1).came == 12
        assert Forecast.objects.get(hours=3).came is None

    def test_is_shown_while_it_is_fresh(self, talk):
        services.foresee(topic=talk, made_at=NOW)

        assert len(queries.latest_forecast(talk.pk, now=NOW + timedelta(minutes=50))) == 3
        assert queries.latest_forecast(talk.pk, now=NOW + timedelta(hours=2)) == []

    def test_is_not_shown_once_something_began_that_it_did_not_know_of(self, talk):
        services.foresee(topic=talk, made_at=NOW)
        begun = NOW + timedelta(minutes=1)
        Threat.objects.create(topic=talk, onset=begun, created_at=begun)

        assert queries.latest_forecast(talk.pk, now=NOW + timedelta(minutes=5)) == []

        services.foresee(topic=talk, made_at=NOW + timedelta(minutes=10))

        assert len(queries.latest_forecast(talk.pk, now=NOW + timedelta(minutes=12))) == 3


class TestAQuietHouse:
    def test_foresees_nothing(self, talk):
        assert foresee_open(now=NOW) == 0


class TestThePageOfPastForecasts:
    def test_says_how_often_ranges_held(self, talk, ana, browse):
        for hour in range(12):
            Forecast.objects.create(
                topic=talk,
                made_at=NOW - timedelta(hours=hour),
                hours=1,
                due_at=NOW - timedelta(hours=hour - 1),
                p10=5,
                p50=10,
                p90=20,
                came=10 if hour else 40,
            )

        page = queries.forecast_page(now=NOW)

        assert page.overall[0][1].held == pytest.approx(11 / 12)
        assert page.overall[1] == (3, None)
        assert [record.few for record in page.records] == [False]
        shown = browse(ana).get("/assess/forecasts/").content.decode()
        assert "Heating" in shown
        assert "What came" in shown

    def test_explains_itself_while_empty(self, ana, browse):
        assert "No forecast yet" in browse(ana).get("/assess/forecasts/").content.decode()
