"""Searches people keep, and what they changed in bulk."""

from typing import ClassVar

from django.conf import settings
from django.db import models


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
