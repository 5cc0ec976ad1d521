"""What people are told of an unusual moment: once an episode, and again only when it gets worse."""

from collections.abc import Mapping, Sequence
from math import log2, sqrt

import msgspec
import numpy as np

from quivive.detect.counting import Counter, moment, since
from quivive.detect.onsets import HORIZON_S, estimate_onset
from quivive.vocabulary.chance import special
from quivive.vocabulary.messages import Message, length, say_many
from quivive.vocabulary.signals import Certainty, Signal, SignalKind

CALM_S = 6 * 3600
"""An episode ends when nothing unusual was seen for so long."""
FLARE_UP_AFTER_S = 12 * 3600
FLARE_UP_WITHIN_S = 14 * 86_400
"""Vigilance: after two weeks of calm, what comes is a new story (crisis.md 3.1)."""
WORSE_BY = 2
"""Steps of severity that are worth a second ring in one episode."""
MOST_EVIDENCE = 20
CRITICAL_SHARE = 0.4
"""A burst is a bad buzz from this share of negative posts among those that take a side (R-18)."""
HARDLY = 0.1
"""Under so many usual ones a sentence gives no number: nobody sees 0.005 of a person."""
SURE = 0.9
EDGE_S = 1_800
"""An onset so near to how far back one is looked for may lie before it."""
FEWEST_SIDES = 8
"""Under so many posts that take a side no share is told."""


