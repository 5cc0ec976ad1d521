"""The steps every post takes, live, imported or replayed: catch, enrich, advance.

Time is an argument everywhere: the flow's clock is the moment a post could first be heard
(``Post.heard_at``), so a day that is replayed gives the signals of the day that was lived.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeAlias

import msgspec

from quivive.detect import episodes
from quivive.detect.counting import MinuteCounts
from quivive.flow.watch import Watch
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.vocabulary.signals import Signal

Caught: TypeAlias = dict[str, tuple[str, ...]]
"""Ids of recently caught posts with their topics: what lets us follow their reposts."""

Waiting: TypeAlias = dict[str, list[Post]]
"""Posts that go along with another, should that one be caught later in the same file; by its id."""

Stored: TypeAlias = Callable[[Collection[str]], Caught]
"""Tells the topics of those of some posts, by id, that are stored."""

MOST_WAITING = 20_000
"""Posts waited for: what is further apart in a file that holds the newest first is not followed."""

MEMORY = 50_000
"""Caught posts remembered for following reposts; a bound, not a promise."""


class FlowState(msgspec.Struct, kw_only=True):
    """Where the flow stands between two batches; the engine saves it with the posts.

    Attributes:
        detect: counts, baselines and open episodes of every topic.
        caught: recent caught posts, oldest first.
    """

    detect: episodes.DetectState
    caught: Caught


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch gave.

    Attributes:
        minutes: counts of the minutes that closed, for pages to draw.
    """

    state: FlowState
    matches: tuple[Match, ...]
    signals: tuple[Signal, ...]
    minutes: tuple[MinuteCounts, ...]


def nobody_stored(_ids: Collection[str]) -> Caught:
    """Stand for a flow whose posts are all in hand."""
    return {}


def start(watch: Watch, *, now: datetime) -> FlowState:
    """Return the state of a flow that has heard nothing yet."""
    return FlowState(detect=episodes.start(watch.topics, now), caught={})


def catch(
    posts: Sequence[Post],
    *,
    watch: Watch,
    caught: Caught,
    waiting: Waiting | None = None,
    stored: Stored = nobody_stored,
) -> list[Match]:
    """Return the posts that speak of a topic, in order; then those that waited for one of them.

    A repost of a caught post is caught with it, for it says the same; so is our own answer to one,
    for it is what we say of the matter, whatever its words. ``caught`` learns what was found.
    Posts that match nothing are left behind: nobody keeps them. Many exports hold the newest post
    first, so what brings another along is looked at before it, in whatever order both came; where
    it is not there yet, ``waiting`` learns what goes along with it.
    """
    spoken = dict(watch.matcher.match(posts))
    led = leads_among(posts, watch.ours)
    caught.update(stored({lead for leads in led.values() for lead in leads}))
    found: dict[int, Match] = {}
    for place in sorted({*spoken, *led}, key=lambda place: (place in led, posts[place].heard_at)):
        post, own_words = posts[place], spoken.get(place, ())
        topics = own_words or next(filter(None, map(caught.get, led.get(place, ()))), ())
        if topics:
            relayed = not own_words and post.repost_of is not None
            found[place] = Match(post=post, topics=topics, relayed=relayed)
            caught[post.id] = topics
        elif waiting is not None:
            for lead in led[place]:
                waiting.setdefault(lead, []).append(post)
    matches = [found[place] for place in sorted(found)]
    if waiting:
        _bring_along(matches, caught, waiting)
    for _ in range(len(caught) - MEMORY):
        del caught[next(iter(caught))]
    return matches


def _bring_along(matches: list[Match], caught: Caught, waiting: Waiting) -> None:
    """Add what waited for some matches, and for those it adds; forget who waited longest."""
    for match in matches:  # it grows as it goes
        for post in waiting.pop(match.post.id, ()):
            relayed = post.repost_of is not None
            matches.append(Match(post=post, topics=match.topics, relayed=relayed))
            caught[post.id] = match.topics
    many = sum(map(len, waiting.values())) - MOST_WAITING
    while many > 0:
        many -= len(waiting.pop(next(iter(waiting))))


def leads_among(posts: Sequence[Post], ours: Collection[str]) -> dict[int, tuple[str, ...]]:
    """Return ``leads_of`` the few posts that have any, by place."""
    linked = [
        place
        for place, post in enumerate(posts)
        if post.repost_of or post.in_reply_to or post.quote_of
    ]
    return {place: leads for place in linked if (leads := leads_of(posts[place], ours))}


def leads_of(post: Post, ours: Collection[str]) -> tuple[str, ...]:
    """Return the posts that bring this one along when they are caught.

    Args:
        ours: names of our own accounts, in small letters.
    """
    if post.repost_of:
        return (post.repost_of,)
    if not ours or not (post.in_reply_to or post.quote_of) or not post.attributed_to.goes_by(ours):
        return ()
    return tuple(filter(None, (post.in_reply_to, post.quote_of)))


def enrich(matches: Sequence[Match], *, watch: Watch) -> list[Match]:
    """Read how each caught post leans; posts without words stay unread."""
    worded = [match for match in matches if match.post.content.strip()]
    read = watch.reader.read(
        [match.post.content for match in worded],
        [match.post.language for match in worded],
        [match.post.attributed_to.id for match in worded],
        home=watch.home,
    )
    readings = {match.post.id: sentiment for match, sentiment in zip(worded, read, strict=True)}
    return [
        msgspec.structs.replace(match, sentiment=readings.get(match.post.id)) for match in matches
    ]


def advance(
    matches: Iterable[Match], *, until: datetime | None, watch: Watch, state: FlowState
) -> Outcome:
    """Count caught posts minute by minute and say what changed.

    Args:
        matches: enriched, in the order of ``heard_at``, none before the state's clock.
        until: close every minute before this moment; None leaves the last one open.
    """
    kept: list[Match] = []
    signals: list[Signal] = []
    minutes: list[MinuteCounts] = []
    detect = state.detect

    def close_minutes_before(moment: datetime) -> None:
        nonlocal detect
        detect, found, closed = episodes.tick(
            detect, now=moment, topics=watch.topics, zone=watch.zone
        )
        signals.extend(found)
        minutes.extend(closed)

    for minute, group in groupby(matches, key=lambda match: minute_of(match.post.heard_at)):
        together = sorted(group, key=lambda match: (match.post.heard_at, match.post.id))
        close_minutes_before(minute)
        detect = episodes.take(detect, together, watch.topics)
        kept.extend(together)
    if until is not None:
        close_minutes_before(minute_of(until))
    return Outcome(
        state=FlowState(detect=detect, caught=state.caught),
        matches=tuple(kept),
        signals=tuple(signals),
        minutes=tuple(minutes),
    )


def minute_of(moment: datetime) -> datetime:
    """Return the minute a moment belongs to."""
    return moment.replace(second=0, microsecond=0)


ONE_MINUTE = timedelta(minutes=1)
