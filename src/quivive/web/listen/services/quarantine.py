"""Lines that could not be read: set aside, corrected and read again, or discarded."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import F

from quivive.flow.watch import Watch
from quivive.listen.mapping import Mapping as Columns
from quivive.listen.records import taken_back
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say
from quivive.web.listen.models import Import, QuarantinedLine, QuarantineState
from quivive.web.listen.services.past import catch_past, store_past
from quivive.web.listen.worker import forget_posts
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.wire.files import Batch, Quarantined, read_bytes


def set_aside(row: Import, lines: Sequence[Quarantined]) -> None:
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
    if batch.quarantined or not (batch.posts or batch.deletions):
        QuarantinedLine.objects.filter(pk=line_id).update(raw=corrected)
        raise _still_bad(batch)
    with transaction.atomic():
        mine = QuarantinedLine.objects.filter(pk=line_id, state=QuarantineState.OPEN)
        if not mine.update(state=QuarantineState.REPLAYED, raw=corrected):
            return
        matches = catch_past(batch.posts, watch=watch, caught={}, now=now)
        new = store_past(matches, watch=watch, now=now)
        forget_posts([*batch.deletions, *taken_back(batch.posts, now=now)], now=now)
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


def _still_bad(batch: Batch) -> BadFile:
    if batch.quarantined:
        return BadFile(batch.quarantined[0].what, batch.quarantined[0].remedy)
    return BadFile(
        say("The corrected line holds no post."),
        say("Compare it with a line that was read, then try again."),
    )
