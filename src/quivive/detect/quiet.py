"""What falls quiet: a burst that ends, and a topic of which far less is heard than usual.

Both are notes that ring nobody: the first says how long it lasted, the second that few speak, or
that a source no longer brings what it should.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quivive.detect.burst_state import BurstState
from quivive.detect.counting import Counter, moment, since
from quivive.detect.law import law
from quivive.detect.planned_hours import foreseen
from quivive.detect.surprises import WEEK_S
from quivive.detect.telling import CALM_S, Episode
from quivive.vocabulary.chance import special
from quivive.vocabulary.messages import Message, length, say_many
from quivive.vocabulary.signals import Certainty, Signal, SignalKind

Floats = NDArray[np.float64]

WINDOWS_S = (10_800, 86_400)
KNOWN_H = 168.0
"""A whole week has to be known before less than usual means anything."""
FEWEST_DUE = 5.0
AT_MOST = 0.5
"""A drop is a half of what is due, or less; it is over from four fifths on."""
OVER_FROM = 0.8
PRICE = 0.5
"""Bans for two windows, and for the hours that are looked at again."""
SLOWER = 4
"""A burst is over when the pace is a quarter of what it was, or less."""
SEVERITY_OF_SILENCE = 5


def ended(topic: str, episode: Episode, counter: Counter, minute: int) -> list[Signal]:
    """Return the end of a run that people were told of, once, after hours with nothing unusual.

    On a topic that began in a storm nothing is unusual soon: the pace has to have fallen too.
    """
    if not episode.rang or episode.end_told or minute - episode.last_above < CALM_S:
        return []
    heard = sum(one.voice or one.relay for one in since(counter, minute - CALM_S))
    if SLOWER * heard / CALM_S > episode.most / episode.window_s:
        return []
    episode.end_told = True
    lasted = max(60.0, episode.last_above - episode.onset)
    return [
        _note(
            SignalKind.BACK_TO_NORMAL,
            topic,
            minute,
            begun=episode.last_above,
            window_s=CALM_S,
            observed=episode.most,
            expected=episode.due,
            severity=1,
            certainty=Certainty.OBSERVED,
            reason=say_many(
                "Back to usual since {time}, after {lasted}; at most {count} person wrote in "
                "one window.",
                "Back to usual since {time}, after {lasted}; at most {count} people wrote in "
                "one window.",
                episode.most,
                time=moment(episode.last_above).isoformat(timespec="minutes"),
                lasted=length(lasted),
            ),
        )
    ]


def drops(
    state: BurstState, topics: Sequence[str], episodes: Sequence[Episode], accepted: Floats
) -> list[Signal]:
    """Return the topics that fell far under what is usual, each once until it recovers.

    Args:
        state: voices of each topic first, in this order; the clock stands at an hour.
        accepted: false alarms a week that each topic accepts, 0 for none at all, shape (N,).
    """
    known = state.baseline.age_h[: len(topics)] >= KNOWN_H
    fallen = np.array([episode.fell_at > 0 for episode in episodes], bool)
    asked = np.flatnonzero(known | fallen)
    if not len(asked):
        return []
    found, recovered = [], np.ones(len(asked), bool)
    for window_s in WINDOWS_S:
        heard, due, score = shortfall(state, window_s, asked)
        recovered &= heard >= OVER_FROM * due
        with np.errstate(divide="ignore"):
            fell = score >= -np.log10(accepted[asked])
        for at in np.flatnonzero(fell).tolist():
            place = int(asked[at])
            if not episodes[place].fell_at:
                episodes[place].fell_at = float(state.clock)
                found.append(_drop(topics[place], state.clock, window_s, heard[at], due[at]))
    for place in asked[recovered].tolist():
        episodes[place].fell_at = 0.0
    return found


def shortfall(
    state: BurstState, window_s: int, asked: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return posts heard and due in one window of some series, and how odd so few are; (K,) each.

    The oddity is ``-log10`` of the weekly false alarms that telling of it would cost; it is 0 where
    too little is due, where a week is not known yet, where a burst rang within the window,
    whose counts then start afresh, and where a peak was planned in it.
    """
    score = np.zeros(len(asked))
    place = next((p for p, ring in enumerate(state.windows) if ring.window_s == window_s), None)
    if place is None:
        return np.zeros(len(asked), np.int64), np.zeros(len(asked)), score
    heard = state.rings[place][asked].sum(axis=1)
    due, variance = (
        found[:, 0] for found in law(state, [place], state.clock - state.step_s, asked)
    )
    odd = (heard <= AT_MOST * due) & (due >= FEWEST_DUE) & (state.baseline.age_h[asked] >= KNOWN_H)
    odd &= state.last_above[asked] < state.clock - window_s
    odd &= ~foreseen(state, window_s)[asked]  # that a planned peak did not come is no drop
    if odd.any():
        chance = fewer(heard[odd], due[odd], variance[odd])
        score[odd] = -np.log10(np.maximum(chance, 1e-300)) - np.log10(WEEK_S / window_s) - PRICE
    return heard, due, score


def fewer(counts: NDArray[np.int64], mean: Floats, variance: Floats) -> Floats:
    """Return ``P(X <= count)`` under a negative binomial law.

    >>> fewer(np.array([0]), np.array([5.0]), np.array([5.0])).round(4)
    array([0.0067])
    """
    shape = mean**2 / np.maximum(variance - mean, 1e-6 * mean)
    return np.asarray(special().betainc(shape, counts + 1.0, shape / (mean + shape)))


def _drop(topic: str, clock: int, window_s: int, heard: int, due: float) -> Signal:
    return _note(
        SignalKind.DROP,
        topic,
        clock,
        begun=clock - window_s,
        window_s=window_s,
        observed=int(heard),
        expected=float(due),
        severity=SEVERITY_OF_SILENCE if heard == 0 else SEVERITY_OF_SILENCE - 2,
        certainty=Certainty.LIKELY,
        reason=say_many(
            "Only {count} person wrote in {window}, where {expected} are usual: it became "
            "quiet, or a source is missing.",
            "Only {count} people wrote in {window}, where {expected} are usual: it became "
            "quiet, or a source is missing.",
            int(heard),
            window=length(window_s),
            expected=float(f"{due:.2g}"),
        ),
    )


def _note(
    kind: SignalKind,
    topic: str,
    at: int,
    *,
    begun: float,
    window_s: int,
    observed: int,
    expected: float,
    severity: int,
    certainty: Certainty,
    reason: Message,
) -> Signal:
    return Signal(
        kind=kind,
        topic=topic,
        found_at=moment(at),
        rang_at=None,
        onset=moment(begun),
        onset_low=moment(begun),
        onset_high=moment(begun),
        window_s=window_s,
        observed=observed,
        expected=round(expected, 3),
        severity=severity,
        certainty=certainty,
        negative_share=None,
        evidence=(),
        reason=reason,
    )
