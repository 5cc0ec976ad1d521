"""Crises, their sheets and their logs."""

import msgspec
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Router

from quivive.coordinate.permissions import Permission, may
from quivive.web.api.keys import EXPORT, READ, WRITE_LOG
from quivive.web.api.shapes import (
    CHANGING,
    FILES,
    READING,
    CrisisOut,
    CrisisSheetOut,
    CrisisTable,
    FileKind,
    Id,
    LogLineOut,
    Note,
)
from quivive.web.api.values import crisis_out, log_out
from quivive.web.coordinate import queries, services
from quivive.web.coordinate.export_views import as_file
from quivive.web.coordinate.partner_queries import seen_by
from quivive.web.people.queries import roles_of
from quivive.web.people.speech import for_a_reader

router = Router(tags=["crises"])


@router.get("/crises", auth=READ, response={200: list[CrisisOut], **READING})
def crises(request: HttpRequest, over: bool | None = None) -> object:  # noqa: FBT001 - a query
    """All crises, or only those that are over or running."""
    person = request.auth  # type: ignore[attr-defined]
    seen = seen_by(person, roles_of(person, now=timezone.now()))
    return [crisis_out(crisis) for crisis in queries.crises(over=over, seen=seen)]


@router.get("/crises/{crisis_id}", auth=READ, response={200: CrisisSheetOut, **READING})
def crisis(request: HttpRequest, crisis_id: Id) -> object:
    """One crisis with the level in force and the newest sheet."""
    page = queries.crisis_page(crisis_id, timezone.now())
    sheet = page.sheet
    if sheet and not _sees_names(request):
        nameless = (msgspec.structs.replace(one, evidence=()) for one in sheet.indicators)
        sheet = msgspec.structs.replace(sheet, indicators=tuple(nameless))
    return CrisisSheetOut(
        **crisis_out(page.crisis).dict(),
        level=page.level,
        overridden=page.override is not None,
        missing=list(page.missing),
        sheet=msgspec.to_builtins(sheet, str_keys=True) if sheet else None,
    )


@router.get("/crises/{crisis_id}/log", auth=READ, response={200: list[LogLineOut], **READING})
def log(request: HttpRequest, crisis_id: Id) -> object:
    """The log of a crisis, oldest first."""
    with for_a_reader(sees_names=_sees_names(request)):
        return [log_out(line) for line in queries.crisis_page(crisis_id, timezone.now()).log]


@router.get(
    "/crises/{crisis_id}/export/{table}/{form}",
    auth=EXPORT,
    response=READING,
    openapi_extra=FILES,
)
def export_crisis(
    request: HttpRequest, crisis_id: Id, table: CrisisTable, form: FileKind
) -> FileResponse:
    """The posts, log, tasks or severity of a crisis as a file."""
    return as_file(crisis_id, table, form)


@router.post("/crises/{crisis_id}/log", auth=WRITE_LOG, response={200: LogLineOut, **CHANGING})
def write(request: HttpRequest, crisis_id: Id, given: Note) -> object:
    """Add a line to the log."""
    line = services.write_note(
        crisis_id=crisis_id,
        words=given.text,
        person=request.auth,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    return log_out(line)


def _sees_names(request: HttpRequest) -> bool:
    """Tell whether the caller may know who wrote a post; ids of posts often say it too."""
    roles = roles_of(request.auth, now=timezone.now())  # type: ignore[attr-defined]
    return may(roles, Permission.SEE_PERSONAL_DATA)
