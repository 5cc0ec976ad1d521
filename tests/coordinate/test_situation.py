"""The situation report."""

from datetime import UTC, datetime, timedelta

from quivive.coordinate.clock import clock
from quivive.coordinate.situation import Line, TaskLine, Volume, situation
from quivive.vocabulary.assessments import Assessment, Axis, Level
from quivive.vocabulary.claims import Claim, ClaimStatus, Fact
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.messages import in_english, render, say

ONSET = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
NOW = ONSET + timedelta(minutes=45)


def severity(level=Level.INCIDENT, missing=(), trend="growing"):
    return Assessment(
        at=NOW,
        level=level,
        raw_level=level,
        score=47.0,
        low=42.0,
        high=53.0,
        level_above=0.0,
        axes=dict.fromkeys(Axis, 40.0),
        indicators=(),
        floors=(),
        explanation=(say("Incident, 47 (42 to 53)."),),
        missing=missing,
        blind_spots=(say("One."),),
        reproduction=None,
        reproduction_sd=None,
        trend=trend,
    )


def report(**more):
    usual = {
        "title": "Hot water",
        "now": NOW,
        "state": CrisisState.RESPONDING,
        "severity": severity(),
        "volume": Volume(observed=12, expected=0.5),
        "clock": clock(ONSET, NOW, {}),
    }
    return situation(**{**usual, **more})


def english(messages):
    return [render(each, in_english) for each in messages]


def task(minutes, done=None):
    return TaskLine(
        title=say("Do it"), role=Role.LEAD, due_at=ONSET + timedelta(minutes=minutes), done_at=done
    )


class TestSituation:
    def test_says_it_in_five_sentences(self):
        assert english(report(tasks=[task(30), task(60)]).summary) == [
            "We are answering.",
            "Incident, 47 (42 to 53).",
            "It grows: 12 posts in the last hour, 0.5 in a usual one.",
            "We have said nothing in public for 45 min: speak, or record why we wait.",
            "2 tasks to do, 1 late.",
        ]

    def test_parts_late_tasks_from_open_ones(self):
        found = report(tasks=[task(60), task(30), task(10, done=NOW)])

        assert [each.due_at for each in found.late] == [ONSET + timedelta(minutes=30)]
        assert [each.due_at for each in found.open] == [ONSET + timedelta(minutes=60)]

    def test_keeps_only_facts_that_still_hold(self):
        fact = Fact(
            statement="The pump was replaced.",
            source="repair sheet",
            verified_by="Ana",
            verified_at=ONSET,
        )
        old = Fact(
            statement="Back by 18:30.",
            source="call",
            verified_by="Ana",
            verified_at=ONSET,
            expires_at=NOW,
        )

        assert english(report(facts=[fact, old]).known) == ["The pump was replaced. (repair sheet)"]

    def test_says_what_is_not_known(self):
        rumour = Claim(sentence="Two people are ill", status=ClaimStatus.UNVERIFIED)
        settled = Claim(sentence="It is asbestos", status=ClaimStatus.FALSE)

        found = report(claims=[rumour, settled], severity=severity(missing=("harm",)))

        assert english(found.unknown) == [
            "Not verified yet: Two people are ill",
            "What harm is at stake has not been said yet.",
        ]

    def test_says_what_was_found_out_and_who_says_so(self):
        claims = [
            Claim(sentence="It is asbestos", status=ClaimStatus.FALSE, source="lab report"),
            Claim(
                sentence="The pump broke", status=ClaimStatus.TRUE, source="Ana", checked_by="Bo"
            ),
            Claim(sentence="They knew", status=ClaimStatus.NOT_VERIFIABLE),
        ]

        found = report(claims=claims)

        assert english(found.known) == [
            "False: “It is asbestos” (lab report)",
            "True: “The pump broke” (Ana; Bo)",
        ]
        assert english(found.unknown) == ["Cannot be checked: They knew"]

    def test_tells_the_log_in_order_and_nothing_of_later(self):
        lines = [Line(at=NOW, words="b"), Line(at=ONSET, words="a")]
        later = Line(at=NOW + timedelta(seconds=1), words="c")

        assert [each.words for each in report(log=[*lines, later]).timeline] == ["a", "b"]

    def test_promises_the_next_one_by_level(self):
        assert report().next_at == NOW + timedelta(hours=4)
        assert report(severity=severity(Level.CRISIS)).next_at == NOW + timedelta(hours=1)

    def test_gathers_blind_spots(self):
        assert english(report(blind_spots=[say("Two.")]).blind_spots) == ["One.", "Two."]
