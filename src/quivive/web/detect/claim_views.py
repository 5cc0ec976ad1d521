"""The page of a claim, and what people do with it: one action each."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.errors import BadQuery
from quivive.web.detect import claim_forms as forms
from quivive.web.detect import claim_queries as queries
from quivive.web.detect import claim_services as services
from quivive.web.detect.tables import claim_table
from quivive.web.listen import queries as listened
from quivive.web.people.acts import Refused, act
from quivive.web.people.downloads import TYPES, send_table
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.services import audit

FORMS: dict[str, type[Form]] = {
    "check": forms.CheckForm,
    "rename": forms.RenameForm,
    "merge": forms.MergeForm,
    "split": forms.SplitForm,
    "misread": forms.MisreadForm,
    "put": forms.PutForm,
    "put-back": forms.PutBackForm,
}


@require_GET
@needs(Permission.SEE_ALERTS)
def claim(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Show one claim with its posts, curves and what people found out."""
    return _page(request, claim_id)


@require_POST
@needs(Permission.VERIFY_CLAIM)
def check(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Say how far it is checked."""
    return _act(request, claim_id, "check", services.check_claim)


@require_POST
@needs(Permission.LABEL_POSTS)
def rename(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Call it something else."""
    return _act(request, claim_id, "rename", services.rename_claim)


@require_POST
@needs(Permission.LABEL_POSTS)
def merge(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Count it with another one."""
    return _act(request, claim_id, "merge", services.merge_claim)


@require_POST
@needs(Permission.LABEL_POSTS)
def split(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Move some of its posts to a claim of their own."""
    return _act(request, claim_id, "split", services.split_claim)


@require_POST
@needs(Permission.LABEL_POSTS)
def unmerge(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Let it stand for itself again."""
    return _act(request, claim_id, "", services.unmerge_claim)


@require_POST
@needs(Permission.LABEL_POSTS)
def unsplit(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Put its posts back where they were."""
    return _act(request, claim_id, "", services.unsplit_claim)


@require_POST
@needs(Permission.LABEL_POSTS)
def put(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Count another post with it."""
    return _act(request, claim_id, "put", services.put_post)


@require_POST
@needs(Permission.LABEL_POSTS)
def put_back(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Take out a post that a person put there."""
    return _act(request, claim_id, "put-back", services.put_back)


@require_POST
@needs(Permission.GIVE_INPUTS)
def misread(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Write down what was seen of us, what it was, what proves it."""
    return _act(request, claim_id, "misread", services.describe_misread)


@require_GET
@needs(Permission.EXPORT)
def export(request: SignedInRequest, slug: str, form: str) -> FileResponse:
    """Send the claims of a topic, a row for each post."""
    if form not in TYPES:
        raise Http404
    topic = listened.topic(slug)
    audit(
        person=request.user,
        action="claims.export",
        subject=f"topic/{slug}",
        detail={"form": form},
        now=timezone.now(),
    )
    return as_file(topic, form)


def as_file(topic: Any, form: str) -> FileResponse:
    """Send a topic's claims, a row for each post."""
    rows = queries.standings_of(topic).iterator(chunk_size=2_000)
    return send_table(claim_table(rows), f"claims-{topic.slug}", form)


def _act(
    request: SignedInRequest, claim_id: int, name: str, service: Callable[..., Any]
) -> HttpResponse:
    form = FORMS.get(name, forms.NoForm)(request.POST)
    try:
        done = act(request, form, service, claim_id=claim_id)
    except queries.NotThere:
        raise Http404 from None
    except Refused as refused:
        return _page(request, claim_id, name, refused)
    return redirect("detect:claim", done.pk)


def _page(
    request: SignedInRequest, claim_id: int, faulty: str = "", refused: Refused | None = None
) -> HttpResponse:
    find, trouble = request.GET.get("find", ""), refused and refused.trouble
    stance = request.GET.get("stance", "")
    try:
        page = queries.claim_page(claim_id, stance=stance, find=find)
    except queries.NotThere:
        raise Http404 from None
    except BadQuery as mistake:
        trouble, page = mistake, queries.claim_page(claim_id, stance=stance)
    row = page.told.claim
    known = {
        "check": {"status": row.status, "source": row.source},
        "rename": {"name": row.name},
        "misread": {"seen": row.seen, "was": row.was, "proof": row.proof},
    }
    shown = {name: form(initial=known.get(name)) for name, form in FORMS.items()}
    if refused and faulty:
        shown[faulty] = refused.form
    values = {
        "page": page,
        "told": page.told,
        "forms": shown,
        "faulty": faulty,
        "trouble": trouble,
        "find": find,
        "may": {each.name: may(request.roles, each) for each in Permission},
    }
    status = refused.status if refused else HTTPStatus.OK
    return render(request, "detect/claim.html", values, status=status)
