"""Calls of other machines: believed once, matched like all else, never faster than agreed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.core.cache import cache
from django.db import IntegrityError, transaction

from quivive.listen.sourcing import Asked, Call, CallRefused, Page, Taken, not_believed
from quivive.vocabulary.messages import say
from quivive.web.listen.ears import Ears
from quivive.web.listen.models import Source, TakenCall
from quivive.web.listen.services.collecting import keep_page, lag_s, marked
from quivive.web.listen.source_queries import source_settings
from quivive.wire.plugins import sources

LARGEST_BYTES = 2_000_000
A_MINUTE = 120
"""Calls a source takes a minute; a thousand posts fit into each."""

REMEMBERED = timedelta(hours=1)
"""How long a call is known again; its signature is too old long before."""

CONFLICT, TOO_LARGE, TOO_MANY = 409, 413, 429

_ears = Ears()
_one_at_a_time = Lock()  # Ears are compiled once for all threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of a call: ``caught`` posts speak of a topic, the others were let go."""

    taken: Taken
    caught: int

    @property
    def page(self) -> Page:
        """What the call held."""
        return self.taken.page


def take_call(*, source_id: int, call: Call, now: datetime) -> Kept:
    """Take in what another machine sent.

    Raises:
        CallRefused: nothing of it was kept.
        Trouble: the source's settings cannot be read.
    """
    row = Source.objects.filter(pk=source_id, stopped_at=None).first()
    plug_in = sources().get(row.kind) if row else None
    if plug_in is None or plug_in.receive is None:
        raise not_believed()
    # Only calls that are believed are counted: strangers could silence the source otherwise, and
    # gain nothing by guessing, for its secret is too long for that.
    taken = plug_in.receive(Asked(settings=source_settings(source_id), now=now), call)
    _not_too_often(source_id, now=now)
    with _one_at_a_time:
        _ears.listen_for_topics()
        page = marked(taken.page, plug_in)
        caught = _ears.hear(page.posts)
    try:
        with transaction.atomic():
            TakenCall.objects.create(source_id=source_id, key=taken.key, at=now)
            TakenCall.objects.filter(at__lt=now - REMEMBERED).delete()
            keep_page(
                page,
                source_id=source_id,
                holder="",
                caught=caught,
                lag_s=lag_s(page.posts, now=now),
                wake_at=None,
                now=now,
            )
    except IntegrityError:
        raise _known() from None
    return Kept(taken=taken, caught=len(caught))


def _known() -> CallRefused:
    return CallRefused(
        say("This call was taken already; nothing of it is kept twice."),
        say("If you sent it again because no answer came: all is well."),
        status=CONFLICT,
    )


def too_large() -> CallRefused:
    """Say that a call was larger than agreed."""
    return CallRefused(
        say("A call holds at most {size} MB.", size=LARGEST_BYTES // 1_000_000),
        say("Send the posts in several calls."),
        status=TOO_LARGE,
    )


def _not_too_often(source_id: int, *, now: datetime) -> None:
    key = f"calls:{source_id}:{now:%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > A_MINUTE:
        raise CallRefused(
            say("More than {most} calls came within a minute.", most=A_MINUTE),
            say("Wait a minute, and send several posts in one call."),
            status=TOO_MANY,
        )
