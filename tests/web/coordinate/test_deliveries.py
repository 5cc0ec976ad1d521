"""Alerts reach people: at least once, in order, until somebody answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from quivive.coordinate.escalation import MOST_TRIES
from quivive.vocabulary.crises import Role
from quivive.web.coordinate import services, worker
from quivive.web.coordinate.models import Contact, Delivery
from quivive.web.coordinate.worker import deliver_due, escalate_due
from quivive.web.detect.models import Alert, Signal
from quivive.web.detect.services import mark_false_alarm, snooze
from quivive.web.listen.models import Account, Post, Topic
from quivive.web.people.models import Person, RoleHolding

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def person(name: str, role: Role, *, deputy: bool = False, **fields: str) -> Person:
    made = Person.objects.create_user(
        f"{name.lower()}@example.org", name=name, joined_at=NOW, **fields
    )
    RoleHolding.objects.create(person=made, role=role.value, deputy=deputy, given_at=NOW)
    return made


@pytest.fixture
def team() -> dict[str, Person]:
    return {
        "mona": person("Mona", Role.MONITOR),
        "lea": person("Lea", Role.LEAD, language="en"),
        "dede": person("Dede", Role.LEAD, deputy=True),
        "peter": person("Peter", Role.PEER),
    }


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.create(slug="heating", name="Heating", query="heating", created_at=NOW)


@pytest.fixture
def alert(topic) -> Alert:
    return ring(topic)


def ring(topic: Topic, *, severity: int = 5, number: int = 1) -> Alert:
    signal = Signal.objects.create(
        key=f"heating/burst/{number}",
        topic=topic,
        kind="burst",
        found_at=NOW,
        rang_at=NOW,
        onset=NOW - timedelta(minutes=12),
        onset_low=NOW,
        onset_high=NOW,
        window_s=3600,
        observed=6,
        expected=0.3,
        severity=severity,
        certainty="likely",
        evidence=["post:1"],
        reason={"text": "{count} people wrote", "values": {"count": 6}},
        stored_at=NOW,
    )
    return Alert.objects.create(signal=signal, rang_at=NOW, ringing_since=NOW)


def tell(now: datetime) -> int:
    escalate_due(now=now)
    return deliver_due(now=now, clock=lambda: now)


class TestEscalation:
    def test_goes_from_the_one_on_duty_to_everyone(self, team, alert, mailbox):
        told = []
        for minute in (0, 4, 5, 10, 15):
            before = len(mailbox.mails)
            tell(minutes(minute))
            told.append(sorted(mailbox.told[before:]))

        assert told == [["mona"], [], ["lea"], ["dede"], ["dede", "lea", "mona"]]

    def test_tells_of_all_others_though_one_notice_cannot_be_written(
        self, team, alert, mailbox, monkeypatch
    ):
        lift = Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=NOW)
        other = ring(lift, number=2)
        write = worker.alert_notice

        def fails(facts, **more):
            if f"alert-{alert.pk}-" in more["key"]:
                raise KeyError("nobody foresaw it")
            return write(facts, **more)

        monkeypatch.setattr(worker, "alert_notice", fails)
        tell(minutes(0))

        assert mailbox.told == ["mona"]
        left = Delivery.objects.get(alert=alert)
        assert (left.state, left.attempts) == ("waiting", 1)
        assert Delivery.objects.get(alert=other).state == "sent"

    def test_stops_when_a_named_person_acknowledges(self, team, alert, mailbox):
        tell(minutes(0))
        services.acknowledge(alert_id=alert.pk, person=team["mona"], now=minutes(3))
        tell(minutes(20))

        assert mailbox.told == ["mona"]

    def test_stops_at_a_false_alarm_and_takes_back_what_waits(self, team, alert, mailbox):
        escalate_due(now=minutes(0))
        mark_false_alarm(alert_id=alert.pk, person=team["lea"], reason="A concert", now=minutes(0))
        tell(minutes(1))

        assert mailbox.told == []
        assert [row.state for row in Delivery.objects.all()] == ["cancelled"]

    def test_stops_when_a_crisis_is_opened(self, team, alert, mailbox):
        tell(minutes(0))
        services.open_crisis(alert_id=alert.pk, person=team["lea"], now=minutes(2))
        tell(minutes(20))

        assert mailbox.told == ["mona"]

    def test_begins_anew_when_a_snooze_runs_out(self, team, alert, mailbox):
        tell(minutes(0))
        snooze(alert_id=alert.pk, person=team["mona"], until=minutes(30), now=minutes(1))
        tell(minutes(10))
        tell(minutes(30))

        assert mailbox.told == ["mona", "mona"]

    def test_goes_on_when_a_clock_that_was_ahead_is_put_back(self, team, alert, mailbox):
        Alert.objects.update(ringing_since=minutes(24 * 60))  # it rang while the clock was ahead

        tell(minutes(0))
        tell(minutes(5))

        assert mailbox.told == ["mona", "lea"]

    def test_looked_at_twice_tells_nobody_twice(self, team, alert, mailbox):
        for _ in range(3):
            tell(minutes(6))

        assert sorted(mailbox.told) == ["lea", "mona"]

    def test_leaves_out_those_who_may_no_longer_answer(self, team, alert, mailbox):
        services.first_steps(now=NOW)
        RoleHolding.objects.filter(person=team["mona"]).update(expires_at=minutes(-1))
        tell(minutes(0))

        assert "mona" not in mailbox.told
        assert mailbox.told  # somebody is told all the same


class TestANotice:
    def test_says_why_in_the_reader_s_language_and_where_to_answer(
        self, team, alert, mailbox, settings
    ):
        settings.BASE_URL = "https://room.example.org"
        tell(minutes(5))

        [mail] = [mail for mail in mailbox.mails if mail["To"] == "lea@example.org"]
        text = mail.get_body(("plain",)).get_content()
        assert mail["Subject"] == "[Qui-vive] Moderate · Heating"
        assert "6 people wrote" in text
        assert "Seen: 6 voices in 60 minutes. Expected: 0.3." in text
        assert "Nobody has acknowledged this alert for 5 minutes." in text
        assert f"https://room.example.org/detect/alert/{alert.pk}/" in text
        assert "never seen" in text

    def test_of_what_waits_for_an_answer_compares_with_no_usual(self, team, alert, mailbox):
        Signal.objects.update(kind="unanswered")
        tell(minutes(0))

        assert "Expected" not in mailbox.mails[0].get_body(("plain",)).get_content()
        assert "Expected" not in mailbox.mails[0].get_body(("html",)).get_content()

    def test_shows_a_stranger_s_words_and_obeys_none(self, team, alert, mailbox):
        author = Account.objects.create(uid="a", network="x", handle="eve\r\nBcc: all@example.org")
        Post.objects.create(
            uid="post:1",
            network="x",
            published=NOW,
            heard_at=NOW,
            author=author,
            content="=HYPERLINK(1) <script>alert(1)</script> @everyone https://evil.example/login",
            document={},
        )
        tell(minutes(0))

        [mail] = mailbox.mails
        page = mail.get_body(("html",)).get_content()
        words = mail.get_body(("plain",)).get_content()
        assert "<script>" not in page
        assert "evil.example" not in page + words
        assert "@everyone" not in words
        assert mail["Bcc"] is None

    def test_is_silent_on_words_their_author_took_back(self, team, alert, mailbox):
        author = Account.objects.create(uid="a", network="x", handle="ana")
        Post.objects.create(
            uid="post:1",
            network="x",
            published=NOW,
            heard_at=NOW,
            author=author,
            content="regretted words",
            deleted_at=NOW,
            document={},
        )
        tell(minutes(0))

        [mail] = mailbox.mails
        assert "regretted" not in mail.get_body(("plain",)).get_content()


class TestADelivery:
    def test_refused_for_now_is_tried_again_later(self, team, alert, mailbox):
        mailbox.answers = ["451 later"]
        tell(minutes(0))
        [row] = Delivery.objects.all()
        assert (row.state, row.attempts, row.permanent) == ("waiting", 1, False)
        assert "451" in row.trouble["what"]["values"]["code"]

        tell(minutes(0.1))
        tell(minutes(1))

        row.refresh_from_db()
        assert (row.state, row.attempts, row.trouble) == ("sent", 2, None)

    def test_refused_for_good_is_given_up_and_says_why(self, team, alert, mailbox):
        mailbox.answers = ["550 unknown"]
        tell(minutes(0))
        tell(minutes(4))

        [row] = Delivery.objects.all()
        assert (row.state, row.permanent, row.attempts) == ("failed", True, 1)
        assert row.trouble["remedy"]["text"].startswith("Correct the address")

    def test_refused_for_an_hour_is_given_up_while_the_escalation_goes_on(
        self, team, alert, mailbox
    ):
        mailbox.answers = ["451 later"] * 1000
        for minute in range(120):
            tell(minutes(minute))

        assert {row.state for row in Delivery.objects.all()} == {"failed"}
        assert {row.after_min for row in Delivery.objects.all()} == {0, 5, 10, 15}
        row = Delivery.objects.first()
        assert (row.attempts, row.permanent) == (MOST_TRIES, False)
        assert row.trouble["remedy"]["text"].startswith("Tried for an hour, then given up")

    def test_held_by_a_worker_that_died_is_sent_when_its_lease_ends(self, team, alert, mailbox):
        escalate_due(now=minutes(0))
        Delivery.objects.update(held_until=minutes(2))

        assert deliver_due(now=minutes(1)) == 0
        assert deliver_due(now=minutes(2)) == 1

    def test_sent_twice_carries_the_same_name(self, team, alert, mailbox):
        tell(minutes(0))
        Delivery.objects.update(state="waiting", held_until=minutes(0))  # killed before the mark
        tell(minutes(1))

        first, second = mailbox.mails
        assert first["Message-ID"] == second["Message-ID"]


class Chat(BaseHTTPRequestHandler):
    """A chat's webhook; ``answers`` are the status codes it gives, then 200."""

    answers: ClassVar[list[int]] = []
    heard: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        words = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.heard.append(json.loads(words))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def chat(monkeypatch) -> Iterator[str]:
    monkeypatch.setenv("QUIVIVE_ALLOW_LOCAL_TARGETS", "1")
    Chat.answers, Chat.heard = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/room"
    server.shutdown()
    server.server_close()


