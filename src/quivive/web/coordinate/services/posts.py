"""Posts that people put into a crisis, because no query announced them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quivive.vocabulary.messages import say_many
from quivive.web.coordinate.models import Crisis
from quivive.web.coordinate.services.log import record, write
from quivive.web.listen.models import Deed
from quivive.web.listen.services import put_on_topic
from quivive.web.people.models import Person


@transaction.atomic
def add_posts(*, crisis_id: int, posts: Sequence[int], person: Person, now: datetime) -> Deed:
    """Count posts to the topic of a crisis, and say so in its log. Raises Crisis.DoesNotExist."""
    crisis = Crisis.objects.select_related("threat__topic").get(pk=crisis_id)
    deed = put_on_topic(posts=posts, topic=crisis.threat.topic, person=person, now=now)
    count = len(deed.before["posts"])
    if count:
        told = say_many("{count} post added by hand.", "{count} posts added by hand.", count)
        write(crisis, kind="posts-added", message=told, at=now, author=person)
    record("crisis-posts", crisis, person=person, detail={"posts": count}, now=now)
    return deed
