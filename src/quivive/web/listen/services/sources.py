"""What people do with live sources: add, change, try, pause, remove."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings as django_settings
from django.db import transaction

from quivive.listen.searches import searches_for
from quivive.listen.sourcing import OPENED, Asked, Frame, Page, Quota, questions
from quivive.listen.sourcing import Source as PlugIn
from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.web.listen.models import Source
from quivive.web.listen.queries import watched_topics
from quivive.web.listen.services.handed import saved_mapping
from quivive.web.listen.source_queries import opened, typed_settings
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.models import FREE
from quivive.web.waiting.services import note_change
from quivive.wire.courier import Courier
from quivive.wire.house import local_targets_allowed
from quivive.wire.plugins import sources
from quivive.wire.secrets import encrypt
from quivive.wire.streams import frames
from quivive.wire.turns import turn

SHOWN = 10
"""Posts a test shows: enough to see whether this is what one meant."""

TEST_S, LISTEN_S = 45.0, 6.0
"""Seconds a test may take, and seconds it listens to a stream."""

AFRESH: dict[str, object] = {
    "cursor": "",
    "last_run_at": None,
    "wake_at": None,
    "trouble": None,
    "failures": 0,
    "notes": [],
}
"""What is forgotten when a source leads elsewhere: it is read as if for the first time.

What was spent of a quota stays: other settings make no new money.
"""


@transaction.atomic
def save_source(
    *,
    source_id: int | None = None,
    name: str,
    kind: str,
    values: Mapping[str, Any],
    meter: Quota | None = None,
    person: Person,
    now: datetime,
) -> int:
    """Add a source, or change one; secrets left empty stay as they were.

    Args:
        meter: of a new source: what its tests have spent already.

    Raises:
        NoAnswer: the settings are not what the plug-in asks for.
    """
    row = Source.objects.filter(pk=source_id).first() if source_id else None
    row = row or Source(kind=kind, quota=msgspec.to_builtins(meter) if meter else None)
    plug_in = sources()[row.kind]
    before = (row.settings, _open(row))
    row.name = name
    row.settings, secrets = _parted(plug_in, with_kept(plug_in, values, row))
    typed_settings(plug_in, {**row.settings, **secrets})
    if (row.settings, secrets) != before:
        row.secrets = _sealed(secrets)
        for field, value in AFRESH.items():
            setattr(row, field, value)
    row.save()
    audit(person=person, action="source.save", subject=name, detail={"kind": row.kind}, now=now)
    note_change("source", str(row.pk), now=now)
    return row.pk


def with_kept(plug_in: PlugIn, values: Mapping[str, Any], row: Source | None) -> dict[str, Any]:
    """Fill in the secrets that a person left empty, because pages never show them."""
    kept = _open(row) if row else {}
    secret = secret_fields(plug_in)
    return {
        name: kept.get(name, value) if name in secret and not value else value
        for name, value in values.items()
    }


def secret_fields(plug_in: PlugIn) -> frozenset[str]:
    """Return the names of the settings nobody sees again."""
    return frozenset(one.name for one in questions(plug_in.settings) if one.ask.secret)


def _parted(plug_in: PlugIn, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    secret = secret_fields(plug_in)
    plain = {name: _json(value) for name, value in values.items() if name not in secret}
    return plain, {name: str(value) for name, value in values.items() if name in secret and value}


def _json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _open(row: Source) -> dict[str, str]:
    """Open a row's secrets; those that no key opens any more have to be typed again."""
    try:
        return opened(row.secrets)
    except Trouble:
        return {}


def _sealed(secrets: Mapping[str, str]) -> str:
    if not secrets:
        return ""
    return encrypt(msgspec.json.encode(secrets).decode(), secret=django_settings.SECRET_KEY)


def pause_source(*, source_id: int, person: Person, now: datetime) -> None:
    """Stop asking a source; what it brought stays."""
    mine = Source.objects.filter(pk=source_id, stopped_at=None)
    mine.update(stopped_at=now, holder="", held_until=FREE)
    _told("source.pause", source_id, person, now)


def resume_source(*, source_id: int, person: Person, now: datetime) -> None:
    """Ask a source again, from where it stopped, and at once."""
    Source.objects.filter(pk=source_id).update(
        stopped_at=None, wake_at=None, failures=0, trouble=None
    )
    _told("source.resume", source_id, person, now)


@transaction.atomic
def remove_source(*, source_id: int, person: Person, now: datetime) -> None:
    """Forget a source with its settings and secrets; the posts it brought stay."""
    _told("source.remove", source_id, person, now)
    Source.objects.filter(pk=source_id).delete()


