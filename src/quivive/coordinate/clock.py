"""The golden hour: what should have happened how long after onset, and what has."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from quivive.vocabulary.assessments import Level
from quivive.vocabulary.messages import Message, say


class Step(StrEnum):
    """Milestones of the first hour (field.md 5.5), in their order."""

    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    ROOM_OPEN = "room-open"
    CLAIM_WRITTEN = "claim-written"
    SHEET = "sheet"
    DRAFT = "draft"
    APPROVAL = "approval"
    PUBLISHED = "published"


TITLES: Mapping[Step, Message] = {
    Step.DETECTED: say("Detected"),
    Step.ACKNOWLEDGED: say("Acknowledged by a person"),
    Step.ROOM_OPEN: say("Room open"),
    Step.CLAIM_WRITTEN: say("Claim written down, checker named"),
    Step.SHEET: say("Three-axis sheet complete"),
    Step.DRAFT: say("First draft"),
    Step.APPROVAL: say("Approved"),
    Step.PUBLISHED: say("Published, or decision to wait recorded"),
}


def _shares() -> dict[Step, int]:
    return {
        Step.DETECTED: 0,
        Step.ACKNOWLEDGED: 5,
        Step.ROOM_OPEN: 10,
        Step.CLAIM_WRITTEN: 15,
        Step.SHEET: 30,
        Step.DRAFT: 40,
        Step.APPROVAL: 50,
        Step.PUBLISHED: 60,
    }


PRESS_ALARM = timedelta(minutes=30)
"""So long before its deadline a journalist's question that nobody answered rings (DR-15)."""


class ClockSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Targets, in minutes from onset (R-39, R-33).

    Attributes:
        crisis_min: first public words in a crisis.  normal_min: the same in everyday work.
        major_min: first public words at level 4; silence then alarms at it, and warns at half.
        silence_warn_min, silence_alarm_min: silence that warns, then alarms.
        update_min: between two words of ours, and two reports, at levels 0 to 4, also when
            nothing is new.
        vigilance_days: how long a crisis stays watched before it closes without a reason (R-53).
        steps: minutes of each step when the target is 60; they stretch with the target.
    """

    crisis_min: int = 60
    normal_min: int = 360
    major_min: int = 30
    silence_warn_min: int = 30
    silence_alarm_min: int = 60
    update_min: tuple[int, int, int, int, int] = (1440, 1440, 240, 60, 60)
    vigilance_days: int = 14
    steps: dict[Step, int] = msgspec.field(default_factory=_shares)


ORIGIN = say(
    "Default taken from the training course that Qui-vive grew out of, not a measured value."
)
"""Said wherever the 60 or 360 minutes are shown (R-39)."""


class Silence(StrEnum):
    """How long nothing has been said in public (R-33)."""

    FINE = "fine"
    WARN = "warn"
    ALARM = "alarm"


class ClockStep(msgspec.Struct, frozen=True, kw_only=True):
    """One milestone with its target.

    Attributes:
        due: when it should be reached.  done_at: when it was, if it was.
        late: reached after ``due``, or not reached though ``due`` has passed.
        remaining_s: seconds left until ``due``, negative once past; 0 when reached.
    """

    step: Step
    title: Message
    due: datetime
    done_at: datetime | None
    late: bool
    remaining_s: int


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """The whole hour at one moment.

    Attributes:
        elapsed_s: seconds since onset.  next: first step not reached; None when all are.
        spoke_at: our first public words since onset; None while we are silent.
        silence_s: seconds without a public word since onset.
        warn_min, alarm_min: minutes of silence that warn, and alarm.
    """

    onset: datetime
    target_min: int
    elapsed_s: int
    steps: tuple[ClockStep, ...]
    next: Step | None
    spoke_at: datetime | None
    silence: Silence
    silence_s: int
    warn_min: int
    alarm_min: int
    origin: Message


def clock(
    onset: datetime,
    now: datetime,
    done: Mapping[Step, datetime],
    *,
    spoke_at: datetime | None = None,
    crisis: bool = True,
    level: Level | None = None,
    settings: ClockSettings | None = None,
) -> Clock:
    """Set what was done against what should have been done by now.

    Args:
        onset: when it began.
        now: the present moment.
        done: when each step was reached. ``PUBLISHED`` may be a decision to wait, which ends
            the step and not the silence.
        spoke_at: our first public words since onset, seen or published (R-33).
        crisis: crisis target, else the everyday one.
        level: in force; a major crisis leaves less time.
        settings: targets.
    """
    chosen = settings or ClockSettings()
    major = crisis and level is Level.MAJOR_CRISIS
    target = _target(chosen, crisis=crisis, major=major)
    warn_min = target // 2 if major else chosen.silence_warn_min
    alarm_min = target if major else chosen.silence_alarm_min
    steps = tuple(
        _step(step, now=now, due=_due(step, onset, target, chosen), done_at=done.get(step))
        for step in Step
    )
    spoke = spoke_at if spoke_at is not None and spoke_at <= now else None
    silent = _seconds((spoke or now) - onset)
    return Clock(
        onset=onset,
        target_min=target,
        elapsed_s=_seconds(now - onset),
        steps=steps,
        next=next((each.step for each in steps if each.done_at is None), None),
        spoke_at=spoke,
        silence=Silence.FINE if spoke else _silence(silent, warn_min, alarm_min),
        silence_s=silent,
        warn_min=warn_min,
        alarm_min=alarm_min,
        origin=ORIGIN,
    )


def _due(step: Step, onset: datetime, target_min: int, settings: ClockSettings) -> datetime:
    share = settings.steps[step] / settings.steps[Step.PUBLISHED]
    return onset + timedelta(minutes=target_min * share)


def _step(step: Step, *, now: datetime, due: datetime, done_at: datetime | None) -> ClockStep:
    return ClockStep(
        step=step,
        title=TITLES[step],
        due=due,
        done_at=done_at,
        late=(done_at or now) > due,
        remaining_s=0 if done_at else _seconds(due - now),
    )


def _target(settings: ClockSettings, *, crisis: bool, major: bool) -> int:
    if major:
        return min(settings.major_min, settings.crisis_min)
    return settings.crisis_min if crisis else settings.normal_min


def _silence(silent_s: int, warn_min: int, alarm_min: int) -> Silence:
    if silent_s < 60 * warn_min:
        return Silence.FINE
    return Silence.ALARM if silent_s >= 60 * alarm_min else Silence.WARN


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
