"""What people do in a crisis is done once, leaves a line, and the log follows by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from quivive.coordinate.clock import Step
from quivive.vocabulary.assessments import Level
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.places import Scope
from quivive.web.assess.models import Assessment
from quivive.web.assess.services import reassess
from quivive.web.coordinate import queries, services
from quivive.web.coordinate.models import Crisis, LogLine, Milestone, Task
from quivive.web.coordinate.services.automatic import write_alone
from quivive.web.detect.claim_services import check_claim
from quivive.web.detect.models import Claim, Signal
from quivive.web.listen.models import Minute, Topic
from quivive.web.people import speech
from quivive.web.people.models import AuditLine, Person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
ONSET = NOW - timedelta(minutes=16)
LEAD = frozenset({Role.LEAD})
FACTS = frozenset({Role.FACT_OWNER})


@pytest.fixture
def ana() -> Person:
    return Person.objects.create_user("ana@example.org", name="Ana", joined_at=NOW)


@pytest.fixture
def ben() -> Person:
    return Person.objects.create_user("ben@example.org", name="Ben", joined_at=NOW)


@pytest.fixture
def crisis(ana) -> Crisis:
    topic = Topic.objects.create(slug="heating", name="Heating", query="x", created_at=NOW)
    return services.open_crisis(topic_id=topic.pk, onset=ONSET, person=ana, now=NOW)


def kinds(crisis: Crisis) -> list[str]:
    return [line.kind for line in crisis.log.all()]


def later_signal(crisis: Crisis, kind: str = "burst", *, minutes: float = 20) -> Signal:
    at = NOW + timedelta(minutes=minutes)
    return Signal.objects.create(
        key=f"heating/{kind}/{minutes}",
        topic=crisis.threat.topic,
        kind=kind,
        found_at=at,
        rang_at=at,
        onset=at,
        onset_low=at,
        onset_high=at,
        window_s=3600,
        observed=9,
        expected=0.3,
        severity=6,
        certainty="likely",
        reason={"text": "Nine people wrote."},
        stored_at=at,
    )


def sheet(crisis: Crisis, level: Level, *, minutes: float) -> Assessment:
    return Assessment.objects.create(
        threat=crisis.threat,
        at=NOW + timedelta(minutes=minutes),
        level=int(level),
        score=10.0 * level,
        low=0,
        high=100,
        sheet={},
    )


def made(crisis: Crisis) -> None:
    """Make the first sheet, with all that people can say."""
    crisis.threat.inputs = {"harm": 0.5, "type": "technical-failure", "claim_status": "in-progress"}
    crisis.threat.save()
    assert reassess(threat=crisis.threat, now=NOW)


def checked_claim(
    crisis: Crisis, person: Person, words: str = "It is asbestos", *, status: str, rumour_at=None
) -> Claim:
    return Claim.objects.create(
        topic=crisis.threat.topic,
        key=words,
        sentence=words,
        sentence_from="gone",
        name=words,
        first_at=ONSET,
        last_at=NOW,
        rumour_at=rumour_at,
        status=status,
        source="Lab report",
        checked_by=person,
        checked_at=NOW,
    )


def spoken(message: object) -> str:
    """A sentence as an English reader has it."""
    with translation.override("en"):
        return speech.spoken(message)


class TestTheFirstHour:
    def test_has_its_tasks_counted_from_the_onset(self, crisis):
        tasks = list(Task.objects.all())

        assert len(tasks) >= 10
        assert tasks[0].due_at == ONSET + timedelta(minutes=10)

    def test_reaches_a_step_when_its_task_is_done(self, crisis, ben):
        task = Task.objects.get(step=Step.DRAFT)

        services.finish_task(task_id=task.pk, person=ben, now=NOW)

        assert Milestone.objects.get(step=Step.DRAFT).by == ben
        page = queries.crisis_page(crisis.pk, NOW)
        assert {step.step for step in page.clock.steps if step.done_at} >= {Step.DRAFT}

    def test_has_a_task_done_when_its_step_is_marked(self, crisis, ben):
        services.reach_milestone(crisis_id=crisis.pk, step=Step.DRAFT, person=ben, now=NOW)

        assert Task.objects.get(step=Step.DRAFT).done_by == ben

    def test_takes_a_step_back_when_its_task_is_reopened(self, crisis, ben):
        task = Task.objects.get(step=Step.DRAFT)
        services.finish_task(task_id=task.pk, person=ben, now=NOW)

        services.reopen_task(task_id=task.pk, person=ben, now=NOW)

        assert not Milestone.objects.filter(step=Step.DRAFT).exists()


class TestATask:
    def test_done_by_two_people_names_the_first(self, crisis, ana, ben):
        task = Task.objects.first()
        services.finish_task(task_id=task.pk, person=ana, now=NOW)

        with pytest.raises(NotAllowed, match="Ana did this already"):
            services.finish_task(task_id=task.pk, person=ben, now=NOW)

    def test_can_be_reopened_and_given_to_somebody(self, crisis, ana, ben):
        task = Task.objects.first()
        services.finish_task(task_id=task.pk, person=ana, now=NOW)
        services.reopen_task(task_id=task.pk, person=ana, now=NOW)
        services.own_task(task_id=task.pk, owner_id=ben.pk, person=ana, now=NOW)

        task.refresh_from_db()
        assert (task.done_at, task.owner) == (None, ben)
        assert kinds(crisis)[-3:] == ["task-done", "task-reopened", "task-owner"]


class TestAState:
    def test_moves_by_the_rules_and_is_a_line(self, crisis, ana):
        services.change_state(
            crisis_id=crisis.pk, to=CrisisState.CONFIRMED, person=ana, roles=LEAD, now=NOW
        )

        crisis.refresh_from_db()
        assert crisis.state == "confirmed"
        assert kinds(crisis)[-1] == "state"
        assert AuditLine.objects.filter(action="crisis-state").exists()

    def test_dismissed_needs_a_reason_which_stands_in_the_log(self, crisis, ana):
        move = {
            "crisis_id": crisis.pk,
            "to": CrisisState.DISMISSED,
            "person": ana,
            "roles": LEAD,
            "now": NOW,
        }
        with pytest.raises(NotAllowed, match="needs a reason"):
            services.change_state(**move)

        services.change_state(**move, reason="It was a fire drill")

        assert crisis.log.last().message == {"text": "It was a fire drill", "own": True}

    def test_responding_waits_for_the_assessment_or_says_why_not(self, crisis, ana):
        Crisis.objects.filter(pk=crisis.pk).update(state="confirmed")
        responding = {
            "crisis_id": crisis.pk,
            "to": CrisisState.RESPONDING,
            "person": ana,
            "roles": LEAD,
            "now": NOW,
        }
        with pytest.raises(NotAllowed, match="It is not assessed yet: 3 questions"):
            services.change_state(**responding)
        [way] = [
            one
            for one in queries.crisis_page(crisis.pk, NOW).ways
            if one.to is CrisisState.RESPONDING
        ]
        assert way.needs_reason

        services.set_inputs(
            crisis_id=crisis.pk,
            changes={"harm": 0.5, "type": "technical-failure", "claim_status": "unverified"},
            person=ana,
            roles=LEAD,
            now=NOW,
        )
        assert services.change_state(**responding).state == "responding"

    def test_is_closed_to_those_whose_role_does_not_lead(self, crisis, ana):
        with pytest.raises(NotAllowed, match="Ask the crisis lead"):
            services.change_state(
                crisis_id=crisis.pk,
                to=CrisisState.CONFIRMED,
                person=ana,
                roles={Role.MONITOR},
                now=NOW,
            )


class TestADecision:
    def test_keeps_what_was_known_then(self, crisis, ana):
        services.record_decision(
            crisis_id=crisis.pk,
            words="Do not reply until 20:00",
            known="Two posts, boiler not checked",
            person=ana,
            now=NOW,
        )

        assert crisis.log.last().message["known"] == "Two posts, boiler not checked"

    def test_keeps_what_was_decided_against_and_comes_back_when_it_should(self, crisis, ana):
        """DR-12: options rejected, assumptions, next review."""
        again = NOW + timedelta(hours=2)
        line = services.record_decision(
            crisis_id=crisis.pk,
            words="Wait for the lab",
            known="No case on record",
            rejected="Denying it at once",
            assumed="The lab answers today",
            review_at=again,
            person=ana,
            now=NOW,
        )

        assert line.message["rejected"] == "Denying it at once"
        assert line.message["assumed"] == "The lab answers today"
        task = crisis.tasks.get(due_at=again)
        assert spoken(task.title) == "Look again at: “Wait for the lab”"

    def test_without_what_was_known_is_refused(self, crisis, ana):
        with pytest.raises(NotAllowed, match="what you know"):
            services.record_decision(
                crisis_id=crisis.pk, words="Wait", known=" ", person=ana, now=NOW
            )


class TestTheLog:
    def test_cannot_be_changed(self, crisis):
        line = LogLine.objects.first()

        with pytest.raises(TypeError, match="append-only"):
            line.save()

    def test_writes_a_later_signal_once(self, crisis):
        later_signal(crisis)

        assert write_alone(now=NOW) == 1
        assert write_alone(now=NOW) == 0
        assert kinds(crisis)[-1] == "signal"

    def test_writes_a_change_of_level_once(self, crisis):
        sheet(crisis, Level.SIGNAL, minutes=1)
        sheet(crisis, Level.SIGNAL, minutes=2)
        sheet(crisis, Level.INCIDENT, minutes=3)

        assert write_alone(now=NOW) == 1
        assert write_alone(now=NOW) == 0
        assert crisis.log.last().message["text"] == "The assessment goes to level Incident."

    def test_writes_once_when_it_is_talked_about_farther_away(self, crisis):
        """R-05: the scope, and when it changed."""
        for minutes, scope in (
            (1, None),
            (2, Scope.BUILDING),
            (3, Scope.NATIONAL),
            (4, Scope.TOWN),
        ):
            row = sheet(crisis, Level.SIGNAL, minutes=minutes)
            row.sheet = {"scope": scope}
            row.save()

        assert write_alone(now=NOW) == 1
        assert write_alone(now=NOW) == 0
        line = crisis.log.last()
        assert line.message["text"] == "It is talked about beyond the department now."
        assert line.at == NOW + timedelta(minutes=3)

    def test_of_a_finished_crisis_takes_only_a_flare_up_and_the_page_says_so(self, crisis, ana):
        services.change_state(
            crisis_id=crisis.pk,
            to=CrisisState.DISMISSED,
            reason="Calm",
            person=ana,
            roles=LEAD,
            now=NOW,
        )
        later_signal(crisis, minutes=20)
        assert write_alone(now=NOW) == 0

        later_signal(crisis, "flare-up", minutes=30)
        assert write_alone(now=NOW) == 1

        assert queries.crisis_page(crisis.pk, NOW).flare_up is not None


class TestWhatOnlyPeopleCanSay:
    def say(self, crisis, person, roles=LEAD, **changes):
        services.set_inputs(
            crisis_id=crisis.pk, changes=changes, person=person, roles=roles, now=NOW
        )

    def test_is_logged_and_completes_the_sheet(self, crisis, ana):
        self.say(
            crisis,
            ana,
            harm=0.75,
            type="technical-failure",
            claim="No heating in building C",
            claim_status="in-progress",
        )

        assert kinds(crisis).count("input") == 4
        reached = set(Milestone.objects.values_list("step", flat=True))
        assert {Step.CLAIM_WRITTEN.value, Step.SHEET.value} <= reached

    def test_stands_in_the_log_with_what_was_said(self, crisis, ana):
        self.say(crisis, ana, harm=0.75, claim="No heating in building C", media_asked=True)
        self.say(crisis, ana, harm=None, media_asked=False)

        lines = [spoken(line.message) for line in crisis.log.filter(kind="input")]
        assert lines == [
            "Health or safety may be at risk.",
            "The claim: “No heating in building C”",
            "A journalist asked.",
            "What harm is at stake is open again.",
            "No journalist asked.",
        ]

    @pytest.mark.parametrize("status", ["true", "partly-true", "false"])
    def test_calls_no_claim_true_or_false_without_a_source(self, crisis, ana, status):
        with pytest.raises(NotAllowed, match="without a source"):
            self.say(crisis, ana, FACTS, claim="It is asbestos", claim_status=status)

        crisis.threat.refresh_from_db()
        assert crisis.threat.inputs == {}

    def test_leaves_the_truth_of_a_claim_to_those_who_verify(self, crisis, ana):
        told = {"claim": "It is asbestos", "claim_status": "false", "claim_source": "Lab report"}
        with pytest.raises(NotAllowed, match="Only a fact owner"):
            self.say(crisis, ana, **told)

        self.say(crisis, ana, FACTS, **told)
        self.say(crisis, ana, harm=0.5, **told)  # the same answer sent again asks nobody

        page = queries.crisis_page(crisis.pk, NOW)
        assert (page.inputs.claim_by, page.inputs.claim_at) == ("Ana", NOW)

    def test_gives_a_journalist_an_hour_once(self, crisis, ana):
        """Floor F2: the media clock runs."""
        self.say(crisis, ana, media_asked=True)
        self.say(crisis, ana, media_asked=False)
        self.say(crisis, ana, media_asked=True)

        [task] = crisis.tasks.filter(title__text__startswith="Answer the journalist")
        assert (task.role, task.due_at) == (Role.SPOKESPERSON.value, NOW + timedelta(hours=1))

    def test_asks_nothing_that_was_found_out_on_the_page_of_a_claim(self, crisis, ana):
        checked_claim(crisis, ana, status="false")

        page = queries.crisis_page(crisis.pk, NOW)

        assert "claim_status" not in page.missing
        assert (page.inputs.claim, page.inputs.claim_source) == ("It is asbestos", "Lab report")
        assert page.said.claim == ""

    def test_of_a_claim_counts_wherever_it_was_heard(self, crisis, ana):
        heard = checked_claim(crisis, ana, "Two people are ill", status="unverified")
        answer = {"claim": "Two people are ill", "claim_status": "false", "claim_source": "ARS"}
        services.set_inputs(crisis_id=crisis.pk, changes=answer, person=ana, roles=FACTS, now=NOW)

        heard.refresh_from_db()
        assert (heard.status, heard.source, heard.checked_by) == ("false", "ARS", ana)

    def test_of_a_claim_gives_way_to_what_was_found_out_later_on_its_page(self, crisis, ana, ben):
        heard = checked_claim(crisis, ana, "Two people are ill", status="unverified")
        taken = {"claim": "Two people are ill", "claim_status": "unverified"}
        made(crisis)
        services.set_inputs(crisis_id=crisis.pk, changes=taken, person=ana, roles=LEAD, now=NOW)
        check_claim(
            claim_id=heard.pk,
            status="false",
            source="ARS",
            person=ben,
            now=NOW + timedelta(minutes=5),
        )

        inputs = queries.crisis_page(crisis.pk, NOW).inputs
        report = queries.situation_report(crisis.pk, NOW)

        assert (inputs.claim_status, inputs.claim_by) == (ClaimStatus.FALSE, "Ben")
        assert [spoken(line) for line in report.known] == ["False: “Two people are ill” (ARS; Ben)"]
        assert not any("Two people" in spoken(line) for line in report.unknown)


class TestTheSituationReport:
    def test_says_what_is_known_of_each_claim_and_what_is_open(self, crisis, ana):
        made(crisis)
        checked_claim(crisis, ana, status="false")
        checked_claim(crisis, ana, "Two people are ill", status="unverified", rumour_at=NOW)
        checked_claim(crisis, ana, "They never answer", status="unverified")

        report = queries.situation_report(crisis.pk, NOW)

        assert [spoken(line) for line in report.known] == [
            "False: “It is asbestos” (Lab report; Ana)"
        ]
        assert [spoken(line) for line in report.unknown] == ["Not verified yet: Two people are ill"]

    def test_tells_the_level_a_person_set_before_what_the_machine_says(self, crisis, ana):
        made(crisis)
        services.override_level(
            crisis_id=crisis.pk, level=Level.CRISIS, reason="The mayor called", person=ana, now=NOW
        )

        report = queries.situation_report(crisis.pk, NOW)

        told = [spoken(line) for line in report.summary]
        assert told[1] == "Level in force: Crisis."
        assert told[2].startswith("Ana set it by hand at ")
        assert told[2].endswith("“The mayor called”")
        assert report.next_at == NOW + timedelta(hours=1)


class TestALevelByHand:
    def test_is_in_force_until_it_ends(self, crisis, ana):
        services.override_level(
            crisis_id=crisis.pk, level=Level.CRISIS, reason="The mayor called", person=ana, now=NOW
        )
        assert queries.crisis_page(crisis.pk, NOW).level is Level.CRISIS

        services.end_override(crisis_id=crisis.pk, person=ana, now=NOW)
        assert queries.crisis_page(crisis.pk, NOW).level is None
        assert kinds(crisis)[-3:] == ["override", "reason", "override-end"]


class TestTheChart:
    def test_adds_minutes_up_and_carries_the_usual_over_quiet_ones(self, crisis):
        for offset, voices in ((-120, 0), (-10, 2), (-9, 3)):
            Minute.objects.create(
                topic=crisis.threat.topic,
                minute=(NOW + timedelta(minutes=offset)).replace(second=0),
                voices=voices,
                originals=voices,
                reposts=0,
                negatives=voices,
                positives=0,
                own=0,
                expected=0.4,
                upper=2.0,
            )

        course = queries.series(crisis.threat, NOW)

        assert course.starts[1] - course.starts[0] == timedelta(minutes=5)
        assert (sum(course.voices), sum(course.negatives)) == (5, 5)
        assert course.expected[-1] == pytest.approx(0.4 * 5 / 60)
        assert course.onset == ONSET