class Episode(msgspec.Struct):
    """What was told of a topic's latest run of unusual moments.

    Attributes:
        last_above: Unix second of the latest unusual moment, 0 before the first.
        kind: burst or flare-up.
        severity: the highest told.
        rang: people were told; False for a note on a friendly buzz.
        not_before: Unix second of the latest unusual moment of the run before; an onset is later.
        onset: beginning of the run that rang.  most, due, window_s: its fullest window.
        end_told: people were told that it is over.
        fell_at: Unix second at which the topic fell far under what is usual, 0 when it did not.
    """

    last_above: float = 0.0
    kind: SignalKind = SignalKind.BURST
    severity: int = 0
    rang: bool = False
    not_before: float = 0.0
    onset: float = 0.0
    most: int = 0
    due: float = 0.0
    window_s: int = CALM_S
    end_told: bool = False
    fell_at: float = 0.0


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One unusual moment of one topic.

    Attributes:
        at: Unix second, end of the minute.
        observed, expected, window_s, told_until, score: as in ``bursts.Readings``.
        usual_per_s: usual voices a second at this hour.
        relays: the unusual series is that of reposting authors.
        new: the topic was listened to for so short that what is usual is a guess.
    """

    at: int
    observed: int
    expected: float
    window_s: int
    score: float
    usual_per_s: float
    relays: bool
    new: bool = False
    told_until: int = 0


def tell(topic: str, reading: Reading, episode: Episode, counter: Counter) -> list[Signal]:
    """Return the signal that an unusual moment is worth, if any; ``episode`` learns of it."""
    _begin_or_go_on(episode, reading.at)
    severity = severity_of(reading.observed, reading.expected)
    if reading.observed > episode.most:
        episode.most, episode.due = reading.observed, reading.expected
        episode.window_s = reading.window_s
    onset, low, high = _onset(reading, counter, not_before=episode.not_before)
    shown = list(since(counter, onset))
    sides = [heard.side for heard in shown if heard.side]
    friendly = _friendly(sides)
    if friendly and episode.severity:
        return []
    if episode.rang and severity < episode.severity + WORSE_BY:
        return []
    if not episode.rang:
        episode.onset = onset
    episode.severity = max(severity, episode.severity)
    episode.rang = not friendly
    return [
        Signal(
            kind=episode.kind,
            topic=topic,
            found_at=moment(reading.at),
            rang_at=None if friendly else moment(reading.at),
            onset=moment(onset),
            onset_low=moment(low),
            onset_high=moment(high),
            window_s=reading.window_s,
            observed=reading.observed,
            expected=round(reading.expected, 3),
            severity=severity,
            certainty=Certainty.POSSIBLE if reading.new else _certainty(reading.score),
            negative_share=sides.count(-1) / len(sides) if len(sides) >= FEWEST_SIDES else None,
            evidence=tuple(heard.id for heard in shown[:MOST_EVIDENCE]),
            reason=_reason(
                reading,
                onset,
                sides if friendly else None,
                lately=sum(heard.voice and heard.at < reading.at for heard in shown),
            ),
        )
    ]


def vigilant(episode: Episode, at: float) -> bool:
    """Tell whether a moment lies in the two weeks after people were told of a burst."""
    told = episode.rang and episode.kind is SignalKind.BURST
    return told and at - episode.last_above <= FLARE_UP_WITHIN_S


def severity_of(observed: int, expected: float) -> int:
    """Say on 1 to 10 how far from usual: geometric mean of how many times more and how many more.

    >>> severity_of(4, 0.1), severity_of(30, 0.1), severity_of(500, 250.0), severity_of(900, 1.0)
    (4, 7, 4, 10)
    """
    times = min(1.0, log2((observed + 0.5) / (expected + 0.5)) / 7)
    more = min(1.0, log2(max(observed - expected, 1.0)) / 10)
    return max(1, round(1 + 9 * sqrt(max(times, 0.0) * more)))


def _begin_or_go_on(episode: Episode, at: float) -> None:
    calm = at - episode.last_above
    if calm > CALM_S:
        again = episode.rang and FLARE_UP_AFTER_S <= calm <= FLARE_UP_WITHIN_S
        episode.kind = SignalKind.FLARE_UP if again else SignalKind.BURST
        episode.severity, episode.rang, episode.end_told, episode.most = 0, False, False, 0
        episode.not_before = episode.last_above
    episode.last_above = float(at)


def _onset(reading: Reading, counter: Counter, *, not_before: float) -> tuple[float, float, float]:
    """Date the run among the voices (or relays) of the last day, after the run before."""
    times = [
        heard.at
        for heard in since(counter, max(reading.at - HORIZON_S, not_before))
        if (heard.relay if reading.relays else heard.voice) and heard.at < reading.at
    ]
    if not times:
        begun = float(reading.at - reading.window_s)
        return begun, begun, begun
    return estimate_onset(
        np.array(times), expected_per_s=reading.usual_per_s, now=float(reading.at)
    )


def _friendly(sides: Sequence[int]) -> bool:
    """Tell whether we are sure that critics are under the share; when unsure, it rings.

    >>> _friendly([1, 1, 1]), _friendly([1, 1, 1, 1]), _friendly([1, 1, 1, 1, 1, -1])
    (False, True, False)
    """
    negative = sides.count(-1)
    positive = len(sides) - negative
    return bool(special().betainc(negative + 1, positive + 1, CRITICAL_SHARE) >= SURE)


def _certainty(score: float) -> Certainty:
    """Turn bans into CAP words: a chance in ten thousand weeks, one in a hundred, or less rare."""
    if score >= 4:  # noqa: PLR2004
        return Certainty.OBSERVED
    return Certainty.LIKELY if score >= 2 else Certainty.POSSIBLE  # noqa: PLR2004


def _reason(reading: Reading, onset: float, sides: Sequence[int] | None, *, lately: int) -> Message:
    """Say what was heard; ``lately``: voices since the onset, of those in the window.

    A long window that rang begins afresh, so its count is told from there.
    """
    values: dict[str, str | int | float] = {
        "window": length(reading.window_s),
        "expected": float(f"{reading.expected:.2g}"),
        "time": moment(onset).isoformat(timespec="minutes"),
    }
    if sides is not None:
        values |= {"negatives": list(sides).count(-1), "sides": len(sides)}
        return say_many(
            "{count} person wrote in {window}, where {expected} are usual; friendly: "
            "{negatives} of {sides} posts that take a side are critical.",
            "{count} people wrote in {window}, where {expected} are usual; friendly: "
            "{negatives} of {sides} posts that take a side are critical.",
            reading.observed,
            **values,
        )
    if reading.told_until:
        values["since"] = moment(reading.told_until).isoformat(timespec="minutes")
    if reading.relays:
        return _of_relays(reading, values)
    earlier = onset <= reading.at - HORIZON_S + EDGE_S
    return _of_voices(reading, values, lately=lately, earlier=earlier)


def _of_relays(reading: Reading, values: Mapping[str, str | int | float]) -> Message:
    if reading.expected < HARDLY:
        return say_many(
            "{count} account reposted in {window}, when hardly any usually does; "
            "first repost at {time}.",
            "{count} accounts reposted in {window}, when hardly any usually does; "
            "first repost at {time}.",
            reading.observed,
            **values,
        )
    if reading.told_until:
        return say_many(
            "{count} more account reposted since {since}, where {expected} are usual in {window}.",
            "{count} more accounts reposted since {since}, where {expected} are usual in {window}.",
            reading.observed,
            **values,
        )
    return say_many(
        "{count} account reposted in {window}, where {expected} are usual; first repost at {time}.",
        "{count} accounts reposted in {window}, where {expected} are usual; "
        "first repost at {time}.",
        reading.observed,
        **values,
    )


def _of_voices(
    reading: Reading, values: Mapping[str, str | int | float], *, lately: int, earlier: bool
) -> Message:
    if reading.new:
        return say_many(
            "{count} person wrote in {window} on a topic so new that what is usual is a "
            "guess; first post at {time}.",
            "{count} people wrote in {window} on a topic so new that what is usual is a "
            "guess; first post at {time}.",
            reading.observed,
            **values,
        )
    if reading.expected < HARDLY:
        return say_many(
            "{count} person wrote in {window}, when hardly anybody usually does; "
            "first post at {time}.",
            "{count} people wrote in {window}, when hardly anybody usually does; "
            "first post at {time}.",
            reading.observed,
            **values,
        )
    if reading.told_until:
        return say_many(
            "{count} more person wrote since {since}, where {expected} are usual in {window}.",
            "{count} more people wrote since {since}, where {expected} are usual in {window}.",
            reading.observed,
            **values,
        )
    if lately < reading.observed:
        return say_many(
            "{count} person wrote in {window}, where {expected} are usual; "
            "of these, {lately} since {time}.",
            "{count} people wrote in {window}, where {expected} are usual; "
            "of these, {lately} since {time}.",
            reading.observed,
            lately=lately,
            **values,
        )
    if earlier:
        return say_many(
            "{count} person wrote in {window}, where {expected} are usual; since {time} or before.",
            "{count} people wrote in {window}, where {expected} are usual; since {time} or before.",
            reading.observed,
            **values,
        )
    return say_many(
        "{count} person wrote in {window}, where {expected} are usual; first post at {time}.",
        "{count} people wrote in {window}, where {expected} are usual; first post at {time}.",
        reading.observed,
        **values,
    )
