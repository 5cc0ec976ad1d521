"""Signals and alerts as rows of a file, sentences in the reader's language.

Rows come from queries; their classes belong to the models, hence ``Any``.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from quivive.web.people.downloads import Table
from quivive.web.people.speech import spoken

SIGNAL_COLUMNS: Mapping[str, type] = {
    "key": str,
    "topic": str,
    "kind": str,
    "reason": str,
    "state": str,
    "found_at": datetime,
    "rang_at": datetime,
    "onset": datetime,
    "onset_low": datetime,
    "onset_high": datetime,
    "window_s": int,
    "observed": int,
    "expected": float,
    "severity": int,
    "certainty": str,
    "negative_share": float,
    "evidence": list,
}
_COPIED = SIGNAL_COLUMNS.keys() - {"topic", "reason", "state"}

ALERT_COLUMNS: Mapping[str, type] = {
    "id": int,
    **{name: holds for name, holds in SIGNAL_COLUMNS.items() if name != "evidence"},
    "acknowledged_by": str,
    "acknowledged_at": datetime,
    "comment": str,
    "snoozed_until": datetime,
}


CLAIM_COLUMNS: Mapping[str, type] = {
    "claim": int,
    "words": str,
    "sentence_from": str,
    "status": str,
    "source": str,
    "checked_by": str,
    "checked_at": datetime,
    "story": str,
    "rumour_at": datetime,
    "counted_with": int,
    "post": str,
    "at": datetime,
    "stance": str,
    "share": float,
    "sourced": bool,
    "own": bool,
    "copy_of": str,
}


def claim_table(standings: Iterable[Any]) -> Table:
    """Lay claims out, a row for each post; words that their author took back are left out."""
    return Table(columns=CLAIM_COLUMNS, rows=map(_standing, standings))


def _standing(row: Any) -> dict[str, Any]:
    claim = row.claim
    told = {
        "claim": claim.pk,
        "words": claim.name or ("" if row.taken_back else claim.sentence),
        "checked_by": str(claim.checked_by) if claim.checked_by else None,
        "counted_with": claim.merged_into_id,
    }
    for name in ("sentence_from", "status", "source", "checked_at", "story", "rumour_at"):
        told[name] = getattr(claim, name)
    for name in ("post", "at", "stance", "share", "sourced", "own", "copy_of"):
        told[name] = getattr(row, name)
    return {name: told[name] for name in CLAIM_COLUMNS}


def signal_table(signals: Iterable[Any]) -> Table:
    """Lay signals out; ``state`` is that of the alert, ``note`` when none rang."""
    return Table(columns=SIGNAL_COLUMNS, rows=map(_signal, signals))


def alert_table(signals: Iterable[Any]) -> Table:
    """Lay out the alerts of signals, each with its signal."""
    return Table(columns=ALERT_COLUMNS, rows=_alerts(signals))


def _alerts(signals: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for signal in signals:
        alert: Any = getattr(signal, "alert", None)
        if alert is None:
            continue
        row = _signal(signal)
        yield {name: row[name] for name in ALERT_COLUMNS if name in row} | {
            "id": alert.pk,
            "rang_at": alert.rang_at,
            "acknowledged_by": str(alert.acknowledged_by) if alert.acknowledged_by else None,
            "acknowledged_at": alert.acknowledged_at,
            "comment": alert.comment,
            "snoozed_until": alert.snoozed_until,
        }


def _signal(signal: Any) -> dict[str, Any]:
    """Return a signal's cells in the order of the columns."""
    alert: Any = getattr(signal, "alert", None)
    told = {
        "topic": signal.topic.slug,
        "reason": spoken(signal.reason),
        "state": alert.state if alert else "note",
    }
    copied = {name: getattr(signal, name) for name in _COPIED}
    return {name: (told | copied)[name] for name in SIGNAL_COLUMNS}
