"""What somebody had typed into a form that could not be taken: they get it back to copy."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError

FEWEST_WORDS = 3
"""Fewer are quickly typed again."""


def words_of(request: HttpRequest) -> list[str]:
    """Return the texts of a form that was sent, never a password."""
    try:
        sent = list(request.POST.items())
    except (UnreadablePostError, SuspiciousOperation):
        return []
    return [
        str(text)
        for name, text in sent
        if "password" not in name and len(str(text).split()) >= FEWEST_WORDS
    ]
