"""Posts that come in behind the clock: stored now, detected on when the topic is done anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from quivive.flow.steps import Caught, Waiting, catch, enrich
from quivive.flow.watch import Watch
from quivive.listen.engagements import Engagement
from quivive.listen.records import Deletion
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.web.listen.engagements import engage
from quivive.web.listen.worker import (
    ask_rebuild,
    forget_posts,
    fresh,
    hold_changed,
    revise_posts,
    save_cursors,
    store_around,
    store_matches,
    take_away,
    topics_of,
)


@transaction.atomic
def keep_late(
    posts: Sequence[Post],
    *,
    around: Sequence[Post] = (),
    engagements: Sequence[Engagement] = (),
    deletions: Sequence[Deletion] = (),
    cursors: Mapping[str, str],
    arrivals: Sequence[int] = (),
    watch: Watch,
    now: datetime,
) -> None:
    """Store what a live source gave behind the clock; its topics are then detected anew."""
    hold_changed([*posts, *around], engagements, deletions)
    new = store_past(catch_past(posts, watch=watch, caught={}, now=now), watch=watch, now=now)
    store_around(around, now=now)
    revise_posts(posts)
    engage(engagements)
    forget_posts(deletions, now=now)
    save_cursors(cursors, heard=bool(new), now=now)
    take_away(arrivals)


def catch_past(
    posts: Sequence[Post],
    *,
    watch: Watch,
    caught: Caught,
    waiting: Waiting | None = None,
    now: datetime,
) -> list[Match]:
    """Return the posts of the past that match, and remember them in ``caught``.

    A repost follows what it repeats, caught before or stored, or later where it is ``waiting``.
    """
    found = catch(posts, watch=watch, caught=caught, waiting=waiting, stored=topics_of)
    return [_heard_by(now, match) for match in found]


def store_past(matches: Sequence[Match], *, watch: Watch, now: datetime) -> list[Match]:
    """Store what was caught of the past and ask for its topics anew; returns what was new."""
    new = enrich(fresh(matches), watch=watch)
    store_matches(new, now=now)
    ask_rebuild({topic for match in new for topic in match.topics})
    return new


def _heard_by(now: datetime, match: Match) -> Match:
    """Bring a forged future time back to now: nobody hears a post before it is there."""
    if match.post.heard_at <= now:
        return match
    return replace(match, post=replace(match.post, seen_at=now))
