"""Bursts: what the detector promises whatever the numbers."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.detect.alignment import align
from quivive.detect.baseline import SPREAD_PRIOR, level
from quivive.detect.baseline import noise as noise_of
from quivive.detect.burst_state import CLUSTER_PRIOR, BurstState, empty
from quivive.detect.bursts import BurstSettings, observe
from quivive.detect.listening import let_pass
from quivive.detect.tails import NOTHING

START = datetime(2026, 3, 2, tzinfo=UTC)
EASY = BurstSettings()
MINUTE = timedelta(minutes=1)


def feed(counts, *, names=None, step_s=60, start=START, state=None, at=None):
    """Read all rows of ``counts`` (intervals, N); return the state and the readings."""
    names = names or [f"s{place}" for place in range(counts.shape[1])]
    state = state or empty(names, step_s=step_s, start=start)
    at = at or start
    seen = []
    for row in counts:
        state, reading = observe(state, row, at=at, settings=EASY)
        seen.append(reading)
        at += timedelta(seconds=step_s)
    return state, seen


def come_by(state, until):
    let_pass(state, int(until.timestamp()))
    return state


def noise(*, intervals, series=1, a_day=48, step_s=60, seed=1):
    return np.random.default_rng(seed).poisson(a_day * step_s / 86_400, (intervals, series))


class TestABurst:
    def test_rings_when_many_write_within_the_hour(self):
        quiet = noise(intervals=3 * 288, a_day=12, step_s=300)
        loud = np.full((6, 1), 4)

        state, before = feed(quiet, step_s=300)
        _, during = feed(loud, step_s=300, state=state, at=START + timedelta(days=3))

        assert not any(reading.alarm.any() for reading in before)
        assert during[-1].above[0]
        assert sum(reading.alarm[0] for reading in during) == 1

    def test_needs_the_minimum(self):
        state = empty(["quiet"], step_s=60, start=START)

        for minute in (3 * 1440, 3 * 1440 + 1, 3 * 1440 + 2):
            state, reading = observe(
                state, np.array([1]), at=START + minute * MINUTE, settings=EASY
            )

        assert reading.observed[0] == 3
        assert not reading.above[0]

    def test_does_not_teach_that_bursts_are_usual(self):
        quiet = noise(intervals=7 * 288, a_day=48, step_s=300)
        state, _ = feed(quiet, step_s=300)
        usual = feed(np.zeros((1, 1), np.int64), step_s=300, state=state,
                     at=START + timedelta(days=7))[1][0].expected[0]  # fmt: skip
        state, _ = feed(
            np.full((12, 1), 50), step_s=300, state=state,
            at=START + timedelta(days=7, minutes=5),
        )  # fmt: skip
        _, after = feed(
            np.zeros((1, 1), np.int64), step_s=300, state=state, at=START + timedelta(days=8)
        )

        assert after[0].expected[0] < 2 * usual

    def test_is_read_at_hundreds_an_interval_too(self):
        quiet = np.random.default_rng(4).poisson(400, (4 * 288, 1))
        state, before = feed(quiet, step_s=300)
        _, during = feed(
            np.full((6, 1), 2000), step_s=300, state=state, at=START + timedelta(days=4)
        )

        assert not any(reading.alarm.any() for reading in before)
        assert any(reading.alarm.any() for reading in during)


@pytest.fixture(scope="module")
def known():
    """Twenty topics of twelve voices a day, listened to for two weeks."""
    quiet = noise(intervals=14 * 288, series=20, a_day=12, step_s=300, seed=7)
    return feed(quiet, step_s=300)[0].to_bytes()


class TestAQuietTopic:
    @pytest.mark.parametrize(("extra", "at_least"), [(6, 0.5), (8, 0.9), (10, 1.0)])
    def test_rings_for_a_few_voices_within_the_hour(self, known, extra, at_least):
        hour = np.zeros((12, 20), np.int64)
        for place in np.random.default_rng(8).integers(0, 12, extra):
            hour[place] += 1

        _, during = feed(
            hour, step_s=300, state=BurstState.from_bytes(known), at=START + timedelta(days=14)
        )

        rang = np.any([reading.above for reading in during], axis=0)
        assert rang.mean() >= at_least

    def test_that_rang_says_from_when_on_a_long_window_counts(self, known):
        storm, rest = np.full((6, 20), 4), np.tile([[1], [0], [0], [0]], (36, 20))

        _, seen = feed(
            np.concatenate([storm, rest]),
            step_s=300,
            state=BurstState.from_bytes(known),
            at=START + timedelta(days=14),
        )

        assert not seen[0].told_until.any()
        after = [one for one in seen if (one.told_until > 0).any()]
        assert after
        for one in after:
            counted = one.told_until > 0
            assert (one.window_s[counted] > 3600).all()
            begun = int((START + timedelta(days=14)).timestamp())
            assert (one.told_until[counted] > begun).all()


class TestASlowStorm:
    def test_that_grows_by_half_within_two_days_rings(self):
        grows = np.r_[np.ones(26 * 24), 1 + np.linspace(0, 0.5, 48)]
        counts = np.random.default_rng(5).poisson(100 / 24 * grows[:, None], (len(grows), 40))
        state = empty([str(place) for place in range(40)], step_s=3600, start=START)
        rang = np.zeros(40, bool)

        for hour, row in enumerate(counts):
            at = START + timedelta(hours=hour)
            state, seen = observe(state, row, at=at, settings=BurstSettings(0.4))
            rang |= seen.above & (hour >= 26 * 24)

        assert rang.mean() >= 0.75


class TestADaysWindow:
    def test_does_not_hold_a_second_day_against_a_first_night(self):
        """Twenty topics made at 22:00, three voices an hour by night and ten by day; the second day
        is busier than the first.

        Ringing there is what a day's window did before it had to wait for a whole day.
        """
        hours = np.arange(22, 22 + 100)
        by_day = (hours % 24 >= 8) & (hours % 24 < 22)
        due = np.where(by_day, 10, 3) * np.where(hours >= 48, 2.5, 1)
        counts = np.random.default_rng(5).poisson(due[:, None], (100, 20))
        made = START + timedelta(hours=22)
        state = empty([str(place) for place in range(20)], step_s=3600, start=made)
        by_the_day, rang = np.zeros(100, bool), np.zeros(100, bool)

        for hour, row in enumerate(counts):
            at = made + timedelta(hours=hour)
            state, seen = observe(state, row, at=at, settings=BurstSettings(1.0))
            by_the_day[hour] = ((seen.window_s == 86_400) & (seen.score > NOTHING)).any()
            rang[hour] = seen.above.any()

        assert rang[:53].sum() <= 1  # one a week is accepted
        assert not by_the_day[:53].any()
        assert by_the_day[53:].any()


class TestTheFirstHours:
    @pytest.mark.parametrize("a_day", [2, 48, 500, 20_000])
    def test_of_a_new_topic_are_calm(self, a_day):
        counts = noise(intervals=288, series=10, a_day=a_day, step_s=300, seed=a_day)

        _, seen = feed(counts, step_s=300)

        assert sum(reading.alarm.sum() for reading in seen) <= 1

    @pytest.mark.parametrize("after_h", [12, 24])
    def test_let_a_storm_ring_though_nobody_knows_the_rhythm_yet(self, after_h):
        """Twenty topics of 500 a day, ten times as many by day as by night; half a day's posts come
        within an hour."""
        hours = np.arange(25 * 12) / 12
        due = 17 * np.exp(1.15 * np.sin(2 * np.pi * (hours - 6) / 24))
        counts = np.random.default_rng(6).poisson(due[:, None] / 12, (len(hours), 20))
        begins = after_h * 12
        counts[begins : begins + 12] += 20

        _, seen = feed(counts[: begins + 12], step_s=300)

        rang = np.array([reading.alarm for reading in seen])
        assert rang[:begins].sum() <= 1
        assert rang[begins:].any(axis=0).mean() >= 0.8

    def test_teach_nothing_of_how_noisy_a_day_is_while_what_is_due_is_a_guess(self):
        state, _ = feed(np.full((25, 1), 2), step_s=3600)

        noisy, strays = noise_of(state.baseline, len(state.windows) - 1)

        assert noisy == pytest.approx(CLUSTER_PRIOR)
        assert strays == pytest.approx(SPREAD_PRIOR)


class TestReadings:
    def test_do_not_depend_on_the_order_of_series(self):
        counts = noise(intervals=600, series=4, a_day=2_000)
        order = np.array([2, 0, 3, 1])

        _, straight = feed(counts)
        _, mixed = feed(counts[:, order])

        np.testing.assert_allclose(straight[-1].score[order], mixed[-1].score)
        np.testing.assert_allclose(straight[-1].expected[order], mixed[-1].expected)

    def test_do_not_depend_on_other_series(self):
        counts = noise(intervals=600, series=3, a_day=2_000)

        _, together = feed(counts)
        _, alone = feed(counts[:, :1])

        assert together[-1].score[0] == pytest.approx(alone[-1].score[0])

    def test_do_not_depend_on_later_rows(self):
        counts = noise(intervals=400, a_day=5_000)
        changed = counts.copy()
        changed[300:] = 99

        _, seen = feed(counts)
        _, other = feed(changed)

        assert all(a.score[0] == b.score[0] for a, b in zip(seen[:300], other[:300], strict=True))

    def test_score_more_for_more_posts(self):
        state, _ = feed(noise(intervals=2 * 288, a_day=48, step_s=300), step_s=300)
        packed = state.to_bytes()

        scores = [
            feed(
                np.array([[posts]]),
                step_s=300,
                state=BurstState.from_bytes(packed),
                at=START + timedelta(days=2),
            )[1][0].score[0]
            for posts in (5, 8, 12, 40, 400)
        ]

        assert scores == sorted(scores)
        assert scores[0] < scores[-1]

    def test_refuse_time_that_runs_backwards(self):
        state, _ = feed(noise(intervals=10))

        with pytest.raises(ValueError, match="does not follow"):
            observe(state, np.array([0]), at=START, settings=EASY)


class TestSilence:
    @given(
        before=st.integers(0, 200),
        gap=st.integers(0, 3_000),
        late=st.integers(0, 3_599),
        seed=st.integers(0, 99),
    )
    @settings(max_examples=15, deadline=None)
    def test_given_as_a_gap_equals_zeros_one_by_one(self, before, gap, late, seed):
        start = START + timedelta(seconds=late)
        counts = noise(intervals=before, series=2, a_day=3_000, seed=seed)
        last = np.array([[3, 0]])

        one, _ = feed(np.vstack([counts, np.zeros((gap, 2), np.int64), last]), start=start)
        other, _ = feed(counts, start=start)
        other, _ = feed(last, state=other, at=start + (before + gap) * MINUTE)

        assert one == other

    def test_of_many_days_is_crossed_hour_by_hour(self):
        state = empty([f"s{place}" for place in range(500)], step_s=60, start=START)

        state, reading = observe(
            state, np.ones(500, np.int64), at=START + timedelta(days=10), settings=EASY
        )

        assert state.clock == int((START + timedelta(days=10, minutes=1)).timestamp())
        assert not reading.above.any()


class TestAState:
    def test_comes_back_from_bytes(self):
        state, _ = feed(noise(intervals=500, series=3, a_day=5_000))

        assert BurstState.from_bytes(state.to_bytes()) == state

    def test_of_another_version_is_refused(self):
        state = empty(["a"], step_s=60, start=START)

        with pytest.raises(ValueError, match="version"):
            BurstState.from_bytes(b"\x95\x63" + state.to_bytes()[2:])

    def test_keeps_what_it_learned_when_series_come_and_go(self):
        counts = noise(intervals=300, series=2, a_day=5_000)
        state, _ = feed(counts, names=["a", "b"])
        kept, _ = feed(counts[:, 1:], names=["b"])

        state = align(state, ["new", "b"])
        at = START + 300 * MINUTE
        _, together = observe(state, np.array([0, 2]), at=at, settings=EASY)
        _, alone = observe(kept, np.array([2]), at=at, settings=EASY)

        assert together.score[1] == pytest.approx(alone.score[0])
        assert together.expected[1] == pytest.approx(alone.expected[0])


class TestASeriesThatJoins:
    @pytest.mark.parametrize("joins_at", [START, START + 50 * MINUTE])
    def test_busy_from_its_first_minute_rings_for_nothing(self, joins_at):
        others = empty([], step_s=60, start=START)
        state = align(come_by(others, joins_at), ["busy"], guesses=[0.5])

        _, seen = feed(noise(intervals=300, a_day=5_000), state=state, at=joins_at)

        assert not any(reading.alarm.any() for reading in seen)

    def test_within_an_hour_is_learned_as_heard_for_the_rest_of_it(self):
        whole, late = (
            align(come_by(empty([], step_s=60, start=START), START + begun), ["a"], guesses=[30.0])
            for begun in (timedelta(), 50 * MINUTE)
        )

        for state, minutes, at in ((whole, 60, START), (late, 10, START + 50 * MINUTE)):
            feed(np.full((minutes + 1, 1), 2), state=state, at=at)

        assert level(whole.baseline) == pytest.approx(120, rel=0.15)
        assert level(late.baseline) == pytest.approx(120, rel=0.5)


class TestFalseAlarms:
    def test_stay_under_what_was_promised_on_plain_noise(self):
        counts = noise(intervals=3 * 7 * 288, series=40, a_day=24, step_s=300, seed=7)

        _, seen = feed(counts, step_s=300)

        a_week = sum(reading.alarm.sum() for reading in seen) / (3 * 40)
        assert a_week <= 0.1
