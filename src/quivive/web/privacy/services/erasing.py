"""Forgetting a person who asks for it, and listening to them no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
from django.db import transaction
from django.db.models import Q

from quivive.listen.pseudonyms import ERASED, Pseudonyms, named, renamed
from quivive.vocabulary.accounts import Account as Who
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post as Said
from quivive.web.assess.services import rename_evidence as rename_in_sheets
from quivive.web.detect.services import rename_evidence as rename_in_signals
from quivive.web.listen.archive import unindex
from quivive.web.listen.holding import held, hold
from quivive.web.listen.models import (
    Account,
    Arrival,
    Import,
    ImportState,
    Objection,
    Post,
    QuarantinedLine,
    QuarantineState,
)
from quivive.web.listen.services.imports import is_ours
from quivive.web.listen.services.keys import note_block
from quivive.web.listen.worker import CHUNK, forget_screenshots, tombstone
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.respond.models import Case
from quivive.wire.secrets import pseudonym_keys

READ = (ImportState.DONE.value, ImportState.STOPPED.value)

SOMEBODY = "[…]"
"""Stands where a sentence of the room named who was erased."""

SHORTEST_NAME = 3
"""Characters of a name that is looked for in lines set aside: a shorter one stands in any line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What went with a person.

    Attributes:
        addresses: the old address of each of their posts → the one its tombstone has.
        reposts: posts of others that repeated their words, and lost them.
        lines: lines set aside unread that named them.
        files: brought files that were deleted, for they may hold them.
    """

    addresses: dict[str, str] = field(default_factory=dict)
    reposts: int = 0
    lines: int = 0
    files: int = 0


@transaction.atomic
def erase_account(
    *, account_id: int, objects: bool, person: Person | None, now: datetime
) -> Erased:
    """Forget what an account wrote and who it is; threads keep a nameless tombstone.

    LR-07 (erasure, objection), LR-12 (tombstones). Signals, sheets and threads then point to the
    tombstones; counts stay as numbers.

    Args:
        objects: take in nothing more of it either.

    Raises:
        NotAllowed: it is gone already.
    """
    account = Account.objects.filter(pk=account_id).first()
    if account is None or account.uid.startswith(ERASED):
        raise NotAllowed(
            say("This account is not here, or was erased already."),
            say("Look for the name again."),
        )
    if objects:
        _object(account, person, now)
    Case.objects.filter(post__author=account).delete()  # they quote the words
    names = Pseudonyms(pseudonym_keys()[0])
    note_block(now=now)
    addresses: dict[str, str] = {}
    own = dict(account.posts.values_list("uid", "pk"))
    hold({*own.values(), *_following(list(own))})
    forget_screenshots(list(own))
    for row in held(own.values()):
        addresses[row.uid] = names.of_erased(row.uid)
        _bury(row, addresses[row.uid], names, now)
    reposts = _follow(addresses, now=now)
    called = {name: SOMEBODY for name in (account.handle, account.name, account.uid) if name}
    rename_in_signals(addresses, called)
    rename_in_sheets(addresses, called)
    Arrival.objects.filter(document__attributed_to__id=account.uid).delete()
    lines = _empty_lines(account)
    account.uid, account.handle, account.name = names.of_erased(account.uid), "", ""
    account.followers = None
    account.save()
    audit(
        person=person,
        action="person.erase",
        subject=account.uid,
        detail={"posts": len(addresses), "objects": objects},
        now=now,
    )
    return Erased(
        addresses=addresses, reposts=reposts, lines=lines, files=delete_files(read_before=now)
    )


def _bury(row: Post, address: str, names: Pseudonyms, now: datetime) -> None:
    said = tombstone(msgspec.convert(row.document["post"], Said))
    nobody = Who(id=names.of_erased(said.attributed_to.id))
    said = msgspec.structs.replace(said, id=address, attributed_to=nobody)
    row.uid, row.content, row.deleted_at = address, "", row.deleted_at or now
    row.document = {**row.document, "post": msgspec.to_builtins(said)}
    row.save()
    unindex([row.pk])


def _follow(addresses: Mapping[str, str], *, now: datetime) -> int:
    """Have other posts point to the tombstones; reposts lose the words they repeat."""
    reposts = 0
    for row in held(_following(list(addresses))):
        said = renamed(msgspec.convert(row.document["post"], Said), addresses)
        if row.repost_of in addresses:
            said, reposts = tombstone(said), reposts + 1
            row.content, row.deleted_at = "", row.deleted_at or now
            unindex([row.pk])
        row.repost_of, row.in_reply_to = said.repost_of or "", said.in_reply_to or ""
        row.document = {**row.document, "post": msgspec.to_builtins(said)}
        row.save()
    return reposts


def _following(uids: Sequence[str]) -> set[int]:
    """The numbers of posts that repeat these posts or answer them."""
    found: set[int] = set()
    for at in range(0, len(uids), CHUNK):
        some = uids[at : at + CHUNK]
        rows = Post.objects.filter(Q(repost_of__in=some) | Q(in_reply_to__in=some))
        found |= set(rows.values_list("pk", flat=True))
    return found


def _empty_lines(account: Account) -> int:
    """Empty lines set aside that name the account: nobody will correct them any more."""
    naming = Q(pk=None)
    for name in (account.uid, account.handle):
        if len(name) >= SHORTEST_NAME:
            naming |= Q(raw__icontains=name)
    return QuarantinedLine.objects.filter(naming).update(
        raw="", header="", state=QuarantineState.DISCARDED
    )


def delete_files(*, read_before: datetime) -> int:
    """Delete brought files that were read to their end; return how many.

    A file that the command line read where it lies is not ours: it stays, and is only forgotten.
    """
    rows = Import.objects.filter(state__in=READ, finished_at__lte=read_before).exclude(path="")
    ours = [path for row in rows if is_ours(path := Path(row.path))]
    for path in ours:
        path.unlink(missing_ok=True)
    rows.update(path="")
    return len(ours)


def object_by_name(*, network: str, handle: str, person: Person | None, now: datetime) -> None:
    """Take in nothing of somebody who may never have been heard yet, known by name alone."""
    digest = Pseudonyms(pseudonym_keys()[0]).of(named(network, handle))
    Objection.objects.get_or_create(digest=digest, defaults={"at": now, "by": person})
    note_block(now=now)
    audit(person=person, action="person.object", subject=digest, now=now)


def _object(account: Account, person: Person | None, now: datetime) -> None:
    who = Who(id=account.uid, handle=account.handle or None)
    digests = Pseudonyms(pseudonym_keys()[0]).of_account(who, account.network)
    Objection.objects.bulk_create(
        [Objection(digest=digest, at=now, by=person) for digest in sorted(digests)],
        ignore_conflicts=True,
    )
