"""A source that brings nothing is told of, once, and once more when it answers again."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.vocabulary.crises import Role
from quivive.web.coordinate.models import Delivery, Outage
from quivive.web.coordinate.services.outages import PATIENCE, watch_outages
from quivive.web.coordinate.worker import deliver_due, escalate_due
from quivive.web.listen.checkpoints import ENGINE
from quivive.web.listen.models import EngineState, Source, SourceHour, Topic
from quivive.web.people.models import Person, RoleHolding

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
BAD_KEY = {
    "what": {"text": "{host} does not accept the key or the password.", "values": {"host": "x.eu"}},
    "remedy": {"text": "Open the source, enter it again, and press Test."},
}


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def tell(now: datetime) -> None:
    escalate_due(now=now)
    watch_outages(now=now)
    deliver_due(now=now, clock=lambda: now)


@pytest.fixture(autouse=True)
def mona(organisation) -> Person:
    made = Person.objects.create_user(
        "mona@example.org", name="Mona", joined_at=NOW, language="fr", time_zone="Europe/Paris"
    )
    RoleHolding.objects.create(person=made, role=Role.MONITOR.value, given_at=NOW)
    return made


@pytest.fixture
def source() -> Source:
    return Source.objects.create(
        name="Le Quai", kind="webhook", last_run_at=NOW, last_post_at=NOW - timedelta(minutes=5)
    )


def set_trouble(source: Source, trouble: dict[str, object] | None) -> None:
    Source.objects.filter(pk=source.pk).update(trouble=trouble)


class TestASourceInTrouble:
    def test_is_told_once_after_some_patience_with_what_to_do(self, source, mailbox):
        set_trouble(source, BAD_KEY)
        for minutes in (0, 10, 15, 20, 60):
            tell(after(minutes))

        [mail] = mailbox.mails
        words = mail.get_body(("plain",)).get_content()
        assert mail["Subject"] == "[Qui-vive] La source « Le Quai » n’apporte rien"
        assert "x.eu n’accepte pas la clé" in words
        assert "depuis" in words.lower()

    def test_that_gets_up_again_by_itself_wakes_nobody(self, source, mailbox):
        set_trouble(source, BAD_KEY)
        tell(after(0))
        set_trouble(source, None)
        tell(after(10))
        tell(after(40))

        assert mailbox.mails == []
        assert Outage.objects.get().ended_at == after(10)

    def test_is_told_of_again_when_it_answers(self, source, mailbox):
        set_trouble(source, BAD_KEY)
        tell(after(0))
        tell(after(15))
        set_trouble(source, None)
        tell(after(75))
        tell(after(76))

        assert [mail["Subject"] for mail in mailbox.mails][1:] == [
            "[Qui-vive] La source « Le Quai » répond de nouveau"
        ]
        assert "1 h 15 min" in mailbox.mails[1].get_body(("plain",)).get_content()

    def test_that_somebody_stops_is_their_business(self, source, mailbox):
        set_trouble(source, BAD_KEY)
        tell(after(0))
        tell(after(15))
        Source.objects.update(stopped_at=after(16))
        tell(after(17))

        assert len(mailbox.mails) == 1


class TestASilentSource:
    def test_is_told_of_though_it_answers(self, source, mailbox):
        for hours in range(2, 7 * 24):
            hour = (NOW - timedelta(hours=hours)).replace(minute=0)
            SourceHour.objects.create(source=source, hour=hour, heard=9)
        Source.objects.update(last_post_at=NOW - timedelta(hours=3))
        tell(after(0))
        tell(NOW + PATIENCE)

        [mail] = mailbox.mails
        assert Outage.objects.get().reason == "silent"
        assert "clé expirée" in mail.get_body(("plain",)).get_content()


class TestAnOutage:
    def test_looked_at_by_two_processes_is_told_once(self, source, mailbox):
        set_trouble(source, BAD_KEY)
        tell(after(0))
        for _ in range(3):
            watch_outages(now=after(15))

        assert Delivery.objects.count() == 1

    def test_outlives_alerts_that_are_answered(self, source, mailbox):
        set_trouble(source, BAD_KEY)
        tell(after(0))
        watch_outages(now=after(15))
        escalate_due(now=after(15))

        assert [row.state for row in Delivery.objects.all()] == ["waiting"]


class TestARoomThatDoesNotListen:
    @pytest.fixture(autouse=True)
    def engine(self, organisation) -> None:
        Topic.objects.create(slug="eau", name="Eau", query="eau", created_at=NOW)
        EngineState.objects.create(name=ENGINE, blob=b"", clock=NOW, held_until=NOW)

    def test_is_told_of_once_and_again_when_it_listens(self, mailbox):
        for minutes in (4, 6, 21, 22, 90):
            tell(after(minutes))
        EngineState.objects.update(clock=after(96))
        tell(after(96))
        tell(after(97))

        began, over = mailbox.mails
        assert began["Subject"] == "[Qui-vive] La salle n’écoute pas"
        assert "rien ne sonne" in began.get_body(("plain",)).get_content()
        assert over["Subject"] == "[Qui-vive] La salle écoute de nouveau"
        assert "1 h 30 min" in over.get_body(("plain",)).get_content()

    def test_has_nothing_to_listen_for_without_topics(self, mailbox):
        Topic.objects.update(archived_at=NOW)
        for minutes in (6, 90):
            tell(after(minutes))

        assert mailbox.mails == []
