"""What people change of topics and sources."""

from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain, count

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from quivive.listen.query import parse
from quivive.web.listen.models import Source, Topic
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRules:
    """When a topic rings (see ``vocabulary.topics.AlertRule``)."""

    burst_rings: bool = True
    false_alarms_per_week: float = 0.1
    minimum: int = 4
    severe_words: tuple[str, ...] = ()
    influence_followers: int | None = None
    panel: tuple[str, ...] = ()


@transaction.atomic
def save_topic(
    *,
    slug: str | None = None,
    name: str,
    query: str,
    rules: TopicRules = TopicRules(),
    person: Person,
    now: datetime,
) -> str:
    """Make a topic, or change the one named ``slug``; returns its short name.

    Posts that are stored meet the new query too, and the topic is detected anew.

    Raises:
        BadQuery: when the query cannot be read.
    """
    parse(query)
    values = {**asdict(rules), "name": name, "query": query, "rebuild": F("rebuild") + 1}
    if not (slug and Topic.objects.filter(slug=slug).update(**values)):
        slug = slug or _free_slug(name)
        Topic.objects.create(
            slug=slug, created_by=person, created_at=now, **{**values, "rebuild": 1}
        )
    audit(person=person, action="topic.save", subject=slug, detail={"query": query}, now=now)
    note_change("lookout", slug, now=now)
    return slug


def archive_topic(*, slug: str, person: Person, now: datetime) -> None:
    """Stop watching a topic; its posts and signals stay."""
    Topic.objects.filter(slug=slug, archived_at=None).update(archived_at=now)
    audit(person=person, action="topic.archive", subject=slug, detail={}, now=now)
    note_change("lookout", slug, now=now)


def restore_topic(*, slug: str, person: Person, now: datetime) -> None:
    """Watch an archived topic again."""
    Topic.objects.filter(slug=slug).update(archived_at=None, rebuild=F("rebuild") + 1)
    audit(person=person, action="topic.restore", subject=slug, detail={}, now=now)
    note_change("lookout", slug, now=now)


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "topic"
    taken = set(Topic.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    tries = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(slug for slug in tries if slug not in taken)


def add_source(
    *, name: str, kind: str, settings: dict[str, str], person: Person, now: datetime
) -> None:
    """Listen to a source from now on."""
    Source.objects.create(name=name, kind=kind, settings=settings)
    audit(person=person, action="source.add", subject=name, detail={"kind": kind}, now=now)
