"""All that people and workers change in listen: topics, imports and their quarantine."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from quivive.engines.local import past_turn
from quivive.flow.watch import Watch
from quivive.listen.mapping import Mapping as Columns
from quivive.listen.query import parse
from quivive.vocabulary.errors import BadFile, Trouble
from quivive.vocabulary.matches import Match
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.web.listen.models import (
    Import,
    ImportState,
    QuarantinedLine,
    QuarantineState,
    SavedMapping,
    Source,
    Topic,
)
from quivive.web.listen.worker import (
    ask_rebuild,
    caught_originals,
    forget_posts,
    fresh,
    save_cursors,
    store_matches,
)
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change
from quivive.wire.files import Batch, Quarantined, read_bytes, read_posts


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRules:
    """When a topic rings (see ``vocabulary.topics.AlertRule``)."""

    burst_rings: bool = True
    false_alarms_per_week: float = 0.1
    minimum: int = 4
    severe_words: tuple[str, ...] = ()
    influence_followers: int | None = None
    panel: tuple[str, ...] = ()


@transaction.atomic
def save_topic(
    *,
    slug: str | None = None,
    name: str,
    query: str,
    rules: TopicRules = TopicRules(),
    person: Person,
    now: datetime,
) -> str:
    """Make a topic, or change the one named ``slug``; returns its short name.

    Posts that are stored meet the new query too, and the topic is detected anew.

    Raises:
        BadQuery: when the query cannot be read.
    """
    parse(query)
    values = {**asdict(rules), "name": name, "query": query, "rebuild": F("rebuild") + 1}
    if not (slug and Topic.objects.filter(slug=slug).update(**values)):
        slug = slug or _free_slug(name)
        Topic.objects.create(
            slug=slug, created_by=person, created_at=now, **{**values, "rebuild": 1}
        )
    audit(person=person, action="topic.save", subject=slug, detail={"query": query}, now=now)
    note_change("lookout", slug, now=now)
    return slug


def archive_topic(*, slug: str, person: Person, now: datetime) -> None:
    """Stop watching a topic; its posts and signals stay."""
    Topic.objects.filter(slug=slug, archived_at=None).update(archived_at=now)
    audit(person=person, action="topic.archive", subject=slug, detail={}, now=now)
    note_change("lookout", slug, now=now)


def restore_topic(*, slug: str, person: Person, now: datetime) -> None:
    """Watch an archived topic again."""
    Topic.objects.filter(slug=slug).update(archived_at=None, rebuild=F("rebuild") + 1)
    audit(person=person, action="topic.restore", subject=slug, detail={}, now=now)
    note_change("lookout", slug, now=now)


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "topic"
    taken = set(Topic.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    tries = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(slug for slug in tries if slug not in taken)


def add_source(
    *, name: str, kind: str, settings: dict[str, str], person: Person, now: datetime
) -> None:
    """Listen to a source from now on."""
    Source.objects.create(name=name, kind=kind, settings=settings)
    audit(person=person, action="source.add", subject=name, detail={"kind": kind}, now=now)


def bring_file(*, name: str, content: BinaryIO, person: Person | None, now: datetime) -> int:
    """Keep a file that somebody brought; it waits until they say how to read it."""
    folder = Path(settings.DATA) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    part = folder / f"{now:%Y%m%d%H%M%S%f}.part"
    with part.open("wb") as file:
        while block := content.read(2**20):
            digest.update(block)
            file.write(block)
    path = folder / f"{digest.hexdigest()[:32]}-{Path(name).name[-80:]}"
    part.replace(path)
    return bring_path(name=Path(name).name, path=path, person=person, now=now)


def bring_path(*, name: str, path: Path, person: Person | None, now: datetime) -> int:
    """Note a file to import where it lies, and return its number."""
    row = Import.objects.create(
        name=name,
        path=str(path),
        total_bytes=path.stat().st_size,
        created_by=person,
        created_at=now,
    )
    audit(person=person, action="import.bring", subject=name, detail={"import": row.pk}, now=now)
    return row.pk


def queue_import(
    *,
    import_id: int,
    file_format: str,
    mapping: Columns | None,
    person: Person | None,
    now: datetime,
) -> None:
    """Start reading, as the person chose after the preview."""
    Import.objects.filter(pk=import_id, state=ImportState.DRAFT).update(
        format=file_format,
        mapping=msgspec.to_builtins(mapping) if mapping else None,
        state=ImportState.QUEUED,
    )
    audit(person=person, action="import.start", subject=str(import_id), detail={}, now=now)
    note_change("import", str(import_id), now=now)


def stop_import(*, import_id: int, person: Person, now: datetime) -> None:
    """Stop reading; what was read stays."""
    running = Import.objects.filter(
        pk=import_id, state__in=[ImportState.DRAFT, ImportState.QUEUED, ImportState.RUNNING]
    )
    running.update(state=ImportState.STOPPED, finished_at=now)
    audit(person=person, action="import.stop", subject=str(import_id), detail={}, now=now)
    note_change("import", str(import_id), now=now)


def save_mapping(*, name: str, mapping: Columns, person: Person, now: datetime) -> None:
    """Keep how a kind of file is read, for the next one."""
    SavedMapping.objects.update_or_create(
        name=name, defaults={"mapping": msgspec.to_builtins(mapping)}
    )
    audit(person=person, action="mapping.save", subject=name, detail={}, now=now)


def next_import() -> Import | None:
    """Return the file to read next: one a dead worker left, or the oldest that waits."""
    waiting = Import.objects.filter(state__in=[ImportState.QUEUED, ImportState.RUNNING])
    return waiting.order_by("-state", "pk").first()


def open_import(row: Import) -> Iterator[Batch]:
    """Read on where the import was left: its cursor was saved with the rows."""
    mapping = msgspec.convert(row.mapping, Columns) if row.mapping else None
    return read_posts(Path(row.path), format=row.format, mapping=mapping, start_after=row.line)


@transaction.atomic
def keep_batch(row: Import, batch: Batch, *, watch: Watch, now: datetime) -> bool:
    """Store one batch, its bad lines and the cursor, all or nothing.

    Returns:
        False when somebody stopped the import meanwhile.
    """
    matches, new = _store_past(batch.posts, watch=watch, now=now)
    forget_posts(batch.deletions, now=now)
    _quarantine(row, batch.quarantined)
    note_change("import", str(row.pk), now=now)
    running = Import.objects.filter(pk=row.pk, state__in=[ImportState.QUEUED, ImportState.RUNNING])
    return bool(
        running.update(
            state=ImportState.RUNNING,
            line=batch.line,
            read_bytes=batch.read_bytes,
            total_bytes=batch.total_bytes,
            posts=F("posts") + len(batch.posts),
            matched=F("matched") + len(matches),
            known=F("known") + len(matches) - len(new),
            quarantined=F("quarantined") + len(batch.quarantined),
        )
    )


@transaction.atomic
def keep_late(
    posts: Sequence[Post], *, cursors: Mapping[str, str], watch: Watch, now: datetime
) -> None:
    """Store what a live source gave behind the clock; its topics are then detected anew."""
    _matches, new = _store_past(posts, watch=watch, now=now)
    save_cursors(cursors, heard=bool(new), now=now)


def _store_past(
    posts: Sequence[Post], *, watch: Watch, now: datetime
) -> tuple[list[Match], list[Match]]:
    """Store posts of the past; returns all that matched, and those that are new."""
    heard = heard_by(posts, now)
    matches = past_turn(heard, watch=watch, caught=caught_originals(heard))
    new = fresh(matches)
    store_matches(new, now=now)
    ask_rebuild({topic for match in new for topic in match.topics})
    return matches, new


def heard_by(posts: Sequence[Post], now: datetime) -> list[Post]:
    """Bring forged future times back to now: nobody hears a post before it is there."""
    return [
        post if post.heard_at <= now else msgspec.structs.replace(post, seen_at=now)
        for post in posts
    ]


def finish_import(row: Import, *, trouble: Trouble | None, now: datetime) -> None:
    """Close an import, with what stopped it if something did."""
    Import.objects.filter(pk=row.pk).exclude(state=ImportState.STOPPED).update(
        state=ImportState.STOPPED if trouble else ImportState.DONE,
        finished_at=now,
        trouble=trouble
        and {
            "what": msgspec.to_builtins(trouble.what),
            "remedy": msgspec.to_builtins(trouble.remedy),
        },
    )
    note_change("import", str(row.pk), now=now)


def _quarantine(row: Import, lines: Sequence[Quarantined]) -> None:
    QuarantinedLine.objects.bulk_create(
        [
            QuarantinedLine(
                brought_by=row,
                line=line.line,
                place=place,
                header=line.header,
                raw=line.raw.replace("\0", "\N{SYMBOL FOR NULL}"),
                what=msgspec.to_builtins(line.what),
                remedy=msgspec.to_builtins(line.remedy),
                field=line.field,
            )
            for place, line in enumerate(lines)
        ],
        batch_size=100,
        ignore_conflicts=True,
    )


def correct_line(
    *, line_id: int, corrected: str, watch: Watch, person: Person, now: datetime
) -> None:
    """Read a quarantined line again, as the person corrected it.

    Raises:
        BadFile: when it still cannot be read; the correction is kept for the next try.
    """
    line = QuarantinedLine.objects.select_related("brought_by").get(pk=line_id)
    batch = _read_again(line, corrected)
    if batch.quarantined or not batch.posts:
        QuarantinedLine.objects.filter(pk=line_id).update(raw=corrected)
        raise _still_bad(batch)
    with transaction.atomic():
        mine = QuarantinedLine.objects.filter(pk=line_id, state=QuarantineState.OPEN)
        if not mine.update(state=QuarantineState.REPLAYED, raw=corrected):
            return
        _matches, new = _store_past(batch.posts, watch=watch, now=now)
        Import.objects.filter(pk=line.brought_by_id).update(
            posts=F("posts") + len(batch.posts), matched=F("matched") + len(new)
        )
    audit(person=person, action="quarantine.correct", subject=str(line), detail={}, now=now)


def discard_line(*, line_id: int, person: Person, now: datetime) -> None:
    """Set a bad line aside; it stays readable."""
    line = QuarantinedLine.objects.get(pk=line_id)
    QuarantinedLine.objects.filter(pk=line_id, state=QuarantineState.OPEN).update(
        state=QuarantineState.DISCARDED
    )
    audit(person=person, action="quarantine.discard", subject=str(line), detail={}, now=now)


def _read_again(line: QuarantinedLine, corrected: str) -> Batch:
    row = line.brought_by
    mapping = msgspec.convert(row.mapping, Columns) if row.mapping else None
    again = "\n".join([*([line.header] if line.header else []), corrected]).encode()
    batches = list(read_bytes(again, format=row.format, mapping=mapping))
    return batches[0]


def _still_bad(batch: Batch) -> Trouble:
    if batch.quarantined:
        return BadFile(batch.quarantined[0].what, batch.quarantined[0].remedy)
    return BadFile(
        say("The corrected line holds no post."),
        say("Compare it with a line that was read, then try again."),
    )
