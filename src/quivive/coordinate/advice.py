"""What the trade's rules advise in a crisis, each with the rule and what it rests on (R-35).

Only rules about whether and what to tell; how a message is worded belongs to those who write it.
Nothing here decides: a person does, and the reason goes into the log.
"""

from collections.abc import Iterator, Sequence

import msgspec

from quivive.vocabulary.assessments import Assessment, HumanInputs, Level, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.messages import Message, say, say_many

MANY_AUTHORS = 10
"""Critical people from which a false claim is refuted in public."""

FEW_AUTHORS = 5
HARMLESS = 0.25
PRESSING = 0.5
"""Pressure of a rumour from which one speaks even without a new fact (DR-28)."""

_UNKNOWN = (None, ClaimStatus.UNVERIFIED, ClaimStatus.IN_PROGRESS)
"""What a claim is called while nobody knows whether it is true."""

SPAN = 5
"""Open tasks one person can look after (DR-14)."""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a rule advises.

    Attributes:
        rule: its name, such as ``DR-18``.
        told: what it advises.  because: what it rests on, one sentence each.
    """

    rule: str
    told: Message
    because: tuple[Message, ...]


class Rumour(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that is passed on (DiFonzo & Bordia 2002).

    Attributes:
        posts: all that speak of it.
        asking: of these, how many ask whether it is true.  fearful: how many hold words of fear.
    """

    posts: int
    asking: int
    fearful: int

    def pressure(self, harm: float) -> float:
        """Mean of uncertainty, anxiety and importance, each 0 to 1 (DR-28).

        >>> round(Rumour(posts=10, asking=4, fearful=5).pressure(harm=0.75), 2)
        0.55
        """
        return (self.asking / self.posts + self.fearful / self.posts + harm) / 3


def advise(
    sheet: Assessment,
    inputs: HumanInputs,
    *,
    level: Level,
    rumour: Rumour | None,
    busy: Sequence[tuple[str, int]] = (),
    cause_open: bool = False,
) -> tuple[Advice, ...]:
    """Return what the rules advise now, the most pressing first.

    Args:
        sheet: the newest.
        inputs: what people answered.
        level: in force.
        rumour: what is claimed most, where it is a rumour; None without one.
        busy: people with more open tasks than ``SPAN``, and how many.
        cause_open: nothing has been decided yet about the cause.
    """
    return (
        *_of_the_cause(level, cause_open=cause_open),
        *_of_rumour(inputs, rumour),
        *_of_speed(sheet, inputs, rumour),
        *_of_paracrisis(sheet, inputs, level),
        *_against_overreaction(sheet, level),
        *_of_span(busy),
    )


def _of_the_cause(level: Level, *, cause_open: bool) -> Iterator[Advice]:
    if cause_open and level >= Level.INCIDENT:
        yield Advice(
            rule="DR-02",
            told=say("Act on the cause, with an owner and a date, before words are approved."),
            because=(
                say(
                    "Action on the cause weighs more than words (r −.54 against .23; Ma and Zhan "
                    "2016, 24 studies)."
                ),
            ),
        )


def _of_speed(sheet: Assessment, inputs: HumanInputs, rumour: Rumour | None) -> Iterator[Advice]:
    if rumour is not None and inputs.claim_status in _UNKNOWN and sheet.trend == "growing":
        yield Advice(
            rule="DR-31",
            told=say("Check it before you call it false: that it travels fast proves nothing."),
            because=(
                say(
                    "False news travelled faster on one network (Vosoughi and others 2018); on "
                    "five, doubtful sources spread no differently (Cinelli and others 2020)."
                ),
            ),
        )


