"""Signals, and what people do with alerts."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from quivive.web.api.keys import READ, WRITE_ALERTS, WRITE_CRISES
from quivive.web.api.shapes import (
    Acknowledgement,
    AlertOut,
    CrisisOut,
    Opening,
    Reason,
    SignalOut,
    Snooze,
)
from quivive.web.api.values import alert_out, crisis_out, signal_out
from quivive.web.coordinate import services as coordinate
from quivive.web.detect import queries, services

router = Router(tags=["alerts"])
MOST = 200


@router.get("/signals", auth=READ, response=list[SignalOut])
def signals(request: HttpRequest) -> object:
    """The latest signals, those that rang nobody too."""
    return [signal_out(signal) for signal in queries.signals()[:MOST]]


@router.get("/alerts", auth=READ, response=list[AlertOut])
def alerts(request: HttpRequest, state: str = "") -> object:
    """The latest alerts, all or those in one state."""
    return [alert_out(alert) for alert in queries.alerts(state=state)[:MOST]]


@router.get("/alerts/{int:alert_id}", auth=READ, response=AlertOut)
def alert(request: HttpRequest, alert_id: int) -> object:
    """One alert."""
    return alert_out(queries.alert(alert_id))


@router.post("/alerts/{int:alert_id}/acknowledge", auth=WRITE_ALERTS, response=AlertOut)
def acknowledge(request: HttpRequest, alert_id: int, given: Acknowledgement) -> object:
    """Take an alert on: people stop being called."""
    services.acknowledge(
        alert_id=alert_id,
        person=request.auth,  # type: ignore[attr-defined]
        comment=given.comment,
        now=timezone.now(),
    )
    return alert_out(queries.alert(alert_id))


@router.post("/alerts/{int:alert_id}/snooze", auth=WRITE_ALERTS, response=AlertOut)
def snooze(request: HttpRequest, alert_id: int, given: Snooze) -> object:
    """Leave an alert until later; it then rings again."""
    services.snooze(
        alert_id=alert_id,
        person=request.auth,  # type: ignore[attr-defined]
        until=given.until,
        now=timezone.now(),
    )
    return alert_out(queries.alert(alert_id))


@router.post("/alerts/{int:alert_id}/false-alarm", auth=WRITE_ALERTS, response=AlertOut)
def false_alarm(request: HttpRequest, alert_id: int, given: Reason) -> object:
    """Say that an alert was for nothing, and why."""
    services.mark_false_alarm(
        alert_id=alert_id,
        person=request.auth,  # type: ignore[attr-defined]
        reason=given.reason,
        now=timezone.now(),
    )
    return alert_out(queries.alert(alert_id))


@router.post("/alerts/{int:alert_id}/crisis", auth=WRITE_CRISES, response=CrisisOut)
def open_crisis(request: HttpRequest, alert_id: int, given: Opening) -> object:
    """Open a crisis from an alert."""
    opened = coordinate.open_crisis(
        person=request.auth,  # type: ignore[attr-defined]
        alert_id=alert_id,
        title=given.title,
        now=timezone.now(),
    )
    return crisis_out(opened)
