"""The morning note: silence is told apart from a dead room."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection

from quivive.vocabulary.crises import Role
from quivive.web.coordinate.models import Contact, Delivery, Outage
from quivive.web.coordinate.services import reach_everybody
from quivive.web.coordinate.services.mornings import plan_mornings
from quivive.web.coordinate.worker import deliver_due, escalate_due
from quivive.web.detect.models import Alert, AlertState, Signal
from quivive.web.listen.models import EngineState, Source, Topic
from quivive.web.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

EIGHT = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)
"""Eight in the morning in Paris."""


@pytest.fixture(autouse=True)
def mona(make_person) -> Person:
    made = make_person("Mona", Role.MONITOR)
    EngineState.objects.create(pk="local", blob=b"", clock=EIGHT, held_until=EIGHT)
    Source.objects.create(name="Le Quai", kind="webhook", last_run_at=EIGHT)
    Person.objects.update(language="fr")
    reach_everybody(now=EIGHT)
    return made


def tell(now: datetime) -> None:
    escalate_due(now=now)
    plan_mornings(now=now)
    deliver_due(now=now, clock=lambda: now)


def rang(at: datetime, state: AlertState = AlertState.ACKNOWLEDGED) -> Alert:
    topic, _ = Topic.objects.get_or_create(
        slug="heat", defaults={"name": "Chauffage", "query": "x", "created_at": at}
    )
    signal = Signal.objects.create(
        key=f"{at}", topic=topic, kind="burst", found_at=at, rang_at=at, onset=at, onset_low=at,
        onset_high=at, window_s=900, observed=9, expected=1.0, severity=5, certainty="likely",
        reason={"text": "{count} posts", "values": {"count": 9}}, stored_at=at,
    )  # fmt: skip
    return Alert.objects.create(signal=signal, rang_at=at, ringing_since=at, state=state)


class TestTheMorningNote:
    def test_says_that_there_is_nothing_to_report_once_a_day(self, mailbox):
        for minutes in (-1, 0, 1, 30):
            tell(EIGHT + timedelta(minutes=minutes))
        EngineState.objects.update(clock=EIGHT + timedelta(days=1))
        tell(EIGHT + timedelta(days=1))

        first, second = mailbox.mails
        assert first["Subject"] == second["Subject"] == "[Qui-vive] Rien à signaler"
        words = first.get_body(("plain",)).get_content()
        assert "1 source est écoutée" in words
        assert "la salle elle-même est arrêtée" in words

    def test_tells_what_rang_and_what_is_silent_instead(self, mailbox):
        rang(EIGHT - timedelta(hours=3))
        Outage.objects.create(source=Source.objects.get(), reason="silent", began_at=EIGHT)
        tell(EIGHT)

        [mail] = mailbox.mails
        assert mail["Subject"] == "[Qui-vive] 1 alerte en un jour, 1 source n’apporte rien"
        words = mail.get_body(("plain",)).get_content()
        assert "Chauffage" in words
        assert "Le Quai" in words

    def test_never_calls_a_room_calm_whose_engine_stands_still(self, mailbox):
        EngineState.objects.update(clock=EIGHT - timedelta(hours=2))
        tell(EIGHT)

        [mail] = mailbox.mails
        assert mail["Subject"] == "[Qui-vive] La salle n’écoute pas"

    def test_leaves_out_what_older_than_a_day_and_what_was_found_in_past_posts(self, mailbox):
        rang(EIGHT - timedelta(hours=30))
        rang(EIGHT - timedelta(hours=2), AlertState.PAST)
        tell(EIGHT)

        assert mailbox.mails[0]["Subject"] == "[Qui-vive] Rien à signaler"

    def test_comes_at_the_hour_its_reader_chose_or_not_at_all(self, mailbox, client, mona):
        way = Contact.objects.get()
        client.force_login(mona)
        address = f"/coordinate/contacts/{way.pk}/"
        client.post(address, {"enabled": "on", "morning_at": "09:30"})
        tell(EIGHT)
        assert mailbox.mails == []
        tell(EIGHT + timedelta(minutes=90))
        assert len(mailbox.mails) == 1

        client.post(address, {"enabled": "on", "morning_at": ""})
        tell(EIGHT + timedelta(days=1, minutes=90))
        assert len(mailbox.mails) == 1

    def test_comes_late_when_the_room_was_down_at_its_hour(self):
        assert plan_mornings(now=EIGHT + timedelta(hours=5)) == 1
        Delivery.objects.all().delete()
        assert plan_mornings(now=EIGHT + timedelta(hours=7)) == 0

    def test_is_for_those_who_may_answer_an_alert(self, make_person):
        tenant = make_person("Tina", Role.ELECTED_TENANT)
        Contact.objects.create(person=tenant, channel="email", address="x", morning_at=time(8))

        assert plan_mornings(now=EIGHT) == 1

    def test_costs_a_glance_while_it_is_not_its_hour(self, django_assert_num_queries):
        with django_assert_num_queries(1, connection=connection):
            plan_mornings(now=EIGHT - timedelta(hours=3))
