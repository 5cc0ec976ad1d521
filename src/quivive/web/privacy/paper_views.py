"""Papers made from the settings: shown, printed, and taken out as text."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission
from quivive.web.people.acts import Refused, do
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.numbers import whole
from quivive.web.people.services import audit
from quivive.web.privacy import queries, services
from quivive.web.privacy.clause import clause
from quivive.web.privacy.forms import PublishForm
from quivive.web.privacy.impact import assessment
from quivive.web.privacy.notice import letter, line_for_profiles, public_notice
from quivive.web.privacy.papers import LANGUAGES, Paper, as_markdown

Make = Callable[[datetime], Paper]


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def register(request: SignedInRequest) -> HttpResponse:
    """Show the sheet for the register of processing activities, to print."""
    now = timezone.now()
    values = {"register": queries.register(now), "now": now}
    return render(request, "privacy/register.html", values)


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def impact(request: SignedInRequest) -> HttpResponse:
    """Show the draft of an impact assessment, filled in from the settings (LR-08)."""
    told = _(
        "A draft filled in from the settings and from what is held now (GDPR, article 35). "
        "What is marked is for you and your data protection officer."
    )
    return _show(request, _assessment, told=told, file=reverse("privacy:impact-file"))


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def impact_file(request: SignedInRequest) -> HttpResponse:
    """Give the draft as a text that any word processor opens (Markdown)."""
    return _take(request, _assessment, name="dpia")


def _assessment(now: datetime) -> Paper:
    return assessment(queries.impact(now), now=now)


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def information(request: SignedInRequest) -> HttpResponse:
    """Show what the public is told, to put on one's site (LR-03)."""
    return _show_information(request)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def publish(request: SignedInRequest) -> HttpResponse:
    """Note where the public notice stands, and whom people may write to."""
    told = _("Saved.")
    return do(
        request,
        PublishForm(request.POST),
        services.publish_notice,
        told=lambda _done: told,
        to="privacy:information",
        again=lambda refused: _show_information(request, refused),
    )


def _show_information(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    language = _language(request)
    now = timezone.now()
    facts = queries.register(now)
    with override(language):
        line = line_for_profiles(facts)
    notice = facts.notice
    known = {"address": notice.address, "contact": notice.contact}
    form = refused.form if refused else PublishForm(initial=known)
    told = _(
        "People must be told, although what they write is public (GDPR, article 14). Put this "
        "text on your site, and its address in the profile of each of your accounts."
    )
    file = reverse("privacy:information-file")
    answer = _show(request, _information, told=told, file=file, form=form, line=line)
    answer.status_code = refused.status if refused else HTTPStatus.OK
    return answer


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def information_file(request: SignedInRequest) -> HttpResponse:
    """Give what the public is told as a text."""
    return _take(request, _information, name="information")


def _information(now: datetime) -> Paper:
    return public_notice(queries.register(now), now=now)


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def notice(request: SignedInRequest, member_id: int) -> HttpResponse:
    """Show what one person of a panel is told, to copy into a message."""

    def made(now: datetime) -> Paper:
        for one in queries.to_inform(now):
            if one.member.pk == member_id:
                return letter(queries.register(now), one)
        raise Http404

    told = _("To send by a way this person reads. Then note on the list that they were told.")
    return _show(request, made, told=told, back=("privacy:inform", _("People to inform")))


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def agreement(request: SignedInRequest) -> HttpResponse:
    """Show the draft of an agreement with a processor (LR-02)."""
    query = f"company={_company(request)}" if _company(request) else ""
    return _show(
        request,
        _agreement_of(request),
        told=_("To agree on before a company works on the data for you."),
        file=reverse("privacy:agreement-file"),
        back=("privacy:processors", _("Processors")),
        query=query,
    )


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def agreement_file(request: SignedInRequest) -> HttpResponse:
    """Give the draft of an agreement as a text."""
    return _take(request, _agreement_of(request), name="agreement")


def _company(request: SignedInRequest) -> int:
    return whole(request.GET.get("company", "")) or 0


def _agreement_of(request: SignedInRequest) -> Make:
    def made(now: datetime) -> Paper:
        facts = queries.register(now)
        asked = _company(request)
        return clause(facts, next((one for one in facts.processors if one.id == asked), None))

    return made


def _show(
    request: SignedInRequest,
    make: Make,
    *,
    told: str,
    file: str = "",
    back: tuple[str, str] | None = None,
    **more: object,
) -> HttpResponse:
    """Show a paper in the language one asks for.

    Args:
        told: what it is for, in the reader's language.
        file: where it is taken out as text.
        back: the page it belongs to, and its name.
    """
    language = _language(request)
    with override(language):
        paper = make(timezone.now())
    values = {
        "paper": paper,
        "language": language,
        "languages": LANGUAGES,
        "told": told,
        "file": file,
        "back": reverse(back[0]) if back else "",
        "back_name": back[1] if back else "",
        **more,
    }
    return render(request, "privacy/paper.html", values)


def _take(request: SignedInRequest, make: Make, *, name: str) -> HttpResponse:
    language, now = _language(request), timezone.now()
    with override(language):
        text = as_markdown(make(now))
    audit(person=request.user, action="paper.take", subject=f"{name}-{language}", now=now)
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{language}.md"'
    return answer


def _language(request: SignedInRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(LANGUAGES) else get_language() or LANGUAGES[0][0]
