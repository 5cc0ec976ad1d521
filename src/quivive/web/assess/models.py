"""Threats and the history of their assessments."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from quivive.web.detect.models import Signal
from quivive.web.listen.models import Post, Topic


class Threat(models.Model):
    """What is being assessed: a topic since an onset, with what people said of it.

    ``inputs`` is a vocabulary ``HumanInputs``; what nobody has said is absent and is asked.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="threats")
    onset = models.DateTimeField()
    signal = models.OneToOneField(
        Signal, models.SET_NULL, null=True, blank=True, related_name="threat"
    )
    inputs = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)  # None: look again at once
    last_match = models.BigIntegerField(default=0)  # the newest match that was counted

    def __str__(self) -> str:
        return f"{self.topic} {self.onset:%Y-%m-%d %H:%M}"


class Assessment(models.Model):
    """The sheet at one moment. ``sheet`` is a vocabulary ``Assessment``."""

    threat = models.ForeignKey(Threat, models.CASCADE, related_name="assessments")
    at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    score = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    sheet = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.threat} {self.score:.0f}"


class Override(models.Model):
    """A level set by a person, with the reason."""

    threat = models.ForeignKey(Threat, models.CASCADE, related_name="overrides")
    level = models.PositiveSmallIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.threat} → {self.level}"


class Rubric(models.Model):
    """One version of the numbers that judge severity and set the clocks; rows are never changed.

    ``assess`` is an ``AssessSettings`` and ``clock`` a ``ClockSettings``; what a row does not
    hold, because a later program added it, is as the program has it.
    """

    assess = models.JSONField()
    clock = models.JSONField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return str(self.pk)


class Foreseen(models.Model):
    """A range that was foreseen, and what came; neither is changed afterwards.

    ``made_at`` is a whole ten minutes; ``came`` stays empty until it is due.
    """

    made_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField()
    p10 = models.FloatField()
    p50 = models.FloatField()
    p90 = models.FloatField()
    came = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class Forecast(Foreseen):
    """What was foreseen of a topic's volume, ``hours`` ahead."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="forecasts")
    hours = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["-made_at", "hours"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(came=None), name="forecasts_not_scored"
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["topic", "made_at", "hours"], name="one_forecast_a_topic_moment_and_horizon"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.made_at:%Y-%m-%d %H:%M} +{self.hours} h"


class PostForecast(Foreseen):
    """How many reposts a post was to have a week after it was written; it goes with its post.

    ``observed`` counts the reposts kept by ``made_at``.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="forecasts")
    observed = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-made_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(came=None), name="post_forecasts_not_scored"
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "made_at"], name="one_forecast_a_post_and_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.made_at:%Y-%m-%d %H:%M}"
