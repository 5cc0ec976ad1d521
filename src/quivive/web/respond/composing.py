"""Words the notice for somebody who was named in a note, in their language."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from quivive.web.coordinate.composing import excerpt
from quivive.wire.notices import Notice, one_line


def mention_notice(
    *, case_id: int, author: str, note: str, words: str, language: str, time_zone: str, key: str
) -> Notice:
    """Word the notice: who wrote it, what, under which post, and the way there."""
    with translation.override(language), timezone.override(ZoneInfo(time_zone)):
        values = {
            "author": author,
            "note": excerpt(note),
            "words": excerpt(words),
            "address": settings.BASE_URL + reverse("respond:case", args=[case_id]),
            "key": key,
        }
        who = gettext("{name} names you in a note").format(name=one_line(author))
        return Notice(
            key=key,
            subject=f"[Qui-vive] {who}",
            text=render_to_string("respond/mention.txt", values),
            html=render_to_string("respond/mention.html", values),
        )
