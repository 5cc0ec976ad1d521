"""What is watched: a topic is a saved query with its alert rules."""

from enum import StrEnum

import msgspec


class RuleKind(StrEnum):
    """What can make a topic ring."""

    BURST = "burst"
    SEVERE_WORD = "severe-word"
    INFLUENTIAL_AUTHOR = "influential-author"


class AlertRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One reason to ring on a topic.

    Attributes:
        words: severe words or phrases, for ``SEVERE_WORD``; every mention rings.
        followers: audience from which an author counts as influential, for ``INFLUENTIAL_AUTHOR``.
        panel: handles that always count as influential (journalists, elected people, associations).
        false_alarms_per_week: how many false alarms a week people accept, for ``BURST``.
        minimum: fewest distinct voices that can ring, for ``BURST``.
    """

    kind: RuleKind
    words: tuple[str, ...] = ()
    followers: int | None = None
    panel: tuple[str, ...] = ()
    false_alarms_per_week: float = 0.1
    minimum: int = 4


class PlannedHours(msgspec.Struct, frozen=True):
    """Hours in which people foresee more than usual: a campaign, rent notices.

    Attributes:
        begin, end: Unix seconds.
        times: how many times the usual they foresee; peaks planned before correct it.
    """

    begin: int
    end: int
    times: float = 2.0


class Topic(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A saved query and what should ring on it.

    Attributes:
        id: stable short name, e.g. ``heating``.
        query: in the query language of ``docs/pathway/query.md``.
        own_accounts: handles or ids that are ours: their posts are drawn, never counted as voices.
        planned: hours in which more is due than usual.
    """

    id: str
    name: str
    query: str
    rules: tuple[AlertRule, ...] = (AlertRule(kind=RuleKind.BURST),)
    own_accounts: tuple[str, ...] = ()
    planned: tuple[PlannedHours, ...] = ()
