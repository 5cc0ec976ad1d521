"""The severity sheet on small invented crises (R-10, R-16, R-37, LR-04, LR-12)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from quivive.assess import ActorRole, AssessSettings, Heard, Organisation, assess
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.assessments import Axis, HumanInputs, Level, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.messages import in_english, render, say
from quivive.vocabulary.posts import Post

ONSET = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
US = Organisation(
    own_followers=2000,
    own_accounts=("Office_Brume",),
    buildings=("résidence des Tilleuls",),
    towns=("Brumeville",),
    departments=("Haute-Brume",),
)
TOLD = HumanInputs(
    harm=0.75, type=ThreatType.TECHNICAL_FAILURE, claim_status=ClaimStatus.UNVERIFIED
)


def heard(number, *, minute=None, who=None, critical=1.0, role=None, **fields):
    followers = fields.pop("followers", 100)
    summary = fields.pop("summary", None)
    name = who or f"voisine_{number}"
    account = Account(id=f"m:{name}", handle=name, followers=followers, summary=summary)
    usual = {
        "id": f"p{number}",
        "network": "micro",
        "published": ONSET + timedelta(minutes=number if minute is None else minute),
        "attributed_to": account,
        "content": "Toujours pas d'eau chaude.",
        "place": "Brumeville, résidence des Tilleuls",
    }
    return Heard(post=Post(**{**usual, **fields}), critical=critical, role=role)


def sheet(posts, *, minute=20, inputs=TOLD, organisation=US, **more):
    return assess(
        posts,
        now=ONSET + timedelta(minutes=minute),
        onset=ONSET,
        organisation=organisation,
        inputs=inputs,
        baseline_per_hour=0.1,
        **more,
    )


def term(found, code):
    return next(each for each in found.indicators if each.code == code)


def english(message):
    return render(message, in_english)


class TestTheScore:
    def test_is_the_sum_of_its_contributions(self):
        """R-37."""
        found = sheet([heard(n) for n in range(8)])

        assert sum(each.points for each in found.indicators) == pytest.approx(found.score, abs=0.1)

    def test_is_the_weighted_sum_of_the_axes(self):
        found = sheet([heard(n) for n in range(8)])

        weighed = (
            0.40 * found.axes[Axis.NATURE]
            + 0.25 * found.axes[Axis.INFLUENCE]
            + 0.35 * found.axes[Axis.EXTENT]
        )
        assert found.score == pytest.approx(weighed)

    def test_lies_inside_its_interval(self):
        for count in (0, 1, 5, 40):
            found = sheet([heard(n, minute=n / 4) for n in range(count)])

            assert 0 <= found.low <= found.score <= found.high <= 100

    def test_is_the_same_for_the_same_seed(self):
        posts = [heard(n, in_reply_to="p0") for n in range(8)]

        assert sheet(posts, seed=7) == sheet(reversed_of(posts), seed=7)

    def test_rises_with_harm(self):
        posts = [heard(n) for n in range(8)]

        low = sheet(posts, inputs=msgspec.structs.replace(TOLD, harm=0.25))
        high = sheet(posts, inputs=msgspec.structs.replace(TOLD, harm=0.75))

        assert high.score - low.score == pytest.approx(0.40 * 0.40 * 50)

    def test_counts_nothing_after_now_nor_before_onset(self):
        posts = [heard(n) for n in range(5)]
        later, earlier = heard(90), heard(91, minute=-5)

        assert sheet([*posts, later, earlier]) == sheet(posts)


def reversed_of(posts):
    return list(reversed(posts))


class TestTheRubric:
    """One sheet reckoned by hand from crisis.md 3.3: six critical posts in an hour."""

    def test_gives_the_terms_reckoned_by_hand(self):
        found = sheet([heard(n) for n in (5, 20, 35, 45, 50, 55)], minute=60)

        values = {one.code: round(one.value, 3) for one in found.indicators}
        assert values == {
            "h": 0.75,  # health possible
            "a": 0.5,  # technical failure
            "p": 0.5,  # unverified
            "n4": 0.071,  # (0 + .5) / (6 + 1)
            "i1": 0.057,  # log10(1 + 600 / 2000) / log10(101)
            "i2": 0.0,
            "i3": 0.0,
            "e1": 0.41,  # 4 against 2: doubles in 35.4 min; times 6 / 11
            "e2": 0.687,  # log2(6.5 / .6) / 5
            "e3": 0.0,  # one network, one residence
            "e4": 0.014,  # 1 h / 72 h
            "e5": 0.545,  # R = 7 / 2.82, past its cap; times 6 / 11
        }
        assert found.reproduction == pytest.approx(7 / 2.82)
        axes = {axis.value: round(value, 1) for axis, value in found.axes.items()}
        assert axes == {"nature": 51.4, "influence": 2.6, "extent": 35.8}
        assert found.score == pytest.approx(33.7, abs=0.05)
        assert (found.raw_level, found.level) == (Level.SIGNAL, Level.INCIDENT)  # floor F1


class TestTheNextLevel:
    def test_is_the_one_above_the_level_that_holds(self):
        """A floor or a calm not long enough holds the level: what is above it is prepared."""
        posts = [heard(n) for n in (5, 20, 35, 45, 50, 55)]
        alone = sheet(posts, minute=60, inputs=msgspec.structs.replace(TOLD, harm=0.5))
        held = sheet(
            posts,
            minute=60,
            inputs=msgspec.structs.replace(TOLD, harm=0.5),
            previous=[(ONSET, Level.CRISIS, 70.0)],
        )

        assert alone.raw_level is held.raw_level is Level.SIGNAL
        assert held.level is Level.CRISIS
        assert alone.level_above > 0
        assert held.level_above == 0.0


class TestHumanInputs:
    def test_are_asked_when_nobody_gave_them(self):
        found = sheet([heard(n) for n in range(5)], inputs=HumanInputs())

        assert found.missing == ("harm", "type", "claim_status")
        assert {each.code for each in found.indicators if each.assumed} == {"h", "a", "p"}

    def test_narrow_the_interval_when_given(self):
        posts = [heard(n) for n in range(5)]

        unknown, told = sheet(posts, inputs=HumanInputs()), sheet(posts)

        assert told.missing == ()
        assert told.high - told.low < unknown.high - unknown.low

    def test_a_false_claim_lowers_the_claim_and_not_the_harm(self):
        posts = [heard(n) for n in range(5)]

        false = sheet(posts, inputs=msgspec.structs.replace(TOLD, claim_status=ClaimStatus.FALSE))

        assert term(false, "p").value == 0.1
        assert term(false, "h").value == 0.75

    def test_a_history_and_a_bad_name_add_blame_up_to_one(self):
        inputs = HumanInputs(type=ThreatType.MISCONDUCT, history=True, bad_reputation=True)

        assert term(sheet([heard(1)], inputs=inputs), "a").value == 1.0


class TestCriticalPosts:
    def test_ours_never_count(self):
        ours = heard(3, who="office_brume", followers=90_000)

        assert sheet([heard(1), ours]).score == sheet([heard(1)]).score

    def test_a_wordless_repost_leans_as_what_it_relays(self):
        praise = heard(1, critical=0.1)
        repost = heard(2, content="", critical=None, repost_of="p1")

        assert term(sheet([praise, repost]), "e2").evidence == ()

    def test_a_repost_of_an_unknown_original_counts_in_part(self):
        repost = heard(2, content="", critical=None, repost_of="elsewhere")

        found = sheet([repost])

        assert term(found, "e2").evidence == ("p2",)
        assert "1 post whose tone nothing tells counts in part." in map(english, found.blind_spots)

    def test_a_repost_of_our_own_words_is_no_criticism(self):
        ours = heard(1, who="office_brume", critical=None)
        repost = heard(2, content="", critical=None, repost_of="p1")

        assert term(sheet([ours, repost]), "e2").evidence == ()

    def test_a_deleted_post_stays_a_number_and_nothing_else(self):
        """LR-12."""
        gone = heard(
            2,
            content="Honteux mensonge !!",
            followers=50_000,
            deleted_at=ONSET + timedelta(minutes=10),
        )

        before, after = sheet([heard(1), gone], minute=9), sheet([heard(1), gone], minute=11)

        assert term(before, "i1").value > term(after, "i1").value
        assert term(after, "n4").evidence == ()
        assert english(term(after, "e2").explanation).startswith("2 critical posts")
        assert not any("p2" in each.evidence for each in after.indicators)


class TestReach:
    def test_is_an_interval_from_the_largest_audience_to_their_sum(self):
        """R-16."""
        found = sheet([heard(1, followers=100), heard(2, followers=300)])

        assert english(term(found, "i1").explanation) == (
            "They reach 300 to 400 followers, against 2000 of ours."
        )

    def test_is_not_said_to_be_nobody_where_no_network_tells(self):
        found = sheet([heard(1, followers=None), heard(2, followers=None)])

        assert english(term(found, "i1").explanation) == (
            "Nobody can tell how many people follow them."
        )

    def test_counts_an_account_once(self):
        twice = [heard(1, who="ana", followers=300), heard(2, who="ana", followers=300)]

        assert "reach 300 followers" in english(term(sheet(twice), "i1").explanation)

    def test_says_when_audiences_are_not_known(self):
        found = sheet([heard(1, followers=None)], organisation=Organisation())

        spots = [english(each) for each in found.blind_spots]
        assert "The audience of 1 account is not known." in spots
        assert any("1000 stands in" in each for each in spots)

    def test_uses_twice_the_dwellings_without_an_account(self):
        found = sheet([heard(1)], organisation=Organisation(dwellings=600))

        assert "against 1200 of ours" in english(term(found, "i1").explanation)


class TestRoles:
    @pytest.mark.parametrize(
        ("summary", "value"),
        [
            ("Collectif des locataires du quartier", 0.4),
            ("Conseillère municipale de Brumeville", 0.7),
            ("Journaliste au Courrier de la Brume", 0.7),
            ("Local reporter, coffee drinker", 0.7),
            ("Association de défense des locataires", 0.7),
            ("Agence régionale de santé", 1.0),
            ("Conseillère en image, maman", 0.0),
            (None, 0.0),
        ],
    )
    def test_are_told_by_how_an_account_names_itself(self, summary, value):
        assert term(sheet([heard(1, summary=summary)]), "i2").value == value

    def test_a_person_says_better(self):
        told = heard(1, summary="Journaliste", role=ActorRole.LOCAL_GROUP)

        assert term(sheet([told]), "i2").value == 0.4

    def test_a_very_large_audience_is_a_relay(self):
        assert term(sheet([heard(1, followers=30_000)]), "i2").value == 0.7
        assert term(sheet([heard(1, followers=19_000)]), "i2").value == 0.0

    def test_the_sheet_names_no_account(self):
        """LR-04: no rating of a person anywhere in the sheet."""
        told = heard(1, who="ana_brume", summary="Journaliste")

        assert b"ana_brume" not in msgspec.json.encode(sheet([told]))


class TestExtent:
    def test_reaches_a_rung_with_three_authors(self):
        """R-05: one author far away does not make it wide."""
        alone = [heard(n) for n in range(4)] + [heard(9, place="Lille")]
        three = alone + [heard(n, place="Lille") for n in (10, 11)]

        assert "residence" in english(term(sheet(alone), "e3").explanation)
        assert "beyond the department" in english(term(sheet(three), "e3").explanation)

    def test_reaches_a_rung_with_one_strong_voice(self):
        relay = heard(5, place="France", followers=200_000)

        assert term(sheet([heard(1), relay]), "e3").value == pytest.approx(0.375)

    def test_is_not_widened_by_one_person_who_is_neither_press_nor_authority(self):
        """R-05: press, an authority or a very large account."""
        far = [heard(5, place="Lille", role=role) for role in (ActorRole.ELECTED, None)]
        press = heard(5, place="Lille", role=ActorRole.LOCAL_MEDIA)

        assert [term(sheet([heard(1), one]), "e3").value for one in far] == [0.0, 0.0]
        assert term(sheet([heard(1), press]), "e3").value == pytest.approx(0.375)

    def test_does_not_call_it_one_residence_when_nobody_says_where(self):
        found = sheet([heard(n, place=None) for n in range(4)])

        assert english(term(found, "e3").explanation) == (
            "1 network; no post says where it comes from."
        )

    def test_knows_abroad_from_elsewhere(self):
        far = [heard(n, place="Bruxelles, Belgique") for n in range(3)]

        assert term(sheet(far), "e3").value == pytest.approx(0.5)

    def test_counts_networks(self):
        posts = [heard(n, network=f"net{n}") for n in range(4)]

        assert term(sheet(posts), "e3").value == pytest.approx(0.5)

    def test_doubles_the_ratio_step_by_step(self):
        assert term(sheet([]), "e2").value == 0.0
        assert (
            0 < term(sheet([heard(1)]), "e2").value < term(sheet([heard(1), heard(2)]), "e2").value
        )

    def test_does_not_speed_up_without_growth(self):
        found = sheet([heard(n, minute=n) for n in range(0, 60, 5)], minute=60)

        assert found.doubling_min is None
        assert term(found, "e1").value == 0.0


class TestCommunities:
    def test_are_counted_from_three_accounts(self):
        one = [heard(1)] + [heard(n, in_reply_to="p1") for n in (2, 3, 4)]
        other = [heard(11)] + [heard(n, repost_of="p11") for n in (12, 13, 14)]

        assert "1 group" in english(term(sheet(one), "i3").explanation)
        assert "2 groups" in english(term(sheet(one + other), "i3").explanation)
        assert term(sheet(one + other), "i3").value == 0.25

    def test_two_circles_with_one_bridge_stay_two(self):
        first = [heard(n, who=f"a{n}", mentions=("a0", "a1", "a2", "a3")) for n in range(4)]
        second = [heard(10 + n, who=f"b{n}", mentions=("b0", "b1", "b2", "b3")) for n in range(4)]
        bridge = heard(20, who="a0", mentions=("b0",))

        found = sheet([*first, *second, bridge], minute=30)

        assert "2 groups" in english(term(found, "i3").explanation)

    def test_a_post_that_thousands_relay_is_one(self):
        relays = [heard(n, minute=n / 300, repost_of="p0") for n in range(1, 4000)]

        found = sheet([heard(0), *relays])

        assert "1 group " in english(term(found, "i3").explanation)

    def test_two_accounts_are_no_community(self):
        pair = [heard(1), heard(2, mentions=("@voisine_1",))]

        assert term(sheet(pair), "i3").value == 0.0


class TestVirality:
    """R-17: doubling time, R with its interval, and who is relayed."""

    def test_says_r_with_its_interval_and_the_chance_that_it_grows(self):
        found = sheet([heard(n) for n in (5, 20, 35, 45, 50, 55)], minute=60)

        said = english(term(found, "e5").explanation)
        assert said == (
            "Each critical post brings about 2.5 more (1.4 to 3.7): early, likely too high."
        )
        assert found.growth == pytest.approx(0.97, abs=0.01)

    def test_says_how_much_of_what_is_relayed_is_of_three_accounts(self):
        firsts = [heard(n, who=f"voice{n}") for n in range(4)]
        relays = [heard(10 + n, content="", repost_of=f"p{n % 4}") for n in range(8)]
        more = [heard(30, content="", repost_of="p0"), heard(31, quote_of="p0")]

        elsewhere = heard(40, content="", repost_of="elsewhere")
        found = sheet([*firsts, *relays, *more, elsewhere], minute=60)

        assert (found.relays, found.top3) == (10, pytest.approx(0.8))

    def test_says_nothing_of_relays_where_there_are_none(self):
        assert sheet([heard(1)]).top3 is None


class TestTheExplanation:
    def test_reads_as_the_required_sentence(self):
        found = sheet([heard(n) for n in range(7)])

        text = " ".join(english(each) for each in found.explanation)

        assert text.startswith("Incident, ")
        assert " × 0.4 = " in text
        assert "Health or safety may be at risk. The claim is unverified." in text
        assert "7 critical posts in 60 min, against 0.1 usual." in text

    def test_cites_the_settings_it_was_made_with(self):
        """R-10."""
        mine = msgspec.structs.replace(
            AssessSettings(), version="ours-2", levels=(5.0, 10.0, 15.0, 99.0)
        )

        found = sheet([heard(n) for n in range(7)], settings=mine)

        assert found.raw_level is Level.CRISIS
        assert english(found.explanation[-1]) == "Made with the settings of version ours-2."

    def test_keeps_blind_spots_that_the_caller_knows(self):
        found = sheet([heard(1)], blind_spots=[say("The press source was down.")])

        assert english(found.blind_spots[0]) == "The press source was down."


class TestSettings:
    def test_weights_sum_to_one(self):
        settings = AssessSettings()

        assert sum(settings.axes.values()) == pytest.approx(1)
        for codes in (("h", "a", "p", "n4"), ("i1", "i2", "i3"), ("e1", "e2", "e3", "e4", "e5")):
            assert sum(settings.terms[code] for code in codes) == pytest.approx(1)
