"""What people bring by hand goes the way of everything else: through the waiting room, matched."""

from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from quivive.listen.pictures import SCREENSHOT, Picture
from quivive.listen.witness import Seen, witnessed
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.listen.ears import Ears
from quivive.web.listen.models import Arrival, Screenshot
from quivive.web.people.models import AuditLine, Person
from quivive.web.people.services import audit
from quivive.wire.house import screenshot_path

BROUGHT = "post.bring"
HOUR = timedelta(hours=1)
AN_HOUR = 60
"""Posts one person brings within an hour: more is a machine, or somebody who makes a crowd."""


@transaction.atomic
def bring_post(
    *, seen: Seen, person: Person, now: datetime, picture: Picture | None = None
) -> bool:
    """Take in what a person saw, with the picture that shows it.

    Returns:
        False when it speaks of no topic: nothing of it is kept.

    Raises:
        BadRecord: a date or an address that no post can have.
        NotAllowed: they brought too many within an hour.
    """
    brought = AuditLine.objects.filter(person=person, action=BROUGHT, at__gt=now - HOUR)
    if brought.count() >= AN_HOUR:
        raise NotAllowed(
            say("You have brought {most} posts within an hour.", most=AN_HOUR),
            say("Wait a little, or have many posts imported as one file."),
        )
    post = witnessed(seen, now=now)
    if picture is not None:
        post = msgspec.structs.replace(post, media=(SCREENSHOT + picture.sha256,))
    ears = Ears()
    ears.listen_for_topics()
    if not ears.hear([post]):
        return False
    Arrival.objects.create(uid=post.id, heard_at=now, document=msgspec.to_builtins(post))
    detail = {"post": post.id}
    if picture is not None:
        keep_picture(picture, post_uid=post.id, person=person, now=now)
        detail["screenshot_sha256"] = picture.sha256
    audit(person=person, action=BROUGHT, subject=post.network, detail=detail, now=now)
    return True


def keep_picture(picture: Picture, *, post_uid: str, person: Person, now: datetime) -> None:
    """Keep the very bytes, named by their hash: whoever changes one is found out."""
    path = screenshot_path(picture.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(picture.body)
    part.replace(path)
    Screenshot.objects.get_or_create(
        sha256=picture.sha256,
        defaults={
            "post_uid": post_uid,
            "kind": picture.kind,
            "size": len(picture.body),
            "brought_by": person,
            "brought_at": now,
        },
    )
