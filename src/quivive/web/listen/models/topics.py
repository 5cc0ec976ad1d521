"""Topics: what is looked for, and how that changed."""

from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.db import models


class Topic(models.Model):
    """A saved query with its alert rules."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=200)
    query = models.TextField()
    burst_rings = models.BooleanField(default=True)
    false_alarms_per_week = models.FloatField(default=0.1)
    minimum = models.PositiveSmallIntegerField(default=4)
    severe_words = models.JSONField(default=list, blank=True)
    influence_followers = models.PositiveIntegerField(null=True, blank=True)
    panel = models.JSONField(default=list, blank=True)
    negative_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    spread_reposts = models.PositiveIntegerField(null=True, blank=True)
    planned = models.JSONField(default=list, blank=True)  # lines of ``detect.planned``
    hide = models.TextField(blank=True)  # a query: what it meets is kept and counted, not shown
    must_match = models.JSONField(default=list, blank=True)  # texts that try the query
    must_not_match = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)
    matched_query = models.TextField(blank=True)  # the query its stored matches were made with
    rebuild = models.PositiveIntegerField(default=0)  # times asked to detect anew since it was done
    rebuild_failed = models.CharField(max_length=200, blank=True)  # why it goes on without its past

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """Stands for all that people set here: another one tells that somebody changed it."""
        return sha256(repr([getattr(self, name) for name in SET_BY_PEOPLE]).encode()).hexdigest()


SET_BY_PEOPLE = (
    *("name", "query", "hide", "must_match", "must_not_match", "planned"),
    *("burst_rings", "false_alarms_per_week", "minimum", "severe_words", "influence_followers"),
    *("panel", "negative_percent", "spread_reposts"),
)


class TopicVersion(models.Model):
    """What a topic looked for from a moment on, who wanted it so, and why."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    query = models.TextField()
    hide = models.TextField(blank=True)
    must_match = models.JSONField(default=list, blank=True)
    must_not_match = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} v{self.number}"
