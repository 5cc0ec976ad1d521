"""Small made-up networks, one for each source: what was said in, the network's answers out.

Every plug-in of ``quivive.listen.sources`` has a file of its name here with a ``WORLD``. The shapes
are written by us from each network's public documentation; the people and their words are invented.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from quivive.listen.sourcing import Asked, Call, Exchange, Frame, Page, Search, Source
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.requests import NoAnswer, Reply, Request
from quivive.wire.reading import read_bytes

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Said(NamedTuple):
    """One thing somebody said, in no network's words.

    Attributes:
        key: tells it apart; the world makes the permanent address from it.
        told_date: what the network gives as its date, when that is not ``at``.
        deleted: its author took it back.
    """

    key: str
    text: str
    at: datetime = datetime(2026, 3, 2, 11, 55, tzinfo=UTC)
    author: str = "ana"
    language: str = "fr"
    told_date: str = ""
    deleted: bool = False

    @property
    def date(self) -> str:
        """The date as most networks write it."""
        return self.told_date or self.at.strftime("%Y-%m-%dT%H:%M:%SZ")


class World(NamedTuple):
    """A made-up network.

    Attributes:
        settings: what a person would type on the settings page.
        serve: answers one request, of a pull source; ``said`` is all that exists now.
        frames: what a stream sends when these are said or taken back.
        calls: what programs send to a source that is called.
        deletes: the network tells of deletions.
        quarantine: records with a bad date are set aside for a person to correct.
        words: the words of a post that says ``text``; sources that add a title have their own.
        secret: what must never stand in an address.
    """

    settings: msgspec.Struct
    serve: Callable[[Sequence[Said], Request], Reply] | None = None
    frames: Callable[[Sequence[Said]], Iterable[Frame]] | None = None
    deletes: bool = False
    quarantine: bool = False
    words: Callable[[str], str] = str
    calls: Callable[[Sequence[Said]], Iterable[Call]] | None = None
    secret: str = ""


def worlds() -> Mapping[str, World]:
    """Find every world, by the name of its file, which is the plug-in's."""
    names = [info.name for info in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}").WORLD for name in names}


def json_reply(value: object, **headers: str) -> Reply:
    """Answer with JSON."""
    kind = {"content-type": "application/json"}
    return Reply(body=msgspec.json.encode(value), headers={**kind, **headers}, at=NOW)


def asked(world: World, *, cursor: str = "", now: datetime = NOW) -> Asked:
    """Ask a source for all that its world says about water."""
    search = (Search(topic="water", text="eau"),)
    return Asked(settings=world.settings, cursor=cursor, now=now, searches=search)


def collect(
    source: Source,
    world: World,
    said: Sequence[Said],
    *,
    cursor: str = "",
    now: datetime = NOW,
    serve: Callable[[Request], Reply] | None = None,
) -> Page:
    """Run turns until there is no more to read; the pages are laid together.

    ``serve`` answers instead of the world; what it raises is raised where the plug-in asked.
    """
    if source.is_stream:
        return _listen(source, world, said, cursor=cursor, now=now)
    if source.is_called:
        calls = world.calls(said)
        return _together([source.receive(asked(world, now=now), call).page for call in calls])
    answer = serve or (lambda request: world.serve(said, request))
    pages = [drive(source.collect(asked(world, cursor=cursor, now=now)), answer)]
    while pages[-1].more:
        assert len(pages) < 50, "a source must come to an end when nothing new is said"
        turn = asked(world, cursor=pages[-1].cursor, now=now)
        pages.append(drive(source.collect(turn), answer))
    return _together(pages)


def drive(exchange: Exchange, answer: Callable[[Request], Reply]) -> Page:
    """Answer a plug-in's requests until it has its page; what is raised is raised there."""
    try:
        request = next(exchange)
        for _ in range(200):
            try:
                reply = answer(request)
            except NoAnswer as trouble:
                request = exchange.throw(trouble)
            else:
                request = exchange.send(reply)
    except StopIteration as end:
        return end.value
    raise AssertionError("a turn must end after a reasonable number of requests")


def _listen(
    source: Source, world: World, said: Sequence[Said], *, cursor: str, now: datetime
) -> Page:
    pages = [Page(cursor=cursor)]
    for frame in world.frames(said):
        page = source.take(asked(world, cursor=pages[-1].cursor, now=now), frame)
        pages.append(msgspec.structs.replace(page, cursor=page.cursor or pages[-1].cursor))
    return _together(pages)


def _together(pages: Sequence[Page]) -> Page:
    """Lay pages together; files they hand over are read as an import reads them."""
    files = [file.body for page in pages for file in page.files if file.body]
    batches = [batch for body in files for batch in read_bytes(body)]
    aside = [bad for batch in batches for bad in batch.quarantined]
    return Page(
        posts=tuple(post for page in (*pages, *batches) for post in page.posts),
        deletions=tuple(gone for page in (*pages, *batches) for gone in page.deletions),
        unread=(
            *(bad for page in pages for bad in page.unread),
            *(BadRecord(bad.what, bad.remedy) for bad in aside),
        ),
        notes=tuple(note for page in pages for note in page.notes),
        troubles=tuple(trouble for page in pages for trouble in page.troubles),
        cursor=pages[-1].cursor,
    )
