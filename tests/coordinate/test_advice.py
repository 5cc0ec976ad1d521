"""What the rules advise, with the rule and what it rests on (R-35)."""

from datetime import UTC, datetime

import pytest

from quivive.coordinate.advice import Rumour, advise
from quivive.vocabulary.assessments import Assessment, HumanInputs, Level, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.messages import in_english, render, say

NOW = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)


def sheet(
    *, again: float | None = 0.5, authors: int = 3, floors=(), trend: str = "stable"
) -> Assessment:
    return Assessment(
        at=NOW, level=Level.SIGNAL, raw_level=Level.SIGNAL, score=30.0, low=25.0, high=35.0,
        level_above=0.1, axes={}, indicators=(), floors=floors, explanation=(), missing=(),
        blind_spots=(), reproduction=again, reproduction_sd=0.1, trend=trend, authors=authors,
    )  # fmt: skip


def advised(
    level=Level.SIGNAL, *, rumour=None, busy=(), cause_open=False, on=None, **answers
) -> dict[str, str]:
    given = advise(
        on or sheet(),
        HumanInputs(**answers),
        level=level,
        rumour=rumour,
        busy=busy,
        cause_open=cause_open,
    )
    return {one.rule: render(one.told, in_english) for one in given}


class TestASignal:
    """DR-18: refute, reform or refuse, without a crisis team."""

    @pytest.mark.parametrize(
        ("on", "answers"),
        [
            (sheet(again=1.2), {}),
            (sheet(authors=10), {}),
            (sheet(), {"media_asked": True}),
        ],
    )
    def test_that_is_false_is_refuted_once_it_travels(self, on, answers):
        told = advised(on=on, claim_status=ClaimStatus.FALSE, **answers)

        assert told["DR-18"].startswith("Refute it in public")

    def test_that_is_false_and_goes_nowhere_is_not_made_larger(self):
        told = advised(claim_status=ClaimStatus.FALSE, harm=0.25)

        assert told["DR-18"].startswith("Watch without answering")

    def test_that_is_founded_asks_for_a_change(self):
        told = advised(on=sheet(again=2.0), claim_status=ClaimStatus.PARTLY_TRUE)

        assert told["DR-18"] == "What they say is founded: say what changes, and when."

    @pytest.mark.parametrize(
        ("on", "harm"), [(sheet(authors=5), 0.0), (sheet(again=1.1), 0.0), (sheet(), 0.5)]
    )
    def test_is_left_to_people_where_no_rule_fits(self, on, harm):
        assert "DR-18" not in advised(on=on, harm=harm)

    def test_is_for_level_one_only(self):
        assert "DR-18" not in advised(Level.INCIDENT, claim_status=ClaimStatus.TRUE)


class TestARumour:
    HOT = Rumour(posts=10, asking=5, fearful=5)

    def test_that_presses_asks_for_words_without_a_new_fact(self):
        """DR-28: (.5 + .5 + .75) / 3 = .58; with harm .25 it is .42."""
        assert "DR-28" in advised(Level.INCIDENT, rumour=self.HOT, harm=0.75)
        assert "DR-28" not in advised(Level.INCIDENT, rumour=self.HOT, harm=0.25)

    def test_is_weighed_once_somebody_said_what_is_at_stake(self):
        assert "DR-28" not in advised(Level.INCIDENT, rumour=self.HOT)

    def test_is_answered_by_who_knows_best(self):
        assert "DR-29" in advised(rumour=self.HOT, type=ThreatType.RUMOUR)
        assert "DR-29" not in advised(rumour=self.HOT, type=ThreatType.TECHNICAL_FAILURE)

    def test_that_travels_fast_is_not_false_for_that(self):
        """DR-31."""
        fast = sheet(trend="growing")
        assert "DR-31" in advised(on=fast, rumour=self.HOT)
        assert "DR-31" not in advised(rumour=self.HOT)
        assert "DR-31" not in advised(on=fast, rumour=self.HOT, claim_status=ClaimStatus.FALSE)
        assert "DR-31" not in advised(on=fast)


class TestTheCause:
    def test_comes_before_words_from_level_two_until_something_is_decided(self):
        """DR-02."""
        assert "DR-02" in advised(Level.INCIDENT, cause_open=True)
        assert "DR-02" not in advised(Level.SIGNAL, cause_open=True)
        assert "DR-02" not in advised(Level.INCIDENT)


class TestAModestLevel:
    def test_warns_of_overreaction_unless_it_grows_or_a_floor_holds(self):
        """DR-22."""
        assert "DR-22" not in advised(Level.INCIDENT, on=sheet(trend="growing"))
        assert "DR-22" in advised(Level.INCIDENT)
        assert "DR-22" not in advised(Level.INCIDENT, on=sheet(floors=(say("Floor F1."),)))
        assert "DR-22" not in advised(Level.CRISIS)


class TestSomebodyWithTooMuch:
    def test_is_named_with_how_much(self):
        """DR-14."""
        assert advised(Level.CRISIS, busy=[("Ana", 6)]) == {
            "DR-14": "Give some of the tasks of Ana to others."
        }
