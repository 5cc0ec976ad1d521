"""Pages of alerts and crises open in both languages, and each action asks for its right."""

from datetime import UTC, datetime, timedelta

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import Role
from quivive.web.assess.services import reassess
from quivive.web.coordinate import services, urls
from quivive.web.coordinate.models import Crisis, EscalationStep, LogLine, Task
from quivive.web.detect import urls as detect_urls
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.models import Topic
from quivive.web.people.models import Organisation, Person, RoleHolding

pytestmark = pytest.mark.django_db

FILES = {"signals-export", "crisis-export"}
SEEN = {
    "rules",
    "crises",
    "crisis",
    "report",
    "report-text",
    "contacts",
    "escalation",
    "alert",
    *FILES,
}
"""Pages one looks at; every other address changes something and takes POST only."""

OWN = {"contacts", "contact-add", "contact-change", "contact-remove", "contact-test"}
"""Each person's own settings: anybody who is signed in."""


@pytest.fixture(autouse=True)
def room(settings):
    settings.BASE_URL = "http://testserver"
    now = timezone.now()
    Organisation.objects.create(
        name="Habitat", set_up_at=now, legal_basis="interest", basis_confirmed_at=now
    )


def person(name: str, *roles: Role, language: str = "en") -> Person:
    now = timezone.now()
    made = Person.objects.create_user(
        f"{name.lower()}@example.org", name=name, joined_at=now, language=language
    )
    for role in roles:
        RoleHolding.objects.create(person=made, role=role.value, given_at=now)
    return made


@pytest.fixture
def lea() -> Person:
    return person("Lea", Role.LEAD, Role.ADMINISTRATOR)


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.create(
        slug="heating", name="Heating", query="heating", created_at=timezone.now()
    )


@pytest.fixture
def alert(topic) -> Alert:
    now = timezone.now()
    signal = Signal.objects.create(
        key="heating/burst/1",
        topic=topic,
        kind="burst",
        found_at=now,
        rang_at=now,
        onset=now - timedelta(minutes=12),
        onset_low=now,
        onset_high=now,
        window_s=3600,
        observed=6,
        expected=0.3,
        severity=5,
        certainty="likely",
        evidence=["post:1"],
        reason={"text": "Six people wrote in one hour."},
        stored_at=now,
    )
    return Alert.objects.create(signal=signal, rang_at=now, ringing_since=now)


@pytest.fixture
def crisis(alert, lea) -> Crisis:
    crisis = services.open_crisis(alert_id=alert.pk, person=lea, now=timezone.now())
    reassess(threat=crisis.threat, now=timezone.now())
    return crisis


def addresses(crisis: Crisis, alert: Alert) -> dict[str, str]:
    """Every address of the two apps that belongs to this crisis, by name.

    Those of topics and claims are tried with all others in ``tests/web/test_permissions.py``.
    """
    ids = {
        "crisis_id": crisis.pk,
        "alert_id": alert.pk,
        "task_id": Task.objects.first().pk,
        "contact_id": 1,
    }
    found = {}
    for app, patterns in (("detect", detect_urls), ("coordinate", urls)):
        ids |= {"table": "log" if app == "coordinate" else "signals", "form": "csv"}
        for pattern in patterns.urlpatterns:
            if not pattern.pattern.converters.keys() <= ids.keys():
                continue
            wanted = {name: ids[name] for name in pattern.pattern.converters}
            found[pattern.name] = reverse(f"{app}:{pattern.name}", kwargs=wanted)
    return found


class TestAStranger:
    def test_is_sent_to_sign_in_or_refused_everywhere(self, client, crisis, alert):
        for name, address in addresses(crisis, alert).items():
            answer = client.get(address) if name in SEEN else client.post(address)

            assert answer.status_code == 302, name
            assert "login" in answer.url, name


