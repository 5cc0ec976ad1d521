"""What live sources have to say now. A rehearsal is the one source of this house so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from quivive.listen.rehearsal import retold
from quivive.vocabulary.posts import Post
from quivive.web.listen.queries import LiveSource, live_sources
from quivive.wire.files import read_posts


@dataclass(frozen=True, slots=True)
class Heard:
    """Posts just heard, and how far each source was read: both are kept together."""

    posts: list[Post] = field(default_factory=list)
    cursors: dict[str, str] = field(default_factory=dict)


def heard_since(*, now: datetime) -> Heard:
    """Ask every live source for what came since its cursor."""
    heard = Heard()
    for source in live_sources():
        posts, cursor = _rehearsed(source, now)
        heard.posts.extend(posts)
        if posts:
            heard.cursors[source.name] = cursor
    return heard


def _rehearsed(source: LiveSource, now: datetime) -> tuple[list[Post], str]:
    """Return the lines of a story whose moment has come."""
    told = _story(source.settings["path"])
    start = datetime.fromisoformat(source.settings["start"])
    began_at = datetime.fromisoformat(source.settings["began_at"])
    speed = float(source.settings["speed"])
    due: list[Post] = []
    first = int(source.cursor or 0)
    for post in told[first:]:
        moved = retold(post, start=start, began_at=began_at, speed=speed)
        if moved.heard_at > now:
            break
        due.append(moved)
    return due, str(first + len(due))


@lru_cache(maxsize=4)
def _story(path: str) -> Sequence[Post]:
    posts = [post for batch in read_posts(Path(path)) for post in batch.posts]
    return tuple(sorted(posts, key=lambda post: post.heard_at))
