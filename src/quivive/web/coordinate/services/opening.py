"""Opens a crisis, from an alert or by hand, in one action."""

from contextlib import suppress
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from quivive.coordinate.clock import Step
from quivive.coordinate.tasks import first_hour
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import Message, say
from quivive.web.assess import services as assess
from quivive.web.assess.models import Threat
from quivive.web.coordinate.models import Crisis, Task
from quivive.web.coordinate.services.log import as_json, reach, record, write
from quivive.web.detect import services as detect
from quivive.web.detect.models import Alert, AlertState
from quivive.web.listen.models import Topic
from quivive.web.people.models import Person


@transaction.atomic
def open_crisis(
    *,
    person: Person,
    now: datetime,
    title: str = "",
    alert_id: int | None = None,
    topic_id: int | None = None,
    onset: datetime | None = None,
    another: bool = False,
) -> Crisis:
    """Open a crisis in one action, from an alert or by hand on a topic.

    Two people may press at once, on the same alert or on two of the topic: both come into one
    crisis, unless ``another`` is asked for beside the one that runs.
    By hand, ``onset`` is now when nobody knows better. No own account is needed (R-65).
    """
    if alert_id is None:
        if topic_id is None:
            raise NotAllowed(
                say("A crisis is opened on a topic or from an alert."), say("Choose a topic.")
            )
        topic = Topic.objects.get(pk=topic_id)
        threat = assess.threat_by_hand(topic=topic, onset=onset or now, now=now)
        return _open(threat, title=title, person=person, now=now)
    alert = Alert.objects.select_related("signal__topic").get(pk=alert_id)
    topic = Topic.objects.select_for_update().get(pk=alert.signal.topic_id)
    threat = assess.threat_of(alert.signal, now=now)
    if opened := Crisis.objects.filter(threat=threat).first():
        return opened
    running = Crisis.objects.filter(threat__topic=topic, closed_at=None).order_by("opened_at")
    if not another and (room := running.last()):
        join_alert(crisis_id=room.pk, alert_id=alert_id, person=person, now=now)
        return room
    detect.turn_into_crisis(alert_id=alert_id, person=person, now=now)
    return _open(threat, title=title, person=person, now=now)


@transaction.atomic
def join_alert(*, crisis_id: int, alert_id: int, person: Person, now: datetime) -> None:
    """Put another alert of the topic into a running crisis: one team, one log.

    Joining twice changes nothing: two people may press at once.
    """
    crisis = Crisis.objects.select_for_update().select_related("threat__topic").get(pk=crisis_id)
    alert = Alert.objects.select_related("signal").get(pk=alert_id)
    if alert.signal.topic_id != crisis.threat.topic_id:
        raise NotAllowed(
            say("This alert is about another topic than “{title}”.", title=crisis.title),
            say("Open a crisis from the alert instead."),
        )
    if crisis.closed_at is not None:
        raise NotAllowed(
            say("“{title}” is over.", title=crisis.title),
            say("Take it up again first, or open a crisis from the alert."),
        )
    if alert.state == AlertState.CRISIS:
        return
    detect.turn_into_crisis(alert_id=alert_id, person=person, now=now)
    write(
        crisis,
        kind="joined",
        message=say("One more alert belongs to this crisis."),
        author=person,
        at=now,
        link=reverse("detect:alert", args=[alert_id]),
        key=f"crisis/{crisis.pk}/joined/{alert_id}",
    )
    record("alert-joined", crisis, person=person, detail={"alert": alert_id}, now=now)


def _open(threat: Threat, *, title: str, person: Person, now: datetime) -> Crisis:
    crisis = Crisis.objects.create(
        threat=threat,
        title=title.strip() or threat.topic.name,
        opened_by=person,
        opened_at=now,
    )
    _first_lines(crisis, person=person, now=now)
    _first_milestones(crisis, person=person, now=now)
    Task.objects.bulk_create(
        Task(
            crisis=crisis,
            title=as_json(task.title),
            role=task.role.value,
            due_at=task.due_at,
            step=task.step.value if task.step else "",
        )
        for task in first_hour(threat.onset)
    )
    _answer_other_bells(crisis, person=person, now=now)
    record("crisis-opened", crisis, person=person, detail={"title": crisis.title}, now=now)
    return crisis


def _answer_other_bells(crisis: Crisis, *, person: Person, now: datetime) -> None:
    """Take on what else rings on the topic: the team is at work, nobody need be called again."""
    ringing = Alert.objects.filter(signal__topic=crisis.threat.topic, state=AlertState.RINGING)
    for other in ringing:
        with suppress(NotAllowed):  # settled with another ring of its burst, or by somebody quicker
            detect.acknowledge(alert_id=other.pk, person=person, comment=crisis.title, now=now)


def _rung(crisis: Crisis) -> QuerySet[Alert]:
    """Return what rang on the topic since it began, whichever alert the room is opened from."""
    threat = crisis.threat
    rung = Alert.objects.filter(signal__topic=threat.topic, rang_at__gte=threat.onset)
    of_another = Q(signal__threat__crisis__isnull=False) & ~Q(signal__threat=threat)
    false = Q(state__in=(AlertState.PAST, AlertState.FALSE_ALARM))
    return rung.exclude(of_another | false).select_related("signal").order_by("rang_at")


def _first_lines(crisis: Crisis, *, person: Person, now: datetime) -> None:
    name = f"crisis/{crisis.pk}"
    onset = crisis.threat.onset
    write(crisis, kind="onset", message=say("Estimated beginning."), at=onset, key=f"{name}/onset")
    for alert in _rung(crisis):
        write(
            crisis,
            kind="signal",
            message=msgspec.convert(alert.signal.reason, Message),
            at=alert.rang_at,
            link=reverse("detect:alert", args=[alert.pk]),
            key=f"{name}/signal/{alert.signal_id}",
        )
    opened = say("The room was opened.")
    write(crisis, kind="opened", message=opened, author=person, at=now, key=f"{name}/opened")


def _first_milestones(crisis: Crisis, *, person: Person, now: datetime) -> None:
    rung = _rung(crisis)
    first = rung.first()
    taken = rung.exclude(acknowledged_at=None).order_by("acknowledged_at").first()
    answered_at = (taken and taken.acknowledged_at) or now
    answered_by = (taken and taken.acknowledged_by) or person
    reach(crisis, Step.DETECTED, at=first.rang_at if first else now, by=None)
    reach(crisis, Step.ACKNOWLEDGED, at=answered_at, by=answered_by)
    reach(crisis, Step.ROOM_OPEN, at=now, by=person)
