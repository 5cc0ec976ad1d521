"""Onsets: the first post of a run, and how sure we are of it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.detect.onsets import estimate_onset

HOUR_S = 3600.0
SLOW_PER_S = 2 / 86_400


def run(*, background_s, onset_s, every_s, posts):
    return np.concatenate([background_s, onset_s + every_s * np.arange(posts)])


class TestTheOnset:
    def test_is_the_first_post_of_the_run(self):
        times = run(background_s=[0, 30_000.0, 61_000.0], onset_s=80_000.0, every_s=150, posts=8)

        onset, low, high = estimate_onset(times, expected_per_s=SLOW_PER_S, now=81_100.0)

        assert onset == 80_000.0
        assert low <= onset <= high

    def test_is_found_under_a_steady_background(self):
        rng = np.random.default_rng(3)
        background = np.sort(rng.uniform(0, 86_400, 240))
        times = np.concatenate([background, rng.uniform(80_000, 82_000, 60)])

        onset, low, high = estimate_onset(times, expected_per_s=240 / 86_400, now=82_000.0)

        assert abs(onset - 80_000) < 600
        assert low <= 80_100
        assert high >= 80_000

    def test_of_one_post_is_that_post(self):
        assert estimate_onset(np.array([50.0]), expected_per_s=0.001, now=60.0) == (50, 50, 50)

    @settings(deadline=None)
    @given(st.lists(st.floats(1, 86_000), min_size=1, max_size=60), st.floats(1e-6, 0.1))
    def test_is_always_a_post_inside_its_interval(self, times, usual):
        onset, low, high = estimate_onset(np.array(times), expected_per_s=usual, now=86_000.0)

        assert onset in times
        assert low <= onset <= high

    @settings(deadline=None)
    @given(st.floats(0, 1e9))
    def test_moves_with_the_clock(self, shift):
        times = run(background_s=[0.0, 40_000.0], onset_s=80_000.0, every_s=100, posts=6)

        onset, _, _ = estimate_onset(
            times + round(shift), expected_per_s=SLOW_PER_S, now=80_600.0 + round(shift)
        )

        assert onset - round(shift) == 80_000.0
