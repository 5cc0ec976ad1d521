"""What a query would catch, tried while somebody types it: how many, which, and by which words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from msgspec import convert

from quivive.listen.explaining import Clause, explain
from quivive.listen.mapping import Mapping
from quivive.listen.matching import compile_watch
from quivive.listen.query import parse
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.posts import Post
from quivive.web.listen import queries
from quivive.wire.files import read_posts

EXAMPLES = 10
MOST = 5_000
"""Posts a trial looks at: enough to judge by, few enough to answer while one types."""

EXPLAINED = 500
"""Caught posts whose clauses are counted; explaining costs more than matching."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A caught post; ``parts`` are its words in order, each with whether the query met it."""

    post: Post
    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a query catches among the posts it was tried on.

    Attributes:
        looked: posts it was tried on; caught: those it catches.
        explained: caught posts that ``clauses`` counts.
        clauses: each word of the query with the posts it was met in, most frequent first.
    """

    looked: int
    caught: int
    explained: int
    clauses: tuple[tuple[str, int], ...]
    examples: tuple[Example, ...]

    @property
    def share(self) -> float:
        """Share of the posts that is caught."""
        return self.caught / self.looked if self.looked else 0.0


def try_query(text: str, *, file: int | None) -> Trial:
    """Try a query on the newest stored posts, or on the beginning of a brought file.

    Raises:
        BadQuery: with the place of the mistake.
    """
    query = parse(text)
    posts = _posts_of(file) if file else queries.newest_posts(MOST)
    caught = [posts[at] for at, _topics in compile_watch({"tried": query}).match(posts)]
    explained = [(post, explain(query, post)) for post in caught[:EXPLAINED]]
    met = Counter(clause.text for _post, clauses in explained for clause in clauses)
    return Trial(
        looked=len(posts),
        caught=len(caught),
        explained=len(explained),
        clauses=tuple(met.most_common()),
        examples=tuple(
            Example(post=post, parts=tuple(marked(post.content, clauses)))
            for post, clauses in explained[:EXAMPLES]
        ),
    )


def _posts_of(import_id: int) -> list[Post]:
    """Read the beginning of a brought file; a file that breaks off gives what came before."""
    row = queries.brought_file(import_id)
    mapping = convert(row.mapping, Mapping) if row.mapping else None
    found: list[Post] = []
    try:
        for batch in read_posts(Path(row.path), format=row.format, mapping=mapping):
            found += islice(batch.posts, MOST - len(found))
            if len(found) >= MOST:
                break
    except BadFile:
        return found
    return found


def marked(content: str, clauses: Sequence[Clause]) -> Iterator[tuple[str, bool]]:
    """Cut a text into parts that the query met and parts that it did not.

    >>> met = Clause(text="panne", start=0, end=5, words=("Panne",))
    >>> list(marked("Panne de radiateur", [met]))
    [('Panne', True), (' de radiateur', False)]
    """
    words = sorted({word for clause in clauses for word in clause.words if word}, key=len)
    if not words:
        yield content, False
        return
    pattern = "|".join(re.escape(word) for word in reversed(words))
    for at, part in enumerate(re.split(rf"(?<!\w)({pattern})(?!\w)", content)):
        if part:
            yield part, at % 2 == 1
