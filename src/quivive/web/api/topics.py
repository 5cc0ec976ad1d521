"""Topics, their counts and their posts; posts sent in."""

from io import BytesIO
from typing import Annotated

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Status

from quivive.vocabulary.sentiments import Leaning
from quivive.web.api.keys import EXPORT, INGEST, READ, READ_POSTS
from quivive.web.api.shapes import (
    CHANGING,
    FILES,
    READING,
    Brought,
    Kind,
    MinuteOut,
    PostOut,
    PostsPage,
    Slug,
    TopicOut,
)
from quivive.web.api.shapes import Moment as AnyMoment
from quivive.web.listen import queries, services
from quivive.web.listen.export_views import as_file
from quivive.web.listen.queries import PostFilter
from quivive.web.people.downloads import TYPES

router = Router(tags=["topics"])
PAGE = 100

Moment = Annotated[AnyMoment, Query()]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]

SENT_IN = {
    "requestBody": {
        "required": True,
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


@router.get("/topics", auth=READ, response={200: list[TopicOut], **READING})
def topics(request: HttpRequest) -> object:
    """All topics, archived ones too."""
    return queries.topics()


@router.get("/topics/{slug}/minutes", auth=READ, response={200: list[MinuteOut], **READING})
def minutes(request: HttpRequest, slug: Slug, since: Moment, until: Moment) -> object:
    """Minute counts between two moments. Quiet minutes have no row."""
    queries.topic(slug)
    return queries.minutes(slug, since=since, until=until)[: 7 * 24 * 60]


@router.get("/topics/{slug}/posts", auth=READ_POSTS, response={200: PostsPage, **READING})
def posts(
    request: HttpRequest, slug: Slug, offset: Offset = 0, leaning: Leaning | None = None
) -> object:
    """Posts of a topic, a hundred at a time."""
    queries.topic(slug)
    wanted = PostFilter(leaning=leaning.value if leaning else "")
    found = queries.matches(slug, wanted)[offset : offset + PAGE + 1]
    rows = [
        PostOut(
            heard_at=match.heard_at,
            relayed=match.relayed,
            leaning=match.post.leaning,
            post=match.post.document["post"],
        )
        for match in found
    ]
    return PostsPage(posts=rows[:PAGE], next=offset + PAGE if len(rows) > PAGE else None)


@router.get("/topics/{slug}/export/{kind}", auth=EXPORT, response=READING, openapi_extra=FILES)
def export(request: HttpRequest, slug: Slug, kind: Kind) -> FileResponse:
    """All posts of a topic as ``ndjson``, ``csv``, ``xlsx`` or ``parquet``, under pseudonyms."""
    if kind not in TYPES:
        raise Http404(f"There is no kind {kind}. Use one of: {', '.join(TYPES)}.")
    return as_file(slug, PostFilter(), kind, named=False)


@router.post("/posts", auth=INGEST, response={202: Brought, **CHANGING}, openapi_extra=SENT_IN)
def bring(request: HttpRequest) -> Status[Brought]:
    """Send posts in: the body is NDJSON in any form that ``quivive import`` reads."""
    now = timezone.now()
    person = request.auth  # type: ignore[attr-defined]
    import_id = services.bring_file(
        name=f"api-{now:%Y%m%dT%H%M%S}.ndjson",
        content=BytesIO(request.body),
        person=person,
        now=now,
    )
    services.queue_import(
        import_id=import_id, file_format="auto", mapping=None, person=person, now=now
    )
    brought = Brought(import_id=import_id, url=reverse("listen:import", args=[import_id]))
    return Status(202, brought)
