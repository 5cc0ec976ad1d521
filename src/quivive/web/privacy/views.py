"""What is kept of people, for how long, and how somebody is shown, given or taken off it."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission, may
from quivive.web.people.acts import Refused, do
from quivive.web.people.downloads import send
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.services import audit
from quivive.web.privacy import queries, services
from quivive.web.privacy.forms import EraseForm, HoldForm, KeepForm, ObjectForm
from quivive.wire.exports import write_rows

Done = TypeVar("Done")


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def overview(request: SignedInRequest) -> HttpResponse:
    """Show what is kept and what was forgotten."""
    return _overview(request)


def _overview(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    faulty = refused.form if refused else None
    values = {
        "kept": [
            (row, KeepForm(initial={"network": row.network, "days": row.days}, prefix=row.network))
            for row in queries.kept()
        ],
        "asked": queries.open_requests(timezone.now()),
        "purges": queries.purges(),
        "holds": queries.holds(timezone.now()),
        "hold": faulty if isinstance(faulty, HoldForm) else HoldForm(),
        "objection": faulty if isinstance(faulty, ObjectForm) else ObjectForm(),
        "objections": queries.objections(),
        "former_keys": queries.former_keys(),
        "may_hold": may(request.roles, Permission.LEGAL_HOLD),
        "trouble": refused.trouble if refused else None,
    }
    status = refused.status if refused else 200
    return render(request, "privacy/overview.html", values, status=status)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def keep(request: SignedInRequest) -> HttpResponse:
    """Change how long a network's posts are kept."""
    form = KeepForm(request.POST, prefix=request.POST.get("of", ""))
    told = _("Kept for as long as you say.")
    return _do(request, form, services.keep_for, told=lambda _done: told)


def _do(
    request: SignedInRequest, form: Form, service: Callable[..., Done], /, *,
    told: Callable[[Done], str], **known: object,
) -> HttpResponse:  # fmt: skip
    """Have something done, tell it, and go back to the overview."""

    def again(refused: Refused) -> HttpResponse:
        return _overview(request, refused)

    return do(request, form, service, told=told, to="privacy:overview", again=again, **known)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def purge(request: SignedInRequest) -> HttpResponse:
    """Forget what is too old now, not tonight."""

    def told(posts: int) -> str:
        sentence = ngettext(
            "%(count)s post was forgotten.", "%(count)s posts were forgotten.", posts
        )
        return sentence % {"count": posts}

    return _do(request, Form({}), services.purge_by_hand, told=told)


@require_POST
@needs(Permission.LEGAL_HOLD)
def hold(request: SignedInRequest) -> HttpResponse:
    """Keep posts of a topic whatever their age."""
    told = _("Held. The purge leaves these posts alone until that day.")
    form = HoldForm(request.POST)
    return _do(request, form, services.hold_posts, told=lambda _done: told)


@require_POST
@needs(Permission.LEGAL_HOLD)
def end_hold(request: SignedInRequest, hold_id: int) -> HttpResponseRedirect:
    """Let a hold end now."""
    services.end_hold(hold_id=hold_id, person=request.user, now=timezone.now())
    return redirect("privacy:overview")


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def person(request: SignedInRequest) -> HttpResponse:
    """Look for accounts by name or address."""
    asked = request.GET.get("q", "")[:200]
    found = queries.accounts_named(asked)
    if len(found) == 1:
        return redirect("privacy:account", found[0].pk)
    return render(request, "privacy/person.html", {"asked": asked, "found": found})


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def account(request: SignedInRequest, account_id: int) -> HttpResponse:
    """Show what is kept of an account, and what can be done with it."""
    row = queries.account(account_id)
    if row is None:
        raise Http404
    values = {
        "account": row,
        "posts": row.posts.order_by("-published")[:20],
        "count": row.posts.count(),
        "evidence": queries.evidence_of(row),
        "form": EraseForm(),
    }
    return render(request, "privacy/account.html", values)


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def everything(request: SignedInRequest, account_id: int) -> HttpResponse:
    """Give all that is kept of an account as a file."""
    row = queries.account(account_id)
    if row is None:
        raise Http404
    now = timezone.now()
    audit(person=request.user, action="person.export", subject=row.uid, now=now)
    answer: HttpResponse = send(
        lambda path: write_rows(queries.everything_of(row), {}, path, "ndjson"),
        f"account-{account_id}",
        "ndjson",
    )  # type: ignore[assignment]
    return answer


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def erase(request: SignedInRequest, account_id: int) -> HttpResponse:
    """Forget an account and what it wrote."""
    if queries.account(account_id) is None:
        raise Http404

    def told(gone: services.Erased) -> str:
        count = len(gone.addresses)
        sentence = ngettext("%(count)s post was erased.", "%(count)s posts were erased.", count)
        return sentence % {"count": count}

    form = EraseForm(request.POST)
    return _do(request, form, services.erase_account, told=told, account_id=account_id)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def objection(request: SignedInRequest) -> HttpResponse:
    """Take in nothing of somebody known by name alone."""
    told = _("Noted. Nothing they write is taken in from now on.")
    form = ObjectForm(request.POST)
    return _do(request, form, services.object_by_name, told=lambda _done: told)
