"""Keeps what is foreseen of posts that spread, and what came of it."""

from datetime import datetime, timedelta

import numpy as np
from django.db.models import Count

from quivive.assess.forecast.cascade import HORIZON_S, forecast_cascade
from quivive.vocabulary.messages import say
from quivive.vocabulary.signals import Certainty, Signal, SignalKind, signal_since
from quivive.web.assess.models import PostForecast
from quivive.web.assess.services import MOST_SETTLED, SETTLE_AFTER
from quivive.web.detect.services import keep_signals
from quivive.web.listen.models import Post, Topic
from quivive.wire.models import load_cascade

WEEK = timedelta(seconds=HORIZON_S)
LEAST = 5
"""Fewer reposts than this say nothing of how a post spreads."""
MOST = 10
"""Posts of a topic that are followed, those reposted most."""
HEARD = 0.8
"""Share of the reposts a network tells of that must be kept: fewer do not tell the pace."""
AGAIN = timedelta(hours=1)
"""What stands still is foreseen this often."""

_FOLLOWERS = "document__post__attributed_to__followers"


def foresee_posts(*, topic: Topic, made_at: datetime) -> list[PostForecast]:
    """Store what is foreseen of a topic's posts that spread, once a moment."""
    foreseen = [_foreseen(post, made_at) for post in _followed(topic, made_at)]
    made = [one for one in foreseen if one is not None]
    if topic.spread_reposts is not None:
        grown = [one for one in made if one.p50 >= topic.spread_reposts]
        keep_signals([_signal(topic, one) for one in grown], now=made_at)
    return PostForecast.objects.bulk_create(made, ignore_conflicts=True)


def _signal(topic: Topic, forecast: PostForecast) -> Signal:
    """Ring for a post that is foreseen to travel far; told once a post."""
    post = forecast.post
    return signal_since(
        SignalKind.SPREADING,
        topic=topic.slug,
        since=post.published,
        now=forecast.made_at,
        observed=forecast.observed,
        severity=min(9, 3 + len(str(round(forecast.p50)))),
        certainty=Certainty.LIKELY,
        evidence=(post.uid,),
        reason=say(
            "A post of {author} was reposted {observed} times; {middle} are foreseen within a "
            "week ({low} to {high}).",
            author=str(post.author),
            observed=forecast.observed,
            middle=round(forecast.p50),
            low=round(forecast.p10),
            high=round(forecast.p90),
        ),
    )


def settle_posts(*, now: datetime) -> int:
    """Write beside each forecast whose week is over how many reposts came; return how many."""
    waiting = PostForecast.objects.filter(came=None, due_at__lte=now - SETTLE_AFTER)
    due = list(waiting.select_related("post")[:MOST_SETTLED])
    for forecast in due:
        relays = Post.objects.filter(repost_of=forecast.post.uid, published__lte=forecast.due_at)
        forecast.came = relays.count()
    PostForecast.objects.bulk_update(due, ["came"])
    return len(due)


def _followed(topic: Topic, made_at: datetime) -> list[Post]:
    """Return the posts of the week that were reposted most."""
    relays = Post.objects.filter(
        matches__topic=topic,
        matches__heard_at__gt=made_at - WEEK,  # heard no sooner than published, and indexed
        deleted_at=None,
        published__gt=made_at - WEEK,
        published__lte=made_at,
    ).exclude(repost_of="")
    counted = relays.values("repost_of").annotate(many=Count("pk")).filter(many__gte=LEAST)
    uids = [row["repost_of"] for row in counted.order_by("-many", "repost_of")[:MOST]]
    rows = Post.objects.filter(uid__in=uids, deleted_at=None, published__gt=made_at - WEEK)
    return list(rows.select_related("author"))


def _foreseen(post: Post, made_at: datetime) -> PostForecast | None:
    """Foresee one post; None when nothing moved, or too few of its reposts were heard."""
    relays = Post.objects.filter(repost_of=post.uid, deleted_at=None, published__lte=made_at)
    rows = list(relays.order_by("published", "pk").values_list("published", _FOLLOWERS))
    told = post.document["post"]
    if len(rows) < HEARD * (told.get("reposts") or 0) or _stands_still(post, len(rows), made_at):
        return None
    times = [max((at - post.published).total_seconds(), 0.0) for at, _ in rows]
    crowd = [told["attributed_to"].get("followers"), *(followers for _, followers in rows)]
    known = [one for one in crowd if one is not None]
    found = forecast_cascade(
        load_cascade(),
        np.array(times, float),
        np.array(known, float) if len(known) == len(crowd) else None,
        at_s=(made_at - post.published).total_seconds(),
    )
    return PostForecast(
        post=post,
        made_at=made_at,
        due_at=post.published + WEEK,
        observed=found.observed,
        p10=found.final.p10,
        p50=found.final.p50,
        p90=found.final.p90,
    )


def _stands_still(post: Post, count: int, made_at: datetime) -> bool:
    last = post.forecasts.filter(made_at__lte=made_at).first()
    return last is not None and last.observed == count and made_at - last.made_at < AGAIN
