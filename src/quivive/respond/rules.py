"""Rules of the inbox: the first one whose conditions all hold says what happens to a new post.

People make them, try them on stored posts, and can take back what they did. No rule closes or puts
out of sight somebody who is in danger, or in need and alone.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

import msgspec

from quivive.respond.asking import Urgency
from quivive.respond.inbox import Status
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say

MOST_CONDITIONS, MOST_ACTIONS = 8, 6


class Asks(StrEnum):
    """What a condition asks."""

    QUERY = "query"
    NOT_QUERY = "not-query"
    URGENCY = "urgency"
    TOPIC = "topic"
    LEANING = "leaning"


class Does(StrEnum):
    """What an action does."""

    OPEN = "open"
    LABEL = "label"
    PERSON = "person"
    ROLE = "role"
    URGENCY = "urgency"
    STATUS = "status"
    SNOOZE = "snooze"
    NOTE = "note"


class Condition(msgspec.Struct, frozen=True):
    """One thing that must hold.

    ``value`` is a query of the query language, the name of an urgency that must at least be
    reached, a topic's short name, or how the words lean.
    """

    asks: Asks
    value: str


class Action(msgspec.Struct, frozen=True):
    """One thing to do.

    ``value`` is a label, the number of a person, a role, an urgency to raise to, ``closed`` or the
    reason for no reply, hours out of sight, or the words of a note.
    """

    does: Does
    value: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule; ``key`` is how its owner knows it."""

    key: int
    name: str
    conditions: tuple[Condition, ...]
    actions: tuple[Action, ...]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a post when it comes in.

    Attributes:
        meets: tells whether the post meets a query.
        topics: short names of those that caught it.
    """

    meets: Callable[[str], bool]
    urgency: Urgency
    topics: tuple[str, ...] = ()
    leaning: str = ""


def check(conditions: Sequence[Condition], actions: Sequence[Action]) -> None:
    """Refuse a rule that has too much, nothing, or two actions that exclude each other.

    Raises:
        NotAllowed: with what to change.
    """
    if not 1 <= len(conditions) <= MOST_CONDITIONS or not 1 <= len(actions) <= MOST_ACTIONS:
        raise NotAllowed(
            say(
                "A rule has one to {conditions} conditions and one to {actions} actions.",
                conditions=MOST_CONDITIONS,
                actions=MOST_ACTIONS,
            ),
            say("Make two rules of it, or add what is missing."),
        )
    kinds = [one.does for one in actions]
    for kind in Does:
        once = kind not in (Does.LABEL, Does.NOTE)
        if once and kinds.count(kind) > 1:
            raise NotAllowed(
                say("Two actions of this rule do the same thing differently."),
                say("Keep one of them."),
            )
    if {Does.PERSON, Does.ROLE} <= set(kinds):
        raise NotAllowed(
            say("This rule gives the post to a person and to a role."), say("Keep one of both.")
        )


def first_match(rules: Iterable[Rule], facts: Facts) -> Rule | None:
    """Return the first rule of which every condition holds.

    >>> hot = Rule(key=1, name="a", conditions=(Condition(Asks.QUERY, "boiler"),), actions=())
    >>> first_match([hot], Facts(meets=lambda query: query == "boiler", urgency=Urgency.NONE)).key
    1
    """
    return next((rule for rule in rules if all(holds(one, facts) for one in rule.conditions)), None)


def holds(condition: Condition, facts: Facts) -> bool:
    """Tell whether a condition holds."""
    match condition.asks:
        case Asks.QUERY:
            return facts.meets(condition.value)
        case Asks.NOT_QUERY:
            return not facts.meets(condition.value)
        case Asks.URGENCY:
            return facts.urgency >= Urgency[condition.value.upper()]
        case Asks.TOPIC:
            return condition.value in facts.topics
        case Asks.LEANING:
            return facts.leaning == condition.value


def allowed(rule: Rule, urgency: Urgency) -> tuple[Action, ...]:
    """Return what a rule may do to somebody: who is in danger or alone is never put away.

    >>> away = Rule(key=1, name="a", conditions=(), actions=(Action(Does.STATUS, "closed"),))
    >>> allowed(away, Urgency.DANGER), len(allowed(away, Urgency.QUESTION))
    ((), 1)
    """
    if urgency < Urgency.ALONE:
        return rule.actions
    return tuple(one for one in rule.actions if one.does not in (Does.STATUS, Does.SNOOZE))


def status_of(action: Action) -> tuple[Status, str]:
    """Return the status a rule sets, with the reason when nobody answers."""
    if action.value == Status.CLOSED.value:
        return Status.CLOSED, ""
    return Status.NO_REPLY, action.value
