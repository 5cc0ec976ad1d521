"""The rule on how critical the talk is: a share over a floor, for topics that ask for it.

Tone alone never decides whether something rings: the rule is off until somebody sets it, needs ten
posts that take a side, and stands beside all others.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q

from quivive.vocabulary.messages import say
from quivive.vocabulary.signals import Certainty, Signal, SignalKind
from quivive.web.detect.models import Alert
from quivive.web.detect.services import OPEN_STATES, keep_signals, latest_of
from quivive.web.listen.models import Leaning, Match, Matches, Topic

WINDOW = timedelta(hours=1)
USUAL = timedelta(days=28)
FEWEST_SIDES = 10
AGAIN = timedelta(hours=6)
"""So long the same share rings once; a graver one rings at once."""

MOST_SHOWN = 50


class Sides(NamedTuple):
    """Posts that take a side, and how many of them criticise."""

    critical: int
    all: int

    @property
    def share(self) -> float:
        """Share that criticises; 0 where nobody takes a side."""
        return self.critical / self.all if self.all else 0.0


def ring_negative(*, now: datetime) -> int:
    """Ring where talk of the last hour is as critical as somebody asked to hear of."""
    asked = Topic.objects.filter(negative_percent__isnull=False, archived_at=None)
    return sum(_look(topic, now) for topic in asked)


def _look(topic: Topic, now: datetime) -> bool:
    heard = _sides(topic, now - WINDOW, now)
    sides = _count(heard)
    assert topic.negative_percent is not None
    if sides.all < FEWEST_SIDES or 100 * sides.share < topic.negative_percent:
        return False
    severity = round(3 + 4 * sides.share)
    last = latest_of(SignalKind.NEGATIVE_SHARE, topic.slug)
    if last is not None and severity <= last.signal.severity and _stands(last, now):
        return False
    usual = _count(_sides(topic, now - USUAL, now - WINDOW))
    critical = heard.filter(post__leaning=Leaning.NEGATIVE).order_by("post__published", "pk")
    shown = critical.values_list("post__uid", "post__published")[:MOST_SHOWN]
    onset = shown[0][1]
    signal = Signal(
        kind=SignalKind.NEGATIVE_SHARE,
        topic=topic.slug,
        found_at=now,
        rang_at=now,
        onset=min(onset, now),
        onset_low=min(onset, now),
        onset_high=min(onset, now),
        window_s=int(WINDOW.total_seconds()),
        observed=sides.critical,
        expected=usual.share * sides.all,
        severity=severity,
        certainty=Certainty.LIKELY,
        negative_share=sides.share,
        evidence=tuple(uid for uid, _ in shown),
        reason=say(
            "{critical} of {sides} posts of the last hour that take a side are critical; "
            "{usual} of as many are usual.",
            critical=sides.critical,
            sides=sides.all,
            usual=round(usual.share * sides.all, 1),
        ),
    )
    return bool(keep_signals([signal], now=now))


def _stands(alert: Alert, now: datetime) -> bool:
    return alert.state in OPEN_STATES or now - alert.rang_at < AGAIN


def _sides(topic: Topic, since: datetime, until: datetime) -> Matches:
    """Return posts of others that take a side; a repost has none of its own."""
    return Match.objects.in_view().filter(
        topic=topic,
        heard_at__gt=since,
        heard_at__lte=until,
        relayed=False,
        post__own=False,
        post__deleted_at=None,
        post__leaning__in=[Leaning.NEGATIVE, Leaning.POSITIVE],
    )


def _count(sides: Matches) -> Sides:
    found = sides.aggregate(
        critical=Count("pk", filter=Q(post__leaning=Leaning.NEGATIVE)), all=Count("pk")
    )
    return Sides(**found)
