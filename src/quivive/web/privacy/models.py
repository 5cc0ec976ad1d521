"""What is kept and forgotten, what people asked, who was told and who works on the data for us."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class Right(models.TextChoices):
    """What the law lets a person ask (GDPR, articles 15 to 21)."""

    ACCESS = "access", _("see what is kept")
    RECTIFICATION = "rectification", _("have it corrected")
    ERASURE = "erasure", _("have it erased")
    RESTRICTION = "restriction", _("have its use limited")
    OBJECTION = "objection", _("object")


class RightsRequest(models.Model):
    """What a person asked of us, and by when it has to be answered (LR-07; GDPR, article 12).

    ``who`` is emptied some months after the answer: the days alone show that it was answered.
    """

    right = models.CharField(max_length=16, choices=Right)
    who = models.CharField(max_length=200, blank=True)
    received_on = models.DateField()
    due_on = models.DateField(db_index=True)
    prolonged_because = models.CharField(max_length=300, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.right}: {self.received_on}"


class PublicNotice(models.Model):
    """Where the public reads that we listen, and whom it may write to (LR-03). One row."""

    address = models.URLField(blank=True)
    contact = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.address


class Informed(models.Model):
    """An account of a panel whose holder was told, or need not be, with why (LR-03).

    Panels hold people by name, so each is told within a month of being named (GDPR, article 14),
    unless an exception of its fifth paragraph holds.
    """

    network = models.CharField(max_length=60)
    handle = models.CharField(max_length=200)
    told_on = models.DateField(null=True, blank=True)
    exempt_because = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["network", "handle"], name="one_row_an_informed")
        ]

    def __str__(self) -> str:
        return f"@{self.handle} ({self.network})"


class Processor(models.Model):
    """A company that works on this room's data for us, under a signed agreement (LR-02)."""

    name = models.CharField(max_length=200, unique=True)
    does = models.CharField(max_length=300)
    country = models.CharField(max_length=100)
    agreement = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
