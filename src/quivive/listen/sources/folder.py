"""A watched folder: files of posts that people or programs drop are imported once, then put away.

Any file that the page of imports takes, with a saved mapping where it is a table: the export of a
contact centre that comes each night.
"""

from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

import msgspec

from quivive.listen.sourcing import Asked, Brought, Exchange, Fate, Page, Source, asks
from quivive.listen.unreadable import unreadable
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.requests import Part, Request

WHY = (
    "Ce fichier n’a pas pu être lu. La page des imports dit pourquoi, ligne par ligne.\n"
    "This file could not be read. The page of imports says why, line by line."
)
"""Stands beside a file that was put into quarantine, for whoever finds it there: in both languages,
for nobody knows who looks into a folder."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which folder, and how its tables are read."""

    folder: Annotated[
        str,
        asks(
            say("Name of the folder"),
            say("It is made under “dropped” in the data folder; Test shows its whole path."),
            example="contact-centre",
        ),
    ]
    mapping: Annotated[
        str,
        asks(
            say("Saved mapping"),
            say(
                "For tables: the name under which you saved one on the page of imports. "
                "Empty: columns are recognised by their names."
            ),
        ),
    ] = ""
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 1


def _collect(asked: Asked[Settings]) -> Exchange:
    """Put away what was read, then hand over what is new."""
    url = f"folder:///{quote(asked.settings.folder.strip(), safe='')}"
    reply = yield Request(url=url)
    if not all(part.is_whole for part in reply.parts):
        raise unreadable(reply)
    new: dict[str, Part] = {}
    for part in reply.parts:
        digest = sha256(part.body).hexdigest()
        match asked.fates.get(digest):
            case None:
                new.setdefault(digest, part)
            case Fate.DONE:
                yield _put_away(url, part, "done")
            case Fate.REFUSED:
                yield _put_away(url, part, "quarantine", why=WHY)
    mapping = asked.settings.mapping.strip()
    files = tuple(Brought(name=one.name, body=one.body, mapping=mapping) for one in new.values())
    return Page(files=files, notes=_notes(reply.headers))


def _put_away(url: str, part: Part, place: str, *, why: str = "") -> Request:
    return Request(
        url=url, method="MOVE", params={"name": part.name, "to": place}, body=why.encode()
    )


def _notes(told: dict[str, str]) -> tuple[Message, ...]:
    notes = [say("Drop files into {folder}.", folder=told.get("folder", ""))]
    if told.get("too-large"):
        notes.append(
            say(
                "Larger than 64 MB, bring them on the page of imports: {names}.",
                names=told["too-large"][:300],
            )
        )
    return tuple(notes)


SOURCE = Source(
    kind="folder",
    network="file",
    title=say("Watched folder"),
    help=say(
        "Files of posts dropped into a folder of the server: the nightly table of the contact "
        "centre, exports of another tool. Each is imported once, then moved to “done”, or to "
        "“quarantine” when it cannot be read."
    ),
    cost=say("Free."),
    blind_spots=(
        say("Watched folder: what nobody drops is not seen; a table that stops coming is silent."),
    ),
    settings=Settings,
    collect=_collect,
    every_s=60,
    people=True,
)
