"""What topics keep from view: their posts stay, count and ring, and lists leave them out."""

from collections.abc import Sequence

from quivive.listen.matching import compile_watch
from quivive.listen.query import parse
from quivive.vocabulary.posts import Post
from quivive.web.listen import queries
from quivive.web.people.panel_queries import known_to_us


def hidden_among(posts: Sequence[Post]) -> frozenset[tuple[str, str]]:
    """Return (topic, post id) of the posts that a topic keeps from view."""
    asked = queries.hides()
    if not asked or not posts:
        return frozenset()
    watch = compile_watch({slug: parse(hide) for slug, hide in asked}, known_to_us())
    caught = watch.match(posts)
    return frozenset((slug, posts[index].id) for index, slugs in caught for slug in slugs)
