"""Search among all stored posts: the index finds candidates, the query is read in full on each."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice, repeat
from typing import Any

import msgspec
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from msgspec import Struct
from msgspec.structs import replace

from quivive.listen.archive import candidates, place_of
from quivive.listen.evaluation import said_by, truth_of
from quivive.listen.explaining import explain
from quivive.listen.known import NOT_STORED, NOTHING_KNOWN, Known, Stored
from quivive.listen.query import Field, Query, leaves, parse_search
from quivive.listen.words import is_silent, texts_of
from quivive.vocabulary.places import Told
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.archive import newest_first
from quivive.web.listen.models import (
    Account,
    Deed,
    Match,
    Post,
    PostLabel,
    PostPlace,
    PostWords,
    SavedView,
)
from quivive.web.listen.trials import marked
from quivive.web.people.models import Person
from quivive.web.people.panel_queries import known_to_us

PAGE = 30
COUNTED = 1_000
"""Posts found that figures at the side are counted on."""

MOST_LOOKED = 10_000
"""Candidates one page reads at most; then it says how far back it came, and offers to go on."""

CHOICES = 8
"""Values of a facet that are shown: the most frequent ones."""

MOST_CHANGED = 1_000
"""Posts one action changes at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for.

    Attributes:
        query: read already; None asks for everything.
        author: number of the account's row.  topic: its short name.
        since, until: days on the reader's clock, both included.
        hidden: those the team hid, instead of the others.
    """

    query: Query | None = None
    network: str = ""
    language: str = ""
    leaning: str = ""
    author: int | None = None
    place: str = ""
    topic: str = ""
    label: str = ""
    since: date | None = None
    until: date | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post that was found; ``parts`` are its words, each with whether the query met it."""

    post: Post
    parts: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of what was found, newest first.

    Attributes:
        older: place to go on from; None at the end.
        back_to: how far back was looked when the page stayed short; None when to the end.
    """

    rows: list[Hit]
    older: int | None
    back_to: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How many were written in one slice of time."""

    start: datetime
    posts: int


@dataclass(slots=True, kw_only=True)
class Counts:
    """What the newest posts found have in common.

    Attributes:
        posts: how many were counted.  whole: these are all there are.
        facets: name → (value, how it is called, posts), most frequent first.
        bars: posts by slice of time, oldest first; ``width_s`` seconds each.
    """

    posts: int = 0
    whole: bool = True
    facets: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    width_s: int = 86_400


def read(text: str) -> Query | None:
    """Read what was typed. Raises BadQuery with the place of the mistake."""
    return parse_search(text) if text.strip() else None


def search(asked: Asked, *, before: int | None = None) -> Hits:
    """Return one page of what is found."""
    known = _known(asked)
    found: list[Found] = []
    last: Found | None = None
    older: int | None = None
    back_to: datetime | None = None
    for looked, (entry, held) in enumerate(_looked_at(asked, before, known)):
        if (held and len(found) == PAGE) or looked == MOST_LOOKED:
            older = last.place if last else None
            back_to = last.said.published if last and len(found) < PAGE else None
            break
        last = entry
        if held:
            found.append(entry)
    return Hits(rows=_hits(found, asked.query, known), older=older, back_to=back_to)


def counts(asked: Asked) -> Counts:
    """Count the newest posts found by each facet, and over time."""
    found: list[Found] = []
    whole = True
    for looked, (entry, held) in enumerate(_looked_at(asked, None, _known(asked))):
        if looked == MOST_LOOKED or len(found) == COUNTED:
            whole = False
            break
        if held:
            found.append(entry)
    bars, width_s = _bars([one.said.published for one in found])
    return Counts(posts=len(found), whole=whole, facets=_facets(found), bars=bars, width_s=width_s)


def found_ids(asked: Asked, *, most: int = MOST_CHANGED) -> list[int]:
    """Return the rows of what is found, newest first."""
    return [one.number for one in islice(_found(asked), most)]


def found_posts(asked: Asked) -> Iterator[Said]:
    """Yield all that is found as the core's values, newest first."""
    return (one.said for one in _found(asked))