# Apprise looks for a module that Python 3.13 took away
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
class TestAChat:
    @pytest.fixture
    def told(self, team, chat) -> Person:
        services.add_contact(person=team["mona"], channel="apprise", address=chat, now=NOW)
        return team["mona"]

    def test_is_told_of_an_alert_in_the_reader_s_language(self, told, alert, mailbox):
        tell(minutes(0))

        [row] = Delivery.objects.all()
        [notice] = Chat.heard
        assert (row.state, row.attempts) == ("sent", 1)
        assert notice["title"] == "[Qui-vive] Modéré · Heating"
        assert f"/detect/alert/{alert.pk}/" in notice["message"]
        assert mailbox.told == []  # her chat is how she is reached

    def test_that_is_busy_is_tried_again(self, told, alert, mailbox):
        Chat.answers = [503, 429]
        for minute in (0, 1, 2):
            tell(minutes(minute))

        row = Delivery.objects.get(contact__channel="apprise")
        assert (row.state, row.attempts) == ("sent", 3)
        assert len(Chat.heard) == 1

    def test_that_is_gone_fails_at_once_and_others_are_told(self, told, alert, mailbox):
        Chat.answers = [404]
        for minute in (0, 5):
            tell(minutes(minute))

        row = Delivery.objects.get(contact__channel="apprise")
        assert (row.state, row.permanent, row.attempts) == ("failed", True, 1)
        assert mailbox.told == ["lea"]

    def test_test_button_reaches_it(self, told, mailbox):
        services.try_contact(person=told, contact_id=told.contacts.get().pk, now=NOW)

        assert len(Chat.heard) == 1


