"""One process runs the flow: from live sources, imports and replays alike."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Protocol

from quivive.engines.spool import Spool
from quivive.flow import steps
from quivive.flow.watch import Watch
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post

TURN = 2_000
"""Posts a turn: few enough to keep memory flat, enough to make each pass worth it."""


class Sink(Protocol):
    """Where outcomes go. The web stores them; a replay prints them."""

    def fresh(self, matches: Sequence[Match]) -> list[Match]:
        """Return the matches that are not kept yet, each once, in order."""
        ...

    def keep(self, outcome: steps.Outcome) -> None:
        """Keep an outcome whole or not at all."""
        ...


def live_turn(
    posts: Sequence[Post],
    *,
    now: datetime,
    watch: Watch,
    state: steps.FlowState,
    sink: Sink,
    stored: steps.Stored = steps.nobody_stored,
) -> steps.FlowState:
    """Take what live sources just gave, all heard at most at ``now``, and close past minutes."""
    caught = sink.fresh(steps.catch(posts, watch=watch, caught=state.caught, stored=stored))
    outcome = steps.advance(
        in_time_order(steps.enrich(caught, watch=watch)), until=now, watch=watch, state=state
    )
    sink.keep(outcome)
    return outcome.state


def rerun(
    matches: Iterable[Match], *, watch: Watch, sink: Sink, since: datetime | None = None
) -> steps.FlowState | None:
    """Detect anew on matches in time order; None when there were none.

    The last minute stays open: it closes when the clock of the state's next user passes it.

    Args:
        since: when listening began, if that was before the first match.
    """
    state = None
    for turn in _turns(matches):
        if state is None:
            first = turn[0].post.heard_at
            state = steps.start(watch, now=steps.minute_of(min(first, since or first)))
        outcome = steps.advance(turn, until=None, watch=watch, state=state)
        sink.keep(outcome)
        state = outcome.state
    return state


def replay(batches: Iterable[Sequence[Post]], *, watch: Watch, sink: Sink) -> None:
    """Run the whole flow on past posts, whatever their order, with a simulated clock.

    Caught posts wait in a temporary file until all are known, so memory stays flat.
    """
    with Spool() as spool:
        caught: steps.Caught = {}
        waiting: steps.Waiting = {}
        since: datetime | None = None
        for batch in batches:
            moments = [post.heard_at for post in batch]
            since = min([*moments, since] if since else moments, default=None)
            found = steps.catch(batch, watch=watch, caught=caught, waiting=waiting)
            new = sink.fresh(found)
            spool.add(steps.enrich(new, watch=watch))
        state = rerun(spool.in_time_order(), watch=watch, sink=sink, since=since)
        if state is not None and spool.last_heard is not None:
            closing = steps.minute_of(spool.last_heard) + steps.ONE_MINUTE
            sink.keep(steps.advance((), until=closing, watch=watch, state=state))


def in_time_order(matches: Sequence[Match]) -> list[Match]:
    """Sort by the moment heard, ties by id so that any order of arrival gives one result."""
    return sorted(matches, key=lambda match: (match.post.heard_at, match.post.id))


def _turns(matches: Iterable[Match]) -> Iterator[tuple[Match, ...]]:
    waiting = iter(matches)
    while turn := tuple(islice(waiting, TURN)):
        yield turn
