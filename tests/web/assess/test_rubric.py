"""The numbers that judge severity are changed by people, and each sheet says which ones made it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from quivive.vocabulary.crises import Role
from quivive.web.assess import services
from quivive.web.assess.models import Rubric, Threat
from quivive.web.assess.rubric_forms import RubricForm
from quivive.web.assess.rubric_queries import DEFAULTS, numbers
from quivive.web.coordinate import queries as crises
from quivive.web.coordinate.services import open_crisis
from quivive.web.listen.models import Topic
from quivive.web.people.models import AuditLine
from quivive.web.people.speech import spoken

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
PAGE = "assess:rubric"


@pytest.fixture
def browser(organisation, make_person, browse):
    return browse(make_person("Ana", Role.ADMINISTRATOR, language="en"))


@pytest.fixture
def threat(organisation) -> Threat:
    topic = Topic.objects.create(slug="heating", name="Heating", query="x", created_at=NOW)
    threat = services.threat_by_hand(topic=topic, onset=NOW - timedelta(minutes=40), now=NOW)
    threat.inputs = {"harm": 1.0, "type": "misconduct", "claim_status": "unverified"}
    threat.save()
    return threat


def answers(**changed: object) -> dict[str, object]:
    """What the form sends when somebody changes some numbers and leaves the others."""
    form = RubricForm(present=numbers())
    sent = {name: form[name].value() for name in form.fields}
    return sent | {"reason": "Agreed in the March review"} | changed


def explained(threat: Threat, *, minute: float) -> tuple[float, str]:
    row = services.reassess(threat=threat, now=NOW + timedelta(minutes=minute))
    with translation.override("en"):
        said = " ".join(spoken(line) for line in row.sheet["explanation"])
    return row.score, said


class TestAChangedNumber:
    def test_changes_the_next_score_and_is_cited_by_its_version(self, browser, threat):
        before, said = explained(threat, minute=0)
        assert "version 2026.1." in said

        axes = {"assess-axes-nature": 60, "assess-axes-influence": 20, "assess-axes-extent": 20}
        assert browser.post(reverse(PAGE), answers(**axes)).status_code == 302
        threat.refresh_from_db()
        after, said = explained(threat, minute=1)

        assert after > before
        assert f"version 2026.1/{Rubric.objects.get().pk}." in said
        assert [line.action for line in AuditLine.objects.all()][-1] == "rubric-changed"

    def test_moves_the_alarms_of_the_clock(self, browser, organisation, make_person):
        topic = Topic.objects.create(slug="lift", name="Lift", query="x", created_at=NOW)
        ana = make_person("Bo", Role.LEAD)
        crisis = open_crisis(
            topic_id=topic.pk, onset=NOW - timedelta(minutes=25), person=ana, now=NOW
        )
        assert crises.crisis_page(crisis.pk, NOW).clock.silence == "fine"

        sent = answers(**{"clock-silence_warn_min": 10, "clock-silence_alarm_min": 20})
        browser.post(reverse(PAGE), sent | {"clock-crisis_min": 45})

        clock = crises.crisis_page(crisis.pk, NOW).clock
        assert (clock.silence, clock.target_min) == ("alarm", 45)

    def test_stands_in_the_list_of_versions_with_who_and_why(self, browser):
        browser.post(reverse(PAGE), answers(**{"assess-leave_h": 4}))

        page = browser.get(reverse(PAGE)).content.decode()

        assert "Agreed in the March review" in page
        assert "Incident and crisis: hours under it: 6 → 4" in page

    def test_can_be_taken_back_to_those_of_the_program(self, browser):
        browser.post(reverse(PAGE), answers(**{"assess-leave_h": 4}))
        browser.post(reverse(PAGE), {"defaults": "1", "reason": "It was a mistake"})

        assert numbers().assess.leave_h == DEFAULTS.assess.leave_h
        assert Rubric.objects.count() == 2

    def test_counts_words_of_ones_own_as_arousing(self, browser):
        browser.post(reverse(PAGE), answers(words="Fada\nboulégué"))

        assert numbers().assess.arousing == ("Fada", "boulégué")


class TestNumbersThatMakeNoSheet:
    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"assess-axes-nature": 50}, "three axes must add up to 100"),
            ({"assess-terms-h": 10}, "terms of each axis must add up to 100"),
            ({"assess-levels-1": 15}, "begin above the one before"),
        ],
    )
    def test_are_refused_with_the_reason(self, browser, changed, why):
        answer = browser.post(reverse(PAGE), answers(**changed))

        assert answer.status_code == 422
        assert why in answer.content.decode()
        assert not Rubric.objects.exists()

    def test_need_a_reason_to_be_kept(self, browser):
        browser.post(reverse(PAGE), answers(**{"assess-leave_h": 4}) | {"reason": " "})
        browser.post(reverse(PAGE), {"defaults": "1", "reason": ""})

        assert not Rubric.objects.exists()

    def test_are_no_version_when_nothing_changed(self, browser):
        assert browser.post(reverse(PAGE), answers()).status_code == 302

        assert not Rubric.objects.exists()
