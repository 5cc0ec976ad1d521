"""All that pages and the engine read of topics and posts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from msgspec import convert, structs
from msgspec.json import decode

from quivive.detect.planned import hours_of
from quivive.flow.watch import Watch, watch_for
from quivive.listen.guesses import tells_utc
from quivive.listen.mapping import Mapping
from quivive.listen.suggesting import suggest_hashtags, suggest_query
from quivive.vocabulary import topics as words
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import Message
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.models import (
    Import,
    ImportState,
    Match,
    Minute,
    Post,
    QuarantinedLine,
    QuarantineState,
    SavedMapping,
    Screenshot,
    Source,
    Topic,
    TopicVersion,
)
from quivive.web.people.panel_queries import known_to_us, ringing_handles
from quivive.web.people.queries import (
    PlaceLevel,
    may_watch,
    organisation,
    own_accounts,
    own_handles,
    places,
    room_zone,
)
from quivive.wire.files import Look, look_at
from quivive.wire.house import screenshot_path
from quivive.wire.models import load_sentiment
from quivive.wire.quarantine import as_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A first topic, made of what the organisation said of itself."""

    name: str
    query: str
    hashtags: str


def first_suggestion() -> Suggestion | None:
    """Return what a room without any topic could watch first; None once there is one."""
    if Topic.objects.exists():
        return None
    name = organisation().name
    homes = [place.name for place in places() if place.level == PlaceLevel.BUILDING]
    handles = own_accounts().values_list("handle", flat=True)
    return Suggestion(
        name=name,
        query=suggest_query(name, handles=handles, homes=homes, either=pgettext("query", "OR")),
        hashtags=" ".join(suggest_hashtags(name, homes=homes)),
    )


def any_post() -> bool:
    """Say whether a post or a file is there to try a query on."""
    return Post.objects.exists() or Import.objects.exists()


def watched_topics() -> tuple[words.Topic, ...]:
    """Return the topics under watch, ready to compile: none before the law allows it (LR-01).

    The engine asks every second, so rows are read as they are stored, and made into values only
    when one of them changed.
    """
    if not may_watch():
        return ()
    as_stored = {f"{name}_stored": Cast(name, TextField()) for name in _LISTS}
    rows = Topic.objects.filter(archived_at=None).annotate(**as_stored)
    stored = tuple(rows.values_list(*_PLAIN, *as_stored))
    return _topic_values(stored, own_handles(), ringing_handles(), room_zone())


_PLAIN = (
    *("slug", "name", "query", "burst_rings", "false_alarms_per_week", "minimum"),
    "influence_followers",
)
_LISTS = ("severe_words", "panel", "planned")


@lru_cache(maxsize=1)
def _topic_values(
    rows: tuple[tuple[Any, ...], ...], own: tuple[str, ...], ringing: tuple[str, ...], zone: str
) -> tuple[words.Topic, ...]:
    names = (*_PLAIN, *_LISTS)
    known = (
        (*row[: len(_PLAIN)], *(decode(stored) for stored in row[len(_PLAIN) :])) for row in rows
    )
    topics = [Topic(**dict(zip(names, one, strict=True))) for one in known]
    return tuple(
        words.Topic(
            id=topic.slug,
            name=topic.name,
            query=topic.query,
            rules=tuple(_rules(topic, ringing)),
            own_accounts=own,
            planned=hours_of(topic.planned, ZoneInfo(zone)),
        )
        for topic in topics
    )


def _rules(topic: Topic, ringing: tuple[str, ...]) -> list[words.AlertRule]:
    rules = []
    if topic.burst_rings:
        rules.append(
            words.AlertRule(
                kind=words.RuleKind.BURST,
                false_alarms_per_week=topic.false_alarms_per_week,
                minimum=topic.minimum,
            )
        )
    if topic.severe_words:
        rules.append(
            words.AlertRule(kind=words.RuleKind.SEVERE_WORD, words=tuple(topic.severe_words))
        )
    panel = (*topic.panel, *ringing)
    if topic.influence_followers is not None or panel:
        rules.append(
            words.AlertRule(
                kind=words.RuleKind.INFLUENTIAL_AUTHOR,
                followers=topic.influence_followers,
                panel=panel,
            )
        )
    return rules


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """How far a file has come in.

    Attributes:
        over: nothing more will be read.
        url: the page that shows its quarantine.
        trouble: what stopped it before its end.
    """

    id: int
    name: str
    over: bool
    read_bytes: int
    total_bytes: int
    posts: int
    matched: int
    known: int
    quarantined: int
    url: str
    trouble: BadFile | None


