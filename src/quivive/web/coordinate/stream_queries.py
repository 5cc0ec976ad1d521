"""What pages read of the posts of a crisis: the stream, with people in need first if asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q

from quivive.respond.asking import Urgency
from quivive.vocabulary.posts import Post as Said
from quivive.web.assess.models import Threat
from quivive.web.coordinate.conversation import helped_first, rows_of, threaded
from quivive.web.detect.queries import BEFORE_ONSET
from quivive.web.listen.models import Match, Matches, Post
from quivive.web.listen.queries import said

ORDERS = ("newest", "help", "followed")
MOST_READ = 1000
"""Newest posts among which those of people in need are looked for."""

MOST_COUNTED = 10_000
"""Posts counted one by one; of more the page says that there are more."""

STREAM_STEP = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRow:
    """One post of the stream; see :class:`quivive.web.coordinate.conversation.Row`."""

    post: Post
    relayed: bool
    depth: int
    urgency: Urgency
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPosts:
    """Which posts of a crisis are asked for.

    Attributes:
        leaning, network: only posts that read so, or from there; empty for all.
        words: only posts with words of their own, so no reposts.
        hidden: what is kept from view, instead of the rest.
    """

    leaning: str = ""
    network: str = ""
    words: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Posts since shortly before the onset.

    Attributes:
        total: how many there are with these traits, at most ``MOST_COUNTED``.
        more: how many to ask for next; 0 at the end.
        networks: those that can be chosen.  hidden: how many are kept from view.
    """

    rows: list[StreamRow]
    total: int
    more: int
    networks: list[str]
    hidden: int

    @property
    def uncounted(self) -> bool:
        """Tell whether there may be more than were counted."""
        return self.total == MOST_COUNTED


def stream(
    threat: Threat,
    chosen: ChosenPosts,
    *,
    order: str = "newest",
    shown: int = STREAM_STEP,
) -> Stream:
    """Return what people wrote since shortly before the onset.

    Args:
        threat: whose topic and onset.
        chosen: which posts.
        order: one of :data:`ORDERS`; ``help`` puts people in need first, whatever their audience.
        shown: how many at most.
    """
    since = _since_onset(threat)
    networks = sorted(set(since.values_list("post__network", flat=True)[:MOST_READ]))
    caught = _narrowed(since, chosen)
    matches = _ordered(caught, order, shown)
    total = caught[:MOST_COUNTED].count()
    return Stream(
        rows=_stream_rows(matches, talk=order != "help"),
        total=total,
        more=shown + STREAM_STEP if total > len(matches) and len(matches) == shown else 0,
        networks=networks,
        hidden=since.count_out_of_view(),
    )


def crisis_posts(threat: Threat, chosen: ChosenPosts) -> Iterator[Said]:
    """Yield those posts as the core's values, newest first; a deleted one has no words."""
    caught = _narrowed(_since_onset(threat), chosen)
    return said(caught.order_by("-heard_at", "-pk"))


def _since_onset(threat: Threat) -> Matches:
    topic, since = threat.topic_id, threat.onset - BEFORE_ONSET
    # The topic stands in both halves: so each has its index, and what is older is not looked at.
    lately = Q(topic=topic, heard_at__gte=since) | Q(topic=topic, by_hand=True)
    return Match.objects.filter(lately).select_related("post__author")


def _narrowed(caught: Matches, chosen: ChosenPosts) -> Matches:
    caught = caught.out_of_view() if chosen.hidden else caught.in_view()
    if chosen.leaning:
        caught = caught.filter(post__leaning=chosen.leaning)
    if chosen.network:
        caught = caught.filter(post__network=chosen.network)
    if chosen.words:
        caught = caught.filter(relayed=False, post__repost_of="").exclude(post__content="")
    return caught


def _ordered(caught: Matches, order: str, shown: int) -> list[Match]:
    if order == "followed":
        audience = F("post__author__followers").desc(nulls_last=True)
        return list(caught.order_by(audience, "-heard_at", "-pk")[:shown])
    newest = caught.order_by("-heard_at", "-pk")
    if order != "help":
        return list(newest[:shown])
    voices = {
        match.post.uid: match
        for match in newest.filter(post__own=False, post__deleted_at=None, relayed=False)[
            :MOST_READ
        ]
    }
    posts = [match.post for match in voices.values()]
    return [voices[post.uid] for post in helped_first(posts, _answered(posts))[:shown]]


def _answered(posts: list[Post]) -> set[str]:
    ours = Post.objects.filter(own=True, in_reply_to__in=[post.uid for post in posts])
    return set(ours.values_list("in_reply_to", flat=True))


def _stream_rows(matches: list[Match], *, talk: bool) -> list[StreamRow]:
    """Put matches in rows, replies under what they answer when ``talk`` is asked for."""
    posts = [kept(match.post) for match in matches]
    judged = {row.uid: row for row in rows_of(posts, _answered(posts))}
    by_uid = {match.post.uid: match for match in matches}
    places = threaded(posts) if talk else [(post.uid, 0) for post in posts]
    return [
        StreamRow(
            post=by_uid[uid].post,
            relayed=by_uid[uid].relayed,
            depth=depth,
            urgency=judged[uid].urgency,
            answered=judged[uid].answered,
        )
        for uid, depth in places
    ]


def kept(post: Post) -> Post:
    """Return the post; without its words when its author took it back."""
    if post.deleted_at is not None:
        post.content = ""
    return post
