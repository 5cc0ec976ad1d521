"""Who must be called, by level (crisis.md 3.1): the third question of the first screen (R-74)."""

from quivive.vocabulary.assessments import Level
from quivive.vocabulary.crises import Role

_FIRST = ((Level.WATCH, (Role.MONITOR,)), (Level.SIGNAL, (Role.FACT_OWNER,)))
_LATER = (
    (Level.INCIDENT, (Role.LEAD, Role.DRAFTER, Role.APPROVER)),
    (Level.CRISIS, (Role.DIRECTOR, Role.LEGAL, Role.SPOKESPERSON)),
)


def to_call(level: Level | None, *, legal: bool = False) -> tuple[Role, ...]:
    """Return the roles a level asks for, the most needed first.

    Args:
        level: in force; None before the first sheet, and then the lead is called all the same.
        legal: a data breach, discrimination, a minor or a threat to a person (floor F3).

    >>> [role.value for role in to_call(Level.SIGNAL)]
    ['monitor', 'fact-owner']
    """
    known = Level.INCIDENT if level is None else level
    called = [role for least, roles in (*_LATER, *_FIRST) if known >= least for role in roles]
    if legal and Role.LEGAL not in called:
        called.append(Role.LEGAL)
    return tuple(called)
