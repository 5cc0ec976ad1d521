"""How long posts are kept, what is held back from forgetting, and what was forgotten when."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from quivive.web.listen.models import Topic


class Retention(models.Model):
    """How many days posts of a network are kept outside a crisis (LR-05)."""

    network = models.CharField(max_length=60, unique=True)
    days = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.network}: {self.days}"


class LegalHold(models.Model):
    """Posts of a topic that are kept whatever their age, for a reason and until a day (LR-05)."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="holds")
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    ends_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-ends_at"]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.reason}"


class Purge(models.Model):
    """One round of forgetting what is too old: how much went, and what stayed and why."""

    at = models.DateTimeField(db_index=True)
    horizon = models.DateTimeField()  # of what was written before, nothing complete is left
    posts = models.PositiveBigIntegerField(default=0)
    accounts = models.PositiveBigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    spared = models.PositiveBigIntegerField(default=0)
    networks = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.posts}"
