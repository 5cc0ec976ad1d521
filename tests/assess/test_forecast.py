"""What is foreseen of a post and of a topic, on invented reposts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.assess.forecast.cascade import forecast_cascade
from quivive.assess.forecast.features import ALL, TIMES, describe, reacted
from quivive.assess.forecast.forest import Blend, Forest
from quivive.assess.forecast.scoring import error_of, score
from quivive.assess.forecast.volume import STEPS_AN_HOUR, as_before, forecast_volume
from quivive.wire.models import load_cascade, load_volume

HOUR_S = 3600.0
DAY_S = 86_400.0


def fading(reposts: int, *, half_s: float = 2 * HOUR_S) -> np.ndarray:
    """Reposts that come ever more slowly: half of them within ``half_s``."""
    shares = (np.arange(reposts) + 0.5) / reposts
    return half_s * shares / (1 - shares)


def crowd(reposts: int) -> np.ndarray:
    """A well-known author, and readers with a few hundred followers each."""
    return np.concatenate([[50_000.0], np.full(reposts, 300.0)])


def stump(*, at: float, left: float, right: float) -> Forest:
    """A tree that asks one question."""
    return Forest(
        roots=np.array([0]),
        feature=np.array([0, -1, -1], np.int16),
        threshold=np.array([at, 0, 0], np.float32),
        jump=np.array([2, 0, 0], np.int32),
        mean=np.array([0, left, right], np.float32),
        variance=np.zeros(3, np.float32),
    )


class TestAForecastOfAPost:
    def test_looks_at_no_repost_after_its_moment(self):
        early = fading(900)
        later = np.concatenate([early, np.linspace(2 * HOUR_S, DAY_S, 5_000)])
        seen = early[early <= HOUR_S]

        alone = forecast_cascade(load_cascade(), seen, None, at_s=HOUR_S)
        with_later = forecast_cascade(load_cascade(), later, None, at_s=HOUR_S)

        assert alone.final == with_later.final

    def test_asks_for_no_order(self):
        times, followers = fading(400), crowd(400)
        followers[1:] = np.arange(400)
        mixed = np.random.default_rng(3).permutation(400)

        straight = forecast_cascade(load_cascade(), times, followers, at_s=HOUR_S)
        shuffled = np.concatenate([followers[:1], followers[1:][mixed]])
        turned = forecast_cascade(load_cascade(), times[mixed], shuffled, at_s=HOUR_S)

        assert straight == turned

    @given(
        reposts=st.integers(0, 300),
        at_s=st.floats(0, 40 * DAY_S),
        pace=st.floats(1.0, 50 * DAY_S),
        known=st.booleans(),
    )
    @settings(max_examples=60, deadline=None)
    def test_never_foresees_fewer_than_were_seen(self, reposts, at_s, pace, known):
        times = fading(reposts, half_s=pace)

        found = forecast_cascade(
            load_cascade(), times, crowd(reposts) if known else None, at_s=at_s
        )

        sizes = found.final
        assert found.observed == np.sum(times <= at_s)
        assert found.observed <= sizes.p10 <= sizes.p50 <= sizes.p90 < float("inf")

    def test_expects_little_of_a_post_that_a_day_has_passed_by(self):
        found = forecast_cascade(load_cascade(), np.array([]), None, at_s=DAY_S)

        assert found.final.p50 < 1

    def test_is_surer_the_later_it_is_made(self):
        def width(at_s: float) -> float:
            final = forecast_cascade(load_cascade(), fading(3_000), None, at_s=at_s).final
            return final.p90 / final.p10

        assert width(2 * DAY_S) < width(6 * HOUR_S) < width(HOUR_S / 12)

    def test_says_when_a_post_is_larger_than_all_it_learnt_from(self):
        known = forecast_cascade(load_cascade(), fading(3_000), None, at_s=DAY_S)
        beyond = forecast_cascade(load_cascade(), fading(100_000), None, at_s=DAY_S)

        assert not known.extrapolated
        assert beyond.extrapolated
        assert beyond.final.p90 / beyond.final.p50 > known.final.p90 / known.final.p50

    def test_uses_followers_only_when_all_are_known(self):
        found = forecast_cascade(load_cascade(), fading(100), None, at_s=HOUR_S)

        assert not found.followers_known


class TestADescription:
    def test_has_the_same_length_for_any_cascade(self):
        for reposts in (0, 1, 2, 500):
            times = np.sort(fading(reposts) % HOUR_S)
            assert describe(times, None, HOUR_S).shape == (TIMES,)
            assert describe(times, crowd(reposts), HOUR_S).shape == (ALL,)

    def test_does_not_change_when_a_cascade_is_slower_and_looked_at_later_but_for_age(self):
        times = np.sort(fading(500) % HOUR_S)
        slow = describe(times * 3, None, 3 * HOUR_S)
        fast = describe(times, None, HOUR_S)

        shape = slice(2, 2 + 7)

        assert slow[shape] == pytest.approx(fast[shape])

    def test_lets_every_reader_react_in_the_end(self):
        assert np.all(np.diff(reacted(np.geomspace(1, 1e9, 50))) > 0)
        assert reacted(np.array([1e15])) == pytest.approx(1, abs=0.04)


class TestAForecastOfATopic:
    def test_has_one_answer_for_each_horizon(self):
        found = forecast_volume(load_volume(), np.full(3 * 24 * STEPS_AN_HOUR, 4.0))

        assert [one.hours for one in found] == [1, 3, 24]

    @pytest.mark.parametrize("a_step", [0.0, 1.0, 40.0, 20_000.0])
    @pytest.mark.parametrize("steps", [0, 1, 18, 7 * 144 + 5])
    def test_is_sane_at_any_volume_and_age(self, a_step, steps):
        for one in forecast_volume(load_volume(), np.full(steps, a_step)):
            assert 0 <= one.posts.p10 <= one.posts.p50 <= one.posts.p90 < float("inf")

    def test_foresees_calm_after_calm(self):
        one_hour, *_ = forecast_volume(load_volume(), np.zeros(2 * 24 * STEPS_AN_HOUR))

        assert one_hour.posts.p50 < 1

    def test_of_a_steady_topic_stays_near_its_pace(self):
        counts = np.random.default_rng(5).poisson(20, 5 * 144).astype(float)

        _, three_hours, _ = forecast_volume(load_volume(), counts)

        pace = as_before(counts, 3)
        assert three_hours.posts.p10 < pace < three_hours.posts.p90 * 1.2


class TestTreesBesideALine:
    """What foresees a topic is half trees, half a line."""

    def test_say_the_mean_of_both(self):
        blend = Blend(stump(at=0.0, left=-1.0, right=1.0), np.array([2.0]), 0.0, -9.0, 9.0)

        assert blend.read(np.array([3.0]))[0] == pytest.approx((1.0 + 6.0) / 2)

    def test_never_leave_what_was_learnt_from(self):
        blend = Blend(stump(at=0.0, left=-1.0, right=1.0), np.array([2.0]), 0.0, -1.5, 1.5)

        assert blend.read(np.array([1e6]))[0] == pytest.approx((1.0 + 1.5) / 2)
        assert blend.read(np.array([-1e6]))[0] == pytest.approx((-1.0 - 1.5) / 2)

    def test_know_the_hours_of_the_day(self):
        def lively_by_day(until: int) -> np.ndarray:
            hours = np.arange(6 * 24 + until) % 24
            return np.repeat(np.where((hours >= 7) & (hours < 22), 40.0, 4.0), STEPS_AN_HOUR)

        dawn, dusk = lively_by_day(6), lively_by_day(22)

        assert forecast_volume(load_volume(), dawn)[1].posts.p50 > 1.5 * as_before(dawn, 3)
        assert forecast_volume(load_volume(), dusk)[1].posts.p50 < 0.8 * as_before(dusk, 3)


class TestAScore:
    def test_counts_how_often_the_range_held(self):
        told = score([(8, 10, 12, 11), (8, 10, 12, 30), (0, 1, 2, 0), (5, 6, 7, 6)])

        assert told.made == 4
        assert told.held == 0.75

    def test_takes_the_middle_error(self):
        assert score([(0, 10, 20, 10), (0, 10, 20, 20), (0, 10, 20, 40)]).error == 0.5

    def test_of_nothing_says_nothing(self):
        assert score([]) is None

    def test_measures_an_error_against_what_came(self):
        assert error_of(150, 100) == 0.5
        assert error_of(2, 0) == 2.0
