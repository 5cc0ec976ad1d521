"""Gives what a crisis room shows as a file: posts, log, tasks, severity."""

from django.http import FileResponse, Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from quivive.coordinate.permissions import Permission
from quivive.web.coordinate import queries, stream_queries
from quivive.web.coordinate.filters import chosen_posts
from quivive.web.coordinate.tables import TABLES
from quivive.web.listen.downloads import send_posts
from quivive.web.people.downloads import TYPES, send_table
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.services import audit


@require_GET
@needs(Permission.EXPORT)
def export(request: SignedInRequest, crisis_id: int, table: str, form: str) -> FileResponse:
    """Write one table of the room to a file and send it; posts keep the page's filters."""
    if form not in TYPES or table not in (*TABLES, "posts"):
        raise Http404
    try:
        answer = as_file(crisis_id, table, form, chosen_posts(request.GET))
    except queries.NOT_THERE:
        raise Http404 from None
    audit(
        person=request.user,
        action="crisis.export",
        subject=f"crisis/{crisis_id}",
        detail={"table": table, "kind": form},
        now=timezone.now(),
    )
    return answer


def as_file(
    crisis_id: int, table: str, form: str, chosen: stream_queries.ChosenPosts | None = None
) -> FileResponse:
    """Send one table of a crisis. Raises Crisis.DoesNotExist."""
    crisis = queries.crisis(crisis_id)
    name = f"crisis-{crisis_id}-{table}"
    if table != "posts":
        return send_table(TABLES[table](crisis), name, form)
    posts = stream_queries.crisis_posts(crisis.threat, chosen or stream_queries.ChosenPosts())
    return send_posts(posts, name, form)
