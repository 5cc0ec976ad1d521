"""All that pages and collectors read of live sources."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import msgspec
from django.conf import settings as django_settings
from django.db.models import F, Sum
from django.db.models.functions import TruncHour

from quivive.listen.health import PAST, Health, health
from quivive.listen.sourcing import Fate, Quota, questions
from quivive.listen.sourcing import Source as PlugIn
from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.web.listen.models import (
    Arrival,
    Import,
    ImportState,
    Match,
    Minute,
    Post,
    Source,
    SourceHour,
    Topic,
)
from quivive.wire.plugins import sources
from quivive.wire.secrets import Unreadable, decrypt

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A source as its coroutine knows it; another value means that it must start anew."""

    id: int
    name: str
    kind: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How far a source was read, and when it is its turn again."""

    cursor: str = ""
    last_run_at: datetime | None = None
    wake_at: datetime | None = None
    failures: int = 0
    quota: Quota | None = None


def collected(held: Sequence[int]) -> list[Collected]:
    """Return the sources to run, among those held."""
    return [
        Collected(
            id=row.pk,
            name=row.name,
            kind=row.kind,
            typed=f"{sorted(row.settings.items())}{row.secrets}",
        )
        for row in Source.objects.filter(pk__in=held)
    ]


def source_state(source_id: int) -> SourceState:
    """Return how far a source was read; as if never, when it is gone."""
    row = Source.objects.filter(pk=source_id).first()
    if row is None:
        return SourceState()
    return SourceState(
        cursor=row.cursor,
        last_run_at=row.last_run_at,
        wake_at=row.wake_at,
        failures=row.failures,
        quota=msgspec.convert(row.quota, Quota) if row.quota else None,
    )


def source_settings(source_id: int) -> msgspec.Struct:
    """Return a source's settings, with its secrets, as its plug-in takes them.

    Raises:
        Unreadable: the secrets were made with another key.
        NoAnswer: the settings are not what the plug-in asks for any more.
    """
    row = Source.objects.get(pk=source_id)
    return typed_settings(sources()[row.kind], {**row.settings, **opened(row.secrets)})


def trouble_of_settings(source_id: int) -> Trouble | None:
    """Return why the stored settings of a source cannot be used; None where they can."""
    try:
        source_settings(source_id)
    except (NoAnswer, Unreadable) as trouble:
        return trouble
    return None


def typed_settings(plug_in: PlugIn, values: Mapping[str, Any]) -> msgspec.Struct:
    """Give settings their type.

    Raises:
        NoAnswer: they are not what the plug-in asks for.
    """
    try:
        return msgspec.convert(dict(values), plug_in.settings, strict=False)
    except msgspec.ValidationError as trouble:
        wrong = _wrong(plug_in, values)
        raise NoAnswer(
            say("A setting of this source cannot be understood: “{setting}”.", setting=wrong)
            if wrong
            else say("The settings of this source cannot be understood."),
            say(
                "Another version of the program wrote it, or a file was changed by hand. Open the "
                "source, look at each field, press Test, then save."
            ),
            kind=Kind.SETTINGS,
        ) from trouble


def _wrong(plug_in: PlugIn, values: Mapping[str, Any]) -> Message | None:
    """Return the label of the first setting that is missing, or is not what it should be."""
    fields = msgspec.structs.fields(plug_in.settings)
    for one, asked in zip(fields, questions(plug_in.settings), strict=True):
        try:
            if one.name in values:
                msgspec.convert(values[one.name], one.type, strict=False)
            elif one.required:
                return asked.ask.label
        except msgspec.ValidationError:
            return asked.ask.label
    return None


def opened(kept: str) -> dict[str, str]:
    """Return secrets as typed. Raises Unreadable."""
    if not kept:
        return {}
    keys = [django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS]
    return msgspec.json.decode(decrypt(kept, secrets=keys), type=dict[str, str])


def fates(source_id: int) -> dict[str, Fate]:
    """Return what became of the files a source handed over, by the hash of what they hold."""
    rows = Import.objects.filter(source_id=source_id).values_list("digest", "state")
    ends = {ImportState.DONE: Fate.DONE, ImportState.STOPPED: Fate.REFUSED}
    return {digest: ends.get(ImportState(state), Fate.WAITING) for digest, state in rows}


FOLLOWED, FOLLOWED_FOR = 200, timedelta(days=3)
"""Posts of a network that are read again, and for how long: buzzes are over by then."""


def followed(network: str, *, now: datetime) -> tuple[str, ...]:
    """Return the addresses of a network's kept posts that are young enough to change."""
    young = Post.objects.filter(
        network=network,
        heard_at__gte=now - FOLLOWED_FOR,
        repost_of="",
        deleted_at=None,
        matches__isnull=False,
    )
    newest = young.order_by("-heard_at").values_list("uid", flat=True).distinct()
    return tuple(newest[:FOLLOWED])


