"""Posts kept as evidence."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from quivive.web.listen.models.posts import Post
from quivive.web.waiting.models import Waiting


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
