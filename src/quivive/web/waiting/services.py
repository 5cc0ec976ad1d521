"""All that changes waiting rows: leases, and the notes that tell open pages to look again."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models

from quivive.web.waiting.models import Change, Waiting

LEASE = timedelta(minutes=2)

Row = TypeVar("Row", bound=Waiting)


def hold_next(
    waiting: models.QuerySet[Row], *, now: datetime, lease: timedelta = LEASE
) -> Row | None:
    """Hold the oldest free row for two minutes, so that a crashed worker's row comes back."""
    row = waiting.filter(held_until__lte=now).order_by("pk").first()
    if row is None:
        return None
    mine = waiting.filter(pk=row.pk, held_until=row.held_until).update(held_until=now + lease)
    return row if mine else None


def note_change(kind: str, subject: str = "", *, now: datetime) -> None:
    """Tell open pages that ``kind`` (``lookout``, ``alert``, ``crisis`` ...) has news."""
    Change.objects.create(kind=kind, subject=subject, at=now)


def forget_old_changes(*, now: datetime) -> int:
    """Drop notes older than a day: no page resumes from so far back."""
    return Change.objects.filter(at__lt=now - timedelta(days=1)).delete()[0]
