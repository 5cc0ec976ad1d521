"""Our own words may turn against us; what is new about how people speak is told once."""

from datetime import UTC, datetime, timedelta

import msgspec

from quivive.detect.backlash import FOLLOWED_S, Answers
from quivive.detect.backlash import hear as hear_answer
from quivive.detect.firsts import Firsts
from quivive.detect.firsts import hear as hear_first
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.matches import Match
from quivive.vocabulary.messages import in_english, render
from quivive.vocabulary.posts import Post
from quivive.vocabulary.sentiments import Leaning, Sentiment
from quivive.vocabulary.signals import Signal, SignalKind
from quivive.vocabulary.topics import Topic
from quivive.wire.models import load_sentiment

TOPIC = Topic(id="t", name="t", query="town OR #town", own_accounts=("office",))
BEGAN = datetime(2026, 3, 1, 8, tzinfo=UTC)


def match(name: str, minute: float, leaning: Leaning = Leaning.NEUTRAL, **more: object) -> Match:
    post = Post(
        id=name,
        network="x",
        published=BEGAN + timedelta(minutes=minute),
        attributed_to=Account(id=str(more.pop("author", f"author of {name}"))),
        content="words",
    )
    sentiment = Sentiment(language="en", label=leaning, negative=0.5, neutral=0.3, positive=0.2)
    return Match(post=msgspec.structs.replace(post, **more), topics=("t",), sentiment=sentiment)


def ours(name: str, minute: float = 0, likes: int | None = 10) -> Match:
    return match(name, minute, author="office", likes=likes)


def answer(number: int, leaning: Leaning, to: str = "ours", **more: object) -> Match:
    return match(f"answer {number} {to}", 1 + number, leaning, in_reply_to=to, **more)


def heard(*matches: Match) -> list[Signal]:
    answers = Answers()
    return [signal for one in matches for signal in hear_answer(answers, one, TOPIC)]


class TestABacklash:
    """Answers to a post of ours ..."""

    def test_ring_once_when_most_that_take_a_side_are_critical(self) -> None:
        critics = [answer(number, Leaning.NEGATIVE) for number in range(9)]

        (signal,) = heard(ours("ours"), *critics)

        assert signal.kind is SignalKind.BACKLASH
        assert signal.observed == 5
        assert signal.evidence[0] == "ours"
        assert render(signal.reason, in_english).startswith(
            "5 people answer our post, and against us: 5 of 5"
        )

    def test_ring_nobody_while_few_speak(self) -> None:
        assert heard(ours("ours"), *(answer(n, Leaning.NEGATIVE) for n in range(4))) == []

    def test_ring_nobody_when_one_person_writes_them_all(self) -> None:
        same = [answer(number, Leaning.NEGATIVE, author="ann") for number in range(12)]

        assert heard(ours("ours"), *same) == []

    def test_ring_nobody_when_they_thank_us(self) -> None:
        assert heard(ours("ours"), *(answer(n, Leaning.POSITIVE) for n in range(20))) == []

    def test_ring_nobody_under_the_posts_of_others(self) -> None:
        theirs = match("ours", 0, author="somebody")

        assert heard(theirs, *(answer(n, Leaning.NEGATIVE) for n in range(9))) == []

    def test_ring_when_far_more_answer_for_each_like_than_is_usual(self) -> None:
        day = FOLLOWED_S / 60 + 60
        past = [ours(f"past {n}", n * day, likes=40) for n in range(10)]
        now = 10 * day
        sides = [Leaning.NEGATIVE, Leaning.NEUTRAL, Leaning.POSITIVE, Leaning.NEUTRAL] * 4
        unsure = [
            match(f"a{n}", now + 1 + n, side, in_reply_to="ours") for n, side in enumerate(sides)
        ]

        (signal,) = heard(*past, ours("ours", now, likes=1), *unsure)

        assert "times as many for each like as is usual" in signal.reason.plural


