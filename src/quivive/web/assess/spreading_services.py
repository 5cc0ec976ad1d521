"""Keeps what is foreseen of posts that spread, and what came of it."""

from datetime import datetime, timedelta

import numpy as np
from django.db.models import Count

from quivive.assess.forecast.cascade import HORIZON_S, forecast_cascade
from quivive.web.assess.models import PostForecast
from quivive.web.assess.services import MOST_SETTLED, SETTLE_AFTER
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
    return PostForecast.objects.bulk_create(
        [one for one in foreseen if one is not None], ignore_conflicts=True
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
    return list(Post.objects.filter(uid__in=uids, deleted_at=None, published__gt=made_at - WEEK))


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
