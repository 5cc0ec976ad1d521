"""Floors, the cap and hysteresis (crisis.md 3.1)."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.assess.levels import level_of, rule
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.assessments import HumanInputs, Level
from quivive.vocabulary.claims import ClaimStatus

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
SETTINGS = AssessSettings()


def ruled(score, *, inputs=None, authors=30, reach=0.5, receding=False, previous=(), asked=False):
    return rule(
        level_of(score, SETTINGS),
        score,
        inputs=inputs or HumanInputs(),
        authors=authors,
        reach=reach,
        receding=receding,
        asked=asked,
        previous=previous,
        now=NOW,
        settings=SETTINGS,
    )


def ago(hours, level, score):
    return (NOW - timedelta(hours=hours), level, score)


class TestLevels:
    @pytest.mark.parametrize(
        ("score", "level"),
        [(0, 0), (19.9, 0), (20, 1), (40, 2), (59.9, 2), (60, 3), (80, 4), (100, 4)],
    )
    def test_begin_at_their_thresholds(self, score, level):
        assert level_of(score, SETTINGS) == level


class TestFloors:
    @pytest.mark.parametrize(
        ("inputs", "level"),
        [
            (HumanInputs(harm=0.75, claim_status=ClaimStatus.UNVERIFIED), Level.INCIDENT),
            (HumanInputs(harm=0.75, claim_status=ClaimStatus.FALSE), Level.WATCH),
            (HumanInputs(harm=1.0, claim_status=ClaimStatus.FALSE), Level.CRISIS),
            (HumanInputs(media_asked=True), Level.SIGNAL),
            (HumanInputs(media_critical=True), Level.INCIDENT),
            (HumanInputs(legal_floor=True), Level.INCIDENT),
            (HumanInputs(), Level.WATCH),
        ],
    )
    def test_lift_the_level(self, inputs, level):
        assert ruled(5, inputs=inputs).level is level

    def test_say_why(self):
        (why,) = ruled(5, inputs=HumanInputs(legal_floor=True)).reasons

        assert why.text.startswith("Floor F3")

    def test_stay_silent_when_the_score_is_higher(self):
        assert ruled(85, inputs=HumanInputs(legal_floor=True)).reasons == ()


class TestTheCap:
    def test_holds_a_handful_of_people_at_a_signal(self):
        few = ruled(65, authors=4, reach=0.1)

        assert few.level is Level.SIGNAL
        assert few.reasons[0].text.startswith("Cap C1")

    def test_yields_to_a_floor(self):
        danger = HumanInputs(harm=0.75)

        assert ruled(65, authors=4, reach=0.1, inputs=danger).level is Level.CRISIS

    def test_needs_a_small_audience_too(self):
        assert ruled(65, authors=4, reach=0.3).level is Level.CRISIS


class TestHysteresis:
    def test_goes_up_at_once(self):
        assert ruled(65, previous=[ago(0.1, Level.SIGNAL, 30.0)]).level is Level.CRISIS

    def test_only_a_person_lowers_a_major_crisis(self):
        assert ruled(5, previous=[ago(99, Level.MAJOR_CRISIS, 5.0)]).level is Level.MAJOR_CRISIS

    def test_a_crisis_waits_for_a_person_even_when_calm(self):
        calm = ruled(20, previous=[ago(8, Level.CRISIS, 70.0), ago(7, Level.CRISIS, 30.0)])

        assert calm.level is Level.CRISIS
        assert "a person may confirm" in calm.reasons[-1].text

    def test_an_incident_is_left_after_six_calm_hours(self):
        past = [ago(7, Level.INCIDENT, 50.0), ago(6, Level.INCIDENT, 30.0)]

        assert ruled(30, previous=past).level is Level.SIGNAL

    def test_an_incident_is_not_left_sooner(self):
        past = [ago(6, Level.INCIDENT, 50.0), ago(5, Level.INCIDENT, 30.0)]

        assert ruled(30, previous=past).level is Level.INCIDENT

    def test_one_high_sheet_begins_the_calm_anew(self):
        past = [
            ago(9, Level.INCIDENT, 30.0),
            ago(2, Level.INCIDENT, 36.0),
            ago(1, Level.INCIDENT, 30.0),
        ]

        assert ruled(30, previous=past).level is Level.INCIDENT

    def test_a_signal_is_left_after_a_calm_day_while_receding(self):
        past = [ago(25, Level.SIGNAL, 10.0)]

        assert ruled(10, previous=past, receding=True).level is Level.WATCH
        assert ruled(10, previous=past, receding=False).level is Level.SIGNAL

    def test_a_signal_is_not_left_while_somebody_waits_for_an_answer(self):
        held = ruled(10, previous=[ago(25, Level.SIGNAL, 10.0)], receding=True, asked=True)

        assert held.level is Level.SIGNAL
        assert "no question waits" in held.reasons[-1].text

    def test_sheets_may_come_in_any_order(self):
        past = [ago(5, Level.INCIDENT, 30.0), ago(9, Level.CRISIS, 70.0)]

        assert ruled(30, previous=past).level is Level.INCIDENT