class TestSomebodyWithoutARole:
    def test_is_refused_everywhere_but_in_their_own_settings(self, client, crisis, alert):
        client.force_login(person("Dan"))
        before = LogLine.objects.count()
        for name, address in addresses(crisis, alert).items():
            if name in OWN:
                continue
            answer = client.get(address) if name in SEEN else client.post(address)

            assert answer.status_code == 403, name
        assert LogLine.objects.count() == before

    def test_cannot_touch_anybody_else_s_contact(self, client, lea):
        contact = services.add_contact(
            person=lea, channel="email", address="lea@example.org", now=timezone.now()
        )
        client.force_login(person("Dan"))

        answer = client.post(reverse("coordinate:contact-remove", args=[contact.pk]))

        assert answer.status_code == 409
        assert lea.contacts.count() == 1


class TestEachRole:
    @pytest.mark.parametrize("role", list(Role))
    def test_does_what_its_permissions_say(self, client, crisis, alert, role):
        client.force_login(person("Rolf", role))
        expected = {
            "acknowledge": Permission.ACKNOWLEDGE,
            "note": Permission.WRITE_LOG,
            "state": Permission.CHANGE_STATE,
            "override": Permission.OVERRIDE_LEVEL,
            "inputs": Permission.GIVE_INPUTS,
            "task": Permission.ASSIGN_TASK,
            "task-done": Permission.TAKE_TASK,
            "open": Permission.OPEN_CRISIS,
            "escalation-set": Permission.MANAGE_SETTINGS,
        }
        found = addresses(crisis, alert)
        for name, permission in expected.items():
            answer = client.post(found[name])

            assert (answer.status_code != 403) == may([role], permission), name


class TestAPage:
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_opens(self, client, crisis, alert, language):
        client.force_login(person("Nina", Role.LEAD, Role.ADMINISTRATOR, language=language))

        for name, address in addresses(crisis, alert).items():
            if name not in SEEN - FILES:
                continue
            answer = client.get(address)

            assert answer.status_code == 200, name
            assert f'lang="{language}"'.encode() in answer.content or name == "report-text"

    def test_that_is_not_there_says_so(self, client, lea):
        client.force_login(lea)

        assert client.get(reverse("coordinate:crisis", args=[999])).status_code == 404
        assert client.get(reverse("detect:alert", args=[999])).status_code == 404
        assert client.post(reverse("coordinate:open-from-alert", args=[999])).status_code == 404


class TestAnAction:
    def test_on_an_alert_answered_by_somebody_else_says_by_whom(self, client, alert, lea):
        mona = person("Mona", Role.MONITOR)
        services.acknowledge(alert_id=alert.pk, person=mona, now=timezone.now())
        client.force_login(lea)

        answer = client.post(reverse("detect:acknowledge", args=[alert.pk]))

        assert answer.status_code == 409
        assert b"Mona already acknowledged this alert" in answer.content

    def test_opens_a_crisis_in_one_click(self, client, alert, lea):
        client.force_login(lea)

        answer = client.post(reverse("coordinate:open-from-alert", args=[alert.pk]))

        crisis = Crisis.objects.get()
        assert answer.url == reverse("coordinate:crisis", args=[crisis.pk])

    def test_refused_by_a_rule_shows_the_room_and_the_reason(self, client, crisis, lea):
        client.force_login(lea)

        answer = client.post(
            reverse("coordinate:state", args=[crisis.pk]), {"to": "closed", "reason": ""}
        )

        assert answer.status_code == 409
        assert b"A crisis closes only from vigilance." in answer.content

    def test_shows_words_of_people_as_words(self, client, crisis, lea):
        client.force_login(lea)
        words = "<script>alert(1)</script> {braces}"

        client.post(reverse("coordinate:note", args=[crisis.pk]), {"words": words})
        page = client.get(reverse("coordinate:crisis", args=[crisis.pk]))

        assert b"<script>alert(1)" not in page.content
        assert b"{braces}" in page.content

    def test_of_taking_a_task_for_somebody_else_needs_the_right_to_assign(self, client, crisis):
        mona = person("Mona", Role.MONITOR)
        client.force_login(mona)
        task = Task.objects.first()
        address = reverse("coordinate:task-owner", args=[task.pk])

        assert client.post(address, {"owner_id": mona.pk}).status_code == 302
        other = person("Nora", Role.MONITOR)
        assert client.post(address, {"owner_id": other.pk}).status_code == 403