class TestQuietHours:
    @pytest.fixture
    def sleeper(self) -> Person:
        mona = person("Mona", Role.MONITOR, time_zone="Europe/Paris")
        services.add_contact(
            person=mona,
            channel="email",
            address="mona@example.org",
            quiet_from=time(22),
            quiet_to=time(7),
            now=NOW,
        )
        return mona

    def test_hold_a_notice_back_over_midnight(self, sleeper, topic):
        alert = ring(topic)
        night = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)  # 23:30 in Paris

        services.first_steps(now=night)
        services.plan_deliveries(alert=alert, now=night)

        assert Delivery.objects.first().held_until == datetime(2026, 3, 5, 6, 0, tzinfo=UTC)

    def test_follow_the_clock_when_summer_begins(self, sleeper, topic):
        alert = ring(topic)
        night = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # the hour jumps at 2 in this night

        services.first_steps(now=night)
        services.plan_deliveries(alert=alert, now=night)

        assert Delivery.objects.first().held_until == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)

    def test_never_hold_back_the_worst(self, sleeper, topic):
        alert = ring(topic, severity=8)
        night = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)

        services.first_steps(now=night)
        services.plan_deliveries(alert=alert, now=night)

        assert Delivery.objects.first().held_until <= night


class TestAContact:
    def test_is_not_readable_in_the_database(self, team):
        made = services.add_contact(
            person=team["mona"], channel="email", address="second@example.org", now=NOW
        )

        assert "second" not in Contact.objects.get(pk=made.pk).address

    def test_test_button_sends_at_once(self, team, mailbox):
        made = services.add_contact(
            person=team["mona"], channel="email", address="second@example.org", now=NOW
        )
        services.try_contact(person=team["mona"], contact_id=made.pk, now=NOW)

        assert mailbox.told == ["second"]
