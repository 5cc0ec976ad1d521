"""What people bring by hand goes the way of everything else: through the waiting room, matched."""

from datetime import datetime

import msgspec
from django.db import transaction

from quivive.listen.witness import Seen, witnessed
from quivive.web.listen.ears import Ears
from quivive.web.listen.models import Arrival
from quivive.web.people.models import Person
from quivive.web.people.services import audit


@transaction.atomic
def bring_post(*, seen: Seen, person: Person, now: datetime) -> bool:
    """Take in what a person saw.

    Returns:
        False when it speaks of no topic: nothing of it is kept.

    Raises:
        BadRecord: a date or an address that no post can have.
    """
    post = witnessed(seen, now=now)
    ears = Ears()
    ears.listen_for_topics()
    if not ears.hear([post]):
        return False
    Arrival.objects.create(uid=post.id, heard_at=now, document=msgspec.to_builtins(post))
    audit(
        person=person, action="post.bring", subject=post.network, detail={"post": post.id}, now=now
    )
    return True
