"""Files people brought, and what of them could not be read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quivive.web.listen.models.sources import Source


class ImportState(models.TextChoices):
    """Where an import stands."""

    DRAFT = "draft", _("waiting for your choice")
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped before the end")


class Import(models.Model):
    """A file people brought, and how far it has been read."""

    name = models.CharField(max_length=300)
    path = models.CharField(max_length=1000)
    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, related_name="files"
    )  # that handed it over; None: a person did
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    format = models.CharField(max_length=40, default="auto")
    mapping = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.DRAFT)
    line = models.PositiveBigIntegerField(default=0)
    read_bytes = models.PositiveBigIntegerField(default=0)
    total_bytes = models.PositiveBigIntegerField(default=0)
    posts = models.PositiveBigIntegerField(default=0)
    matched = models.PositiveBigIntegerField(default=0)
    known = models.PositiveBigIntegerField(default=0)
    quarantined = models.PositiveBigIntegerField(default=0)
    trouble = models.JSONField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class QuarantineState(models.TextChoices):
    """What became of a line that could not be read."""

    OPEN = "open", _("to look at")
    REPLAYED = "replayed", _("read after correction")
    DISCARDED = "discarded", _("set aside")


class QuarantinedLine(models.Model):
    """A line that could not be read, kept whole so that nothing is lost."""

    brought_by = models.ForeignKey(Import, models.CASCADE, related_name="quarantine")
    line = models.PositiveBigIntegerField()
    place = models.PositiveIntegerField(default=0)  # several bad records may share a line
    header = models.TextField(blank=True)
    raw = models.TextField()
    what = models.JSONField()
    remedy = models.JSONField()
    field = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=QuarantineState, default=QuarantineState.OPEN)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brought_by", "line", "place"], name="one_row_a_bad_record"
            )
        ]

    def __str__(self) -> str:
        return f"{self.brought_by_id}:{self.line}"


class SavedMapping(models.Model):
    """How the columns of a kind of file are read."""

    name = models.CharField(max_length=100, unique=True)
    mapping = models.JSONField()

    def __str__(self) -> str:
        return self.name
