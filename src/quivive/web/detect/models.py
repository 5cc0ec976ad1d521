"""Signals, and the alerts people were told about."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quivive.vocabulary.signals import SignalKind
from quivive.web.listen.models import Match, Matches, Topic
from quivive.web.people.models import AppendOnly

BURSTS = (SignalKind.BURST.value, SignalKind.FLARE_UP.value)
"""Kinds whose next alert says of the same burst that it got worse."""


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
    rang_at = models.DateTimeField()  # when people were called; of past posts, when they would have
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


class ClaimStatus(models.TextChoices):
    """How far people have checked a claim; the values are those of the vocabulary."""

    UNVERIFIED = "unverified", _("unverified")
    IN_PROGRESS = "in-progress", _("being checked")
    TRUE = "true", _("true")
    PARTLY_TRUE = "partly-true", _("partly true")
    FALSE = "false", _("false")
    NOT_VERIFIABLE = "not-verifiable", _("not verifiable")


class Claim(models.Model):
    """What several posts of a topic claim, and what people found out about it.

    ``key`` is the id of the post that began it, or says which claim it was split from. ``name``
    is what people call it; the sentence stays somebody's own words.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="claims")
    key = models.CharField(max_length=600)
    sentence = models.TextField()
    sentence_from = models.CharField(max_length=500)
    language = models.CharField(max_length=8, blank=True)
    story = models.CharField(max_length=500, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    rumour_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=280, blank=True)
    status = models.CharField(max_length=14, choices=ClaimStatus, default=ClaimStatus.UNVERIFIED)
    source = models.TextField(blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    split_from = models.ForeignKey("self", models.CASCADE, null=True, related_name="splits")
    # A misread action: what was seen of us, what it was, and what proves it.
    seen = models.TextField(blank=True)
    was = models.TextField(blank=True)
    proof = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "key"], name="one_claim_a_key")
        ]
        indexes: ClassVar = [models.Index(fields=["topic", "last_at"])]

    def __str__(self) -> str:
        return self.name or self.sentence


class ClaimPost(models.Model):
    """How one post stands to its claim. ``home`` is where the flow put it, once a person moved it.

    ``round`` counts how often the topic was read from its beginning.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="standings")
    home = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="+")
    post = models.CharField(max_length=500)
    at = models.DateTimeField()
    stance = models.CharField(max_length=10)
    sourced = models.BooleanField()
    own = models.BooleanField()
    copy_of = models.CharField(max_length=500)
    share = models.FloatField()
    reasons = models.JSONField(default=list)
    round = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "post"], name="one_claim_a_topic_and_post")
        ]
        indexes: ClassVar = [models.Index(fields=["claim", "at"])]

    def __str__(self) -> str:
        return f"{self.post} {self.stance}"


class ClaimReading(models.Model):
    """How far the stored posts of a topic were read for claims.

    ``heard_at`` and ``post_id`` are where reading in time order stands; ``blob`` is what the reader
    knows there, ``stamp`` a new word each time it is stored; ``late`` are matches heard a little
    before, still to be read. From ``anew_at`` on, and a little longer, posts of the past came in.
    """

    topic = models.OneToOneField(Topic, models.CASCADE, related_name="+")
    heard_at = models.DateTimeField(null=True)
    post_id = models.BigIntegerField(default=0)
    blob = models.BinaryField(default=b"")
    stamp = models.CharField(max_length=32, default="", blank=True)
    late = models.JSONField(default=list)
    due = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    anew_at = models.DateTimeField(null=True)
    round = models.PositiveIntegerField(default=1)
    scrubbed_at = models.DateTimeField(null=True)  # when erased words were last looked for

    def __str__(self) -> str:
        return f"{self.topic} {self.heard_at}"

    def unread(self) -> Matches:
        """Return the matches from the place reached on, but for those that came late."""
        rows = Match.objects.filter(topic=self.topic_id)
        if self.heard_at is None:
            return rows
        same_time = Q(heard_at=self.heard_at, post_id__gt=self.post_id)
        return rows.filter(same_time | Q(heard_at__gt=self.heard_at))


class ClaimMark(models.Model):
    """The newest match that was looked at for claims, over all topics; one row."""

    newest = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.newest)
