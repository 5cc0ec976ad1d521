"""Where other machines send posts: no sign-in, but a signature the source's plug-in checks."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from quivive.listen.sourcing import Call, CallRefused
from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import Message, in_english, render
from quivive.web.listen import services

SHOWN = 20
"""Bad posts an answer tells of, one by one."""

UNREADABLE, OUT_OF_ORDER = 422, 503


@csrf_exempt  # it reads no cookie: the signature alone is believed
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, source_id: int) -> HttpResponse:
    """Take in what a program sends; it is answered in JSON, in English."""
    now = timezone.now()
    try:
        body = request.read(services.LARGEST_BYTES + 1)
        if len(body) > services.LARGEST_BYTES:
            raise services.too_large()
        call = Call(
            method=request.method or "GET",
            at=now,
            params={name: str(value) for name, value in request.GET.items()},
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
        )
        kept = services.take_call(source_id=source_id, call=call, now=now)
    except CallRefused as refusal:
        return _refused(refusal, status=refusal.status)
    except Trouble as trouble:
        return _refused(trouble, status=OUT_OF_ORDER)
    if kept.taken.answer:
        return HttpResponse(kept.taken.answer, content_type="text/plain")
    return JsonResponse(
        {
            "received": len(kept.page.posts),
            "speak_of_a_topic": kept.caught,
            "unreadable": len(kept.page.unread),
            "notes": [_english(note) for note in kept.page.notes],
            "errors": [
                {"field": bad.field, "what": _english(bad.what), "remedy": _english(bad.remedy)}
                for bad in kept.page.unread[:SHOWN]
            ],
        },
        status=UNREADABLE if kept.page.unread and not kept.page.posts else 200,
    )


def _refused(trouble: Trouble, *, status: int) -> JsonResponse:
    told = {"what": _english(trouble.what), "remedy": _english(trouble.remedy)}
    return JsonResponse({"errors": [told]}, status=status)


def _english(message: Message) -> str:
    return render(message, in_english)