class _Document(Struct):
    """What is needed of a stored document."""

    post: Said


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: its place, the number of its row, and what was said."""

    place: int
    number: int
    said: Said
    author: int
    language: str
    leaning: str


def _found(asked: Asked) -> Iterator[Found]:
    return (entry for entry, held in _looked_at(asked, None, _known(asked)) if held)


def _looked_at(asked: Asked, before: int | None, known: Known) -> Iterator[tuple[Found, bool]]:
    """Yield candidates, newest first, each with whether it is what was asked for.

    Rows come as plain values: making whole rows of all candidates costs more than reading them.
    """
    terms = candidates(asked.query) if asked.query else None
    holds = _test(asked.query, known) if asked.query else None
    for chunk in newest_first(_rows(asked), terms, before=before):
        some = [
            Found(place, number, _DECODE(told).post, author, language, leaning)
            for place, number, told, author, language, leaning in chunk
        ]
        yield from zip(some, holds(some) if holds else repeat(object=True), strict=False)


_DECODE = msgspec.json.Decoder(_Document).decode


def _rows(asked: Asked) -> QuerySet[PostWords, tuple[Any, ...]]:
    found = PostWords.objects.order_by("-place")
    found = found.filter(post__hiding__isnull=not asked.hidden)
    chosen: dict[str, Any] = {
        "post__network": asked.network,
        "post__language": asked.language,
        "post__leaning": asked.leaning,
        "post__author": asked.author,
        "post__matches__topic__slug": asked.topic,
        "post__labels__name": asked.label,
    }
    found = found.filter(**{name: value for name, value in chosen.items() if value})
    if asked.place:
        placed = PostPlace.objects.filter(place=asked.place).exclude(told=Told.AUTHOR)
        found = found.filter(post__in=placed.values("post"))
    if asked.since:
        found = found.filter(place__gte=place_of(_midnight(asked.since), 0))
    if asked.until:
        found = found.filter(
            place__lt=place_of(_midnight(min(asked.until, _LAST) + timedelta(days=1)), 0)
        )
    return found.annotate(told=Cast("post__document", TextField())).values_list(
        "place", "post_id", "told", "post__author_id", "post__language", "post__leaning"
    )


_LAST = date.max - timedelta(days=1)
"""The last day that has a morning after it."""


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


_TOLD = {
    "tag": ("labels",),
    "status": ("case",),
    "assigned": ("case__assigned_to",),
    "priority": ("case",),
    "crisis": ("matches__topic__threats__crisis",),
}
"""What the team did with a post, by the field of the query that asks for it."""


def _test(query: Query, known: Known) -> Callable[[Sequence[Found]], list[bool]]:
    """Turn a query into a question to several posts at once."""
    truth = truth_of(query.root, known)

    def holds(some: Sequence[Found]) -> list[bool]:
        stored = _stored([one.number for one in some], query)
        texts = texts_of([one.said for one in some])
        return [
            not is_silent(one.said)
            and truth(said_by(one.said, text, stored.get(one.number, NOT_STORED)))
            for one, text in zip(some, texts, strict=True)
        ]

    return holds


def _known(asked: Asked) -> Known:
    """Return what the room knows, by the reader's clock; nothing needs it but a query."""
    if asked.query is None:
        return NOTHING_KNOWN
    return replace(known_to_us(), zone=timezone.get_current_timezone())


def _stored(numbers: Sequence[int], query: Query) -> dict[int, Stored]:
    """Say what became of posts, as far as the query asks for it; where it does, of each."""
    asked = {leaf.name for leaf in leaves(query.root) if isinstance(leaf, Field)}
    told = [path for name in asked for path in _TOLD.get(name, ())]
    if not told:
        return {}
    rows = Post.objects.filter(pk__in=numbers).prefetch_related(*told)
    return {row.pk: _state(row, {path.partition("__")[0] for path in told}) for row in rows}


def _state(post: Any, told: set[str]) -> Stored:
    case = getattr(post, "case", None) if "case" in told else None
    return Stored(
        tags=tuple(label.name for label in post.labels.all()) if "labels" in told else (),
        status=case.status if case else "",
        assigned=case.carried_by if case else (),
        priority=case.priority if case else "",
        crises=tuple(_crises(post)) if "matches" in told else (),
    )


def _crises(post: Post) -> Iterator[str]:
    """Yield the titles of crises of a topic that caught the post, opened or not over by then."""
    for match in post.matches.all():
        for threat in match.topic.threats.all():
            crisis = getattr(threat, "crisis", None)
            since = threat.onset - timedelta(hours=2)
            if crisis and (match.by_hand or post.published >= since):
                yield crisis.title


def _hits(found: Sequence[Found], query: Query | None, known: Known) -> list[Hit]:
    numbers = [one.number for one in found]
    rows = Post.objects.select_related("author").prefetch_related("labels", "places")
    by_number = rows.in_bulk(numbers)
    stored = _stored(numbers, query) if query else {}

    def parts(one: Found) -> tuple[tuple[str, bool], ...]:
        if query is None or not one.said.content:
            return ()
        state = stored.get(one.number, NOT_STORED)
        return tuple(marked(one.said.content, explain(query, one.said, known, state)))

    return [
        Hit(post=by_number[one.number], parts=parts(one))
        for one in found
        if one.number in by_number
    ]


