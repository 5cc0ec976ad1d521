"""What falls quiet: the end of what rang, and topics that fall silent."""

from datetime import UTC, datetime, timedelta

import numpy as np

from quivive.detect import episodes, quiet
from quivive.detect.burst_state import empty
from quivive.detect.bursts import BurstSettings, observe
from quivive.detect.telling import Episode
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.matches import Match
from quivive.vocabulary.messages import in_english, render
from quivive.vocabulary.posts import Post
from quivive.vocabulary.signals import SignalKind
from quivive.vocabulary.topics import Topic

START = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(minutes=15)
LIFT = Topic(id="lift", name="Lift", query="lift")


def listen(*series):
    """Read quarter hours of each series; return all drops told, hour by hour."""
    topics, told = [f"lift {place}" for place in range(len(series))], []
    state = empty([f"{topic}/voices" for topic in topics], step_s=900, start=START)
    standing, accepted = [Episode() for _ in topics], np.full(len(topics), 0.1)
    for place, counts in enumerate(np.array(series).T):
        state, _ = observe(state, counts, at=START + place * STEP, settings=BurstSettings())
        if state.clock % 3600 == 0:
            told += quiet.drops(state, topics, standing, accepted)
    return told


def voices(*, days, a_day, seed=1):
    return np.random.default_rng(seed).poisson(a_day / 96, days * 96).tolist()


class TestADrop:
    def test_to_silence_is_told_once(self):
        usual = voices(days=15, a_day=200)

        told = listen(usual, [*usual[:-96], *[0] * 96])

        assert [(signal.kind, signal.topic) for signal in told] == [(SignalKind.DROP, "lift 1")]
        assert told[0].rang_at is None
        assert told[0].observed < told[0].expected / 2
        assert "a source is missing" in render(told[0].reason, in_english)

    def test_is_told_again_after_a_recovery(self):
        usual = voices(days=14, a_day=200)

        told = listen([*usual, *[0] * 96, *usual[: 3 * 96], *[0] * 96])

        assert len(told) == 2

    def test_is_not_seen_in_what_varies_by_chance(self):
        assert not listen(*(voices(days=28, a_day=a_day) for a_day in (2, 20, 200)))

    def test_needs_a_week_to_compare_with(self):
        assert not listen([*voices(days=5, a_day=200), *[0] * 96])


class TestTheEnd:
    def test_of_what_rang_is_told_once_after_hours_of_calm(self):
        noon = START + timedelta(days=4, hours=12)
        state = episodes.start([LIFT], START)
        for place in range(12):
            at = noon + place * timedelta(minutes=1)
            account = Account(id=f"a:{place}", handle=f"h{place}", followers=None)
            post = Post(
                id=f"p{place}",
                network="example",
                published=at,
                attributed_to=account,
                content="the lift",
            )
            state, *_ = episodes.tick(state, now=at, topics=[LIFT])
            state = episodes.take(state, [Match(post=post, topics=("lift",))], [LIFT])
        _, found, _ = episodes.tick(state, now=noon + timedelta(hours=30), topics=[LIFT])

        ends = [signal for signal in found if signal.kind is SignalKind.BACK_TO_NORMAL]
        assert len(ends) == 1
        assert ends[0].rang_at is None
        assert timedelta(hours=6) <= ends[0].found_at - noon <= timedelta(hours=8)
        assert ends[0].onset >= noon
