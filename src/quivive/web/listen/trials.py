"""What a query would catch, tried while somebody types it: how many, which, and by which words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils import timezone
from msgspec import convert
from msgspec.structs import replace

from quivive.listen.examples import Verdict, judge
from quivive.listen.explaining import Clause, explain
from quivive.listen.known import Known, unknown_names
from quivive.listen.mapping import Mapping
from quivive.listen.matching import compile_watch, is_costly
from quivive.listen.query import Passing, Query, ambiguities, hints, parse, passing
from quivive.listen.translation import Lost, translate
from quivive.listen.weighing import Weight, Widening, weigh, widenings
from quivive.vocabulary.errors import BadFile, BadQuery
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.web.listen import queries
from quivive.web.people.panel_queries import known_to_us
from quivive.wire.files import read_posts
from quivive.wire.plugins import sources

EXAMPLES = 10
MOST = 5_000
"""Posts a trial looks at: enough to judge by, few enough to answer while one types."""

EXPLAINED = 500
"""Caught posts whose clauses are counted; explaining costs more than matching."""

_COSTLY = say(
    "Nothing announces the posts of this query, so it is read on every post that comes in. Add a "
    "word or a name that each of them must have."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A caught post; ``parts`` are its words in order, each with whether the query met it."""

    post: Post
    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the query; ``met``: caught posts in which it was found, None for what is none."""

    weight: Weight
    met: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How one network is asked; ``searches`` is empty for one that brings all it has."""

    name: Message
    searches: tuple[str, ...]
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A branch that is looked for only for a while."""

    branch: Passing
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a query catches among the posts it was tried on.

    Attributes:
        looked: posts it was tried on; caught: those it catches; hidden: of these, kept from view.
        explained: caught posts that the parts' ``met`` counts.
        verdicts: the texts it must and must not match.
    """

    looked: int
    caught: int
    hidden: int
    explained: int
    parts: tuple[Part, ...]
    examples: tuple[Example, ...]
    widenings: tuple[Widening, ...]
    warnings: tuple[Message, ...]
    asked: tuple[Asked, ...]
    endings: tuple[Ending, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def searched(self) -> list[Asked]:
        """The networks that are asked for some of what they have."""
        return [one for one in self.asked if one.searches or one.lost]

    @property
    def taken_whole(self) -> list[Message]:
        """The names of those that bring all they have."""
        return [one.name for one in self.asked if not (one.searches or one.lost)]

    @property
    def share(self) -> float:
        """Share of the posts that is caught."""
        return self.caught / self.looked if self.looked else 0.0

    @property
    def failed(self) -> int:
        """How many texts are not judged as they should be."""
        return sum(not one.right for one in self.verdicts)


def try_query(
    text: str,
    *,
    file: int | None,
    hide: str = "",
    must_match: Sequence[str] = (),
    must_not_match: Sequence[str] = (),
) -> Trial:
    """Try a query on the newest stored posts, or on the beginning of a brought file.

    Raises:
        BadQuery: with the place of the mistake.
    """
    query = parse(text)
    known = replace(known_to_us(), zone=timezone.get_current_timezone())
    posts = _posts_of(file) if file else queries.newest_posts(MOST)
    indexes, weights = weigh(query, posts, known)
    caught = [posts[at] for at in indexes]
    explained = [(post, explain(query, post, known)) for post in caught[:EXPLAINED]]
    return Trial(
        looked=len(posts),
        caught=len(caught),
        hidden=_hidden(hide, caught, known),
        explained=len(explained),
        parts=tuple(_parts(query, weights, [clauses for _post, clauses in explained])),
        examples=tuple(
            Example(post=post, parts=tuple(marked(post.content, clauses)))
            for post, clauses in explained[:EXAMPLES]
        ),
        widenings=widenings(query, posts, indexes),
        warnings=tuple(_warnings(query, known)),
        asked=tuple(_asked(query)),
        endings=tuple(_endings(query, timezone.now())),
        verdicts=judge(query, must_match=must_match, must_not_match=must_not_match, known=known),
    )


def _warnings(query: Query, known: Known) -> Iterator[Message]:
    yield from hints(query)
    yield from ambiguities(query)
    yield from unknown_names(query, known)
    if is_costly(query):
        yield _COSTLY


def _hidden(hide: str, caught: Sequence[Post], known: Known) -> int:
    """Count posts kept from view; what cannot be read yet hides nothing yet."""
    try:
        return len(compile_watch({"": parse(hide)}, known).match(caught))
    except BadQuery:
        return 0


def _parts(
    query: Query, weights: Sequence[Weight], found: Sequence[Sequence[Clause]]
) -> Iterator[Part]:
    """Yield the parts in their order; the only one of a query has no weight of its own."""
    met = Counter((clause.start, clause.end) for clauses in found for clause in clauses)
    root = query.root
    alone = Weight(
        text=query.text[root.start : root.end],
        start=root.start,
        end=root.end,
        depth=0,
        removes=None,
        brings=None,
    )
    for weight in sorted(weights or (alone,), key=lambda one: (one.start, -one.end)):
        yield Part(weight=weight, met=met.get((weight.start, weight.end)))


def _asked(query: Query) -> Iterator[Asked]:
    """Say the query to the networks the room listens to, or to all while it listens to none."""
    plug_ins = sources()
    in_use = [kind for kind in queries.kinds_listened_to() if kind in plug_ins]
    for kind in in_use or plug_ins:
        said = translate(query, plug_ins[kind].capabilities)
        yield Asked(name=plug_ins[kind].title, searches=said.searches, lost=said.lost)


def _endings(query: Query, now: datetime) -> Iterator[Ending]:
    for branch in passing(query, timezone.get_current_timezone()):
        yield Ending(branch=branch, over=branch.until < now)


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
