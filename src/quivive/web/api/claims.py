"""What posts of a topic claim, how they stand, and what people found out."""

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Router

from quivive.web.api.keys import EXPORT, READ_ALERTS, VERIFY
from quivive.web.api.shapes import (
    CHANGING,
    FILES,
    READING,
    CheckIn,
    ClaimOut,
    ClaimWithPostsOut,
    FileKind,
    Id,
    Slug,
)
from quivive.web.api.values import claim_out, claim_with_posts_out
from quivive.web.detect import claim_queries as queries
from quivive.web.detect import claim_services as services
from quivive.web.detect.claim_views import as_file
from quivive.web.listen import queries as listened

router = Router(tags=["claims"])
MOST = 100


@router.get("/topics/{slug}/claims", auth=READ_ALERTS, response={200: list[ClaimOut], **READING})
def claims(request: HttpRequest, slug: Slug) -> object:
    """Claims of a topic, rumour candidates first."""
    topic = listened.topic(slug)
    return [claim_out(told) for told in queries.tell(list(queries.claims_of(topic)[:MOST]))]


@router.get(
    "/topics/{slug}/claims/export/{form}", auth=EXPORT, response=READING, openapi_extra=FILES
)
def export_claims(request: HttpRequest, slug: Slug, form: FileKind) -> FileResponse:
    """All claims of a topic as a file, a row for each post."""
    return as_file(listened.topic(slug), form)


@router.get("/claims/{claim_id}", auth=READ_ALERTS, response={200: ClaimWithPostsOut, **READING})
def claim(request: HttpRequest, claim_id: Id) -> object:
    """One claim with its first 200 posts and how each stands to it."""
    return claim_with_posts_out(queries.claim_page(claim_id))


@router.post("/claims/{claim_id}/check", auth=VERIFY, response={200: ClaimOut, **CHANGING})
def check(request: HttpRequest, claim_id: Id, given: CheckIn) -> object:
    """Say how far a claim is checked; true, partly true and false need a source."""
    done = services.check_claim(
        claim_id=claim_id,
        status=given.status,
        source=given.source,
        person=request.auth,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    return claim_out(queries.tell([done])[0])
