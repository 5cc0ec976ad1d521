"""Topics, posts, how they came in and what could not be read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quivive.web.waiting.models import FREE, Waiting


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

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


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

    def __str__(self) -> str:
        return self.uid


class Account(models.Model):
    """Who wrote, as last seen."""

    uid = models.CharField(max_length=500, unique=True)
    network = models.CharField(max_length=60)
    handle = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    followers = models.PositiveBigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.handle or self.uid


class Leaning(models.TextChoices):
    """How a post reads (see vocabulary)."""

    NEGATIVE = "negative", _("negative")
    NEUTRAL = "neutral", _("neutral")
    POSITIVE = "positive", _("positive")
    UNCERTAIN = "uncertain", _("uncertain")


class Post(models.Model):
    """One post that matched a topic. ``document`` is the whole vocabulary value as JSON."""

    uid = models.CharField(max_length=500, unique=True)
    network = models.CharField(max_length=60)
    published = models.DateTimeField()
    heard_at = models.DateTimeField(db_index=True)
    author = models.ForeignKey(Account, models.CASCADE, related_name="posts")
    content = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    leaning = models.CharField(max_length=10, choices=Leaning, blank=True)
    negative = models.FloatField(null=True)
    repost_of = models.CharField(max_length=500, blank=True, db_index=True)
    in_reply_to = models.CharField(max_length=500, blank=True, db_index=True)
    own = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    document = models.JSONField()

    class Meta:
        # Our own posts are a handful among millions: small indexes of them alone.
        indexes: ClassVar = [
            models.Index(fields=["published"], condition=Q(own=True), name="own_posts_by_time"),
            models.Index(fields=["in_reply_to"], condition=Q(own=True), name="own_replies"),
        ]

    def __str__(self) -> str:
        return self.uid


class Match(models.Model):
    """A topic caught a post."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="matches")
    post = models.ForeignKey(Post, models.CASCADE, related_name="matches")
    heard_at = models.DateTimeField()
    relayed = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)  # the topic's ``hide`` meets it
    by_hand = models.BooleanField(default=False)  # a person put it there: no query takes it away

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "post"], name="one_match_a_topic_and_post")
        ]
        indexes: ClassVar = [models.Index(fields=["topic", "heard_at", "id"])]

    def __str__(self) -> str:
        return f"{self.topic_id}:{self.post_id}"


class PostWords(models.Model):
    """What the archive's index holds of a post (see ``listen/archive.py``).

    ``place`` is where the post stands by time. Each database keeps its full-text index beside this
    table by itself (migration ``archive_index``): it lives and dies in the transaction of its post.
    """

    place = models.BigIntegerField(primary_key=True)
    post = models.OneToOneField(Post, models.CASCADE, related_name="indexed")
    words = models.TextField()

    def __str__(self) -> str:
        return str(self.place)


class PostLabel(models.Model):
    """A word the team put on a post, to find it again."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="labels")
    name = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "post"], name="one_row_a_label_and_post")
        ]

    def __str__(self) -> str:
        return self.name


class Hiding(models.Model):
    """A post the team does not want to see in lists, with who decided it and why."""

    post = models.OneToOneField(Post, models.CASCADE, related_name="hiding")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.post_id}: {self.reason}"


class SavedView(models.Model):
    """A search somebody keeps; ``address`` is the query string of its page."""

    name = models.CharField(max_length=100)
    address = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_a_name_and_owner")
        ]

    def __str__(self) -> str:
        return self.name


class Deed(models.Model):
    """What one action changed on many posts at once, so that it can be taken back.

    ``before`` holds, by post, what is needed to put it back as it was.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Capture(Waiting):
    """A post kept as evidence, whatever becomes of the post; it waits for its timestamp.

    ``record`` is its canonical JSON (see ``listen/evidence.py``); emptied, only the hash stays.
    """

    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="captures")
    post_uid = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    record = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    stamp = models.BinaryField(null=True)
    stamped_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.JSONField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return self.sha256


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

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="minutes")
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

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="half_hours")
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


class Screenshot(models.Model):
    """A picture of what a person saw, kept as it came, with its hash as evidence."""

    post_uid = models.CharField(max_length=500, db_index=True)
    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20)  # of media, e.g. image/png
    size = models.PositiveIntegerField()  # bytes
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    brought_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class SavedMapping(models.Model):
    """How the columns of a kind of file are read."""

    name = models.CharField(max_length=100, unique=True)
    mapping = models.JSONField()

    def __str__(self) -> str:
        return self.name


class Objection(models.Model):
    """Somebody who does not want to be watched: what they write is no longer taken in (LR-07).

    ``digest`` is a keyed hash of the account's address or name: nobody can be read from it.
    """

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.digest
