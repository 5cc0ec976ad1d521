"""Gives the signals a page shows, or their alerts, as a file."""

from django.http import FileResponse, Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from quivive.coordinate.permissions import Permission
from quivive.web.detect import queries
from quivive.web.detect.tables import alert_table, signal_table
from quivive.web.people.downloads import TYPES, send_table
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.services import audit

TABLES = {"signals": signal_table, "alerts": alert_table}


@require_GET
@needs(Permission.EXPORT)
def signals(request: SignedInRequest, table: str, form: str) -> FileResponse:
    """Write what the filters of the page leave, all pages of it, to a file and send it."""
    if table not in TABLES or form not in TYPES:
        raise Http404
    chosen = {name: request.GET.get(name, "") for name in ("topic", "kind", "state")}
    audit(
        person=request.user,
        action=f"{table}.export",
        detail={"form": form} | {name: value for name, value in chosen.items() if value},
        now=timezone.now(),
    )
    return as_file(table, chosen, form)


def as_file(table: str, chosen: dict[str, str], form: str) -> FileResponse:
    """Send signals, or alerts, narrowed as their page is."""
    found = queries.signals(**chosen).select_related("topic", "alert__acknowledged_by")
    return send_table(TABLES[table](found.iterator(chunk_size=2_000)), table, form)
