"""``quivive verify``: whether a bundle of evidence is whole and unchanged; needs no room."""

import sys
from pathlib import Path
from typing import Annotated
from zipfile import BadZipFile, ZipFile

import msgspec
import typer

from quivive.cli.speech import gettext as _
from quivive.cli.speech import spoken
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say

LARGEST_BYTES = 500_000_000
"""Unpacked: a bundle that grows beyond it is a trap."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", help=_("Check a bundle of evidence: records, pictures, log, times."))(
        verify
    )


def verify(
    bundle: Annotated[
        Path, typer.Argument(help=_("The zip file the room made."), show_default=False)
    ],
    roots: Annotated[
        Path | None,
        typer.Option(help=_("Certificates (PEM) of the authority that gave the times.")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> None:
    """Print what was checked; exit with 1 when something does not hold."""
    from quivive.listen.evidence import check
    from quivive.wire.timestamps import load_roots, trusting

    found = check(_files(bundle), trusting(load_roots(roots) if roots else []))
    for one in found:
        if as_json:
            told = {"holds": one.holds, "file": one.file, "what": spoken(one.what)}
            sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        else:
            sys.stdout.write(f"{'✓' if one.holds else '✗'} {one.file}: {spoken(one.what)}\n")
    if not all(one.holds for one in found):
        raise typer.Exit(1)


def _files(bundle: Path) -> dict[str, bytes]:
    try:
        with ZipFile(bundle) as packed:
            if sum(info.file_size for info in packed.infolist()) > LARGEST_BYTES:
                raise BadFile(
                    say("The bundle unpacks to more than {size} MB.", size=LARGEST_BYTES // 10**6),
                    say("Ask for a bundle of fewer posts."),
                )
            return {name: packed.read(name) for name in packed.namelist()}
    except (OSError, BadZipFile):
        raise BadFile(
            say("{name} is no zip file that can be read.", name=bundle.name),
            say("Choose the zip file that the room made, whole and unchanged."),
        ) from None
