"""The time zone a command is told."""

from zoneinfo import ZoneInfo

import typer

from quivive.cli.speech import gettext as _


def known_zone(zone: str | None) -> str | None:
    """Return it. Raises BadParameter when there is none of that name."""
    try:
        ZoneInfo(zone or "UTC")
    except (ValueError, OSError, KeyError):
        raise typer.BadParameter(
            _("{zone} is no zone, such as Europe/Paris.").format(zone=zone)
        ) from None
    return zone
