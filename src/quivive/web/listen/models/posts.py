"""Posts that matched, who wrote them, and what the team put on them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quivive.web.listen.models.topics import Topic


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

    @property
    def plea(self) -> float:
        """The share with which the words read like a cry for help; 0 where nobody read them."""
        return (self.document.get("sentiment") or {}).get("plea") or 0.0


class Matches(models.QuerySet["Match"]):
    """What topics caught. Hidden is what the topic's ``hide`` meets, and what the team hid."""

    def in_view(self) -> "Matches":
        """Leave out what is hidden."""
        return self.filter(hidden=False, post__hiding=None)

    def out_of_view(self) -> "Matches":
        """Return only what is hidden."""
        return self.filter(Q(hidden=True) | Q(post__in=Hiding.objects.values("post")))

    def count_out_of_view(self) -> int:
        """Count what is hidden, from the few rows that say so: most matches never are."""
        by_team = self.filter(hidden=False, post__in=Hiding.objects.values("post"))
        return self.filter(hidden=True).count() + by_team.count()


class Match(models.Model):
    """A topic caught a post."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="matches")
    post = models.ForeignKey(Post, models.CASCADE, related_name="matches")
    heard_at = models.DateTimeField()
    relayed = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)  # the topic's ``hide`` meets it
    by_hand = models.BooleanField(default=False)  # a person put it there: no query takes it away

    objects = Matches.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "post"], name="one_match_a_topic_and_post")
        ]
        indexes: ClassVar = [
            models.Index(fields=["topic", "heard_at", "id"]),
            models.Index(
                fields=["topic", "heard_at"], condition=Q(hidden=True), name="hidden_matches"
            ),
            models.Index(fields=["topic"], condition=Q(by_hand=True), name="matches_by_hand"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}:{self.post_id}"


class Engagement(models.Model):
    """A like, a repost, a reply or a quote of a kept post, counted once; who did it is not kept.

    ``digest`` is a keyed hash of its address: it tells it again when it is taken back, and leads
    to nobody (LR-06). What was taken back is still known, for a stream may tell it once more, after
    a pause or by another server, and not tell again that it was taken back.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="engagements")
    kind = models.CharField(max_length=8)  # the counter of a post that tells of it
    digest = models.CharField(max_length=20)
    taken_back = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "kind"], name="one_row_an_engagement")
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.kind}"


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


class Objection(models.Model):
    """Somebody who does not want to be watched: what they write is no longer taken in (LR-07).

    ``digest`` is a keyed hash of the account's address or name: nobody can be read from it.
    """

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.digest


class PseudonymKey(models.Model):
    """A key that pseudonyms were made with, by its name, and what it was last used for.

    ``exported_at``: posts were given away under it; ``blocked_at``: somebody was kept out by it.
    """

    name = models.CharField(max_length=8, unique=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
