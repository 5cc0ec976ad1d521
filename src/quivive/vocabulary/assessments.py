"""How dangerous it is, with every reason and its uncertainty."""

from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec

from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.messages import Message
from quivive.vocabulary.places import Scope


class Level(IntEnum):
    """Severity level; only 3 and above is called a crisis on screen (DR-13)."""

    WATCH = 0
    SIGNAL = 1
    INCIDENT = 2
    CRISIS = 3
    MAJOR_CRISIS = 4


class Axis(StrEnum):
    """The three axes of the trade."""

    NATURE = "nature"
    INFLUENCE = "influence"
    EXTENT = "extent"


class ThreatType(StrEnum):
    """What kind of thing is said; sets the attributed responsibility (DR-01)."""

    RUMOUR = "rumour"
    NATURAL_EVENT = "natural-event"
    ATTACK_BY_OTHERS = "attack-by-others"
    TECHNICAL_FAILURE = "technical-failure"
    MISREAD_ACTION = "misread-action"
    CHALLENGE = "challenge"
    KNOWN_RISK_IGNORED = "known-risk-ignored"
    BROKEN_PROMISE = "broken-promise"
    MISCONDUCT = "misconduct"


class HumanInputs(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What only people can say of a threat; None means nobody has said it yet, and it is asked.

    Attributes:
        harm: harm at stake, 0 opinion or joke, .25 annoyance, .5 rights, money, data,
            discrimination or long loss of service, .75 health or safety possible,
            1 confirmed injury or danger.
        claim: the central claim in one sentence.  claim_source: who says whether it is true.
        claim_by, claim_at: who set its status last, and when (R-41).
        history: similar crises happened before; bad_reputation: ours was bad before.
        media_asked: a journalist asked; media_critical: a critical article is out.
        legal_floor: data breach, discrimination complaint, minor or threat to a person (F3).
        untold: we know something true and harmful that is not public, and that is as likely as not
            to be within a day (DR-16).
    """

    harm: float | None = None
    type: ThreatType | None = None
    claim: str = ""
    claim_status: ClaimStatus | None = None
    claim_source: str = ""
    claim_by: str = ""
    claim_at: datetime | None = None
    history: bool = False
    bad_reputation: bool = False
    media_asked: bool = False
    media_critical: bool = False
    legal_floor: bool = False
    untold: bool = False


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """One term of the score.

    Attributes:
        code: as in ``docs/pathway/assess.md``: h, a, p, n4, i1, i2, i3, e1 ... e5.
        value: 0 to 1.  weight: inside its axis.  sd: standard deviation of ``value``.
        points: what it adds to the final score, in points of 100.
        assumed: True when a person has not given the input and a prior stands in for it.
        evidence: ids of the posts behind it.
    """

    code: str
    axis: Axis
    value: float
    weight: float
    sd: float
    points: float
    explanation: Message
    assumed: bool = False
    evidence: tuple[str, ...] = ()


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """A factor of a storm of outrage, shown beside the score (DR-19).

    Attributes:
        name: speed, binary, clusters, cross-media or diversity.
        there: None where nothing can tell.  told: by what it is known.
    """

    name: str
    there: bool | None
    told: Message


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The three-axis sheet at one moment.

    Attributes:
        score: 0 to 100.  low, high: 10th and 90th percentile of 2,000 seeded draws.
        level: after floors, caps and hysteresis.  raw_level: from the score alone.
        level_above: probability that the score belongs to a higher level than ``level`` (or than
            ``raw_level``, where a cap holds it lower).
        axes: each axis on 0..100.
        floors: the floors, caps and hysteresis that moved the level, each as a sentence.
        explanation: the required string (crisis.md section 3), one sentence an item.
        missing: names of the human inputs that nobody has given.
        blind_spots: what could not be seen.
        reproduction: R with its sd over the last hour, None when too few posts.
        trend: growing, stable, receding or unclear (DR-35).
        growth: probability that R is above 1, None when too few posts.
        relays: reposts and quotes since onset of posts that are known; top3: share of them that
            go to the three accounts relayed most, None without any (R-17).
        scope: how far from us it is talked about (R-05); None where no post says.
        doubling_min: minutes in which critical posts double; None when they do not grow.
        authors: people who criticise us.
        signs: factors of a storm of outrage.
        children: critical answers, reposts and quotes a post older than an hour brought so far, on
            average (DR-36); None where no post says what it follows.
    """

    at: datetime
    level: Level
    raw_level: Level
    score: float
    low: float
    high: float
    level_above: float
    axes: dict[Axis, float]
    indicators: tuple[Indicator, ...]
    floors: tuple[Message, ...]
    explanation: tuple[Message, ...]
    missing: tuple[str, ...]
    blind_spots: tuple[Message, ...]
    reproduction: float | None
    reproduction_sd: float | None
    trend: str
    doubling_min: float | None = None
    growth: float | None = None
    relays: int = 0
    top3: float | None = None
    scope: Scope | None = None
    authors: int = 0
    signs: tuple[Sign, ...] = ()
    children: float | None = None
