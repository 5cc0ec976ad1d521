"""The inbox: posts that want an answer, what was done with each, and what is promised."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quivive.respond.asking import Reason, Urgency
from quivive.respond.inbox import LIVE, Status
from quivive.web.listen.models import Post
from quivive.web.people.models import AppendOnly
from quivive.web.waiting.models import Waiting

PERSON = settings.AUTH_USER_MODEL


class InboxSettings(models.Model):
    """What is promised and taken in; one row, which also says up to where posts were looked at."""

    promise = models.JSONField(default=dict)
    take_days = models.PositiveSmallIntegerField(default=7)
    escalates = models.BooleanField(default=True)
    last_post = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"up to {self.last_post}"


class StatusChoice(models.TextChoices):
    """How far a case is (see ``respond/inbox.py``)."""

    NEW = Status.NEW.value, _("new")
    OPEN = Status.OPEN.value, _("open")
    WAITING = Status.WAITING.value, _("waiting")
    ANSWERED = Status.ANSWERED.value, _("answered")
    CLOSED = Status.CLOSED.value, pgettext_lazy("post", "closed")
    NO_REPLY = Status.NO_REPLY.value, _("no reply")


class Case(models.Model):
    """A post that wants an answer.

    ``asked_at`` is when we could first know of it; both promises run from there. ``because`` holds
    why it is as urgent as it is. A case merged into another follows that one.
    """

    post = models.OneToOneField(Post, models.CASCADE, related_name="case")
    status = models.CharField(max_length=10, choices=StatusChoice, default=StatusChoice.NEW)
    reason = models.CharField(max_length=300, blank=True)
    urgency = models.PositiveSmallIntegerField()
    because = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    solve_due_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True, blank=True)
    answer_url = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="cases")
    team = models.CharField(max_length=20, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    main = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    locked_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    locked_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # The queue is read in this order; what is done is by far the larger part.
        indexes: ClassVar = [
            models.Index(
                F("urgency").desc(),
                "asked_at",
                "id",
                condition=Q(status__in=[status.value for status in LIVE]),
                name="cases_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.status}"

    @property
    def carried_by(self) -> tuple[str, ...]:
        """Who looks after it, by name and by team, as searches ask for it."""
        person = [str(self.assigned_to), self.assigned_to.email] if self.assigned_to else []
        return tuple(filter(None, [*person, self.team]))

    @property
    def by_press(self) -> bool:
        """Whether a journalist asks."""
        return any(one["reason"] == Reason.PRESS for one in self.because)

    @property
    def priority(self) -> str:
        """How urgent it is, as searches ask for it."""
        return Urgency(self.urgency).name.lower()


class CaseLine(AppendOnly):
    """One thing that happened to a case. ``author`` is None when the room did it by itself.

    ``message`` is a vocabulary ``Message``, or ``{"text": words of a person, "own": true}``.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="lines")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    author = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    message: "models.JSONField[dict[str, Any]]" = models.JSONField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Mention(Waiting):
    """Somebody was named in a note; the row waits until a notice left and they have read it."""

    line = models.ForeignKey(CaseLine, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "person"], name="one_mention_a_line_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.line_id} → {self.person_id}"


class Presence(models.Model):
    """Somebody has a case open in front of them."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="present")
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    typing = models.BooleanField(default=False)
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "person"], name="one_presence_a_case_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.case_id}"


class InboxRule(models.Model):
    """What happens by itself to posts that come in (see ``respond/rules.py``), in this order."""

    name = models.CharField(max_length=100)
    place = models.PositiveIntegerField()
    conditions = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    made_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["place", "pk"]

    def __str__(self) -> str:
        return self.name


class RuleRun(models.Model):
    """What a rule did to one post: how the case was, how it became, which labels it put on."""

    rule = models.ForeignKey(InboxRule, models.SET_NULL, null=True, related_name="runs")
    name = models.CharField(max_length=100)
    case = models.ForeignKey(Case, models.CASCADE, related_name="runs")
    at = models.DateTimeField(db_index=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    labels = models.JSONField(default=list)
    opened = models.BooleanField(default=False)  # it would not be in the inbox without the rule
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.case_id}"
