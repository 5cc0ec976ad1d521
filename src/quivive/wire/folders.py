"""Folders of this machine where people drop files of posts: listed, read, and tidied up.

Only folders below ``dropped`` in the data folder can be named (``folder:///calls``), so that
whoever may add a source cannot read or move what else lies on this machine. Another disk is
brought there by whoever runs it, with a mount or a link.
"""

import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer, Part, Reply, Request
from quivive.wire.house import data_folder

LARGEST = 64_000_000
"""Bytes of one file; larger ones are brought on the page of imports."""

TOGETHER = 64_000_000
"""Bytes a reply holds about; the files that follow come with the next one."""

STILL_S = 2.0
"""Seconds without a change after which a file is taken for written to its end."""

MOVED_TO = ("done", "quarantine")
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_NAME = re.compile(r"[\w][\w .-]{0,79}")


def dropped(name: str) -> Path:
    """Return the folder of that name, made if need be.

    Raises:
        NoAnswer: the name could lead elsewhere.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        raise NoAnswer(
            say("{name} cannot be the name of a folder.", name=name[:80] or "–"),
            say("Use letters, figures, spaces and hyphens, e.g. contact-centre."),
            kind=Kind.SETTINGS,
        )
    folder = data_folder() / "dropped" / name
    for part in (folder, *(folder / place for place in MOVED_TO)):
        part.mkdir(parents=True, exist_ok=True)
    return folder


def carry_folder(request: Request) -> Reply:
    """List a folder with what its files hold (``GET``), or put one file away (``MOVE``).

    Args:
        request: for ``MOVE``, ``params`` name the file and where ``to``; a body is written next
            to it as the reason.

    Raises:
        NoAnswer: with what a person may do about it.
    """
    folder = dropped(unquote(urlsplit(request.url).path.strip("/")))
    try:
        if request.method == "MOVE":
            _move(folder, request.params["name"], request.params["to"], reason=request.body)
            return Reply(url=request.url, at=datetime.now(UTC))
        return _list(folder, request)
    except OSError as trouble:
        raise NoAnswer(
            say(
                "The folder {name} cannot be used: {reason}.", name=folder.name, reason=str(trouble)
            ),
            say("Let the account that runs this program read and write there."),
            kind=Kind.FORBIDDEN,
        ) from trouble


def _list(folder: Path, request: Request) -> Reply:
    parts: list[Part] = []
    too_large: list[str] = []
    size = 0
    files = sorted(filter(_is_ready, folder.iterdir()), key=lambda path: path.stat().st_mtime_ns)
    for path in files:
        bytes_of_it = path.stat().st_size
        if bytes_of_it > LARGEST:
            too_large.append(path.name)
        elif size + bytes_of_it <= TOGETHER or not parts:
            body = path.read_bytes()
            parts.append(Part(name=path.name, body=body, size=len(body)))
            size += bytes_of_it
    return Reply(
        url=request.url,
        parts=tuple(parts),
        headers={"folder": str(folder), "too-large": ", ".join(too_large)},
        at=datetime.now(UTC),
    )


def _is_ready(path: Path) -> bool:
    if path.is_symlink() or not path.is_file() or path.name.startswith((".", "~")):
        return False
    # A copy may bring a time that is still to come: only what changes just now is left alone.
    return not path.name.endswith(UNFINISHED) and abs(time.time() - path.stat().st_mtime) >= STILL_S


def _move(folder: Path, name: str, to: str, *, reason: bytes) -> None:
    """Put a file away under a name that overwrites nothing; one that is gone already is fine."""
    source = folder / Path(name).name
    place = folder / (to if to in MOVED_TO else MOVED_TO[-1])
    if not source.is_file() or source.is_symlink():
        return
    target = place / source.name
    count = 1
    while target.exists():
        count += 1
        target = place / f"{source.stem}-{count}{source.suffix}"
    os.replace(source, target)
    if reason:
        target.with_name(f"{target.name}.why.txt").write_bytes(reason + b"\n")
