"""R and its trend (DR-35, R-17, R-38), and the onset rule of crisis.md 3.2."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.assess import Organisation
from quivive.assess.arousal import arouses
from quivive.assess.heard import Heard, look
from quivive.assess.onsets import first_onset, usual_per_hour
from quivive.assess.reproduction import reproduction
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def at(*minutes_ago):
    posts = [
        Heard(
            post=Post(
                id=f"p{n}",
                network="micro",
                published=NOW - timedelta(minutes=ago),
                attributed_to=Account(id=f"m:{n}"),
                content="Toujours rien.",
            ),
            critical=1.0,
        )
        for n, ago in enumerate(minutes_ago)
    ]
    picture = look(
        posts, now=NOW, onset=NOW - timedelta(hours=5), organisation=Organisation(), unknown=0.5
    )
    return reproduction(picture, AssessSettings())


class TestReproduction:
    def test_follows_the_formula(self):
        found = at(25, 5)

        brought = 0.25 + 0.22
        assert found.value == pytest.approx((1 + 2) / (0.2 + brought))
        assert found.sd == pytest.approx(3**0.5 / (0.2 + brought))

    def test_is_not_told_when_there_is_too_little(self):
        assert not at(5).told
        assert at(5, 6, 15, 20).told

    def test_warns_while_it_is_early(self):
        assert at(*range(9)).early
        assert not at(*range(10)).early

    def test_grows_when_posts_bring_more(self):
        assert at(40, 30, 22, 21, 15, 14, 13, 9, 8, 7, 6, 5, 4, 3, 2, 1).trend == "growing"

    def test_grows_no_more_after_half_an_hour_of_silence(self):
        storm = (40, 30, 22, 21, 15, 14, 13, 9, 8, 7, 6, 5, 4, 3, 2, 1)

        assert at(*[minutes + 20 for minutes in storm]).trend == "growing"
        assert at(*[minutes + 30 for minutes in storm]).trend == "unclear"

    def test_recedes_when_the_wave_is_behind(self):
        assert at(*[70 + n for n in range(20)], 65, 30).trend == "receding"

    def test_is_unclear_with_three_posts(self):
        assert at(30, 20, 10).trend == "unclear"

    def test_is_stable_when_nothing_comes(self):
        assert at(200).trend == "stable"
        assert at().trend == "stable"

    def test_is_stable_when_many_posts_bring_as_many(self):
        assert at(*[n / 2 for n in range(1, 500)]).trend == "stable"


class TestOnset:
    def test_is_the_first_post_of_the_run(self):
        times = [NOW + timedelta(minutes=minute) for minute in (-300, 0, 4, 7)]

        assert first_onset(times, 0.08) == NOW

    def test_asks_for_more_where_more_is_usual(self):
        """Two an hour: seven posts in half an hour, not six."""
        six = [NOW + timedelta(minutes=minute) for minute in range(6)]

        assert first_onset(six, 2.0) is None
        assert first_onset([*six, NOW + timedelta(minutes=6)], 2.0) == NOW

    def test_usual_leaves_the_busiest_hours_out(self):
        daily = [NOW + timedelta(hours=2 * n) for n in range(24)]
        burst = [NOW + timedelta(hours=20, seconds=n) for n in range(200)]

        assert usual_per_hour(sorted(daily + burst), AssessSettings()) < 1
        assert usual_per_hour([], AssessSettings()) == 0.05


class TestArousal:
    @pytest.mark.parametrize(
        "text",
        [
            "C'est une HONTE",
            "J'ai peur pour mes enfants",
            "Quel mépris !",
            "Where is justice?",
            "We are scared and furious",
            "Deux hospitalisés ??",
        ],
    )
    def test_is_heard_in_both_languages(self, text):
        assert arouses(fold(text))

    @pytest.mark.parametrize(
        "text",
        [
            "Le technicien passe jeudi à 10 h.",
            "Merci pour la réponse",
            "The plumber comes on Monday.",
            "Tournez à droite après la mairie",
            "Le secrétariat et le mortier sont prêts",
        ],
    )
    def test_is_not_heard_in_plain_words(self, text):
        assert not arouses(fold(text))
