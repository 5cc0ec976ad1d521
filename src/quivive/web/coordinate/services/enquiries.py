"""Questions of journalists: who asks, by when, who answers, and what was said (DR-15)."""

from datetime import datetime

from django.db import transaction

from quivive.coordinate.clock import PRESS_ALARM
from quivive.coordinate.escalation import CRITICAL
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.vocabulary.signals import Signal, SignalKind, signal_since
from quivive.web.assess import services as assess
from quivive.web.coordinate.models import Crisis, Enquiry
from quivive.web.coordinate.services.judging import FLAGS, MEDIA_TASK
from quivive.web.coordinate.services.log import as_json, give_word, record, write
from quivive.web.detect.services import acknowledge, keep_signals, ringing_of
from quivive.web.people.models import Person


@transaction.atomic
def add_enquiry(
    *,
    crisis_id: int,
    outlet: str,
    question: str,
    deadline_at: datetime,
    owner_id: int | None = None,
    person: Person,
    now: datetime,
) -> Enquiry:
    """Note that a journalist asks: the level follows (floor F2), the clock to its deadline runs."""
    crisis = Crisis.objects.select_for_update().get(pk=crisis_id)
    if deadline_at <= now:
        raise NotAllowed(
            say("This deadline has already passed."),
            say("Write when the outlet publishes, or when you promised an answer."),
        )
    enquiry = Enquiry.objects.create(
        crisis=crisis,
        outlet=outlet.strip(),
        question=question.strip(),
        asked_at=now,
        deadline_at=deadline_at,
        owner_id=owner_id,
    )
    line = say(
        "{outlet} asks, and waits until {deadline}: “{question}”",
        outlet=enquiry.outlet,
        deadline=deadline_at.isoformat(),
        question=enquiry.question,
    )
    write(crisis, kind="enquiry", message=line, author=person, at=now)
    changes: dict[str, object] = {"media_asked": True}
    if assess.set_inputs(threat_id=crisis.threat_id, changes=changes, person=person, now=now):
        write(crisis, kind="input", message=FLAGS["media_asked"][0], author=person, at=now)
    told = crisis.tasks.filter(title=as_json(MEDIA_TASK), done_at=None)
    told.update(done_at=now, done_by=person)  # its outlet, question and deadline stand here now
    record("enquiry-added", crisis, person=person, detail={"enquiry": enquiry.pk}, now=now)
    return enquiry


@transaction.atomic
def answer_enquiry(*, enquiry_id: int, answer: str, person: Person, now: datetime) -> None:
    """Keep what a journalist was told, once; what rang for it is settled with it.

    One person speaks for us (DR-14): whoever was named, or answers first. The lead may as well.
    """
    rows = Enquiry.objects.select_for_update(of=("self",))
    row = rows.select_related("crisis", "answered_by").get(pk=enquiry_id)
    if row.answered_at is not None:
        raise NotAllowed(
            say("{name} answered {outlet} already.", name=str(row.answered_by), outlet=row.outlet),
            say("Write a line of the log if more was said."),
        )
    _with_one_voice(Crisis.objects.select_for_update().get(pk=row.crisis_id), person, now)
    row.answer, row.answered_at, row.answered_by = answer.strip(), now, person
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    line = say("{outlet} was told: “{answer}”", outlet=row.outlet, answer=row.answer)
    write(row.crisis, kind="enquiry", message=line, author=person, at=now)
    record("enquiry-answered", row.crisis, person=person, detail={"enquiry": row.pk}, now=now)
    for alert in ringing_of(SignalKind.PRESS_ENQUIRY):
        if alert.signal.evidence == [_name(row)]:
            acknowledge(alert_id=alert.pk, person=person, now=now)


def _with_one_voice(crisis: Crisis, person: Person, now: datetime) -> None:
    if crisis.speaker is None:
        give_word(crisis, person, person=person, now=now)
    elif not crisis.lets_speak(person):
        raise NotAllowed(
            say(
                "{name} speaks for us in this crisis; two voices contradict each other sooner or "
                "later.",
                name=str(crisis.speaker),
            ),
            say(
                "Let them answer, or have whoever leads hand over the word under “People and "
                "alerts”."
            ),
        )


def ring_enquiries(*, now: datetime) -> int:
    """Ring for what no journalist was told half an hour before they publish; return how many."""
    due = Enquiry.objects.filter(
        answered_at=None, rung_at=None, deadline_at__lte=now + PRESS_ALARM, crisis__closed_at=None
    )
    rows = list(due.select_related("crisis__threat__topic"))
    for row in rows:
        with transaction.atomic():
            if Enquiry.objects.filter(pk=row.pk, rung_at=None).update(rung_at=now):
                keep_signals([_signal(row, now)], now=now)
    return len(rows)


def _name(row: Enquiry) -> str:
    return f"enquiry/{row.pk}"


def _signal(row: Enquiry, now: datetime) -> Signal:
    return signal_since(
        SignalKind.PRESS_ENQUIRY,
        topic=row.crisis.threat.topic.slug,
        since=row.asked_at,
        now=now,
        observed=1,
        severity=CRITICAL,  # its deadline does not wait for the morning
        evidence=(_name(row),),
        reason=say(
            "{outlet} waits for an answer until {deadline}: “{question}”",
            outlet=row.outlet,
            deadline=row.deadline_at.isoformat(),
            question=row.question,
        ),
    )
