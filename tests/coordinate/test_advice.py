"""What the rules advise, with the rule and what it rests on (R-35)."""

from datetime import UTC, datetime

import pytest

from quivive.coordinate.advice import advise
from quivive.coordinate.scene import Hashtag, Manners, Rumour, Scene, Word, hashtag_in_use
from quivive.vocabulary.assessments import Assessment, HumanInputs, Level, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.messages import in_english, render, say
from quivive.vocabulary.sentiments import Leaning

NOTHING = Scene()
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
    level=Level.SIGNAL, *, on: Assessment | None = None, scene: Scene = NOTHING, **answers
) -> dict[str, str]:
    given = advise(on or sheet(), HumanInputs(**answers), level=level, scene=scene)
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
        assert "DR-28" in advised(Level.INCIDENT, scene=Scene(rumour=self.HOT), harm=0.75)
        assert "DR-28" not in advised(Level.INCIDENT, scene=Scene(rumour=self.HOT), harm=0.25)

    def test_is_weighed_once_somebody_said_what_is_at_stake(self):
        assert "DR-28" not in advised(Level.INCIDENT, scene=Scene(rumour=self.HOT))

    def test_is_answered_by_who_knows_best(self):
        assert "DR-29" in advised(scene=Scene(rumour=self.HOT), type=ThreatType.RUMOUR)
        assert "DR-29" not in advised(
            scene=Scene(rumour=self.HOT), type=ThreatType.TECHNICAL_FAILURE
        )

    def test_that_travels_fast_is_not_false_for_that(self):
        """DR-31."""
        fast = sheet(trend="growing")
        assert "DR-31" in advised(on=fast, scene=Scene(rumour=self.HOT))
        assert "DR-31" not in advised(scene=Scene(rumour=self.HOT))
        assert "DR-31" not in advised(
            on=fast, scene=Scene(rumour=self.HOT), claim_status=ClaimStatus.FALSE
        )
        assert "DR-31" not in advised(on=fast)


class TestTheCause:
    def test_comes_before_words_from_level_two_until_something_is_decided(self):
        """DR-02."""
        assert "DR-02" in advised(Level.INCIDENT, scene=Scene(cause_open=True))
        assert "DR-02" not in advised(Level.SIGNAL, scene=Scene(cause_open=True))
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
        assert advised(Level.CRISIS, scene=Scene(busy=(("Ana", 6),))) == {
            "DR-14": "Give some of the tasks of Ana to others."
        }


class TestWhatIsNotToldYet:
    """DR-16."""

    def test_is_told_by_ourselves_first(self):
        assert advised(untold=True)["DR-16"].startswith("Tell it yourselves now, unless rescue")

    def test_asks_for_nothing_where_nobody_said_so(self):
        assert "DR-16" not in advised()


class TestTheFirstQuestions:
    """DR-20: early tone matters most."""

    def test_come_before_what_is_not_urgent(self):
        assert "DR-20" in advised(scene=Scene(waiting=(3, 10)))

    def test_that_are_answered_ask_for_nothing_more(self):
        assert "DR-20" not in advised(scene=Scene(waiting=(0, 10)))


def said(author: str, leaning: Leaning | None = None, *tags: str, official: bool = False) -> Word:
    return Word(author=author, leaning=leaning, heated=False, official=official, hashtags=tags)


class TestAHashtag:
    """DR-11: one for all."""

    def test_that_people_use_is_used_too(self):
        posts = [said("a", None, "Panne"), said("b", None, "panne"), said("c", None, "PANNE")]

        assert hashtag_in_use(posts) == Hashtag(name="Panne", people=3, official=False)
        scene = Scene(hashtag=hashtag_in_use(posts))
        assert advised(scene=scene)["DR-11"].startswith("If you use a hashtag, use #Panne")

    def test_of_one_person_who_repeats_it_is_not_in_use(self):
        assert hashtag_in_use([said("a", None, "Panne")] * 5) is None

    def test_of_an_authority_comes_before_a_larger_one(self):
        posts = [
            *(said(one, None, "Panne") for one in "abcd"),
            said("p", None, "Gaz", official=True),
        ]

        assert hashtag_in_use(posts) == Hashtag(name="Gaz", people=1, official=True)

    def test_of_the_critics_is_not_taken_up(self):
        angry = Leaning.NEGATIVE
        assert hashtag_in_use([said(one, angry, "OnGele") for one in "abcdef"]) is None


class TestHowPeopleTakePart:
    """DR-23: never all are hostile."""

    def test_is_said_where_some_are_calm_or_on_our_side(self):
        many = Manners(critical_heated=8, critical_calm=1, favourable_calm=1)

        assert "DR-23" in advised(scene=Scene(manners=many))

    @pytest.mark.parametrize(
        "seen", [Manners(critical_heated=2, critical_calm=2), Manners(critical_heated=30)]
    )
    def test_is_not_said_of_few_posts_nor_where_it_is_not_so(self, seen):
        assert "DR-23" not in advised(scene=Scene(manners=seen))
