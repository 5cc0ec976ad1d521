"""What the trade's rules advise in a crisis, each with the rule and what it rests on (R-35).

Only rules about whether and what to tell; how a message is worded belongs to those who write it.
Nothing here decides: a person does, and the reason goes into the log.
"""

from collections.abc import Iterator, Sequence

import msgspec

from quivive.coordinate.scene import Hashtag, Manners, Rumour, Scene
from quivive.vocabulary.assessments import Assessment, HumanInputs, Level, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.messages import Message, say, say_many

MANY_AUTHORS = 10
"""Critical people from which a false claim is refuted in public."""

FEW_AUTHORS = 5
HARMLESS = 0.25
PRESSING = 0.5
"""Pressure of a rumour from which one speaks even without a new fact (DR-28)."""

FEWEST_SIDES = 10
"""Posts that take a side, below which nothing is said of how people take part."""

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


def advise(
    sheet: Assessment,
    inputs: HumanInputs,
    *,
    level: Level,
    scene: Scene,
) -> tuple[Advice, ...]:
    """Return what the rules advise now, the most pressing first.

    Args:
        sheet: the newest.
        inputs: what people answered.
        level: in force.
        scene: what happens around it.
    """
    return (
        *_of_telling_first(inputs),
        *_of_the_cause(level, cause_open=scene.cause_open),
        *_of_first_questions(*scene.waiting),
        *_of_rumour(inputs, scene.rumour),
        *_of_speed(sheet, inputs, scene.rumour),
        *_of_paracrisis(sheet, inputs, level),
        *_of_hashtag(scene.hashtag),
        *_of_manners(scene.manners),
        *_against_overreaction(sheet, level),
        *_of_span(scene.busy),
    )


def _of_telling_first(inputs: HumanInputs) -> Iterator[Advice]:
    if inputs.untold:
        yield Advice(
            rule="DR-16",
            told=say(
                "Tell it yourselves now, unless rescue, police or a victim’s privacy forbids it: "
                "whoever answers for legal matters decides."
            ),
            because=(
                say("Something true and harmful is not public yet, and may well be within a day."),
                say(
                    "Who tells bad news first is believed more (Arpan and Roskos-Ewoldsen 2005); "
                    "three experiments saw it only where the name was bad before (Fennis and "
                    "Stroebe 2014)."
                ),
            ),
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


def _of_first_questions(waiting: int, asked: int) -> Iterator[Advice]:
    if waiting:
        yield Advice(
            rule="DR-20",
            told=say("Answer the first direct questions before anything else that is not urgent."),
            because=(
                say_many(
                    "Of the first {asked} direct questions {count} has no public answer of ours.",
                    "Of the first {asked} direct questions {count} have no public answer of ours.",
                    waiting,
                    asked=asked,
                ),
                say("Who comes later follows the tone that is there (Johnen and others 2018)."),
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


def _of_hashtag(hashtag: Hashtag | None) -> Iterator[Advice]:
    if hashtag is not None:
        yield Advice(
            rule="DR-11",
            told=say(
                "If you use a hashtag, use #{name}, which is there; do not invent another.",
                name=hashtag.name,
            ),
            because=(
                say_many("{count} person uses it.", "{count} people use it.", hashtag.people),
                *([say("An authority is among them.")] if hashtag.official else []),
            ),
        )


def _of_manners(manners: Manners) -> Iterator[Advice]:
    others = manners.total - manners.critical_heated
    if manners.total >= FEWEST_SIDES and others:
        yield Advice(
            rule="DR-23",
            told=say("Never speak of all who take part as hostile: answer each as they speak."),
            because=(
                say_many(
                    "Of {all} posts that take a side {count} criticises in heated words; "
                    "{calm} criticise calmly, {kind} are on our side.",
                    "Of {all} posts that take a side {count} criticise in heated words; "
                    "{calm} criticise calmly, {kind} are on our side.",
                    manners.critical_heated,
                    all=manners.total,
                    calm=manners.critical_calm,
                    kind=manners.favourable_heated + manners.favourable_calm,
                ),
                say("Read by a machine from their words (Matook and others 2022)."),
            ),
        )


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
