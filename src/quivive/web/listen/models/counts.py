"""What was counted, and where counting stands."""

from typing import ClassVar

from django.db import models

from quivive.web.listen.models.topics import Topic


class Counts(models.Model):
    """What a topic counted in some time, and the voices an hour that are usual then."""

    voices = models.PositiveIntegerField()
    originals = models.PositiveIntegerField()
    reposts = models.PositiveIntegerField()
    negatives = models.PositiveIntegerField()
    positives = models.PositiveIntegerField()
    own = models.PositiveIntegerField()
    expected = models.FloatField()
    upper = models.FloatField()

    class Meta:
        abstract = True


class Minute(Counts):
    """What one topic counted in one minute: what pages read instead of posts."""

    topic = models.ForeignKey(  # the constraint is an index that begins with it
        Topic, models.CASCADE, related_name="minutes", db_index=False
    )
    minute = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "minute"], name="one_row_a_topic_and_minute")
        ]
        indexes: ClassVar = [  # charts mark our own words, which are few
            models.Index("topic", "minute", condition=models.Q(own__gt=0), name="minutes_of_own")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.minute:%Y-%m-%d %H:%M}"


class HalfHour(Counts):
    """What one topic counted in half an hour, added up from as many rows as ``minutes`` says."""

    topic = models.ForeignKey(  # the constraint is an index that begins with it
        Topic, models.CASCADE, related_name="half_hours", db_index=False
    )
    start = models.DateTimeField()
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "start"], name="one_row_a_half_hour")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.start:%Y-%m-%d %H:%M}"


class EngineState(models.Model):
    """The flow's checkpoint, written in the same transaction as the posts it counted."""

    name = models.CharField(max_length=40, primary_key=True)
    blob = models.BinaryField()
    clock = models.DateTimeField()
    held_until = models.DateTimeField()
    holder = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name
