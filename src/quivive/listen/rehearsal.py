"""Stories to rehearse with: posts of a past or invented crisis, told again as if now."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import numpy as np

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post

TOLD = datetime(2026, 1, 1, tzinfo=UTC)
"""Story time of the first post of a story of ours."""

HISTORY_DAYS = 21
ROUTINE_A_DAY = 5.0


class StoryAccount(msgspec.Struct, frozen=True):
    """Somebody in a story."""

    name: str
    followers: int
    summary: str


class StoryPost(msgspec.Struct, frozen=True):
    """One line of a story. ``at`` is ``minutes:seconds`` after the first."""

    at: str
    by: str
    text: str = ""
    key: str = ""
    re: str = ""
    relay: str = ""
    media: tuple[str, ...] = ()


class StoryTopic(msgspec.Struct, frozen=True):
    """What the room watches in a story."""

    slug: str
    name: str
    query: str


class OwnAccount(msgspec.Struct, frozen=True):
    """The organisation's own account in a story."""

    network: str
    handle: str
    followers: int


class StoryOrganisation(msgspec.Struct, frozen=True):
    """For whom the story is rehearsed."""

    name: str
    dwellings: int
    town: str
    department: str
    buildings: tuple[str, ...]
    account: OwnAccount


class Routine(msgspec.Struct, frozen=True):
    """What is said on ordinary days: (account, words)."""

    posts: tuple[tuple[str, str], ...]


class Story(msgspec.Struct, frozen=True):
    """A rehearsed crisis as its file tells it."""

    organisation: StoryOrganisation
    topic: tuple[StoryTopic, ...]
    accounts: Mapping[str, StoryAccount]
    post: tuple[StoryPost, ...]
    routine: Routine


def told(story: Story) -> list[Post]:
    """Return the story's posts in story time, which begins at ``TOLD``."""
    network = story.organisation.account.network
    keys = {line.key: f"{network}:{number}" for number, line in enumerate(story.post) if line.key}
    return [
        Post(
            id=f"{network}:{number}",
            network=network,
            published=TOLD + _offset(line.at),
            attributed_to=_account(story, line.by),
            content=line.text,
            in_reply_to=keys.get(line.re),
            repost_of=keys.get(line.relay),
            media=line.media,
        )
        for number, line in enumerate(story.post)
    ]


def ordinary_days(story: Story, *, seed: int) -> list[Post]:
    """Return three weeks of ordinary talk before the story, mostly by day and in the evening."""
    draw = np.random.default_rng(seed)
    posts: list[Post] = []
    for day in range(HISTORY_DAYS, 0, -1):
        for _ in range(draw.poisson(ROUTINE_A_DAY)):
            by, text = story.routine.posts[draw.integers(len(story.routine.posts))]
            hour = float(np.clip(draw.normal(16, 4), 6, 23.5))
            posts.append(
                Post(
                    id=f"{story.organisation.account.network}:ordinary-{len(posts)}",
                    network=story.organisation.account.network,
                    published=TOLD - timedelta(days=day) + timedelta(hours=hour),
                    attributed_to=_account(story, by),
                    content=text,
                )
            )
    return sorted((post for post in posts if post.published < TOLD), key=lambda p: p.published)


def busiest_start(posts: Sequence[Post]) -> datetime:
    """Return half an hour before the hour in which most posts of a file were heard."""
    moments = sorted(post.heard_at.timestamp() for post in posts)
    counts = np.searchsorted(moments, np.array(moments) + 3600) - np.arange(len(moments))
    busiest = moments[int(np.argmax(counts))]
    return datetime.fromtimestamp(busiest, UTC) - timedelta(minutes=30)


def retold(post: Post, *, start: datetime, began_at: datetime, speed: float) -> Post:
    """Move a post to when it is heard in the rehearsal.

    What lies before ``start`` keeps its pace, what follows is ``speed`` times as fast.
    """
    since = post.heard_at - start
    moment = began_at + (since / speed if since > timedelta(0) else since)
    return msgspec.structs.replace(post, published=moment, seen_at=moment, deleted_at=None)


def _offset(at: str) -> timedelta:
    minutes, seconds = at.split(":")
    return timedelta(minutes=int(minutes), seconds=int(seconds))


def _account(story: Story, handle: str) -> Account:
    person = story.accounts[handle]
    return Account(
        id=f"{story.organisation.account.network}:{handle}",
        handle=handle,
        name=person.name,
        followers=person.followers,
        summary=person.summary,
        created=date(2019, 5, 1),
        has_avatar=True,
    )