def known_posts(ids: Collection[str]) -> set[str]:
    """Return which of these posts are stored or wait to be."""
    wanted = sorted(ids)
    found: set[str] = set()
    for at in range(0, len(wanted), CHUNK):
        some = wanted[at : at + CHUNK]
        found |= set(Post.objects.filter(uid__in=some).values_list("uid", flat=True))
        found |= set(Arrival.objects.filter(uid__in=some).values_list("uid", flat=True))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One source as pages show it.

    Attributes:
        plug_in: None for a rehearsal, or when its file is gone.
        quota: what is left of what the network allows.
        unattended: it has to be asked, and no collector does.
        refused: posts it brought that could not be taken in; why the last of them.
    """

    row: Source
    plug_in: PlugIn | None
    health: Health
    quota: Quota | None
    notes: list[Message] = field(default_factory=list)
    unattended: bool = False
    refused: int = 0
    refused_why: str = ""

    @property
    def used_percent(self) -> int:
        """How much of the quota is used, 0 to 100."""
        if self.quota is None or self.quota.limit <= 0:
            return 0
        return min(100, round(100 * self.quota.used / self.quota.limit))


def source_lines(*, now: datetime) -> list[SourceLine]:
    """Return every source with how it fares."""
    rows = list(Source.objects.order_by("name"))
    healths = source_healths(rows, now=now)
    return [_line(row, healths[row.pk], now) for row in rows]


def source_line(source_id: int, *, now: datetime) -> SourceLine | None:
    """Return one source with how it fares; None when there is no such source."""
    row = Source.objects.filter(pk=source_id).first()
    return _line(row, source_healths([row], now=now)[row.pk], now) if row else None


def _line(row: Source, fares: Health, now: datetime) -> SourceLine:
    refused = list(
        Arrival.objects.filter(source=row)
        .exclude(refused="")
        .order_by("pk")
        .values_list("refused", flat=True)
    )
    return SourceLine(
        row=row,
        plug_in=sources().get(row.kind),
        health=fares,
        quota=msgspec.convert(row.quota, Quota) if row.quota else None,
        notes=msgspec.convert(row.notes, list[Message]),
        unattended=is_unattended(row, now=now),
        refused=len(refused),
        refused_why=refused[-1] if refused else "",
    )


ATTENDED_FOR = timedelta(minutes=2)
"""A collector renews its hold every few seconds; after this long without, there is none."""


def is_unattended(row: Source, *, now: datetime) -> bool:
    """Tell whether a source has to be asked, was asked before, and no collector does any more."""
    plug_in = sources().get(row.kind)
    if plug_in is None or plug_in.is_called or row.stopped_at or row.last_run_at is None:
        return False
    return row.held_until < now - ATTENDED_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLine:
    """One topic and how it is heard.

    Attributes:
        last_day: posts of the last 24 hours.
        lag_s: seconds between writing and hearing, median of the newest posts that were heard as
            they came (what a file or a first look brings is dated when it was written); None
            without any.
    """

    topic: Topic
    last_heard_at: datetime | None
    last_day: int
    lag_s: float | None
    health: Health


NEWEST = 50
"""Posts a topic's lag is read from."""


def topic_lines(*, now: datetime) -> list[TopicLine]:
    """Return how every watched topic is heard."""
    topics = list(Topic.objects.filter(archived_at=None).order_by("name"))
    heard: dict[int, dict[datetime, int]] = {topic.pk: {} for topic in topics}
    hours = (
        Minute.objects.filter(topic__in=topics, minute__gte=now - PAST)
        .annotate(hour=TruncHour("minute"))
        .values_list("topic_id", "hour")
        .annotate(posts=Sum(F("originals") + F("reposts")))
    )
    for topic_id, hour, count in hours:
        heard[topic_id][hour] = count
    return [_topic_line(topic, heard[topic.pk], now) for topic in topics]


def _topic_line(topic: Topic, heard: Mapping[datetime, int], now: datetime) -> TopicLine:
    newest = list(
        Match.objects.filter(topic=topic)
        .order_by("-heard_at", "-pk")
        .values_list("heard_at", "post__published")[:NEWEST]
    )
    last = newest[0][0] if newest else None
    lags = [(at - published).total_seconds() for at, published in newest if at != published]
    day = now - timedelta(days=1)
    return TopicLine(
        topic=topic,
        last_heard_at=last,
        last_day=sum(count for hour, count in heard.items() if hour >= day),
        lag_s=max(0.0, median(lags)) if lags else None,
        health=health(heard, last_post_at=last, now=now),
    )


def source_healths(rows: Sequence[Source], *, now: datetime) -> dict[int, Health]:
    """Return how sources fare, by their number."""
    heard: dict[int, dict[datetime, int]] = {row.pk: {} for row in rows}
    hours = SourceHour.objects.filter(source_id__in=heard, hour__gte=now - PAST)
    for source_id, hour, count in hours.values_list("source_id", "hour", "heard"):
        heard[source_id][hour] = count
    return {row.pk: health(heard[row.pk], last_post_at=row.last_post_at, now=now) for row in rows}


def name_taken(name: str, *, but: int | None) -> bool:
    """Tell whether another source has this name."""
    others = Source.objects.exclude(pk=but) if but is not None else Source.objects.all()
    return others.filter(name=name).exists()
