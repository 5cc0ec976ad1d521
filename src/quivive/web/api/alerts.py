"""Signals, and what people do with alerts."""

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Router

from quivive.web.api.keys import EXPORT, READ_ALERTS, WRITE_ALERTS, WRITE_CRISES
from quivive.web.api.shapes import (
    CHANGING,
    FILES,
    READING,
    Acknowledgement,
    AlertOut,
    AlertStates,
    CrisisOut,
    FileKind,
    Id,
    Opening,
    Reason,
    SignalOut,
    Snooze,
    Words,
)
from quivive.web.api.values import alert_out, crisis_out, signal_out
from quivive.web.coordinate import services as coordinate
from quivive.web.detect import queries, services
from quivive.web.detect.export_views import as_file

router = Router(tags=["alerts"])
MOST = 200


@router.get("/signals", auth=READ_ALERTS, response={200: list[SignalOut], **READING})
def signals(request: HttpRequest) -> object:
    """The latest signals, those that rang nobody too."""
    return [signal_out(signal) for signal in queries.signals()[:MOST]]


@router.get("/signals/export/{form}", auth=EXPORT, response=READING, openapi_extra=FILES)
def export_signals(
    request: HttpRequest, form: FileKind, topic: Words = "", kind: Words = "", state: Words = ""
) -> FileResponse:
    """All signals, or those with these traits, as a file."""
    return as_file("signals", {"topic": topic, "kind": kind, "state": state}, form)


@router.get("/alerts/export/{form}", auth=EXPORT, response=READING, openapi_extra=FILES)
def export_alerts(
    request: HttpRequest, form: FileKind, topic: Words = "", kind: Words = "", state: Words = ""
) -> FileResponse:
    """All alerts, or those with these traits, as a file."""
    return as_file("alerts", {"topic": topic, "kind": kind, "state": state}, form)


@router.get("/alerts", auth=READ_ALERTS, response={200: list[AlertOut], **READING})
def alerts(request: HttpRequest, state: AlertStates | None = None) -> object:
    """The latest alerts, all or those in one state."""
    return [alert_out(alert) for alert in queries.alerts(state=state or "")[:MOST]]


@router.get("/alerts/{alert_id}", auth=READ_ALERTS, response={200: AlertOut, **READING})
def alert(request: HttpRequest, alert_id: Id) -> object:
    """One alert."""
    return alert_out(queries.alert(alert_id))


@router.post(
    "/alerts/{alert_id}/acknowledge", auth=WRITE_ALERTS, response={200: AlertOut, **CHANGING}
)
def acknowledge(request: HttpRequest, alert_id: Id, given: Acknowledgement) -> object:
    """Take an alert on: people stop being called."""
    services.acknowledge(
        alert_id=alert_id,
        person=request.auth,  # type: ignore[attr-defined]
        comment=given.comment,
        now=timezone.now(),
    )
    return alert_out(queries.alert(alert_id))


@router.post("/alerts/{alert_id}/snooze", auth=WRITE_ALERTS, response={200: AlertOut, **CHANGING})
def snooze(request: HttpRequest, alert_id: Id, given: Snooze) -> object:
    """Leave an alert until later; it then rings again."""
    services.snooze(
        alert_id=alert_id,
        person=request.auth,  # type: ignore[attr-defined]
        until=given.until,
        now=timezone.now(),
    )
    return alert_out(queries.alert(alert_id))


@router.post(
    "/alerts/{alert_id}/false-alarm", auth=WRITE_ALERTS, response={200: AlertOut, **CHANGING}
)
def false_alarm(request: HttpRequest, alert_id: Id, given: Reason) -> object:
    """Say that an alert was for nothing, and why."""
    services.mark_false_alarm(
        alert_id=alert_id,
        person=request.auth,  # type: ignore[attr-defined]
        reason=given.reason,
        now=timezone.now(),
    )
    return alert_out(queries.alert(alert_id))


@router.post("/alerts/{alert_id}/crisis", auth=WRITE_CRISES, response={200: CrisisOut, **CHANGING})
def open_crisis(request: HttpRequest, alert_id: Id, given: Opening) -> object:
    """Open a crisis from an alert; where one runs on its topic, the alert joins that one."""
    opened = coordinate.open_crisis(
        person=request.auth,  # type: ignore[attr-defined]
        alert_id=alert_id,
        title=given.title,
        now=timezone.now(),
    )
    return crisis_out(opened)
