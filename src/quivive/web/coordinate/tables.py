"""What a crisis room shows, as rows of a file, sentences in the reader's language.

Rows come from queries; their classes belong to the models, hence ``Any``.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from quivive.web.coordinate.queries import TOLD
from quivive.web.people.downloads import Table
from quivive.web.people.speech import spoken

LOG_COLUMNS: Mapping[str, type] = {
    "at": datetime,
    "kind": str,
    "author": str,
    "text": str,
    "known": str,
    "rejected": str,
    "assumed": str,
    "owner": str,
    "link": str,
}
TASK_COLUMNS: Mapping[str, type] = {
    "title": str,
    "role": str,
    "owner": str,
    "step": str,
    "due_at": datetime,
    "done_at": datetime,
    "done_by": str,
}
SEVERITY_COLUMNS: Mapping[str, type] = {
    "at": datetime,
    "source": str,
    "level": int,
    "score": float,
    "low": float,
    "high": float,
    "by": str,
    "reason": str,
    "ended_at": datetime,
}


def log_table(crisis: Any) -> Table:
    """Lay out the log, oldest line first; ``known`` is what was known at a decision."""
    return Table(columns=LOG_COLUMNS, rows=_log(crisis))


def task_table(crisis: Any) -> Table:
    """Lay out the tasks, by when they are due."""
    return Table(columns=TASK_COLUMNS, rows=_tasks(crisis))


def severity_table(crisis: Any) -> Table:
    """Lay out every sheet and every level set by hand, oldest first.

    ``source`` is ``assessment`` or ``person``; a person gives a level and a reason, no score.
    """
    rows = sorted((*_sheets(crisis), *_overrides(crisis)), key=lambda row: row["at"])
    return Table(columns=SEVERITY_COLUMNS, rows=rows)


TABLES: Mapping[str, Callable[[Any], Table]] = {
    "log": log_table,
    "tasks": task_table,
    "severity": severity_table,
}


def _log(crisis: Any) -> Iterator[dict[str, Any]]:
    for line in crisis.log.select_related("author").iterator(chunk_size=2_000):
        words = spoken(line.message)
        if told := TOLD.get(line.kind):
            values = {"what": words, "owner": line.message.get("owner", "")}
            words = spoken({"text": told.text, "values": values})
        yield {
            "at": line.at,
            "kind": line.kind,
            "author": _name(line.author),
            "text": words,
            "known": line.message.get("known"),
            "rejected": line.message.get("rejected"),
            "assumed": line.message.get("assumed"),
            "owner": line.message.get("owner"),
            "link": line.link or None,
        }


def _tasks(crisis: Any) -> Iterator[dict[str, Any]]:
    for task in crisis.tasks.select_related("owner", "done_by"):
        yield {
            "title": spoken(task.title),
            "role": task.role,
            "owner": _name(task.owner),
            "step": task.step or None,
            "due_at": task.due_at,
            "done_at": task.done_at,
            "done_by": _name(task.done_by),
        }


def _sheets(crisis: Any) -> Iterator[dict[str, Any]]:
    kept = ("at", "level", "score", "low", "high")
    for row in crisis.threat.assessments.values(*kept).iterator(chunk_size=2_000):
        yield {**row, "source": "assessment"}


def _overrides(crisis: Any) -> Iterator[dict[str, Any]]:
    for one in crisis.threat.overrides.select_related("by"):
        yield {
            "at": one.at,
            "source": "person",
            "level": one.level,
            "by": str(one.by),
            "reason": one.reason,
            "ended_at": one.ended_at,
        }


def _name(person: object | None) -> str | None:
    return None if person is None else str(person)
