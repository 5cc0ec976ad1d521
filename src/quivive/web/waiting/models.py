"""Rows that wait. The row is the queue: restart-safe, queryable, no broker."""

from datetime import UTC, datetime, timedelta

from django.db import models

FREE = datetime(1970, 1, 1, tzinfo=UTC)
"""A row held until this moment is held by nobody."""

LONGEST_HOLD = timedelta(minutes=10)
"""A process that lasts holds for seconds: a longer hold was made by a clock that was ahead."""


class Waiting(models.Model):
    """What every waiting row has: a lease, so that a crashed worker's row comes back."""

    held_until = models.DateTimeField(default=FREE, db_index=True)

    class Meta:
        abstract = True


class Change(models.Model):
    """Something open pages should show again; kept for a day so that a page can resume."""

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
