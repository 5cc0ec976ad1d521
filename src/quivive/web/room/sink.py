"""Where the engine's outcomes become rows: all of one outcome in one transaction, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from quivive.flow.steps import Outcome
from quivive.vocabulary.matches import Match
from quivive.vocabulary.signals import Signal
from quivive.web.detect.services import forget_past_signals, keep_signals
from quivive.web.listen import checkpoints
from quivive.web.listen import worker as rows
from quivive.web.listen.counts import store_minutes
from quivive.web.listen.engagements import engage
from quivive.web.room.sources import Heard
from quivive.web.waiting.services import note_change
from quivive.wire.heartbeat import beat


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSink:
    """Stores what was just heard, with the checkpoint and what says how far sources were read."""

    holder: str
    now: datetime
    heard: Heard = field(default_factory=Heard)

    def fresh(self, matches: Sequence[Match]) -> list[Match]:
        """Return what is not stored yet."""
        return rows.fresh(matches)

    @transaction.atomic
    def keep(self, outcome: Outcome) -> None:
        """Store posts, counts, signals, cursors and checkpoint together."""
        rows.hold_changed(
            [*self.heard.posts, *self.heard.around], self.heard.engagements, self.heard.deletions
        )
        rows.store_matches(outcome.matches, now=self.now)
        rows.store_around(self.heard.around, now=self.now)
        store_minutes(outcome.minutes)
        rows.save_cursors(self.heard.cursors, heard=bool(outcome.matches), now=self.now)
        rows.revise_posts(self.heard.posts)
        engage(self.heard.engagements)
        rows.forget_posts(self.heard.deletions, now=self.now)
        rows.take_away(self.heard.arrivals)
        keep_signals(outcome.signals, now=self.now)
        checkpoints.save_state(outcome.state, holder=self.holder, now=self.now)
        if outcome.matches or outcome.minutes or self.heard:
            note_change("lookout", now=self.now)


@dataclass(slots=True, kw_only=True)
class RebuildSink:
    """Gathers what a rerun of stored posts finds; ``store`` then swaps it in.

    Counts are written as they come, because they only repeat or complete what is there. Signals
    wait for the end: half a rerun must not ring.

    Attributes:
        since: where complete posts begin; None when nothing was ever purged.
    """

    holder: str
    topics: frozenset[str]
    since: datetime | None
    signals: list[Signal] = field(default_factory=list)

    def fresh(self, matches: Sequence[Match]) -> list[Match]:
        """Return all: these posts come from the store."""
        return list(matches)

    def keep(self, outcome: Outcome) -> None:
        """Write counts, remember signals, and stay the one who runs the flow."""
        with transaction.atomic():
            store_minutes(outcome.minutes)
            checkpoints.hold_engine(holder=self.holder, now=timezone.now())
        beat()
        self.signals.extend(outcome.signals)

    @transaction.atomic
    def store(
        self, last: Outcome, others: Outcome, *, asked: Mapping[str, int], now: datetime
    ) -> None:
        """Swap the new past in: signals, checkpoint, and the topics' wish is met.

        Args:
            others: what became due for the other topics meanwhile, with the state of all.
        """
        self.keep(last)
        kept = [one for one in others.signals if one.topic not in self.topics]
        store_minutes([one for one in others.minutes if one.topic not in self.topics])
        found = [signal.key for signal in self.signals]
        forget_past_signals(self.topics, found=found, since=self.since)
        keep_signals([*self.signals, *kept], now=now)
        checkpoints.save_state(others.state, holder=self.holder, now=now)
        rows.rebuilt(asked)
        note_change("lookout", now=now)
