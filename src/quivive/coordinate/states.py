"""Where a crisis may go from where it stands, and what each move asks for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import Message, say, say_many

VIGILANCE = timedelta(days=14)
"""How long a crisis stays watched before it closes without a reason (R-53)."""

FIRST = CrisisState.SUSPECTED

MOVES: Mapping[CrisisState, tuple[CrisisState, ...]] = {
    CrisisState.SUSPECTED: (CrisisState.CONFIRMED, CrisisState.DISMISSED),
    CrisisState.CONFIRMED: (CrisisState.RESPONDING, CrisisState.VIGILANCE, CrisisState.DISMISSED),
    CrisisState.RESPONDING: (CrisisState.VIGILANCE,),
    CrisisState.VIGILANCE: (CrisisState.RESPONDING, CrisisState.CLOSED),
    CrisisState.CLOSED: (CrisisState.CONFIRMED,),
    CrisisState.DISMISSED: (CrisisState.CONFIRMED,),
}
"""A flare-up brings a watched crisis back to work, and a closed or dismissed one back to life."""

_NEEDS_REASON = frozenset(
    {
        (CrisisState.SUSPECTED, CrisisState.DISMISSED),
        (CrisisState.CONFIRMED, CrisisState.DISMISSED),
        (CrisisState.CONFIRMED, CrisisState.VIGILANCE),
        (CrisisState.CLOSED, CrisisState.CONFIRMED),
        (CrisisState.DISMISSED, CrisisState.CONFIRMED),
    }
)


def move(
    state: CrisisState,
    to: CrisisState,
    *,
    role: Role,
    reason: str = "",
    now: datetime,
    unanswered: int = 0,
    in_vigilance_since: datetime | None = None,
    vigilance: timedelta = VIGILANCE,
) -> CrisisState:
    """Return ``to`` when the move is allowed.

    Args:
        state: where the crisis stands.
        to: where it should go.
        role: in which role the person acts.
        reason: in the person's words; some moves ask for one.
        now: the moment of the move.
        unanswered: questions of the sheet that only people can answer and nobody has; answering
            the public before them takes a reason (R-29).
        in_vigilance_since: when vigilance began; needed to close.
        vigilance: how long it lasts before closing takes no reason.

    Raises:
        NotAllowed: the role, the graph or a missing reason stands against it.
    """
    if not may([role], Permission.CHANGE_STATE):
        raise NotAllowed(
            say("Your role cannot change the state of a crisis."),
            say("Ask the crisis lead or the director to do it."),
        )
    if to not in MOVES[state]:
        raise NotAllowed(_no_way(state, to), _ways(state))
    if (state, to) in _NEEDS_REASON and not reason.strip():
        raise NotAllowed(
            say("This change needs a reason."),
            say("Write in one sentence what you know now; it goes into the log."),
        )
    if _unassessed(to, unanswered) and not reason.strip():
        raise NotAllowed(
            say_many(
                "It is not assessed yet: {count} question of the sheet has no answer.",
                "It is not assessed yet: {count} questions of the sheet have no answer.",
                unanswered,
            ),
            say(
                "Answer them under “What only people can say”, "
                "or write why the team responds without."
            ),
        )
    if to is CrisisState.CLOSED:
        _check_closing(reason, now, in_vigilance_since, vigilance)
    return to


def reason_needed(
    state: CrisisState,
    to: CrisisState,
    *,
    now: datetime,
    unanswered: int = 0,
    in_vigilance_since: datetime | None,
    vigilance: timedelta = VIGILANCE,
) -> bool:
    """Tell whether a move asks for a reason, so that a page can say so before it is refused."""
    if to is CrisisState.CLOSED:
        return in_vigilance_since is None or now - in_vigilance_since < vigilance
    return (state, to) in _NEEDS_REASON or _unassessed(to, unanswered)


def _unassessed(to: CrisisState, unanswered: int) -> bool:
    return to is CrisisState.RESPONDING and unanswered > 0


def _no_way(state: CrisisState, to: CrisisState) -> Message:
    """H2: a crisis closes from vigilance only."""
    if to is CrisisState.CLOSED:
        return say("A crisis closes only from vigilance.")
    return say('A crisis cannot go from "{state}" to "{to}".', state=state.value, to=to.value)


def _ways(state: CrisisState) -> Message:
    ways = ", ".join(way.value for way in MOVES[state])
    return say("From here it can go to: {ways}.", ways=ways)


def _check_closing(
    reason: str, now: datetime, since: datetime | None, vigilance: timedelta
) -> None:
    watched = now - since if since is not None else timedelta(0)
    if watched >= vigilance or reason.strip():
        return
    raise NotAllowed(
        say_many(
            "Vigilance has lasted {count} day; people who were hurt come back within two weeks.",
            "Vigilance has lasted {count} days; people who were hurt come back within two weeks.",
            watched.days,
        ),
        say(
            "Wait until {days} days have passed, or write why you close it now.",
            days=vigilance.days,
        ),
    )


def check_graph(moves: Mapping[CrisisState, tuple[CrisisState, ...]]) -> None:
    """Refuse a graph with a state that has no line, cannot be reached or leads nowhere.

    Raises:
        ValueError: names the state at fault.
    """
    for state in CrisisState:
        if not moves.get(state):
            raise ValueError(f"State {state.value} leads nowhere: give it a line in MOVES.")
        if state in moves[state]:
            raise ValueError(f"State {state.value} leads to itself: take it out of its own line.")
    reached, todo = {FIRST}, [FIRST]
    while todo:
        fresh = set(moves[todo.pop()]) - reached
        reached |= fresh
        todo.extend(fresh)
    if lost := set(CrisisState) - reached:
        names = ", ".join(sorted(state.value for state in lost))
        raise ValueError(f"No way leads to {names}: let another state move there.")


check_graph(MOVES)
