"""Keeps posts as evidence, has their time confirmed outside, and forgets their words when asked."""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from msgspec import convert, to_builtins

from quivive.listen.evidence import fingerprint, record_of
from quivive.listen.pictures import SCREENSHOT, Picture, picture_of
from quivive.vocabulary.errors import BadFile, NotAllowed, Trouble
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.models import Capture, Post
from quivive.web.listen.services.witness import keep_picture
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import LEASE, hold_next
from quivive.wire.courier import Courier
from quivive.wire.house import local_targets_allowed
from quivive.wire.pages import browser_for, picture_of_page
from quivive.wire.timestamps import question, time_of

MOST_TRIES = 6
AT_A_TURN = 5
FIRST_WAIT = timedelta(minutes=2)

_browsing = threading.Lock()
"""One browser at a time: it takes as much of a small machine as the whole room."""


@transaction.atomic
def capture_posts(
    *,
    posts: Sequence[int],
    reason: str,
    person: Person,
    now: datetime,
    picture: Picture | None = None,
) -> list[Capture]:
    """Keep posts as they are known now; their hashes go into the audit log's chain.

    Raises:
        NotAllowed: no reason, or nothing to keep.
    """
    reason = reason.strip()[:300]
    if not reason:
        raise NotAllowed(
            say("Keeping evidence needs a reason."),
            say("Write what it may have to prove; the law asks for a purpose (RGPD)."),
        )
    rows = list(Post.objects.filter(pk__in=posts, deleted_at=None))
    if not rows:
        raise NotAllowed(
            say("Nothing was kept: its author has taken the post back."),
            say("Choose a post that is still there."),
        )
    if picture is not None:
        keep_picture(picture, post_uid=rows[0].uid, person=person, now=now)
    return [_capture(row, reason, person, now, picture) for row in rows]


def _capture(
    row: Post, reason: str, person: Person, now: datetime, picture: Picture | None
) -> Capture:
    said = convert(row.document["post"], Said)
    known = [one.removeprefix(SCREENSHOT) for one in said.media if one.startswith(SCREENSHOT)]
    pictures = [*known, *([picture.sha256] if picture else [])]
    record = record_of(
        said, captured_at=now, captured_by=str(person), reason=reason, pictures=pictures
    )
    kept = Capture.objects.create(
        post=row, post_uid=row.uid, at=now, by=person, reason=reason,
        record=record.decode(), sha256=fingerprint(record),
    )  # fmt: skip
    audit(
        person=person,
        action="evidence.capture",
        subject=f"capture/{kept.pk}",
        detail={"sha256": kept.sha256, "reason": reason},
        now=now,
    )
    return kept


def picture_now(post_id: int) -> Picture:
    """Take a picture of what a stranger sees at a post's address now; takes seconds.

    Raises:
        NotAllowed: the room takes no pictures, or has no browser, or is taking one.
        Trouble: the page did not answer, or leads inside.
    """
    wish = settings.PAGE_CAPTURE
    browser = browser_for(wish) if wish else None
    if browser is None:
        raise NotAllowed(
            say("No browser was found on this machine, so no picture of the page was taken."),
            say("Make the picture yourself and add it; or have Chromium installed."),
        )
    row = Post.objects.filter(pk=post_id, deleted_at=None).first()
    address = (row.document["post"].get("url") or row.uid) if row else ""
    if not _browsing.acquire(blocking=False):
        raise NotAllowed(
            say("Another picture of a page is being taken."), say("Try again in half a minute.")
        )
    try:
        body = picture_of_page(address, browser=browser, local_allowed=local_targets_allowed())
    finally:
        _browsing.release()
    return picture_of(body)


@transaction.atomic
def empty_capture(*, capture_id: int, reason: str, person: Person, now: datetime) -> None:
    """Forget what a record says; its hash, time and place in the log stay.

    Raises:
        NotAllowed: no reason.
    """
    if not reason.strip():
        raise NotAllowed(
            say("Forgetting evidence needs a reason."),
            say("Write why it is no longer needed, or who asked for it."),
        )
    Capture.objects.filter(pk=capture_id).update(record="", reason="", emptied_at=now)
    audit(
        person=person,
        action="evidence.empty",
        subject=f"capture/{capture_id}",
        detail={"reason": reason.strip()[:300]},
        now=now,
    )


def stamp_due(*, now: datetime) -> int:
    """Ask the authority for the times of new records; return how many came.

    A row is held while it is asked about, so a process that is killed leaves it for the next.
    """
    if not settings.TIMESTAMP_URL:
        return 0
    waiting = Capture.objects.filter(stamp=None, emptied_at=None, attempts__lt=MOST_TRIES).exclude(
        record=""
    )
    stamped = 0
    for _ in range(AT_A_TURN):
        row = hold_next(waiting, now=now, lease=LEASE)
        if row is None:
            break
        stamped += _stamp(row, now)
    return stamped


def _stamp(row: Capture, now: datetime) -> bool:
    record = row.record.encode()
    mine = Capture.objects.filter(pk=row.pk)
    try:
        stamp, at = asyncio.run(_confirmed(record))
    except Trouble as trouble:
        tries = row.attempts + 1
        mine.update(
            attempts=tries,
            held_until=now + FIRST_WAIT * 2**tries,
            trouble={"what": to_builtins(trouble.what), "remedy": to_builtins(trouble.remedy)},
        )
        return False
    mine.update(stamp=stamp, stamped_at=at, trouble=None)
    return True


async def _confirmed(record: bytes) -> tuple[bytes, datetime]:
    """Ask for a time; once more without certificates when the answer cannot be read with them."""
    async with Courier(local_allowed=local_targets_allowed()) as courier:
        first = await courier.carry(question(settings.TIMESTAMP_URL, record))
        with suppress(BadFile):
            return first.body, time_of(first.body, record)
        bare = question(settings.TIMESTAMP_URL, record, certificates=False)
        second = await courier.carry(bare)
        return second.body, time_of(second.body, record)