def _facets(found: Sequence[Found]) -> dict[str, list[tuple[str, str, int]]]:
    """Count values; what many have in common helps to narrow, what all have does not."""
    return {
        "network": _most(Counter(one.said.network for one in found)),
        "language": _most(Counter(one.language for one in found)),
        "leaning": _most(Counter(one.leaning for one in found)),
        "author": _authors(found),
        "place": _places([one.number for one in found]),
        "topic": _topics([one.number for one in found]),
        "label": _labels([one.number for one in found]),
    }


def _authors(found: Sequence[Found]) -> list[tuple[str, str, int]]:
    uids = {one.author: one.said.attributed_to.id for one in found}
    met = _ranked(Counter(one.author for one in found), lambda number: uids[number])
    rows = Account.objects.in_bulk([number for number, _ in met])
    return [
        (str(number), rows[number].name or rows[number].handle or rows[number].uid, posts)
        for number, posts in met
        if number in rows
    ]


def _topics(numbers: Sequence[int]) -> list[tuple[str, str, int]]:
    met: Counter[tuple[str, str]] = Counter()
    for at in range(0, len(numbers), 500):
        rows = Match.objects.filter(post__in=numbers[at : at + 500])
        met.update(rows.values_list("topic__slug", "topic__name"))
    return [(slug, name, posts) for (slug, name), posts in _ranked(met, lambda one: one[1])]


def _labels(numbers: Sequence[int]) -> list[tuple[str, str, int]]:
    met: Counter[str] = Counter()
    for at in range(0, len(numbers), 500):
        rows = PostLabel.objects.filter(post__in=numbers[at : at + 500])
        met.update(rows.values_list("name", flat=True))
    return _most(met)


def _places(numbers: Sequence[int]) -> list[tuple[str, str, int]]:
    met: Counter[tuple[str, str]] = Counter()
    for at in range(0, len(numbers), 500):
        rows = PostPlace.objects.filter(post__in=numbers[at : at + 500]).exclude(told=Told.AUTHOR)
        met.update(rows.values_list("place", "name"))
    return [(place, name, posts) for (place, name), posts in _ranked(met, lambda one: one[1])]


def place_name(place: str) -> str:
    """Return how a place is called."""
    found = PostPlace.objects.filter(place=place).values_list("name", flat=True).first()
    return found or place.rpartition("/")[2]


def _most(met: Counter[str]) -> list[tuple[str, str, int]]:
    met.pop("", None)
    return [(value, value, posts) for value, posts in _ranked(met, str)]


def _ranked(met: Counter[Any], name: Callable[[Any], str]) -> list[tuple[Any, int]]:
    """Sort by how often, then by name, so that every database and every day says the same."""
    return sorted(met.items(), key=lambda one: (-one[1], name(one[0])))[:CHOICES]


WIDTHS_S = (300, 900, 3_600, 3 * 3_600, 12 * 3_600, 86_400, 7 * 86_400, 28 * 86_400)
MOST_BARS = 48


def _bars(moments: Sequence[datetime]) -> tuple[list[Bar], int]:
    """Count moments by slice, in the narrowest slices that fit."""
    if not moments:
        return [], WIDTHS_S[0]
    first, last = (int(edge.timestamp()) for edge in (min(moments), max(moments)))
    width = next((w for w in WIDTHS_S if last // w - first // w < MOST_BARS), 0)
    width = width or WIDTHS_S[-1] * (1 + (last - first) // (WIDTHS_S[-1] * MOST_BARS))
    met = Counter(int(moment.timestamp()) // width for moment in moments)
    slices = range(first // width, last // width + 1)
    return [
        Bar(start=datetime.fromtimestamp(at * width, UTC), posts=met[at]) for at in slices
    ], width


def account_name(number: int) -> str:
    """Return how an account is called."""
    row = Account.objects.filter(pk=number).first()
    return (row.name or row.handle or row.uid) if row else "?"


def label_names() -> list[str]:
    """Return every label in use."""
    return list(PostLabel.objects.order_by("name").values_list("name", flat=True).distinct())


def views_of(person: Person) -> QuerySet[SavedView]:
    """Return the searches a person kept, and those others share."""
    kept = SavedView.objects.filter(Q(owner=person) | Q(shared=True))
    return kept.select_related("owner").order_by("shared", "name")


def deed(deed_id: int, person: Person) -> Deed | None:
    """Return what a person just changed, while it can still be taken back."""
    return Deed.objects.filter(pk=deed_id, person=person, undone_at=None).first()
