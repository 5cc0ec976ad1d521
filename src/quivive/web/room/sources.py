"""What came in since the last turn: what collectors brought, and stories that are rehearsed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from quivive.listen.engagements import Engagement
from quivive.listen.records import Deletion
from quivive.listen.rehearsal import retold
from quivive.vocabulary.posts import Post
from quivive.web.listen.queries import LiveSource, rehearsals
from quivive.web.listen.services import MOST, arrived
from quivive.wire.files import read_posts


@dataclass(frozen=True, slots=True)
class Heard:
    """What just came, kept together with how far it was read.

    Attributes:
        around: posts that answer kept ones; no topic counts them.
        engagements: what people did with kept posts.
        arrivals: rows that wait until this is kept.
    """

    posts: list[Post] = field(default_factory=list)
    around: list[Post] = field(default_factory=list)
    engagements: list[Engagement] = field(default_factory=list)
    deletions: list[Deletion] = field(default_factory=list)
    cursors: dict[str, str] = field(default_factory=dict)
    arrivals: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.posts or self.arrivals)


def heard_since(*, now: datetime, most: int = MOST) -> Heard:
    """Take what collectors brought, and ask every rehearsal what came since its cursor.

    Args:
        most: arrivals to take.
    """
    brought = arrived(now=now, most=most)
    heard = Heard(
        posts=list(brought.posts),
        around=list(brought.around),
        engagements=list(brought.engagements),
        deletions=list(brought.deletions),
        arrivals=list(brought.rows),
    )
    for source in rehearsals():
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