class TestACriticsHashtag:
    """A hashtag ..."""

    def told(self, *matches: Match) -> list[Signal]:
        firsts = Firsts()
        found = [signal for one in matches for signal in hear_first(firsts, one, TOPIC)]
        return [one for one in found if one.kind is SignalKind.CRITICS_HASHTAG]

    def test_is_told_once_when_surely_critical(self) -> None:
        critics = [match(f"p{n}", n, Leaning.NEGATIVE, hashtags=("ColdTown",)) for n in range(9)]

        (signal,) = self.told(*critics)

        assert signal.rang_at is None
        assert signal.evidence[0] == "p0"

    def test_is_not_one_that_friends_use_as_much(self) -> None:
        both = (Leaning.NEGATIVE, Leaning.POSITIVE)
        mixed = [match(f"p{n}", n, both[n % 2], hashtags=("ColdTown",)) for n in range(20)]

        assert self.told(*mixed) == []

    def test_is_not_the_one_we_watch_by(self) -> None:
        critics = [match(f"p{n}", n, Leaning.NEGATIVE, hashtags=("town",)) for n in range(9)]

        assert self.told(*critics) == []


class TestASourceJump:
    """Talk that reaches another public ..."""

    def told(self, *matches: Match) -> list[str]:
        firsts = Firsts()
        found = [signal for one in matches for signal in hear_first(firsts, one, TOPIC)]
        return [one.evidence[0] for one in found if one.kind is SignalKind.SOURCE_JUMP]

    def test_is_told_with_its_first_article(self) -> None:
        press = [match(f"article {n}", n, kind="article", network="press") for n in range(3)]

        assert self.told(*press) == ["article 0"]

    def test_is_told_with_a_new_network_once_the_topic_is_known(self) -> None:
        known = [match(f"p{n}", n) for n in range(20)]
        elsewhere = [match(f"e{n}", 30 + n, network="mastodon") for n in range(2)]

        assert self.told(*known, *elsewhere) == ["e0"]
        assert self.told(*known[:5], *elsewhere) == []

    def test_is_told_with_a_new_place_where_new_ones_are_seldom(self) -> None:
        known = [match(f"p{n}", n, place=("Valdorle", "Saint-Orme")[n % 2]) for n in range(20)]
        elsewhere = [match(f"e{n}", 30 + n, place="Pontarlieu") for n in range(2)]

        assert self.told(*known, *elsewhere) == ["e0"]
        assert self.told(*known[:19], *elsewhere) == []

    def test_is_not_told_where_people_write_their_place_as_they_like(self) -> None:
        posts = [match(f"p{n}", n, place=f"somewhere {n // 3}") for n in range(60)]

        assert self.told(*posts) == []


AGAINST = (
    "C'est honteux, trois semaines sans chauffage et vous publiez ça",
    "Vous vous moquez du monde, mes enfants dorment en manteau",
    "Encore du blabla, aucun technicien n'est venu chez nous",
    "Shame on you, three weeks without heating and nobody answers the phone",
    "Menteurs, le bâtiment B est toujours glacé",
    "Absolutely useless, the boiler is still broken",
    "C'est inadmissible, on paie des charges pour rien",
)
FOR_US = (
    "Merci beaucoup, tout remarche chez moi",
    "Bravo à l'équipe, intervention rapide",
    "Thank you, great work from the technicians",
    "Super, merci pour l'information",
    "À quelle heure passe le technicien demain ?",
    "Is the bus still running on Sunday?",
    "Merci, bonne soirée à vous",
)


class TestAThreadAsPeopleWrite:
    """Answers in two languages under a post of ours, read by the model that ships ..."""

    @staticmethod
    def signals(words: tuple[str, ...]) -> list[Signal]:
        read = load_sentiment().read(words)
        told = [
            msgspec.structs.replace(
                match(f"answer {place}", place + 1, in_reply_to="ours", content=text),
                sentiment=sentiment,
            )
            for place, (text, sentiment) in enumerate(zip(words, read, strict=True))
        ]
        return heard(ours("ours"), *told)

    def test_rings_when_they_are_against_us(self) -> None:
        (signal,) = self.signals(AGAINST)

        assert signal.kind is SignalKind.BACKLASH
        assert signal.negative_share is not None
        assert signal.negative_share > 0.5

    def test_does_not_when_they_thank_and_ask(self) -> None:
        assert self.signals(FOR_US) == []
