"""Where posts come from, and what waits to be taken in."""

from typing import ClassVar

from django.db import models

from quivive.web.waiting.models import FREE
from quivive.wire.plugins import sources


class Source(models.Model):
    """Where posts come from, and how it fares. The row is also the lease of its collector.

    ``settings`` are as typed, ``secrets`` the fields nobody sees again, encrypted.
    """

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    secrets = models.TextField(blank=True)
    cursor = models.TextField(blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_post_at = models.DateTimeField(null=True, blank=True)
    lag_s = models.FloatField(null=True, blank=True)  # between writing and hearing, last post
    trouble = models.JSONField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    notes = models.JSONField(default=list, blank=True)
    quota = models.JSONField(null=True, blank=True)
    wake_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=60, blank=True)
    held_until = models.DateTimeField(default=FREE)

    def __str__(self) -> str:
        return self.name

    @property
    def is_called(self) -> bool:
        """Programs call it, and nothing asks it."""
        plug_in = sources().get(self.kind)
        return plug_in is not None and plug_in.is_called


class SourceHour(models.Model):
    """How much one source brought in one hour: what its expected rate is read from."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    heard = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "hour"], name="one_row_a_source_and_hour")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.hour:%Y-%m-%d %H}"


class Arrival(models.Model):
    """A post, or a deletion, that a collector brought and the engine has not taken in yet.

    It is written with the source's cursor and deleted with the engine's checkpoint, so a process
    that is killed at any moment neither loses nor doubles it.
    """

    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="+")
    uid = models.CharField(max_length=500, db_index=True)
    heard_at = models.DateTimeField()
    document = models.JSONField(null=True)  # a post; null: its author took it back
    around = models.BooleanField(default=False)  # answers a kept post, and speaks of no topic
    engagement = models.BooleanField(default=False)  # something done with a kept post; no post
    refused = models.CharField(max_length=200, blank=True)  # why it could not be taken in

    def __str__(self) -> str:
        return self.uid


class TakenCall(models.Model):
    """A call of another machine that was believed, remembered so that it is believed once."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="calls")
    key = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="one_row_a_call")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.at:%Y-%m-%d %H:%M:%S}"
