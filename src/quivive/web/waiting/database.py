"""Tells a database that went away from a fault of ours, and says it once, not at each turn."""

import logging
from datetime import datetime

from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections

from quivive.wire.house import data_folder, is_full

log = logging.getLogger("quivive.database")


class Reachability:
    """Whether the database answers, as one process sees it from turn to turn."""

    def __init__(self) -> None:
        """Begin with a database that answers."""
        self._away_since: datetime | None = None

    def explains(self, fault: Exception, *, now: datetime) -> bool:
        """Tell whether a turn failed because nothing answers or fits; say so when that begins."""
        what = what_ails(fault)
        if what and self._away_since is None:
            self._away_since = now
            why = str(fault).strip().split("\n", 1)[0]
            log.error("The database %s (%s). It is tried again each second.", what, why)
        return bool(what)

    def turned(self, *, now: datetime) -> None:
        """Note a turn that went well; say so when the database had been away."""
        if self._away_since is not None:
            away_s = (now - self._away_since).total_seconds()
            log.warning("The database answers again, after %.0f s.", away_s)
            self._away_since = None


def what_ails(fault: Exception) -> str:
    """Say why nobody can use the database now; empty where the fault is one of ours."""
    connections.close_all()  # whatever the turn left open would hold the next ones up
    if not isinstance(fault, (OperationalError, InterfaceError)):
        return ""
    if is_full(data_folder()):
        return "has no room left on its disk"
    if is_held(fault):
        return "is held by another program"
    return "" if answers() else "does not answer"


def is_held(fault: BaseException | None) -> bool:
    """Tell whether somebody else had the embedded database locked for longer than we wait."""
    return isinstance(fault, OperationalError) and "is locked" in str(fault)


def answers() -> bool:
    """Tell whether the database can be asked something."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connections.close_all()
        return False
    return True
