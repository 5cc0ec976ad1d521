"""Pages of a topic's versions: what it looked for, who wanted it so, why, and the way back."""

from difflib import SequenceMatcher

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission
from quivive.web.listen import queries, services
from quivive.web.people.guards import SignedInRequest, needs


@needs(Permission.SEE_ROOM)
@require_GET
def versions(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what a topic looked for, newest first, each with what it changed."""
    lines = [
        {
            "row": row,
            "query": changed(before.query, row.query),
            "hide": changed(before.hide, row.hide),
            "texts": (before.must_match, before.must_not_match)
            != (row.must_match, row.must_not_match),
        }
        for row, before in queries.versions(slug)
    ]
    values = {"topic": queries.topic(slug), "lines": lines}
    return render(request, "listen/topic_versions.html", values)


@needs(Permission.MANAGE_TOPICS)
@require_POST
def bring_back(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Look again for what a topic looked for once."""
    topic = queries.topic(slug)
    if not topic.versions.filter(number=number).exists():
        raise Http404
    services.bring_back_version(
        slug=slug,
        number=number,
        reason=_("Version {number} brought back").format(number=number),
        person=request.user,
        now=timezone.now(),
    )
    messages.success(
        request,
        _("Brought back as a new version. The room counts it anew over what it has stored."),
    )
    return redirect("listen:topic-versions", slug)


def changed(before: str, after: str) -> list[tuple[str, str]]:
    """Cut a text into what stayed, came and went, word by word.

    >>> changed("gas OR leak", "gas OR smell")
    [('same', 'gas OR '), ('gone', 'leak'), ('new', 'smell')]
    """
    old, new = _pieces(before), _pieces(after)
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        found += [("gone", "".join(old[a:b]))] if b > a else []
        found += [("new", "".join(new[c:d]))] if d > c else []
    return found


def _pieces(text: str) -> list[str]:
    """Words and what stands between them."""
    pieces: list[str] = []
    for line in text.splitlines(keepends=True):
        for at, word in enumerate(line.split(" ")):
            pieces += [" ", word] if at else [word]
    return [piece for piece in pieces if piece]
