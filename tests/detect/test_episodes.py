"""Signals: what people are told, and what they are spared."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from quivive.detect import episodes
from quivive.detect.counting import Counter, Heard
from quivive.detect.episodes import DetectState
from quivive.detect.telling import Episode, Reading, tell, vigilant
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.matches import Match
from quivive.vocabulary.messages import in_english, render
from quivive.vocabulary.posts import Post
from quivive.vocabulary.sentiments import Leaning, Sentiment
from quivive.vocabulary.signals import Certainty, SignalKind
from quivive.vocabulary.topics import AlertRule, RuleKind, Topic

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
LIFT = Topic(id="lift", name="Lift", query="lift", own_accounts=("@OurHouse",))
MINUTE = timedelta(minutes=1)


def post(name, at, *, author=None, content="the lift", repost_of=None, followers=None):
    account = Account(id=author or f"a:{name}", handle=author or f"h_{name}", followers=followers)
    return Post(
        id=name,
        network="example",
        published=at,
        attributed_to=account,
        content=content,
        repost_of=repost_of,
    )


def feeling(label):
    return Sentiment(language="en", label=label, negative=0.4, neutral=0.3, positive=0.3)


def hear(posts, *, topic=LIFT, state=None, until=None, sentiment=None):
    """Replay posts minute by minute; return the state, the signals and the minutes."""
    state = state or episodes.start([topic], START)
    signals, minutes = [], []
    for one in sorted(posts, key=lambda one: one.heard_at):
        state, found, closed = episodes.tick(state, now=one.heard_at, topics=[topic])
        signals += found
        minutes += closed
        match = Match(post=one, topics=(topic.id,), sentiment=sentiment)
        state = episodes.take(state, [match], [topic])
    state, found, closed = episodes.tick(
        state, now=until or posts[-1].heard_at + MINUTE, topics=[topic]
    )
    return state, signals + list(found), minutes + list(closed)


def quiet_days(days=3):
    return [post(f"q{day}", START + timedelta(days=day, hours=2)) for day in range(days)]


def burst(name, at, *, posts=10, every=MINUTE, **more):
    return [post(f"{name}{place}", at + place * every, **more) for place in range(posts)]


NOON = START + timedelta(days=4, hours=4)


class TestABurst:
    def test_rings_within_minutes_with_its_first_post(self):
        _, signals, _ = hear([*quiet_days(), *burst("b", NOON)])

        first = signals[0]
        assert first.kind is SignalKind.BURST
        assert first.rang_at == first.found_at <= NOON + 6 * MINUTE
        assert first.onset == NOON
        assert first.evidence[0] == "b0"
        assert first.observed >= 4
        assert "people wrote in" in render(first.reason, in_english)

    def test_rings_once_unless_it_gets_much_worse(self):
        _, few, _ = hear([*quiet_days(), *burst("b", NOON, posts=8)])
        _, many, _ = hear(
            [*quiet_days(), *burst("b", NOON, posts=200, every=timedelta(seconds=20))]
        )

        assert len(few) == 1
        assert len(many) > 1
        severities = [signal.severity for signal in many]
        assert all(b >= a + 2 for a, b in pairwise(severities))

    def test_that_a_whole_day_shows_says_how_many_wrote_since_it_began(self):
        ago = [20 * 3600, 22 * 60, 12 * 60, 60]
        now = int(NOON.timestamp())
        counter = Counter(
            recent=[Heard(f"x{s}", now - s, f"a{s}", False, True, False, 0, None) for s in ago]
        )
        reading = Reading(
            at=now,
            observed=4,
            expected=1.2,
            window_s=86_400,
            score=1.1,
            usual_per_s=1.2 / 86_400,
            relays=False,
        )

        (signal,) = tell("lift", reading, Episode(), counter)

        assert signal.onset == NOON - 22 * MINUTE
        assert "4 people wrote in 24 h, where 1.2 are usual; of these, 3 since" in render(
            signal.reason, in_english
        )

    def test_longer_than_an_onset_is_looked_for_says_that_it_may_have_begun_before(self):
        now = int(NOON.timestamp())
        counter = Counter(
            recent=[
                Heard(f"x{s}", now - s, f"a{s}", False, True, False, 0, None)
                for s in range(60, 40 * 3600, 600)
            ]
        )
        reading = Reading(
            at=now,
            observed=144,
            expected=9.0,
            window_s=86_400,
            score=3.0,
            usual_per_s=9.0 / 86_400,
            relays=False,
        )

        (signal,) = tell("lift", reading, Episode(), counter)

        told = render(signal.reason, in_english)
        assert told.endswith("where 9.0 are usual; since 2026-03-05T12:09+00:00 or before.")

    def test_that_goes_on_counts_from_what_was_told(self):
        told, now = NOON - timedelta(hours=20), int(NOON.timestamp())
        ago = range(60, 15 * 60, 60)
        counter = Counter(
            recent=[Heard(f"x{s}", now - s, f"a{s}", False, True, False, 0, None) for s in ago]
        )
        reading = Reading(
            at=now,
            observed=40,
            expected=9.0,
            window_s=86_400,
            told_until=int(told.timestamp()),
            score=1.1,
            usual_per_s=9.0 / 86_400,
            relays=False,
        )

        (signal,) = tell("lift", reading, Episode(), counter)

        assert render(signal.reason, in_english).startswith("40 more people wrote since 2026-03-05")
        assert "where 9.0 are usual in 24 h" in render(signal.reason, in_english)

    def test_after_hours_of_calm_is_a_flare_up(self):
        later = NOON + timedelta(hours=20)

        _, signals, _ = hear([*quiet_days(), *burst("b", NOON), *burst("c", later)])

        flared = [signal for signal in signals if signal.kind is SignalKind.FLARE_UP]
        assert flared
        assert flared[0].onset == later

    def test_is_waited_for_more_keenly_after_a_burst_and_not_after_a_flare_up(self):
        at = NOON.timestamp()
        told = Episode(last_above=at, kind=SignalKind.BURST, rang=True)
        again = Episode(last_above=at, kind=SignalKind.FLARE_UP, rang=True)
        two_weeks = 14 * 86_400

        assert vigilant(told, at + two_weeks)
        assert not vigilant(told, at + two_weeks + 1)
        assert not vigilant(again, at + 3600)

    def test_of_one_talkative_author_is_one_voice(self):
        _, signals, minutes = hear([*quiet_days(), *burst("b", NOON, author="a:one")])

        assert not signals
        assert sum(row.voices for row in minutes if row.minute >= NOON) == 1

    def test_does_not_ring_where_no_rule_asks_for_it(self):
        silent = Topic(id="lift", name="Lift", query="lift", rules=())

        _, signals, _ = hear([*quiet_days(), *burst("b", NOON)], topic=silent)

        assert not signals


class TestANewTopic:
    def test_of_an_ordinary_size_learns_in_peace(self):
        hourly = [post(f"n{hour}", START + hour * timedelta(minutes=9)) for hour in range(60)]

        _, signals, _ = hear(hourly)

        assert not signals

    def test_that_was_always_busy_is_no_storm(self):
        busy = burst("b", START, posts=500, every=timedelta(seconds=10))

        _, signals, _ = hear(busy)

        assert not signals

    def test_in_a_growing_storm_rings_within_minutes_and_says_that_little_is_known(self):
        first = burst("f", START, posts=5, every=2 * MINUTE)
        storm = burst("s", START + 10 * MINUTE, posts=120, every=timedelta(seconds=10))

        _, signals, _ = hear([*first, *storm])

        assert signals[0].rang_at <= START + 20 * MINUTE
        assert signals[0].certainty is Certainty.POSSIBLE
        assert "so new" in render(signals[0].reason, in_english)


class TestReposts:
    def test_of_one_post_are_one_voice_together(self):
        reposts = burst("r", NOON + MINUTE, posts=20, repost_of="q0")

        _, signals, minutes = hear([*quiet_days(), *reposts])

        assert not signals
        assert sum(row.voices for row in minutes if row.minute >= NOON) == 1
        assert sum(row.relays for row in minutes) == 20

    def test_in_a_great_storm_are_seen(self):
        storm = burst("r", NOON, posts=400, every=timedelta(seconds=5), repost_of="q0")

        _, signals, _ = hear([*quiet_days(), *storm])

        assert signals
        assert "reposted" in render(signals[0].reason, in_english)


class TestOurOwnPosts:
    def test_are_drawn_and_never_counted(self):
        ours = burst("o", NOON, author="ourhouse")

        _, signals, minutes = hear([*quiet_days(), *ours])

        assert not signals
        assert sum(row.own for row in minutes) == 10


class TestAFriendlyBuzz:
    def test_rings_nobody_and_says_why(self):
        state, _, _ = hear(quiet_days())

        _, signals, _ = hear(
            burst("b", NOON, posts=30), state=state, sentiment=feeling(Leaning.POSITIVE)
        )

        notes = [signal for signal in signals if signal.rang_at is None]
        assert len(notes) <= 1
        rung_late = [s for s in signals if s.rang_at and s.found_at > NOON + 9 * MINUTE]
        assert not rung_late

    def test_that_comes_at_once_is_only_a_note(self):
        state, _, _ = hear(quiet_days())
        crowd = burst("b", NOON, posts=12, every=timedelta(seconds=4))

        _, signals, _ = hear(crowd, state=state, sentiment=feeling(Leaning.POSITIVE))

        assert [signal.rang_at for signal in signals] == [None]
        assert "friendly" in render(signals[0].reason, in_english)

    @pytest.mark.parametrize("label", [Leaning.UNCERTAIN, Leaning.NEUTRAL, Leaning.NEGATIVE])
    def test_is_never_assumed(self, label):
        state, _, _ = hear(quiet_days())
        crowd = burst("b", NOON, posts=12, every=timedelta(seconds=4))

        _, signals, _ = hear(crowd, state=state, sentiment=feeling(label))

        assert signals[0].rang_at is not None


class TestOnePost:
    def test_with_a_severe_word_rings_at_once(self):
        rule = AlertRule(kind=RuleKind.SEVERE_WORD, words=("fuite de gaz",))
        topic = Topic(id="lift", name="Lift", query="lift", rules=(rule,))

        _, signals, _ = hear([post("p", NOON, content="Ça sent la FUITE de gaz !")], topic=topic)

        assert [signal.kind for signal in signals] == [SignalKind.SEVERE_WORD]
        assert signals[0].rang_at == NOON

    def test_with_a_word_that_only_contains_a_severe_one_does_not(self):
        rule = AlertRule(kind=RuleKind.SEVERE_WORD)
        topic = Topic(id="lift", name="Lift", query="lift", rules=(rule,))

        _, signals, _ = hear([post("p", NOON, content="un souvenir immortel")], topic=topic)

        assert not signals

    def test_of_an_influential_author_rings_once_in_six_hours(self):
        rule = AlertRule(kind=RuleKind.INFLUENTIAL_AUTHOR, followers=10_000, panel=("@Reporter",))
        topic = Topic(id="lift", name="Lift", query="lift", rules=(rule,))
        posts = [
            post("big", NOON, author="star", followers=20_000),
            post("again", NOON + 5 * MINUTE, author="star", followers=20_000),
            post("panel", NOON + 6 * MINUTE, author="reporter"),
            post("small", NOON + 7 * MINUTE, author="someone", followers=9_999),
        ]

        _, signals, _ = hear(posts, topic=topic)

        assert [signal.evidence for signal in signals] == [("big",), ("panel",)]


class TestAState:
    def test_goes_on_from_bytes_as_if_nothing_had_happened(self):
        before, after = [*quiet_days(), *burst("b", NOON, posts=3)], burst("c", NOON + 4 * MINUTE)
        one, _, _ = hear(before)
        other = DetectState.from_bytes(one.to_bytes())

        _, straight, _ = hear(after, state=one)
        _, restored, _ = hear(after, state=other)

        assert straight
        assert straight == restored

    @pytest.mark.parametrize("began_with", [(), (LIFT,)])
    def test_lives_on_without_any_topic(self, began_with):
        later = START + timedelta(hours=2)
        state, _, _ = episodes.tick(
            episodes.start(began_with, START), now=START + MINUTE, topics=began_with
        )

        state, signals, minutes = episodes.tick(episodes.align(state, ()), now=later, topics=())

        assert (state.clock, signals, minutes) == (int(later.timestamp()), (), ())

    def test_keeps_topics_that_stay(self):
        door = Topic(id="door", name="Door", query="door")
        state, _, _ = hear(quiet_days())

        state = episodes.align(state, [door, LIFT])

        assert set(state.counters) == {"door", "lift"}
        assert state.counters["lift"].recent

    def test_stays_small_in_a_flood(self):
        flood = burst("f", NOON, posts=12_000, every=timedelta(seconds=0.2), author="a:one")

        state, _, _ = hear(flood)

        assert len(state.counters["lift"].recent) <= 10_000
        assert len(state.counters["lift"].speakers) == 1


class TestMinutes:
    def test_are_closed_once_and_only_when_over(self):
        state, _, minutes = hear([post("a", NOON), post("b", NOON + MINUTE)], until=NOON + MINUTE)

        spoken = [row.minute for row in minutes if row.voices]
        assert spoken == [NOON]
        _, _, again = episodes.tick(state, now=NOON + 2 * MINUTE, topics=[LIFT])
        assert [row.minute for row in again if row.voices] == [NOON + MINUTE]

    def test_draw_the_usual_band_of_quiet_hours(self):
        _, _, minutes = hear(quiet_days(), until=START + timedelta(days=3))

        quiet = [row for row in minutes if not row.originals]
        assert all(0 < row.expected <= row.upper for row in quiet)
        assert len({row.minute.hour for row in minutes}) == 24