class TestASituationReport:
    def test_can_be_copied_as_plain_text(self, client, crisis, lea):
        client.force_login(lea)
        services.write_note(
            crisis_id=crisis.pk, words="Boiler seen at 18:20 & off", person=lea, now=timezone.now()
        )

        text = client.get(reverse("coordinate:report-text", args=[crisis.pk])).content.decode()

        assert "Boiler seen at 18:20 & off" in text
        assert "What harm is at stake has not been said yet." in text


class TestEscalationPage:
    def test_keeps_what_was_chosen(self, client, lea):
        client.force_login(lea)
        values = {"steps": "2", "0-after_min": "0", "0-people": [lea.pk], "1-after_min": "7"}

        client.post(reverse("coordinate:escalation-set"), values)

        steps = [
            (step.after_min, list(step.people.values_list("pk", flat=True)))
            for step in EscalationStep.objects.all()
        ]
        assert steps == [(0, [lea.pk]), (7, [])]

    def test_survives_a_count_that_is_none(self, client, lea):
        client.force_login(lea)

        assert (
            client.post(reverse("coordinate:escalation-set"), {"steps": "many"}).status_code < 500
        )


class TestQuietHours:
    @pytest.mark.parametrize("page", ["contacts", "escalation"])
    def test_that_would_silence_everybody_are_told(self, client, lea, page):
        way = {"channel": "email", "address": "lea@example.org"}
        client.force_login(lea)
        client.post(reverse("coordinate:contact-add"), way)
        assert "would reach nobody" not in client.get(reverse(f"coordinate:{page}")).text

        quiet = {"enabled": "on", "quiet_from": "22:00", "quiet_to": "07:00"}
        number = lea.contacts.get().pk
        kept = client.post(reverse("coordinate:contact-change", args=[number]), quiet, follow=True)
        assert "Saved." in kept.content.decode() or "Enregistré." in kept.content.decode()

        assert "would reach nobody" in client.get(reverse(f"coordinate:{page}")).text


def test_times_are_those_of_the_reader(client, crisis, lea):
    onset = datetime(2026, 7, 4, 10, 0, tzinfo=UTC)
    topic = crisis.threat.topic
    client.force_login(lea)

    client.post(
        reverse("coordinate:open"),
        {"topic_id": topic.pk, "title": "By hand", "onset": "2026-07-04T12:00"},
    )

    assert Crisis.objects.get(title="By hand").threat.onset == onset


class TestTwoPeopleWhoAnswerAtOnce:
    """Both opened the questions before either answered: what one leaves as shown is not said."""

    @staticmethod
    def opened(browser, address: str) -> dict[str, str]:
        """What a browser would send of the form, as it stands."""
        page = lxml.html.fromstring(browser.get(address).content.decode())
        (form,) = [one for one in page.forms if one.action.endswith("/inputs/")]
        sent = {one.name: one.value or "" for one in form.xpath(".//select | .//textarea")}
        for one in form.xpath(".//input[@name]"):
            ticked = one.get("type") not in {"checkbox", "radio"} or "checked" in one.attrib
            if ticked:
                sent[one.name] = one.get("value", "on" if one.get("type") == "checkbox" else "")
        return sent

    def test_keep_what_the_other_said(self, crisis, lea, browse):
        address = f"/coordinate/{crisis.pk}/"
        first, second = browse(lea), browse(person("Max", Role.MONITOR))
        one, two = self.opened(first, address), self.opened(second, address)
        first.post(f"{address}inputs/", {**one, "legal_floor": "on", "claim": "A leak"})
        second.post(f"{address}inputs/", {**two, "harm": "0.5"})

        crisis.threat.refresh_from_db()
        said = crisis.threat.inputs
        assert (said["legal_floor"], said["claim"], said["harm"]) == (True, "A leak", 0.5)

    def test_may_take_an_answer_back(self, crisis, lea, browse):
        address = f"/coordinate/{crisis.pk}/"
        browser = browse(lea)
        browser.post(f"{address}inputs/", {**self.opened(browser, address), "legal_floor": "on"})
        again = self.opened(browser, address)
        again.pop("legal_floor")
        browser.post(f"{address}inputs/", again)

        crisis.threat.refresh_from_db()
        assert not crisis.threat.inputs.get("legal_floor")
