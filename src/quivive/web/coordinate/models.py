"""Crises, their tasks and log, and who is told when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quivive.coordinate.escalation import QuietHours
from quivive.vocabulary.crises import CrisisState, Role
from quivive.web.assess.models import Threat
from quivive.web.detect.models import Alert
from quivive.web.listen.models import Source
from quivive.web.people.models import AppendOnly, Person
from quivive.web.waiting.models import Waiting

PERSON = settings.AUTH_USER_MODEL


class Crisis(models.Model):
    """A threat a team works on."""

    threat = models.OneToOneField(Threat, models.PROTECT, related_name="crisis")
    title = models.CharField(max_length=200)
    state = models.CharField(
        max_length=12,
        choices=[(state.value, state.value) for state in CrisisState],
        default=CrisisState.SUSPECTED.value,
    )
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    lead = models.ForeignKey(PERSON, models.SET_NULL, null=True, blank=True, related_name="+")
    speaker = models.ForeignKey(PERSON, models.SET_NULL, null=True, blank=True, related_name="+")
    vigilance_since = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    exercise = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-opened_at"]

    def __str__(self) -> str:
        return self.title

    def lets_speak(self, person: Person) -> bool:
        """Tell whether somebody may answer the press: one voice a crisis, or its lead (DR-14)."""
        return self.speaker_id in (None, person.pk) or self.lead_id == person.pk


class LogLine(AppendOnly):
    """One line of a crisis log. ``author`` is None when the room wrote it by itself.

    ``message`` is a vocabulary ``Message``, or ``{"text": words of a person, "own": true}``.
    """

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="log")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    author = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    message = models.JSONField()
    link = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=200, unique=True, null=True)  # noqa: DJ001 - null: no key

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.kind}"


class Task(models.Model):
    """Something to do in a crisis. ``title`` is a vocabulary ``Message`` or own words."""

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="tasks")
    title = models.JSONField()
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    owner = models.ForeignKey(PERSON, models.SET_NULL, null=True, blank=True, related_name="+")
    step = models.CharField(max_length=30, blank=True)  # milestone reached when it is done
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["due_at", "id"]

    def __str__(self) -> str:
        return f"{self.crisis}: {self.due_at:%H:%M}"


class Milestone(models.Model):
    """A step of the golden hour that was reached."""

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="milestones")
    step = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crisis", "step"], name="one_milestone_a_step")
        ]

    def __str__(self) -> str:
        return f"{self.crisis}: {self.step}"


class Enquiry(models.Model):
    """A journalist's question, its deadline, and what was answered."""

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="enquiries")
    outlet = models.CharField(max_length=200)
    question = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    owner = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    rung_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["deadline_at", "id"]

    def __str__(self) -> str:
        return f"{self.outlet}: {self.deadline_at:%H:%M}"


class Contact(models.Model):
    """A way to reach a person; the address is encrypted at rest."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        APPRISE = "apprise", _("chat, SMS, push or webhook")

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.TextField()
    enabled = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    morning_at = models.TimeField(null=True, blank=True)  # its person's own clock

    def __str__(self) -> str:
        return f"{self.person} {self.channel}"

    @property
    def quiet(self) -> QuietHours | None:
        """When this way is not used, on its person's own clock; None when it always is."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return QuietHours(begins=self.quiet_from, ends=self.quiet_to, zone=self.person.time_zone)


class EscalationStep(models.Model):
    """Who is told, how many minutes after an alert nobody acknowledged; no people = everyone."""

    after_min = models.PositiveSmallIntegerField(unique=True)
    people: "models.ManyToManyField[Person, models.Model]" = models.ManyToManyField(
        Person, blank=True
    )

    class Meta:
        ordering: ClassVar = ["after_min"]

    def __str__(self) -> str:
        return f"+{self.after_min} min"


class DeliveryState(models.TextChoices):
    """What became of a notice."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("no longer needed")


class Outage(models.Model):
    """A source brings nothing, for a reason; one row from the first sign until it answers again.

    Without a source it is the room itself that does not listen.
    """

    class Reason(models.TextChoices):
        TROUBLE = "trouble", _("trouble")
        UNATTENDED = "unattended", _("not asked")
        SILENT = "silent", _("silent")
        DEAF = "deaf", _("the room does not listen")

    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="outages")
    reason = models.CharField(max_length=10, choices=Reason)
    began_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(ended_at=None), name="one_outage_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["reason"],
                condition=models.Q(ended_at=None, source=None),
                name="one_deafness_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source or 'room'}: {self.reason}"


class Delivery(Waiting):
    """One notice to one person by one way; the row is the queue.

    It tells of an alert; or of an outage: ``ring`` 1 that it began, 2 that it is over; or, on the
    morning of ``day``, of the day before.
    """

    alert = models.ForeignKey(Alert, models.CASCADE, null=True, related_name="deliveries")
    outage = models.ForeignKey(Outage, models.CASCADE, null=True, related_name="deliveries")
    day = models.DateField(null=True)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="deliveries")
    ring = models.PositiveSmallIntegerField(default=1)
    after_min = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10, choices=DeliveryState, default=DeliveryState.WAITING, db_index=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.JSONField(null=True, blank=True)
    permanent = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert", "contact", "ring", "after_min"], name="one_notice_a_step_and_way"
            ),
            models.UniqueConstraint(
                fields=["outage", "contact", "ring"], name="one_notice_an_outage_and_way"
            ),
            models.UniqueConstraint(fields=["day", "contact"], name="one_notice_a_morning_and_way"),
            models.CheckConstraint(
                condition=models.Q(alert=None, outage=None, day__isnull=False)
                | models.Q(alert=None, outage__isnull=False, day=None)
                | models.Q(alert__isnull=False, outage=None, day=None),
                name="a_notice_tells_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id or self.outage or self.day} → {self.contact_id}: {self.state}"
