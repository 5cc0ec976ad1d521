"""Words that are looked for only for a while: lines of a query that end with ``until:``.

A campaign, a strike or a nickname that appeared in a crisis is worth watching for some weeks. A
line such as ``(#GelOrange OR gel) until:2026-12-01`` keeps what it caught and catches nothing new
after that day, so nothing has to be remembered and nobody has to come back to take it out.
"""

from datetime import UTC, datetime, tzinfo

import msgspec

from quivive.listen.query.tree import And, Field, Node, Or, Query
from quivive.listen.query.values import moment_of


class Passing(msgspec.Struct, frozen=True, kw_only=True):
    """A line or branch of a query that ends.

    Attributes:
        text: as typed.  start, end: characters of the query it spans.
        until: its last moment.
    """

    text: str
    start: int
    end: int
    until: datetime


def passing(query: Query, zone: tzinfo = UTC) -> tuple[Passing, ...]:
    r"""Return the branches that end, in their order.

    >>> from quivive.listen.query.parser import parse
    >>> [(one.text, one.until.day) for one in passing(parse("gas\nstrike until:2026-12-01"))]
    [('strike until:2026-12-01', 1)]
    """
    return tuple(
        Passing(
            text=query.text[branch.start : branch.end],
            start=branch.start,
            end=branch.end,
            until=until,
        )
        for branch in _branches(query)
        if (until := _end_of(branch, zone)) is not None
    )


def still_asked(query: Query, now: datetime, zone: tzinfo = UTC) -> Query | None:
    r"""Return the query without the branches that are over; None when all are.

    >>> from quivive.listen.query.parser import parse
    >>> now = datetime(2026, 12, 2, tzinfo=UTC)
    >>> str(still_asked(parse("gas\nstrike until:2026-12-01"), now))
    'gas'
    """
    kept = tuple(
        branch
        for branch in _branches(query)
        if (until := _end_of(branch, zone)) is None or until >= now
    )
    if not kept:
        return None
    root = kept[0] if len(kept) == 1 else Or(kept, kept[0].start, kept[-1].end)
    return Query(query.text, root)


def _branches(query: Query) -> tuple[Node, ...]:
    return query.root.parts if isinstance(query.root, Or) else (query.root,)


def _end_of(branch: Node, zone: tzinfo) -> datetime | None:
    parts = branch.parts if isinstance(branch, And) else (branch,)
    ends = [
        end
        for part in parts
        if isinstance(part, Field) and part.name == "until"
        if (end := moment_of(part.value, zone, last=True)) is not None
    ]
    return min(ends, default=None)
