"""What topics keep from view: their posts stay, count and ring, and lists leave them out."""

from collections.abc import Sequence
from functools import lru_cache

from quivive.listen.matching import Matcher, compile_watch
from quivive.listen.query import parse
from quivive.vocabulary.posts import Post
from quivive.web.listen import queries


def hidden_among(posts: Sequence[Post]) -> frozenset[tuple[str, str]]:
    """Return (topic, post id) of the posts that a topic keeps from view."""
    asked = queries.hides()
    if not asked or not posts:
        return frozenset()
    caught = _compiled(asked).match(posts)
    return frozenset((slug, posts[index].id) for index, slugs in caught for slug in slugs)


@lru_cache(maxsize=2)
def _compiled(asked: tuple[tuple[str, str], ...]) -> Matcher:
    return compile_watch({slug: parse(hide) for slug, hide in asked})
