"""A series' own peaks: what is promised holds on tails no law of counts foresaw."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from quivive.detect import tails as straying
from quivive.detect.burst_state import BurstState, empty
from quivive.detect.bursts import BurstSettings, observe

START = datetime(2026, 3, 2, tzinfo=UTC)
STEP_S = 900
A_DAY = 86_400 // STEP_S
SHORT = straying.starts(np.array([3600]))


def leaping(*, series, days, seed):
    """Busy counts whose level drifts for hours and leaps with a power-law tail."""
    rng = np.random.default_rng(seed)
    drift = np.zeros((days * A_DAY, series))
    for place in range(1, len(drift)):
        drift[place] = 0.95 * drift[place - 1] + 0.08 * rng.standard_t(4, series)
    return rng.poisson(40 * np.exp(drift))


def alarms(counts, *, settings, skip_days):
    """Count what each series rings under each setting, shape (settings, series); in one pass."""
    n, several = counts.shape[1], len(settings)
    names, each = [str(place) for place in range(several * n)], np.repeat(np.arange(several), n)
    asked = {place: settings[which] for place, which in enumerate(each.tolist())}
    state, rang = empty(names, step_s=STEP_S, start=START), np.zeros(several * n, int)
    for place, row in enumerate(counts):
        at = START + place * timedelta(seconds=STEP_S)
        state, seen = observe(state, np.tile(row, several), at=at, settings=asked)
        rang += seen.alarm & (place >= skip_days * A_DAY)
    return rang.reshape(several, n)


def close(tails, *, hours, grown=True, sure=1.0):
    """Let hours close in which the peaks noted so far end, if they are long enough."""
    n = len(tails.weeks)
    for _ in range(hours):
        straying.learn_hour(tails, np.full(n, grown), sure * np.ones(n), SHORT, hours=1.0)


class TestFalseAlarms:
    def test_are_about_what_was_promised_on_busy_series_that_leap(self):
        counts, promised = leaping(series=60, days=42, seed=3), np.array([0.3, 1.0])

        rang = alarms(counts, settings=[*map(BurstSettings, promised)], skip_days=14)

        a_week = rang.sum(axis=1) / (60 * 4)
        assert np.all((0.5 * promised <= a_week) & (a_week <= 1.5 * promised)), a_week


class TestPeaks:
    def test_make_the_next_peak_as_high_less_of_an_alarm(self):
        tails = straying.fresh(2, 1)
        for hour in range(200):
            heights = np.array([2.0 if hour % 10 == 0 else 0.0])
            straying.remember(tails, np.array([1]), 0, heights)
            close(tails, hours=1)

        quiet, restless = straying.score(tails, np.array([0, 1]), 0, np.array([3.0, 3.0]), SHORT)

        assert quiet > 1
        assert restless < quiet - 1

    def test_that_are_news_teach_no_more_than_what_rings(self):
        tails = {}
        for size in (6.0, 600.0):
            tails[size] = straying.fresh(1, 1)
            straying.remember(tails[size], np.array([0]), 0, np.array([size]))
            close(tails[size], hours=8)

        assert 0 < tails[6.0].reached[0, 0] < 6.0
        assert tails[6.0].reached[0, 0] == tails[600.0].reached[0, 0]

    def test_that_are_news_do_not_count_as_peaks_that_ended_there(self):
        tails = straying.fresh(2, 1)
        straying.remember(tails, np.array([0, 1]), 0, np.array([0.5, 600.0]))

        close(tails, hours=8)

        assert tails.peaks[:, 0] == pytest.approx([1.0, 0.0], abs=0.01)

    def test_of_hours_nobody_could_foretell_say_little_of_how_far_a_series_strays(self):
        tails, both, far = straying.fresh(2, 1), np.array([0, 1]), np.array([5.0, 5.0])
        for _ in range(4):
            straying.remember(tails, both, 0, np.array([1.2, 1.2]))
            close(tails, hours=8, sure=np.array([1.0, 0.1]))

        foretold, unforeseen = straying.score(tails, both, 0, far, SHORT)

        assert tails.peaks[0] == tails.peaks[1] > 2
        assert foretold < unforeseen - 0.3

    def test_of_a_series_too_new_teach_nothing(self):
        tails = straying.fresh(1, 1)
        straying.remember(tails, np.array([0]), 0, np.array([5.0]))

        close(tails, hours=8, grown=False)

        assert tails.peaks[0, 0] == 0

    def test_of_first_days_are_less_sure_than_those_of_a_rhythm_that_is_known(self):
        counts, told = leaping(series=20, days=15, seed=4), [np.zeros(2)]
        state = empty([str(place) for place in range(20)], step_s=4 * STEP_S, start=START)
        for place, row in enumerate(counts.reshape(-1, 4, 20).sum(axis=1)):
            at = START + place * timedelta(hours=1)
            state, _ = observe(state, row, at=at, settings=BurstSettings())
            if place in (3 * 24, 8 * 24, 15 * 24 - 1):
                told.append(np.array([state.tails.sure[:, 0].sum(), state.tails.peaks[:, 0].sum()]))

        sure, peaks = np.diff(told, axis=0).T

        first, _, last = sure / peaks
        assert first < last < 1

    def test_outlive_a_restart(self):
        counts = leaping(series=3, days=3, seed=1)
        state = empty(["a", "b", "c"], step_s=STEP_S, start=START)
        for place, row in enumerate(counts[:-1]):
            at = START + place * timedelta(seconds=STEP_S)
            state, _ = observe(state, row, at=at, settings=BurstSettings())
        woken = BurstState.from_bytes(state.to_bytes())
        at = START + (len(counts) - 1) * timedelta(seconds=STEP_S)

        _, straight = observe(state, counts[-1], at=at, settings=BurstSettings())
        _, after = observe(woken, counts[-1], at=at, settings=BurstSettings())

        np.testing.assert_array_equal(straight.score, after.score)
