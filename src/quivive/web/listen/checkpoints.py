"""Where the engine stands, kept between turns; and which process runs it."""

import logging
from datetime import datetime, timedelta

import msgspec
import zstandard
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from quivive.detect.episodes import DetectState
from quivive.flow.steps import FlowState
from quivive.web.listen.mishaps import note_detected_anew
from quivive.web.listen.models import EngineState, Topic
from quivive.web.listen.worker import ask_rebuild
from quivive.web.waiting.models import FREE, LONGEST_HOLD

log = logging.getLogger(__name__)

ENGINE = "local"

ENGINE_LEASE = timedelta(seconds=20)
"""How long a dead process keeps the next one waiting."""


LATE = timedelta(minutes=5)
"""The engine looks each minute; silent for longer, the room is blind and says so."""


def looked_until() -> datetime | None:
    """Return up to when the engine has listened; None before its first turn."""
    clock: datetime | None = EngineState.objects.aggregate(clock=Max("clock"))["clock"]
    return clock


def is_blind(looked: datetime | None, *, now: datetime) -> bool:
    """Tell whether posts may come while nothing reads them: the engine fails, or does not run.

    Args:
        looked: ``looked_until``.
    """
    return looked is None or now - looked > LATE


class Checkpoint(msgspec.Struct):
    """The engine's state as stored, compressed: where every minute before ``clock`` is closed."""

    detect: bytes
    caught: dict[str, tuple[str, ...]]

    def pack(self) -> bytes:
        """Return the bytes of its row."""
        pack = zstandard.ZstdCompressor(level=1, write_checksum=True).compress
        return pack(msgspec.msgpack.encode(self))

    @staticmethod
    def unpack(blob: bytes) -> "Checkpoint":
        """Read a row."""
        plain = zstandard.ZstdDecompressor().decompress(blob, allow_extra_data=False)
        return msgspec.msgpack.decode(plain, type=Checkpoint)


@transaction.atomic
def load_state() -> FlowState | None:
    """Return the flow's last checkpoint; None when it never ran.

    One that cannot be read, as another version of the program wrote it or the disk hurt it, is of
    no use: all topics are detected anew, and people are told.
    """
    row = EngineState.objects.filter(pk=ENGINE).exclude(blob=b"").first()
    if row is None:
        return None
    try:
        saved = Checkpoint.unpack(bytes(row.blob))
        return FlowState(detect=DetectState.from_bytes(saved.detect), caught=saved.caught)
    except (ValueError, MemoryError, zstandard.ZstdError) as trouble:
        log.warning("The checkpoint cannot be read. All topics are detected anew: %s", trouble)
        EngineState.objects.filter(pk=ENGINE).update(blob=b"")
        ask_rebuild(Topic.objects.values_list("slug", flat=True))
        note_detected_anew(now=timezone.now())
        return None


class LostLease(Exception):
    """Another process runs the flow now: nothing of this turn may be kept."""


def save_state(state: FlowState, *, holder: str, now: datetime) -> None:
    """Save the flow's checkpoint, in the transaction of what it counted.

    Raises:
        LostLease: when ``holder`` no longer holds the engine; the transaction must roll back.
    """
    saved = Checkpoint(detect=state.detect.to_bytes(), caught=state.caught)
    mine = EngineState.objects.filter(pk=ENGINE, holder=holder)
    if not mine.update(blob=saved.pack(), clock=now):
        raise LostLease


def hold_engine(*, holder: str, now: datetime) -> bool:
    """Take or keep the engine for ``holder``: one process runs the flow at a time."""
    EngineState.objects.get_or_create(
        pk=ENGINE, defaults={"blob": b"", "clock": now, "held_until": FREE}
    )
    free = Q(held_until__lte=now) | Q(held_until__gt=now + LONGEST_HOLD)
    mine = EngineState.objects.filter(free | Q(holder=holder), pk=ENGINE)
    return bool(mine.update(holder=holder, held_until=now + ENGINE_LEASE))


def free_engine(*, holder: str) -> None:
    """Give the engine back, so that the next process starts at once."""
    EngineState.objects.filter(pk=ENGINE, holder=holder).update(held_until=FREE)
