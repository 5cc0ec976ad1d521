"""Signals, and the alerts people were told about."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quivive.web.listen.models import Topic
from quivive.web.people.models import AppendOnly


class Signal(models.Model):
    """One change on one topic, with its evidence; ``key`` makes finding it twice harmless."""

    key = models.CharField(max_length=600, unique=True)  # may hold the id of a post
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=20)
    found_at = models.DateTimeField(db_index=True)
    rang_at = models.DateTimeField(null=True)
    onset = models.DateTimeField()
    onset_low = models.DateTimeField()
    onset_high = models.DateTimeField()
    window_s = models.PositiveIntegerField()
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    severity = models.PositiveSmallIntegerField()
    certainty = models.CharField(max_length=10)
    negative_share = models.FloatField(null=True)
    evidence = models.JSONField(default=list)
    reason = models.JSONField()
    stored_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-found_at"]

    def __str__(self) -> str:
        return self.key


class AlertState(models.TextChoices):
    """What people did with an alert."""

    RINGING = "ringing", _("ringing")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    SNOOZED = "snoozed", _("snoozed")
    FALSE_ALARM = "false-alarm", _("false alarm")
    CRISIS = "crisis", _("crisis opened")
    PAST = "past", _("found in past posts")


class Alert(models.Model):
    """A signal that people are told about."""

    signal = models.OneToOneField(Signal, models.CASCADE, related_name="alert")
    state = models.CharField(max_length=12, choices=AlertState, default=AlertState.RINGING)
    rang_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    ringing_since = models.DateTimeField()  # when the escalation's clock began
    rings = models.PositiveSmallIntegerField(default=1)  # one more each time a snooze runs out

    class Meta:
        ordering: ClassVar = ["-rang_at"]

    def __str__(self) -> str:
        return f"{self.signal} {self.state}"


class AlertMove(AppendOnly):
    """One thing a person did with an alert; ``words`` is the comment or the reason."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=AlertState)
    words = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.alert_id} → {self.state}"
