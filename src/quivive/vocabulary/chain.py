"""How one line of the audit log holds the one before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime


def link(
    previous: str,
    *,
    at: datetime,
    person_id: int | None,
    action: str,
    subject: str,
    detail: Mapping[str, object],
) -> str:
    """Return the hash of a line: SHA-256 of the previous hash and the line as canonical JSON.

    Whoever changes, drops or inserts a line has to write every later one anew.

    >>> when = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    >>> line = {"at": when, "action": "set-up", "subject": ""}
    >>> first = link("", person_id=1, detail={"a": 1, "b": 2}, **line)
    >>> first == link("", person_id=1, detail={"b": 2, "a": 1}, **line)
    True
    >>> first == link("", person_id=2, detail={"a": 1, "b": 2}, **line)
    False
    """
    line = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "person": person_id,
        "action": action,
        "subject": subject,
        "detail": detail,
    }
    canonical = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
