"""Do our own words turn against us? Answers to our posts against our usual ones, and their tone.

Three measures, each told: how many answer or quote for each who likes, against our own past; the
critical share among answers that take a side; and the tone of the first ten, which sets that of
the rest. A verdict needs five voices: an audience of few is not read as a storm.
"""

from math import log, sqrt

import msgspec

from quivive.detect.counting import is_own, moment
from quivive.vocabulary.chance import special
from quivive.vocabulary.matches import Match
from quivive.vocabulary.messages import Message, say_many
from quivive.vocabulary.sentiments import Leaning
from quivive.vocabulary.signals import Certainty, Signal, SignalKind
from quivive.vocabulary.topics import Topic

FEWEST_VOICES = 5
FEWEST_SIDES = 4
FEWEST_PAST = 8
"""Posts of ours whose answers are known, before a ratio can be called unusual."""
UNUSUAL = 2.0
"""Standard deviations above our usual logarithm of answers to likes."""
CRITICAL_SHARE = 0.5
SURE = 0.8
EARLY = 10
FOLLOWED_S = 3 * 86_400
MOST_OURS = 200
MOST_USUAL = 50
MOST_EVIDENCE = 20


class Ours(msgspec.Struct):
    """One post of ours and who answered.

    Attributes:
        at: Unix second.  likes: when last read; None when not told.
        answers: post, author and side (-1 critical, 1 supportive, 0 neither), in the order heard.
        rang: people were told.
    """

    at: float
    likes: int | None
    answers: list[tuple[str, str, int]] = msgspec.field(default_factory=list)
    rang: bool = False


class Answers(msgspec.Struct):
    """Our posts on one topic that are still answered, and what is usual for us.

    Attributes:
        ours: by post.  usual: logarithms of (answers + 1) to (likes + 1) of older posts.
    """

    ours: dict[str, Ours] = msgspec.field(default_factory=dict)
    usual: list[float] = msgspec.field(default_factory=list)


def hear(answers: Answers, match: Match, topic: Topic) -> list[Signal]:
    """Take one post in the order heard; return a signal when it shows a backlash, once a post."""
    post, at = match.post, match.post.heard_at.timestamp()
    if is_own(post, topic):
        if post.repost_of is None:
            answers.ours[post.id] = Ours(at, post.likes)
        _settle(answers, at)
        return []
    name = next((one for one in (post.in_reply_to, post.quote_of) if one in answers.ours), None)
    if name is None:
        return []
    ours = answers.ours[name]
    ours.answers.append((post.id, post.attributed_to.id, _side(match)))
    if ours.rang or at - ours.at > FOLLOWED_S:
        return []
    reason = _reason(ours, answers.usual)
    if reason is None:
        return []
    ours.rang = True
    return [_signal(name, ours, topic, at, reason)]


def _settle(answers: Answers, at: float) -> None:
    """Learn from posts of ours that are no longer followed, and let them go."""
    over = [name for name, ours in answers.ours.items() if at - ours.at > FOLLOWED_S]
    over += list(answers.ours)[: max(0, len(answers.ours) - MOST_OURS)]
    for name in dict.fromkeys(over):
        ours = answers.ours.pop(name)
        if ours.likes is not None and not ours.rang:
            answers.usual.append(_ratio(ours, ours.likes))
    del answers.usual[:-MOST_USUAL]


def _ratio(ours: Ours, likes: int) -> float:
    return log((len(ours.answers) + 1) / (likes + 1))


def _side(match: Match) -> int:
    if match.sentiment is None:
        return 0
    return {Leaning.NEGATIVE: -1, Leaning.POSITIVE: 1}.get(match.sentiment.label, 0)


def _reason(ours: Ours, usual: list[float]) -> Message | None:
    """Say why it is a backlash; None when it is not, or not yet."""
    sides = [side for _, _, side in ours.answers if side]
    voices = len({author for _, author, _ in ours.answers})
    negatives = sides.count(-1)
    if voices < FEWEST_VOICES:
        return None
    values: dict[str, int | float | str] = {
        "negatives": negatives,
        "sides": len(sides),
        "early": [side for _, _, side in ours.answers[:EARLY]].count(-1),
        "first": min(EARLY, len(ours.answers)),
    }
    if len(sides) >= FEWEST_SIDES and _surely_critical(negatives, len(sides)):
        return say_many(
            "{count} person answers our post against us: {negatives} of {sides} answers that take "
            "a side are critical, {early} of the first {first}.",
            "{count} people answer our post, and against us: {negatives} of {sides} answers that "
            "take a side are critical, {early} of the first {first}.",
            voices,
            **values,
        )
    times = _times_usual(ours, usual)
    if times is not None and voices >= 2 * FEWEST_VOICES and 2 * negatives >= len(sides):
        return say_many(
            "{count} person answers our post, {times} times as many for each like as is usual for "
            "us; {negatives} of {sides} answers that take a side are critical.",
            "{count} people answer our post, {times} times as many for each like as is usual for "
            "us; {negatives} of {sides} answers that take a side are critical.",
            voices,
            times=round(times, 1),
            **values,
        )
    return None


def _surely_critical(negatives: int, sides: int) -> bool:
    """Tell whether most answers are critical, by the beta posterior from a flat prior."""
    return bool(1 - special().betainc(negatives + 1, sides - negatives + 1, CRITICAL_SHARE) >= SURE)


def _times_usual(ours: Ours, usual: list[float]) -> float | None:
    """Return how many times our usual ratio it is; None when that is not unusual or not known."""
    if ours.likes is None or len(usual) < FEWEST_PAST:
        return None
    mean = sum(usual) / len(usual)
    spread = sqrt(sum((one - mean) ** 2 for one in usual) / (len(usual) - 1))
    above = _ratio(ours, ours.likes) - mean
    return 2.718281828**above if above >= UNUSUAL * max(spread, 0.25) else None


def _signal(name: str, ours: Ours, topic: Topic, at: float, reason: Message) -> Signal:
    sides = [side for _, _, side in ours.answers if side]
    return Signal(
        kind=SignalKind.BACKLASH,
        topic=topic.id,
        found_at=moment(at),
        rang_at=moment(at),
        onset=moment(ours.at),
        onset_low=moment(ours.at),
        onset_high=moment(ours.at),
        window_s=int(at - ours.at),
        observed=len(ours.answers),
        expected=0.0,
        severity=min(10, 3 + len(ours.answers) // 5),
        certainty=Certainty.LIKELY,
        negative_share=sides.count(-1) / len(sides) if sides else None,
        evidence=(name, *(post for post, _, _ in ours.answers[: MOST_EVIDENCE - 1])),
        reason=reason,
    )
