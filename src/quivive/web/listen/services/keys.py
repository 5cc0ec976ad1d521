"""Remembers which key pseudonyms were made with, so that a changed key can be told."""

from datetime import datetime

from quivive.web.listen.models import PseudonymKey
from quivive.wire.secrets import key_names


def note_export(*, now: datetime) -> None:
    """Note that posts left the room under pseudonyms of the present key."""
    PseudonymKey.objects.update_or_create(name=key_names()[0], defaults={"exported_at": now})


def note_block(*, now: datetime) -> None:
    """Note that somebody is kept out by a hash of the present key."""
    PseudonymKey.objects.update_or_create(name=key_names()[0], defaults={"blocked_at": now})