def import_report(import_id: int) -> ImportReport:
    """Return how an import stands."""
    row = Import.objects.get(pk=import_id)
    trouble = row.trouble
    return ImportReport(
        id=row.pk,
        name=row.name,
        over=row.state in (ImportState.DONE, ImportState.STOPPED),
        read_bytes=row.read_bytes,
        total_bytes=row.total_bytes,
        posts=row.posts,
        matched=row.matched,
        known=row.known,
        quarantined=row.quarantined,
        url=settings.BASE_URL + reverse("listen:import", args=[row.pk]),
        trouble=trouble
        and BadFile(convert(trouble["what"], Message), convert(trouble["remedy"], Message)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSource:
    """A story that is rehearsed as if it came live, and how far it was told."""

    name: str
    settings: dict[str, str]
    cursor: str


REHEARSAL = "rehearsal"


def rehearsals() -> list[LiveSource]:
    """Return the stories to tell on at every turn."""
    return [
        LiveSource(name=row.name, settings=row.settings, cursor=row.cursor)
        for row in Source.objects.filter(stopped_at=None, kind=REHEARSAL)
    ]


def compiled_watch() -> Watch:
    """Compile the topics under watch, for work outside the engine."""
    return watch_for(watched_topics(), load_sentiment(), known_to_us())


def imports() -> QuerySet[Import]:
    """Return the files people brought, newest first."""
    return Import.objects.select_related("created_by")[:100]


def waiting_import(import_id: int) -> Import | None:
    """Return an import whose reading has not been started yet."""
    return Import.objects.filter(pk=import_id, state=ImportState.DRAFT).first()


def look_at_import(import_id: int, *, saved: str | None) -> Look:
    """Look at the beginning of a brought file, with the saved mapping one chose or that fits it.

    Raises:
        BadFile: when nothing of it can be read.
    """
    row = Import.objects.get(pk=import_id)
    chosen = SavedMapping.objects.filter(name=saved).first() if saved else None
    if chosen is None:
        look = look_at(Path(row.path))
        chosen = _fitting_mapping(look) if look.mapping and saved is None else None
        if chosen is None:
            return _by_our_clock(look, Path(row.path))
    return look_at(Path(row.path), format="csv", mapping=convert(chosen.mapping, Mapping))


def _by_our_clock(look: Look, path: Path) -> Look:
    mapping = _of_an_office(look, zone=timezone.get_current_timezone_name())
    return look_at(path, format="csv", mapping=mapping) if mapping else look


def _of_an_office(look: Look, *, zone: str) -> Mapping | None:
    guess = look.mapping
    dates = guess.columns.get("published", "") if guess else ""
    if guess is None or not guess.enough or guess.network == "x" or tells_utc(dates):
        return None
    return structs.replace(guess, zone=zone)


def office_mapping(path: Path, *, zone: str) -> Mapping | None:
    """Guess how an office's own table is read, its dates by a clock on the wall.

    Returns:
        None for files that need no guess, or none we are sure of; networks write in UTC.
    """
    return _of_an_office(look_at(path), zone=zone)


def look_again(import_id: int, mapping: Mapping) -> Look:
    """Look at the beginning of a brought file with the columns as somebody chose them."""
    return look_at(Path(Import.objects.get(pk=import_id).path), format="csv", mapping=mapping)


def _fitting_mapping(look: Look) -> SavedMapping | None:
    """Return the saved mapping that finds all its columns in a table; the richest of several."""
    header = set(look.header)
    fitting = [
        row
        for row in SavedMapping.objects.order_by("-pk")
        if row.mapping.get("columns") and set(row.mapping["columns"].values()) <= header
    ]
    return max(fitting, key=lambda row: len(row.mapping["columns"]), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A screenshot as it came. ``unchanged``: its bytes still have the hash they came with."""

    body: bytes
    kind: str
    unchanged: bool


def screenshot(digest: str) -> Evidence | None:
    """Return a screenshot by its SHA-256; None when nobody brought it, or its file is gone."""
    row = Screenshot.objects.filter(sha256=digest).first()
    path = screenshot_path(digest)
    if row is None or not path.exists():
        return None
    body = path.read_bytes()
    return Evidence(body=body, kind=row.kind, unchanged=sha256(body).hexdigest() == digest)


def saved_mappings() -> list[str]:
    """Return the names of saved mappings."""
    return list(SavedMapping.objects.order_by("name").values_list("name", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """One import as its page shows it.

    Attributes:
        percent: bytes read of all bytes, 0 to 100.
        lines: the part of the quarantine this page shows.
    """

    row: Import
    percent: int
    lines: Page[QuarantinedLine]
    waiting: int
    needs_topic: bool


def import_page(import_id: int, *, page: str) -> ImportPage | None:
    """Return an import with a part of its quarantine; None when there is no such import."""
    row = Import.objects.select_related("created_by").filter(pk=import_id).first()
    if row is None:
        return None
    lines = row.quarantine.order_by("state", "line", "place")
    return ImportPage(
        row=row,
        percent=100 * row.read_bytes // row.total_bytes if row.total_bytes else 0,
        lines=Paginator(lines, 20).get_page(page),
        waiting=row.quarantine.filter(state=QuarantineState.OPEN).count(),
        needs_topic=row.state == ImportState.QUEUED and not watched_topics(),
    )


def import_of_line(line_id: int) -> int:
    """Return the import a quarantined line came with."""
    return get_object_or_404(QuarantinedLine, pk=line_id).brought_by_id


def quarantine_file(import_id: int) -> tuple[str, bytes]:
    """Return a name and the lines still in quarantine, as a file one can correct and import."""
    row = get_object_or_404(Import, pk=import_id)
    waiting = row.quarantine.filter(state=QuarantineState.OPEN).order_by("line", "place")
    return f"quarantine-{row.name.removesuffix('.gz')}", as_file(waiting)


def topics() -> QuerySet[Topic]:
    """Return all topics by name, those under watch first."""
    return Topic.objects.order_by(F("archived_at").asc(nulls_first=True), "name")


def topic(slug: str) -> Topic:
    """Return one topic. Raises Http404."""
    return get_object_or_404(Topic, slug=slug)


def hides() -> tuple[tuple[str, str], ...]:
    """Return the topics that keep something from view, each with the query of what."""
    return tuple(Topic.objects.exclude(hide="").order_by("slug").values_list("slug", "hide"))


def versions(slug: str) -> list[tuple[TopicVersion, TopicVersion]]:
    """Return what a topic looked for, newest first, each with what was before (the first: itself).

    Raises Http404.
    """
    rows = list(topic(slug).versions.select_related("made_by"))
    return list(zip(rows, [*rows[1:], *rows[-1:]], strict=True))


def kinds_listened_to() -> list[str]:
    """Return the kinds of source in use."""
    rows = Source.objects.filter(stopped_at=None).order_by("kind")
    return list(rows.values_list("kind", flat=True).distinct())


def reposted(post: Post) -> Post | None:
    """Return the stored post that another one repeats without words of its own."""
    if post.content or not post.repost_of:
        return None
    kept = Post.objects.select_related("author").filter(deleted_at=None)
    return kept.filter(uid=post.repost_of).first()


def newest_posts(limit: int) -> list[Said]:
    """Return the newest stored posts, as their networks gave them."""
    rows = Post.objects.filter(deleted_at=None).order_by("-heard_at").values_list("document")
    return [convert(document["post"], Said) for (document,) in rows[:limit]]


def brought_file(import_id: int) -> Import:
    """Return a file somebody brought. Raises Http404."""
    return get_object_or_404(Import, pk=import_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilter:
    """Which stored posts are asked for.

    Attributes:
        leaning: one of the leanings, or empty for all.
        reposts: whether pure reposts are wanted.
        kept: ``hidden`` gives what is kept from view, ``all`` that too; else what is in view.
    """

    since: datetime | None = None
    until: datetime | None = None
    leaning: str = ""
    network: str = ""
    reposts: bool = True
    kept: str = ""


def matches(slug: str, wanted: PostFilter) -> QuerySet[Match]:
    """Return a topic's matches with their posts, newest heard first."""
    found = Match.objects.filter(topic__slug=slug).select_related("post__author")
    if wanted.since:
        found = found.filter(heard_at__gte=wanted.since)
    if wanted.until:
        found = found.filter(heard_at__lt=wanted.until)
    if wanted.leaning:
        found = found.filter(post__leaning=wanted.leaning)
    if wanted.network:
        found = found.filter(post__network=wanted.network)
    if not wanted.reposts:
        found = found.filter(relayed=False, post__repost_of="")
    if wanted.kept == "hidden":
        found = found.out_of_view()
    elif wanted.kept != "all":
        found = found.in_view()
    return found.order_by("-heard_at", "-pk")


def exported_posts(slug: str, wanted: PostFilter) -> Iterator[Said]:
    """Yield a topic's posts as the core's values, newest first; a deleted one has no words."""
    return said(matches(slug, wanted))


def said(found: QuerySet[Match]) -> Iterator[Said]:
    """Yield the posts of matches as the core's values, in their order, a few at a time."""
    for match in found.iterator(chunk_size=2_000):
        yield convert(match.post.document["post"], Said)


def minutes(slug: str, *, since: datetime, until: datetime) -> QuerySet[Minute]:
    """Return a topic's minute counts, in order."""
    return Minute.objects.filter(topic__slug=slug, minute__gte=since, minute__lt=until).order_by(
        "minute"
    )
