"""Forgetting again after a backup came back: it does not know who was forgotten since."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Model

from quivive.listen.pseudonyms import ERASED, Pseudonyms
from quivive.listen.records import Deletion
from quivive.web.listen.models import Account, Objection, Post
from quivive.web.listen.services.keys import note_block
from quivive.web.listen.worker import forget_posts
from quivive.web.privacy.services.erasing import erase_account
from quivive.wire.secrets import pseudonym_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenAgain:
    """What a backup brought back and the room that was there had forgotten.

    Attributes:
        accounts: erased once more.
        posts: taken back by their authors, emptied once more.
        objections: of people who may not be taken in, kept again.
    """

    accounts: int
    posts: int
    objections: int


@transaction.atomic
def forget_again(former: Path, *, now: datetime) -> ForgottenAgain | None:
    """Forget in the room that came back whom the one before it had forgotten (LR-07, LR-12).

    Args:
        former: database of the room that was there.

    Returns:
        None when it cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"file:{former}?mode=ro", uri=True)) as opened:
            digests = _column(opened, Objection, "digest")
            erased = _column(opened, Account, "uid", f"uid LIKE '{ERASED}%'")
            gone = _column(opened, Post, "uid", "deleted_at IS NOT NULL")
    except sqlite3.Error:
        return None
    return ForgottenAgain(
        accounts=_erase(frozenset(erased), now),
        posts=_empty(frozenset(gone), now),
        objections=_object(digests, now),
    )


def _column(room: sqlite3.Connection, rows: type[Model], name: str, which: str = "1") -> list[str]:
    found = room.execute(f"SELECT {name} FROM {rows._meta.db_table} WHERE {which}")  # noqa: S608
    return [value for (value,) in found]


def _erase(erased: frozenset[str], now: datetime) -> int:
    """Erase who stands in the former room under the address of an erased account."""
    names = [Pseudonyms(key) for key in pseudonym_keys()]
    known = Account.objects.exclude(uid__startswith=ERASED).values_list("pk", "uid")
    back = [pk for pk, uid in known if any(one.of_erased(uid) in erased for one in names)]
    for account_id in back:
        erase_account(account_id=account_id, objects=False, person=None, now=now)
    return len(back)


def _empty(gone: frozenset[str], now: datetime) -> int:
    """Empty the posts whose authors had taken them back."""
    alive = Post.objects.filter(deleted_at=None).values_list("uid", flat=True)
    back = [Deletion(id=uid) for uid in alive.iterator() if uid in gone]
    forget_posts(back, now=now)
    return len(back)


def _object(digests: Sequence[str], now: datetime) -> int:
    before = Objection.objects.count()
    rows = [Objection(digest=digest, at=now) for digest in digests]
    Objection.objects.bulk_create(rows, ignore_conflicts=True)
    note_block(now=now)
    return Objection.objects.count() - before
