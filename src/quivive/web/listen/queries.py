"""All that pages and the engine read of topics and posts."""

from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.urls import reverse

from quivive.vocabulary import topics as words
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import Message
from quivive.web.listen.models import Import, ImportState, Source, Topic
from quivive.web.people.queries import own_handles


def watched_topics() -> list[words.Topic]:
    """Return the topics under watch, ready to compile."""
    own = own_handles()
    return [topic_value(topic, own) for topic in Topic.objects.filter(archived_at=None)]


def topic_value(topic: Topic, own: tuple[str, ...]) -> words.Topic:
    """Return a topic's row as the core's value."""
    return words.Topic(
        id=topic.slug,
        name=topic.name,
        query=topic.query,
        rules=tuple(_rules(topic)),
        own_accounts=own,
    )


def _rules(topic: Topic) -> list[words.AlertRule]:
    rules = []
    if topic.burst_rings:
        rules.append(
            words.AlertRule(
                kind=words.RuleKind.BURST,
                false_alarms_per_week=topic.false_alarms_per_week,
                minimum=topic.minimum,
            )
        )
    if topic.severe_words:
        rules.append(
            words.AlertRule(kind=words.RuleKind.SEVERE_WORD, words=tuple(topic.severe_words))
        )
    if topic.influence_followers is not None or topic.panel:
        rules.append(
            words.AlertRule(
                kind=words.RuleKind.INFLUENTIAL_AUTHOR,
                followers=topic.influence_followers,
                panel=tuple(topic.panel),
            )
        )
    return rules


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """How far a file has come in.

    Attributes:
        over: nothing more will be read.
        url: the page that shows its quarantine.
        trouble: what stopped it before its end.
    """

    id: int
    name: str
    over: bool
    read_bytes: int
    total_bytes: int
    posts: int
    matched: int
    known: int
    quarantined: int
    url: str
    trouble: BadFile | None


def import_report(import_id: int) -> ImportReport:
    """Return how an import stands."""
    row = Import.objects.get(pk=import_id)
    trouble = row.trouble
    return ImportReport(
        id=row.pk,
        name=row.name,
        over=row.state in (ImportState.DONE, ImportState.STOPPED),
        read_bytes=row.read_bytes,
        total_bytes=row.total_bytes,
        posts=row.posts,
        matched=row.matched,
        known=row.known,
        quarantined=row.quarantined,
        url=settings.BASE_URL + reverse("listen:import", args=[row.pk]),
        trouble=trouble
        and BadFile(
            msgspec.convert(trouble["what"], Message), msgspec.convert(trouble["remedy"], Message)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSource:
    """A source that is listened to, and how far it was read."""

    name: str
    kind: str
    settings: dict[str, str]
    cursor: str


def live_sources() -> list[LiveSource]:
    """Return the sources to ask at every turn."""
    return [
        LiveSource(name=row.name, kind=row.kind, settings=row.settings, cursor=row.cursor)
        for row in Source.objects.filter(stopped_at=None)
    ]
