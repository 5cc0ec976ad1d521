"""All that open pages read of what changed."""

from typing import NamedTuple

from quivive.web.waiting.models import Change

MOST = 500
"""Notes read at once; a page that missed more simply asks again."""


class Note(NamedTuple):
    """Something open pages should show again."""

    id: int
    kind: str
    subject: str


def latest_change() -> int:
    """Return the id of the newest note, 0 when there is none."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def changes_after(after: int) -> list[Note]:
    """Return the notes after an id, oldest first."""
    rows = Change.objects.filter(pk__gt=after).order_by("pk")[:MOST]
    return [Note(*row) for row in rows.values_list("pk", "kind", "subject")]


def still_kept(note_id: int) -> bool:
    """Tell whether a note is young enough to be there: then nothing after it was forgotten."""
    return Change.objects.filter(pk=note_id).exists()
