"""Files that people bring: kept, queued, read batch by batch."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F

from quivive.flow.steps import Caught, Waiting
from quivive.flow.watch import Watch
from quivive.listen.mapping import Mapping as Columns
from quivive.listen.records import Deletion, taken_back
from quivive.vocabulary.errors import BadFile, Trouble
from quivive.vocabulary.matches import Match
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.web.listen.models import Import, ImportState, SavedMapping
from quivive.web.listen.services.past import catch_past, store_past
from quivive.web.listen.services.quarantine import set_aside
from quivive.web.listen.worker import forget_posts
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change
from quivive.wire.files import Batch, Quarantined, read_posts

READ = 200
"""Posts read together, about: few enough to be matched while a processor still holds them near."""

BATCH = 20_000
"""Posts a transaction, at most about: nearly all match nothing and are forgotten as they come."""

ENOUGH = 500
"""Caught posts and bad lines that are worth a transaction of their own."""


class Readable(Protocol):
    """Something that gives its bytes block by block: an upload, a file, a request's body."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most so many."""
        ...


def bring_file(*, name: str, content: Readable, person: Person | None, now: datetime) -> int:
    """Keep a file that somebody brought; it waits until they say how to read it."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    part = folder / f"{now:%Y%m%d%H%M%S%f}.part"
    with part.open("wb") as file:
        while block := content.read(2**20):
            digest.update(block)
            file.write(block)
    path = folder / f"{digest.hexdigest()[:32]}-{Path(name).name[-80:]}"
    part.replace(path)
    import_id = bring_path(name=Path(name).name, path=path, person=person, now=now)
    Import.objects.filter(pk=import_id).update(digest=digest.hexdigest())
    return import_id


def is_ours(path: Path) -> bool:
    """Tell whether a brought file is a copy the room made, not somebody's own."""
    return path.resolve().is_relative_to(_folder().resolve())


def _folder() -> Path:
    return Path(settings.DATA) / "imports"


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


def move_files(*, before: str, after: str) -> int:
    """Say that brought files lie in another data folder now; return how many."""
    moved = [row for row in Import.objects.all() if Path(row.path).is_relative_to(before)]
    for row in moved:
        row.path = str(Path(after) / Path(row.path).relative_to(before))
    Import.objects.bulk_update(moved, ["path"], batch_size=500)
    return len(moved)


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


class Found(msgspec.Struct):
    """What some batches of a file gave; posts that match nothing are already forgotten.

    Attributes:
        posts: how many were read.
        matches: those that match, some of them perhaps stored already.
    """

    posts: int = 0
    matches: list[Match] = []
    quarantined: list[Quarantined] = []
    deletions: list[Deletion] = []

    def add(self, batch: Batch, matches: Sequence[Match], *, now: datetime) -> None:
        """Add what one more batch gave."""
        self.posts += len(batch.posts)
        self.matches += matches
        self.quarantined += batch.quarantined
        self.deletions += [*batch.deletions, *taken_back(batch.posts, now=now)]

    @property
    def is_enough(self) -> bool:
        """Tell whether to store before reading on."""
        return self.posts >= BATCH or len(self.matches) + len(self.quarantined) >= ENOUGH


class Reading:
    """A file that is read: it holds its place, from where the import was left.

    Attributes:
        row: the import.
        over: nothing is left to read.
        trouble: why nothing can be read any further, if something is wrong.
    """

    def __init__(self, row: Import) -> None:
        """Read on from the cursor, which was saved with the rows."""
        self.row = row
        self.over = False
        self.trouble: BadFile | None = None
        self._waiting: Waiting = {}
        mapping = msgspec.convert(row.mapping, Columns) if row.mapping else None
        self._batches = read_posts(
            Path(row.path), format=row.format, mapping=mapping, start_after=row.line, batch=READ
        )

    def find(self, *, watch: Watch, now: datetime) -> Found:
        """Read until there is enough to store together, or no more; the row learns how far."""
        row, found = self.row, Found()
        caught: Caught = {}
        try:
            for batch in self._batches:
                posts = _marked(batch.posts, row)
                matches = catch_past(
                    posts, watch=watch, caught=caught, waiting=self._waiting, now=now
                )
                found.add(batch, matches, now=now)
                row.line, row.read_bytes = batch.line, batch.read_bytes
                row.total_bytes = batch.total_bytes
                if found.is_enough:
                    return found
        except BadFile as trouble:
            self.trouble = trouble
        self.over = True
        return found


def next_reading() -> Reading | None:
    """Return the file to read next: one a dead worker left, or the oldest that waits."""
    waiting = Import.objects.filter(state__in=[ImportState.QUEUED, ImportState.RUNNING])
    row = waiting.order_by("-state", "pk").first()
    return Reading(row) if row else None


@transaction.atomic
def keep_found(row: Import, found: Found, *, watch: Watch, now: datetime) -> bool:
    """Store what was found, the bad lines and the cursor, all or nothing.

    Returns:
        False when somebody stopped the import meanwhile.
    """
    new = store_past(found.matches, watch=watch, now=now)
    forget_posts(found.deletions, now=now)
    set_aside(row, found.quarantined)
    note_change("import", str(row.pk), now=now)
    running = Import.objects.filter(pk=row.pk, state__in=[ImportState.QUEUED, ImportState.RUNNING])
    return bool(
        running.update(
            state=ImportState.RUNNING,
            line=row.line,
            read_bytes=row.read_bytes,
            total_bytes=row.total_bytes,
            posts=F("posts") + found.posts,
            matched=F("matched") + len(found.matches),
            known=F("known") + len(found.matches) - len(new),
            quarantined=F("quarantined") + len(found.quarantined),
        )
    )


def _marked(posts: Sequence[Post], row: Import) -> Sequence[Post]:
    """Mark what a person brought: all of a watched folder, and tables that no network makes."""
    brought = "folder" if row.source_id else "table" if row.mapping else None
    if brought is None:
        return posts
    return [msgspec.structs.replace(post, brought=post.brought or brought) for post in posts]


def unforeseen(reason: str) -> Trouble:
    """Say that a file was given up for a fault of ours."""
    return Trouble(
        say(
            "The file could not be read on, in a way we did not foresee: {reason}.",
            reason=reason[:200],
        ),
        say("What was read of it stays. Please report it with these words."),
    )


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
