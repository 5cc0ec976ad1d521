"""Where posts speak of, and how far finding that has come."""

from typing import ClassVar

from django.db import models

from quivive.web.listen.models.posts import Post


class PostPlace(models.Model):
    """A place a post speaks of or comes from, and by what (see ``listen/whereabouts.py``).

    ``place`` names it among all (``town/69/villeurbanne``), ``scope`` says how far from us it is.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="places")
    place = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    agency = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=3, blank=True)
    scope = models.PositiveSmallIntegerField()
    told = models.CharField(max_length=8)
    words = models.CharField(max_length=200, blank=True)
    reason = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "place"], name="one_row_a_post_and_place")
        ]
        indexes: ClassVar = [models.Index(fields=["place"])]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.name}"


class PlaceReading(models.Model):
    """How far stored posts have been read for places, and with which list of ours."""

    version = models.CharField(max_length=60, blank=True)
    upto = models.BigIntegerField(default=0)  # the number of the last post that was read

    def __str__(self) -> str:
        return f"{self.version}: {self.upto}"
