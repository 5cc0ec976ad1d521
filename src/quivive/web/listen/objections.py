"""Keeps out what people do not want taken in: those who object, and posts that were erased."""

from collections.abc import Sequence

from quivive.listen.pseudonyms import ERASED, Pseudonyms
from quivive.vocabulary.matches import Match
from quivive.web.listen.models import Objection, Post
from quivive.wire.secrets import pseudonym_keys

CHUNK = 300
"""Digests a statement."""


def unobjected(matches: Sequence[Match]) -> list[Match]:
    """Return the matches that may be taken in.

    Left out is what an account writes that objects, an erased post that is brought again, and what
    repeats one. All keys count, so that a new key of the installation opens no door.
    """
    if not matches or not _anybody():
        return list(matches)
    digests: dict[str, set[int]] = {}
    for names in map(Pseudonyms, pseudonym_keys()):
        for at, match in enumerate(matches):
            post = match.post
            for digest in names.of_account(post.attributed_to, post.network):
                digests.setdefault(digest, set()).add(at)
            for uid in filter(None, (post.id, post.repost_of)):
                digests.setdefault(names.of_erased(uid), set()).add(at)
    out = {at for digest in _known(list(digests)) for at in digests[digest]}
    return [match for at, match in enumerate(matches) if at not in out]


def _anybody() -> bool:
    return Objection.objects.exists() or Post.objects.filter(uid__startswith=ERASED).exists()


def _known(digests: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(digests), CHUNK):
        some = digests[at : at + CHUNK]
        found.update(Objection.objects.filter(digest__in=some).values_list("digest", flat=True))
        found.update(Post.objects.filter(uid__in=some).values_list("uid", flat=True))
    return found
