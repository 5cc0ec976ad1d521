"""What people change of topics and sources."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import chain, count

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from quivive.listen.query import parse
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
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
    negative_percent: int | None = None
    spread_reposts: int | None = None
    planned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What stands beside a query: what of its posts is kept from view, and texts that try it."""

    hide: str = ""
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()


@transaction.atomic
def save_topic(
    *,
    slug: str | None = None,
    name: str,
    query: str,
    aside: Aside = Aside(),
    rules: TopicRules = TopicRules(),
    reason: str = "",
    seen: str = "",
    person: Person,
    now: datetime,
) -> str:
    """Make a topic, or change the one named ``slug``; returns its short name.

    Posts that are stored meet the new query too, and the topic is detected anew. What it looks
    for is kept as a version, with who wanted it so and why.

    Args:
        seen: mark of the topic as it was shown to whoever changed it; empty asks nothing.

    Raises:
        BadQuery: when the query, or what it hides, cannot be read.
        NotAllowed: somebody else changed it since it was shown.
    """
    parse(query)
    if aside.hide.strip():
        parse(aside.hide)
    before = Topic.objects.select_for_update().filter(slug=slug).first() if slug else None
    if before and seen not in ("", before.mark):
        raise _changed_meanwhile(before)
    topic = before or Topic(slug=slug or _free_slug(name), created_by=person, created_at=now)
    if before and before.hide != aside.hide:
        topic.matched_query = ""  # so that stored posts are looked at again
    for field, value in {**asdict(rules), **asdict(aside), "name": name, "query": query}.items():
        setattr(topic, field, list(value) if isinstance(value, tuple) else value)
    topic.rebuild = F("rebuild") + 1 if before else 1
    topic.save(update_fields=_SAVED if before else None)
    _keep_version(topic, reason=reason, person=person, now=now)
    detail = {"query": query} | ({"reason": reason} if reason else {})
    audit(person=person, action="topic.save", subject=topic.slug, detail=detail, now=now)
    note_change("lookout", topic.slug, now=now)
    return topic.slug


def _changed_meanwhile(topic: Topic) -> NotAllowed:
    return NotAllowed(
        say("Somebody changed “{name}” while you edited it: what you typed is not saved.",
            name=topic.name),
        say("Open it in another tab to compare. Saving again puts yours in its place."),
    )  # fmt: skip


def _keep_version(topic: Topic, *, reason: str, person: Person, now: datetime) -> None:
    """Keep what a topic looks for, if that changed."""
    last = topic.versions.first()
    asked = {name: getattr(topic, name) for name in VERSIONED}
    if last and all(getattr(last, name) == value for name, value in asked.items()):
        return
    topic.versions.create(
        number=last.number + 1 if last else 1, reason=reason, made_by=person, made_at=now, **asked
    )


_SAVED = (
    *("name", "rebuild", "matched_query"),
    *(field.name for kind in (TopicRules, Aside) for field in fields(kind)),
    "query",
)

VERSIONED = ("query", "hide", "must_match", "must_not_match")
"""What of a topic a version keeps."""


@transaction.atomic
def bring_back_version(
    *, slug: str, number: int, reason: str, person: Person, now: datetime
) -> None:
    """Look again for what a topic looked for once; that is a new version of its own.

    Raises:
        TopicVersion.DoesNotExist: there is no such version.
    """
    topic = Topic.objects.select_for_update().get(slug=slug)
    wanted = topic.versions.get(number=number)
    for field in VERSIONED:
        setattr(topic, field, getattr(wanted, field))
    topic.matched_query = ""
    topic.rebuild = F("rebuild") + 1
    topic.save(update_fields=[*VERSIONED, "matched_query", "rebuild"])
    _keep_version(topic, reason=reason, person=person, now=now)
    audit(
        person=person,
        action="topic.version",
        subject=slug,
        detail={"number": number, "query": wanted.query, "reason": reason},
        now=now,
    )
    note_change("lookout", slug, now=now)


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