def _of_rumour(inputs: HumanInputs, rumour: Rumour | None) -> Iterator[Advice]:
    if rumour is None or not rumour.posts:
        return
    harm = inputs.harm
    if harm is not None and (pressure := rumour.pressure(harm)) >= PRESSING:
        yield Advice(
            rule="DR-28",
            told=say(
                "Say what is known, what is not, and when you will know, even without a new fact."
            ),
            because=(
                say("Pressure of the rumour: {pressure} of 1.", pressure=round(pressure, 2)),
                _counted(rumour),
                say("Harm at stake: {harm} of 1.", harm=harm),
            ),
        )
    if inputs.type is ThreatType.RUMOUR or inputs.claim_status is ClaimStatus.FALSE:
        yield Advice(
            rule="DR-29",
            told=say(
                "Name the source that knows best (the health agency for health, the fire service "
                "for fire), not the highest in rank. Thank those who correct; never script them."
            ),
            because=(_counted(rumour),),
        )


def _counted(rumour: Rumour) -> Message:
    return say_many(
        "Of {count} post about it {asking} ask whether it is true, {fearful} hold words of fear.",
        "Of {count} posts about it {asking} ask whether it is true, {fearful} hold words of fear.",
        rumour.posts,
        asking=rumour.asking,
        fearful=rumour.fearful,
    )


def _of_paracrisis(sheet: Assessment, inputs: HumanInputs, level: Level) -> Iterator[Advice]:
    """Refute, reform or refuse: what a signal asks for, without a crisis team (Coombs, DR-18)."""
    if level is not Level.SIGNAL:
        return
    again = sheet.reproduction
    spreads = again is not None and again > 1
    wide = spreads or inputs.media_asked or sheet.authors >= MANY_AUTHORS
    if inputs.claim_status is ClaimStatus.FALSE and wide:
        yield Advice(
            rule="DR-18",
            told=say("Refute it in public, with the source: it is false, and it travels."),
            because=_reach(sheet, inputs),
        )
    elif inputs.claim_status in (ClaimStatus.TRUE, ClaimStatus.PARTLY_TRUE):
        yield Advice(
            rule="DR-18",
            told=say("What they say is founded: say what changes, and when."),
            because=(say("The claim is true, at least in part."),),
        )
    elif _is_slight(sheet, inputs):
        yield Advice(
            rule="DR-18",
            told=say("Watch without answering in public, and record why."),
            because=_reach(sheet, inputs),
        )


def _is_slight(sheet: Assessment, inputs: HumanInputs) -> bool:
    dies = sheet.reproduction is None or sheet.reproduction < 1
    harmless = inputs.harm is not None and inputs.harm <= HARMLESS
    return dies and sheet.authors < FEW_AUTHORS and harmless and not inputs.media_asked


def _reach(sheet: Assessment, inputs: HumanInputs) -> tuple[Message, ...]:
    told = [
        say_many("{count} person criticises us.", "{count} people criticise us.", sheet.authors)
    ]
    if sheet.reproduction is not None:
        told.append(say("R is {value}.", value=round(sheet.reproduction, 1)))
    if inputs.media_asked:
        told.append(say("A journalist asked."))
    return tuple(told)


def _against_overreaction(sheet: Assessment, level: Level) -> Iterator[Advice]:
    modest = level in (Level.SIGNAL, Level.INCIDENT) and not sheet.floors
    if modest and sheet.trend != "growing":
        yield Advice(
            rule="DR-22",
            told=say(
                "Do not over-react: storms like this rarely last, and the largest twenty studied "
                "left the ties between people as they were."
            ),
            because=(say("Lamba, Malik and Pfeffer 2015, 80 events on one network."),),
        )


def _of_span(busy: Sequence[tuple[str, int]]) -> Iterator[Advice]:
    for name, count in busy:
        yield Advice(
            rule="DR-14",
            told=say("Give some of the tasks of {name} to others.", name=name),
            because=(
                say_many(
                    "{name} has {count} open task; nobody looks after more than {most} well.",
                    "{name} has {count} open tasks; nobody looks after more than {most} well.",
                    count,
                    name=name,
                    most=SPAN,
                ),
            ),
        )