def _told(action: str, source_id: int, person: Person, now: datetime) -> None:
    row = Source.objects.filter(pk=source_id).first()
    if row is not None:
        audit(person=person, action=action, subject=row.name, detail={"kind": row.kind}, now=now)
        note_change("source", str(source_id), now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came back from a test; nothing of it is kept.

    Attributes:
        posts: the newest.  heard: how many came in all.
    """

    posts: list[Post]
    heard: int
    page: Page | None = None
    trouble: Trouble | None = None
    listened_s: float = 0.0

    @property
    def may_pass(self) -> bool:
        """Whether the trouble may be gone by itself: who tests is told to look at the address."""
        passing = {Kind.BROKEN, Kind.UNREACHABLE}
        return isinstance(self.trouble, NoAnswer) and self.trouble.kind in passing


def try_source(
    *,
    kind: str,
    values: Mapping[str, Any],
    source_id: int | None,
    meter: Quota | None = None,
    now: datetime,
) -> Tried:
    """Ask a source once, as it is typed, and return what came back.

    What a test spends counts like any other reading: it is written on the source's meter.

    Args:
        meter: of a source that is not saved yet: what its tests have spent already.
    """
    plug_in = sources()[kind]
    row = Source.objects.filter(pk=source_id).first() if source_id else None
    before = msgspec.convert(row.quota, Quota) if row and row.quota else meter
    try:
        page = ask_once(plug_in, with_kept(plug_in, values, row), meter=before, now=now)
    except Trouble as trouble:
        return Tried(posts=[], heard=0, trouble=trouble)
    if row and page.quota:
        _spend(row.pk, page.quota, before=before, now=now)
    newest = sorted(page.posts, key=lambda post: post.published, reverse=True)
    return Tried(
        posts=newest[:SHOWN],
        heard=len(newest),
        page=page,
        trouble=page.troubles[0] if page.troubles else None,
        listened_s=LISTEN_S if plug_in.is_stream else 0.0,
    )


@transaction.atomic
def _spend(source_id: int, meter: Quota, *, before: Quota | None, now: datetime) -> None:
    row = Source.objects.select_for_update().filter(pk=source_id).first()
    if row is not None:
        stored = msgspec.convert(row.quota, Quota) if row.quota else None
        row.quota = msgspec.to_builtins(meter.beside(before, stored, now))
        row.save(update_fields=["quota"])


def ask_once(
    plug_in: PlugIn, values: Mapping[str, Any], *, meter: Quota | None = None, now: datetime
) -> Page:
    """Ask a network once, with settings as they were typed; nothing of it is kept.

    Raises:
        NoAnswer: the settings are not what the plug-in asks for, or the network refused.
    """
    settings = typed_settings(plug_in, values)
    saved_mapping(getattr(settings, "mapping", "").strip())
    asked = Asked(
        settings=settings,
        now=now,
        searches=searches_for(watched_topics(), plug_in.capabilities),
        quota=meter,
        trial=True,
    )
    return _called(plug_in, asked) or asyncio.run(_once(plug_in, asked))


def _called(plug_in: PlugIn, asked: Asked[msgspec.Struct]) -> Page | None:
    """Have a source take a call of our own making; None for one that has to be asked."""
    if plug_in.receive is None or plug_in.example is None:
        return None
    return plug_in.receive(asked, plug_in.example(asked)).page


async def _once(plug_in: PlugIn, asked: Asked[msgspec.Struct]) -> Page:
    try:
        async with (
            Courier(local_allowed=local_targets_allowed()) as courier,
            asyncio.timeout(TEST_S),
        ):
            if plug_in.is_stream:
                if plug_in.prepare is not None:
                    await turn(plug_in.prepare(asked), courier)
                return await _listen(plug_in, asked)
            assert plug_in.collect is not None
            return await turn(plug_in.collect(asked), courier)
    except TimeoutError as trouble:
        raise NoAnswer(
            say("No whole answer came within {seconds} s: a test waits no longer.", seconds=TEST_S),
            say("Try again later. If it stays so, check the address, and that the site is well."),
            kind=Kind.UNREACHABLE,
        ) from trouble


async def _listen(plug_in: PlugIn, asked: Asked[msgspec.Struct]) -> Page:
    """Hear a stream for a few seconds; silence is no trouble once it is connected."""
    assert plug_in.subscribe is not None
    assert plug_in.take is not None
    heard: list[Frame] = []
    try:
        async with asyncio.timeout(LISTEN_S), aclosing(frames(plug_in.subscribe(asked))) as stream:
            async for frame in stream:
                heard.append(frame)  # noqa: PERF401 - what came before the time was up counts
        if all(frame.event == OPENED for frame in heard):
            raise _hangs_up()
    except TimeoutError:
        pass
    pages: list[Page] = []
    for frame in heard:
        if frame.event != OPENED:
            pages.append(plug_in.take(asked, frame))
            asked = msgspec.structs.replace(asked, quota=pages[-1].quota or asked.quota)
    return Page(posts=tuple(post for page in pages for post in page.posts), quota=asked.quota)


def _hangs_up() -> NoAnswer:
    return NoAnswer(
        say("The connection was made, and ended at once, with nothing said."),
        say("Check the address and what the key may do there, then press Test."),
        kind=Kind.UNREADABLE,
    )
