"""Signals are kept once; of two people who press a button, one wins and the other is told."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.vocabulary import signals as vocabulary
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.detect import queries, services
from quivive.web.detect.models import Alert, AlertMove, AlertState, Signal
from quivive.web.listen.models import Topic
from quivive.web.people.models import Person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


def found(**changes: object) -> vocabulary.Signal:
    values = {
        "kind": vocabulary.SignalKind.BURST,
        "topic": "heating",
        "found_at": NOW,
        "rang_at": NOW,
        "onset": NOW - timedelta(minutes=12),
        "onset_low": NOW - timedelta(minutes=20),
        "onset_high": NOW - timedelta(minutes=10),
        "window_s": 3600,
        "observed": 6,
        "expected": 0.3,
        "severity": 5,
        "certainty": vocabulary.Certainty.LIKELY,
        "negative_share": 0.8,
        "evidence": ("post:1",),
        "reason": say("{count} people wrote", count=6),
    }
    return vocabulary.Signal(**{**values, **changes})


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
    return services.keep_signals([found()], now=NOW)[0]


class TestASignal:
    def test_found_twice_is_kept_once(self, topic):
        first = services.keep_signals([found()], now=NOW)
        second = services.keep_signals([found()], now=NOW + timedelta(minutes=1))

        assert len(first) == 1
        assert second == []
        assert Signal.objects.count() == Alert.objects.count() == 1

    def test_that_rings_nobody_has_no_alert(self, topic):
        alerts = services.keep_signals([found(rang_at=None)], now=NOW)

        assert alerts == []
        assert Signal.objects.count() == 1

    def test_found_in_old_posts_wakes_nobody(self, topic):
        long_ago = NOW - timedelta(hours=7)

        [alert] = services.keep_signals([found(rang_at=long_ago, found_at=long_ago)], now=NOW)

        assert (alert.state, alert.rang_at) == (AlertState.PAST, long_ago)

    def test_of_posts_brought_late_rings_when_people_are_called(self, topic):
        an_hour_ago = NOW - timedelta(hours=1)
        late = found(rang_at=an_hour_ago, found_at=an_hour_ago)

        [alert] = services.keep_signals([late], now=NOW)

        assert (alert.state, alert.rang_at) == (AlertState.RINGING, NOW)
        assert alert.signal.rang_at == an_hour_ago

    def test_of_a_deleted_topic_is_dropped(self):
        assert services.keep_signals([found()], now=NOW) == []


class TestARerunOfThePast:
    def test_drops_what_it_no_longer_finds_unless_it_woke_somebody(self, topic):
        long_ago = NOW - timedelta(hours=9)
        old = found(rang_at=long_ago, found_at=long_ago, onset=long_ago)
        services.keep_signals([old, found()], now=NOW)

        services.forget_past_signals(["heating"], found=[], since=None)

        assert [signal.key for signal in Signal.objects.all()] == [found().key]


@pytest.fixture
def worse(alert):
    later = NOW + timedelta(minutes=3)
    more = found(found_at=later, rang_at=later, observed=30, severity=8)
    return services.keep_signals([more], now=later)[0]


class TestABurstThatGetsWorse:
    def test_rings_once_and_by_its_worst(self, alert, worse):
        assert queries.ringing() == [worse]
        assert queries.alert_page(alert.pk, now=NOW).worse == worse
        assert queries.alert_page(worse.pk, now=NOW).worse is None

    def test_keeps_the_clock_of_its_first_ring(self, alert, worse):
        assert worse.ringing_since == alert.ringing_since

    @pytest.mark.parametrize("opened", ["alert", "worse"])
    def test_is_taken_on_whole_from_either_ring(self, alert, worse, opened, ana):
        chosen = {"alert": alert, "worse": worse}[opened]

        services.acknowledge(alert_id=chosen.pk, person=ana, comment="On it", now=NOW)

        assert queries.ringing() == []
        assert list(Alert.objects.values_list("acknowledged_by__name", "comment")) == [
            ("Ana", "On it"),
            ("Ana", "On it"),
        ]

    def test_leaves_what_rings_for_another_reason(self, alert, worse, ana):
        rumour = found(kind=vocabulary.SignalKind.RUMOUR, reason=say("Said without a source"))
        [other] = services.keep_signals([rumour], now=NOW)

        services.mark_false_alarm(alert_id=worse.pk, person=ana, reason="A concert", now=NOW)

        assert queries.ringing() == [other]


class TestAcknowledging:
    def test_keeps_who_when_and_why(self, alert, ana):
        kept = services.acknowledge(alert_id=alert.pk, person=ana, comment="On it", now=NOW)

        assert (kept.state, kept.acknowledged_by, kept.comment) == ("acknowledged", ana, "On it")
        [move] = AlertMove.objects.all()
        assert (move.by, move.at, move.words) == (ana, NOW, "On it")

    def test_a_second_time_names_the_first(self, alert, ana, ben):
        services.acknowledge(alert_id=alert.pk, person=ana, now=NOW)

        with pytest.raises(NotAllowed, match="Ana already acknowledged"):
            services.acknowledge(alert_id=alert.pk, person=ben, now=NOW)

        alert.refresh_from_db()
        assert alert.acknowledged_by == ana


class TestSnoozing:
    def test_rings_again_at_the_moment_chosen(self, alert, ana):
        until = NOW + timedelta(minutes=30)
        services.snooze(alert_id=alert.pk, person=ana, until=until, now=NOW)

        assert services.wake_snoozed(now=until - timedelta(seconds=1)) == 0
        assert services.wake_snoozed(now=until) == 1

        alert.refresh_from_db()
        assert (alert.state, alert.rings, alert.ringing_since) == ("ringing", 2, until)

    def test_needs_a_moment_to_come(self, alert, ana):
        with pytest.raises(NotAllowed, match="moment in the future"):
            services.snooze(alert_id=alert.pk, person=ana, until=NOW, now=NOW)


class TestAFalseAlarm:
    def test_needs_a_reason(self, alert, ana):
        with pytest.raises(NotAllowed, match="Write in a few words"):
            services.mark_false_alarm(alert_id=alert.pk, person=ana, reason=" ", now=NOW)

    def test_keeps_who_answered_first(self, alert, ana, ben):
        services.acknowledge(alert_id=alert.pk, person=ana, now=NOW)
        later = NOW + timedelta(minutes=5)
        services.mark_false_alarm(alert_id=alert.pk, person=ben, reason="A concert", now=later)

        alert.refresh_from_db()
        assert (alert.state, alert.comment) == ("false-alarm", "A concert")
        assert (alert.acknowledged_by, alert.acknowledged_at) == (ana, NOW)
