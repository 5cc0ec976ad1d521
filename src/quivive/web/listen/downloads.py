"""Sends posts as a file, in the form an import reads back."""

from collections.abc import Iterable, Iterator

from django.http import FileResponse
from django.utils import timezone

from quivive.listen.pseudonyms import Pseudonyms
from quivive.vocabulary.posts import Post
from quivive.web.listen.services.keys import note_export
from quivive.web.people.downloads import send
from quivive.wire.exports import write_posts
from quivive.wire.secrets import pseudonym_keys


def hidden(posts: Iterable[Post]) -> Iterator[Post]:
    """Put authors, and whoever is spoken to, under pseudonyms that only our key leads back from."""
    note_export(now=timezone.now())
    return map(Pseudonyms(pseudonym_keys()[0]).hide, posts)


def send_posts(posts: Iterable[Post], name: str, kind: str) -> FileResponse:
    """Send posts as ``name.kind``."""
    zone = timezone.get_current_timezone()
    return send(lambda path: write_posts(posts, path, kind, zone=zone), name, kind)
