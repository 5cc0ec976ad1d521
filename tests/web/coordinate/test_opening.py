"""A crisis is opened in one action, once, and its log starts by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.vocabulary.errors import NotAllowed
from quivive.web.coordinate import services
from quivive.web.coordinate.models import Crisis, LogLine, Milestone
from quivive.web.coordinate.services.automatic import join_worse
from quivive.web.detect.models import Alert, Signal
from quivive.web.detect.queries import alert_page
from quivive.web.listen.models import Topic
from quivive.web.people.models import Person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
RANG = NOW - timedelta(minutes=4)
ONSET = NOW - timedelta(minutes=16)


@pytest.fixture
def topic():
    return Topic.objects.create(slug="heating", name="Heating", query="heating", created_at=NOW)


@pytest.fixture
def ana():
    return Person.objects.create_user("ana@example.org", name="Ana", joined_at=NOW)


@pytest.fixture
def ben():
    return Person.objects.create_user("ben@example.org", name="Ben", joined_at=NOW)


@pytest.fixture
def alert(topic):
    signal = Signal.objects.create(
        key="heating/burst/1",
        topic=topic,
        kind="burst",
        found_at=RANG,
        rang_at=RANG,
        onset=ONSET,
        onset_low=ONSET,
        onset_high=ONSET,
        window_s=3600,
        observed=6,
        expected=0.3,
        severity=5,
        certainty="likely",
        evidence=["post:1"],
        reason={"text": "Six people wrote in one hour."},
        stored_at=RANG,
    )
    return Alert.objects.create(signal=signal, rang_at=RANG, ringing_since=RANG)


def rings_too(signal: Signal, kind: str, *, rang_at: datetime = RANG) -> Alert:
    """Return one more alert that rings on the topic."""
    kept = {field.name: getattr(signal, field.name) for field in Signal._meta.concrete_fields}
    key = f"heating/{kind}/{Signal.objects.count() + 1}"
    other = Signal.objects.create(**{**kept, "id": None, "kind": kind, "key": key})
    return Alert.objects.create(signal=other, rang_at=rang_at, ringing_since=rang_at)


class TestOpeningFromAnAlert:
    def test_starts_clock_log_and_answers_the_alert(self, alert, ana):
        crisis = services.open_crisis(alert_id=alert.pk, person=ana, now=NOW)

        assert (crisis.title, crisis.threat.onset) == ("Heating", ONSET)
        assert [line.kind for line in LogLine.objects.all()] == ["onset", "signal", "opened"]
        reached = dict(Milestone.objects.values_list("step", "at"))
        assert reached == {"detected": RANG, "acknowledged": NOW, "room-open": NOW}
        alert.refresh_from_db()
        assert (alert.state, alert.acknowledged_by) == ("crisis", ana)

    def test_counts_from_the_first_ring_whichever_alert_it_is_opened_from(self, alert, ana, ben):
        early = RANG + timedelta(minutes=1)
        services.acknowledge(alert_id=alert.pk, person=ben, now=early)
        late = rings_too(alert.signal, "unanswered", rang_at=NOW - timedelta(minutes=1))
        before = rings_too(alert.signal, "burst", rang_at=ONSET - timedelta(days=3))

        crisis = services.open_crisis(alert_id=late.pk, person=ana, now=NOW)

        reached = dict(Milestone.objects.values_list("step", "at"))
        assert reached == {"detected": RANG, "acknowledged": early, "room-open": NOW}
        assert [line.at for line in LogLine.objects.filter(kind="signal")] == [RANG, late.rang_at]
        assert before.rang_at < crisis.threat.onset

    def test_twice_gives_the_same_crisis(self, alert, ana, ben):
        first = services.open_crisis(alert_id=alert.pk, person=ana, now=NOW)
        second = services.open_crisis(alert_id=alert.pk, person=ben, now=NOW)

        assert first == second
        assert Crisis.objects.count() == 1
        assert LogLine.objects.filter(kind="opened").count() == 1

    def test_keeps_who_acknowledged_before(self, alert, ana, ben):
        early = RANG + timedelta(minutes=1)
        services.acknowledge(alert_id=alert.pk, person=ana, now=early)

        services.open_crisis(alert_id=alert.pk, person=ben, now=NOW)

        assert Milestone.objects.get(step="acknowledged").at == early

    def test_takes_on_what_else_rings_on_the_topic(self, alert, ana):
        others = [rings_too(alert.signal, kind) for kind in ("burst", "burst", "unanswered")]

        services.open_crisis(alert_id=alert.pk, person=ana, now=NOW)

        for other in others:
            other.refresh_from_db()
            assert (other.state, other.acknowledged_by) == ("acknowledged", ana)

    def test_for_another_reason_takes_on_every_ring_of_the_burst(self, alert, ana):
        late = rings_too(alert.signal, "unanswered")
        again = rings_too(alert.signal, "burst")

        services.open_crisis(alert_id=late.pk, person=ana, now=NOW)

        for ring in (alert, again):
            ring.refresh_from_db()
            assert (ring.state, ring.acknowledged_by) == ("acknowledged", ana)


class TestASecondAlert:
    @pytest.fixture
    def second(self, alert):
        later = RANG + timedelta(minutes=9)
        kept = {field.name: getattr(alert.signal, field.name)
                for field in Signal._meta.concrete_fields}  # fmt: skip
        signal = Signal.objects.create(**{**kept, "id": None, "key": "heating/burst/2"})
        return Alert.objects.create(signal=signal, rang_at=later, ringing_since=later)

    def test_pressed_at_the_same_time_leads_into_the_same_room(self, alert, second, ana, ben):
        crisis = services.open_crisis(alert_id=alert.pk, person=ana, now=NOW)

        assert services.open_crisis(alert_id=second.pk, person=ben, now=NOW) == crisis
        second.refresh_from_db()
        assert second.state == "crisis"

    def test_opens_another_crisis_when_that_is_asked(self, alert, second, ana, ben):
        crisis = services.open_crisis(alert_id=alert.pk, person=ana, now=NOW)

        other = services.open_crisis(alert_id=second.pk, another=True, person=ben, now=NOW)

        assert other != crisis

    def test_joins_the_crisis_of_its_topic_once(self, alert, second, ana, ben):
        crisis = services.open_crisis(alert_id=alert.pk, person=ana, now=RANG)

        for person in (ana, ben):
            services.join_alert(crisis_id=crisis.pk, alert_id=second.pk, person=person, now=NOW)

        second.refresh_from_db()
        assert (second.state, Crisis.objects.count()) == ("crisis", 1)
        line = LogLine.objects.get(kind="joined")
        assert (line.author, line.link) == (ana, f"/detect/alert/{second.pk}/")

    def test_is_offered_the_room_that_is_open(self, alert, second, ana):
        crisis = services.open_crisis(alert_id=alert.pk, person=ana, now=RANG)

        page = alert_page(second.pk, now=NOW)

        assert (page.room, page.inside) == (crisis, False)

    def test_of_another_topic_is_refused(self, alert, second, ana):
        crisis = services.open_crisis(alert_id=alert.pk, person=ana, now=RANG)
        other = Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=NOW)
        Signal.objects.filter(pk=second.signal_id).update(topic=other)

        with pytest.raises(NotAllowed, match="another topic"):
            services.join_alert(crisis_id=crisis.pk, alert_id=second.pk, person=ana, now=NOW)


class TestOpeningByHand:
    def test_needs_a_topic_and_no_account_of_ours(self, topic, ana):
        crisis = services.open_crisis(
            topic_id=topic.pk, onset=ONSET, title="Heard at the door", person=ana, now=NOW
        )

        assert (crisis.title, crisis.threat.signal) == ("Heard at the door", None)

    def test_refuses_a_beginning_to_come(self, topic, ana):
        with pytest.raises(NotAllowed, match="moment at which it began"):
            services.open_crisis(
                topic_id=topic.pk, onset=NOW + timedelta(hours=1), person=ana, now=NOW
            )

    def test_without_a_topic_says_what_to_do(self, ana):
        with pytest.raises(NotAllowed, match="Choose a topic"):
            services.open_crisis(person=ana, now=NOW)


class TestABurstThatGetsWorse:
    def state_of(self, alert: Alert, *, now: datetime) -> str:
        join_worse(now=now)
        alert.refresh_from_db()
        return alert.state

    def test_is_put_into_the_crisis_while_people_are_at_work_on_it(self, alert, ana):
        services.open_crisis(alert_id=alert.pk, person=ana, now=NOW)
        later = NOW + timedelta(minutes=50)

        assert self.state_of(rings_too(alert.signal, "burst", rang_at=later), now=later) == "crisis"

    @pytest.mark.parametrize(
        ("kind", "hours"),
        [("burst", 3), ("flare-up", 0.5), ("unanswered", 0.5)],
    )
    def test_rings_when_nobody_is_at_work_or_something_else_happened(self, alert, ana, kind, hours):
        services.open_crisis(alert_id=alert.pk, person=ana, now=NOW)
        later = NOW + timedelta(hours=hours)

        assert self.state_of(rings_too(alert.signal, kind, rang_at=later), now=later) == "ringing"

    def test_rings_without_a_crisis(self, alert):
        assert self.state_of(alert, now=NOW) == "ringing"
