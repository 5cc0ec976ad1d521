"""What people fill in when they work in a crisis or say how they are reached."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quivive.coordinate.clock import Step
from quivive.vocabulary.assessments import HumanInputs, Level, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.crises import CrisisState, Role
from quivive.web.people.words import ROLE_NAMES

NOT_SAID = ("", _("nobody has said yet"))

HARMS = [
    NOT_SAID,
    ("0.0", _("0 · an opinion or a joke")),
    ("0.25", _("1 · annoyance")),
    ("0.5", _("2 · rights, money, data, discrimination, long loss of service")),
    ("0.75", _("3 · health or safety possibly at stake")),
    ("1.0", _("4 · somebody is hurt or in danger, confirmed")),
]
TYPES = [
    NOT_SAID,
    (ThreatType.RUMOUR.value, _("a rumour")),
    (ThreatType.NATURAL_EVENT.value, _("a natural event")),
    (ThreatType.ATTACK_BY_OTHERS.value, _("an attack or sabotage by others")),
    (ThreatType.TECHNICAL_FAILURE.value, _("a technical failure")),
    (ThreatType.MISREAD_ACTION.value, _("an action of ours that was misread")),
    (ThreatType.CHALLENGE.value, _("a challenge of what we do")),
    (ThreatType.KNOWN_RISK_IGNORED.value, _("a known risk that was ignored")),
    (ThreatType.BROKEN_PROMISE.value, _("a broken promise")),
    (ThreatType.MISCONDUCT.value, _("misconduct or negligence by one of us")),
]
CLAIM_STATES = [
    NOT_SAID,
    (ClaimStatus.UNVERIFIED.value, _("unverified")),
    (ClaimStatus.IN_PROGRESS.value, _("being checked")),
    (ClaimStatus.TRUE.value, _("true")),
    (ClaimStatus.PARTLY_TRUE.value, _("partly true")),
    (ClaimStatus.FALSE.value, _("false")),
    (ClaimStatus.NOT_VERIFIABLE.value, _("not verifiable")),
]
LEVELS = [
    (Level.WATCH.value, _("Watch")),
    (Level.SIGNAL.value, _("Signal")),
    (Level.INCIDENT.value, _("Incident")),
    (Level.CRISIS.value, _("Crisis")),
    (Level.MAJOR_CRISIS.value, _("Major crisis")),
]


DUE_IN = [
    (10, _("in 10 minutes")),
    (30, _("in 30 minutes")),
    (60, _("in 1 hour")),
    (240, _("in 4 hours")),
    (1440, _("in 24 hours")),
]


class Moment(forms.DateTimeField):
    """A moment in the reader's own time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class OpenForm(forms.Form):
    """A crisis opened by hand: heard at the door, read in the paper."""

    topic_id = forms.TypedChoiceField(label=_("Topic"), coerce=int)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    onset = Moment(label=_("When it began, as far as you know"), required=False)

    def __init__(self, *args: Any, topics: list[tuple[int, str]], **kwargs: Any) -> None:
        """Offer the topics there are."""
        super().__init__(*args, **kwargs)
        topic_id = self.fields["topic_id"]
        assert isinstance(topic_id, forms.TypedChoiceField)
        topic_id.choices = topics


class NothingForm(forms.Form):
    """An action that asks nothing."""


class StateForm(forms.Form):
    """Where the crisis goes."""

    to = forms.TypedChoiceField(
        label=_("New state"),
        choices=[(state.value, state.value) for state in CrisisState],
        coerce=CrisisState,
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)


class PersonForm(forms.Form):
    """Somebody of the room."""

    person_id = forms.IntegerField(label=_("Person"), min_value=1)


class OwnerForm(forms.Form):
    """Who does a task; empty for nobody yet."""

    owner_id = forms.IntegerField(label=_("Who does it"), min_value=1, required=False)


class TaskForm(forms.Form):
    """Something to do."""

    title = forms.CharField(label=_("What to do"), max_length=300)
    role = forms.TypedChoiceField(
        label=_("Role"),
        choices=[(role.value, name) for role, name in ROLE_NAMES.items()],
        coerce=Role,
    )
    in_min = forms.TypedChoiceField(label=_("Due"), choices=DUE_IN, coerce=int, initial=30)
    owner_id = forms.TypedChoiceField(
        label=_("Who does it"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        """Offer the people there are."""
        super().__init__(*args, **kwargs)
        owner = self.fields["owner_id"]
        assert isinstance(owner, forms.TypedChoiceField)
        owner.choices = [("", _("nobody yet")), *people.items()]


class EnquiryForm(forms.Form):
    """A journalist's question."""

    outlet = forms.CharField(label=_("Outlet and journalist"), max_length=200)
    question = forms.CharField(
        label=_("What they ask"), max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    deadline_at = Moment(label=_("They wait until"))
    owner_id = forms.TypedChoiceField(
        label=_("Who answers"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        """Offer the people there are; a task is given on the same page, so ids tell them apart."""
        super().__init__(*args, **kwargs | {"auto_id": "enquiry_%s"})
        owner = self.fields["owner_id"]
        assert isinstance(owner, forms.TypedChoiceField)
        owner.choices = [("", _("nobody yet")), *people.items()]


class AnswerForm(forms.Form):
    """What a journalist was told."""

    answer = forms.CharField(label=_("What they were told"), max_length=4000)


class NoteForm(forms.Form):
    """A line of the log in one's own words."""

    words = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea({"rows": 3}))


class DecisionForm(forms.Form):
    """A decision, with what was known when it was taken."""

    words = forms.CharField(
        label=_("Decision"), max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    known = forms.CharField(
        label=_("What was known then"),
        help_text=_("What you know and what you do not know now."),
        max_length=4000,
        widget=forms.Textarea({"rows": 2}),
    )

    rejected = forms.CharField(
        label=_("What was decided against"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    assumed = forms.CharField(
        label=_("What we assume"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    review_at = Moment(label=_("Look at it again"), required=False)


class MilestoneForm(forms.Form):
    """A step of the golden hour."""

    step = forms.TypedChoiceField(choices=[(step.value, step.value) for step in Step], coerce=Step)


class LevelForm(forms.Form):
    """A level set by hand, and why."""

    level = forms.TypedChoiceField(
        label=_("Level"), choices=LEVELS, coerce=lambda value: Level(int(value))
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000)


class InputsForm(forms.Form):
    """What only people can say of a threat."""

    harm = forms.TypedChoiceField(
        label=_("Harm at stake"),
        choices=HARMS,
        coerce=float,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    type = forms.TypedChoiceField(
        label=_("Kind of threat"), choices=TYPES, empty_value=None, required=False
    )
    claim = forms.CharField(label=_("The claim, in one sentence"), max_length=500, required=False)
    claim_status = forms.TypedChoiceField(
        label=_("Status of the claim"), choices=CLAIM_STATES, empty_value=None, required=False
    )
    claim_source = forms.CharField(
        label=_("Who says so"),
        help_text=_("A person, a report, an authority. Needed to call it true or false."),
        max_length=500,
        required=False,
    )
    history = forms.BooleanField(label=_("Something like it happened before"), required=False)
    bad_reputation = forms.BooleanField(label=_("Our name was bad before"), required=False)
    media_asked = forms.BooleanField(label=_("A journalist asked"), required=False)
    media_critical = forms.BooleanField(label=_("A critical article is out"), required=False)
    legal_floor = forms.BooleanField(
        label=_("Data breach, discrimination complaint, minor or threat to a person"),
        required=False,
    )

    untold = forms.BooleanField(
        label=_("We know something true and harmful that may well be public within a day"),
        required=False,
    )

    FLAGS = ("history", "bad_reputation", "media_asked", "media_critical", "legal_floor", "untold")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Send along what was shown: see :meth:`said`."""
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            one.show_hidden_initial = True

    def said(self) -> dict[str, object]:
        """Return what this form says anew: a part of it leaves the rest as it was.

        What somebody left as it was shown is not said again: others may have said otherwise since.
        A box that is not ticked sends nothing, so a form with boxes says ``flags``.
        """
        asked = {name for name in self.cleaned_data if name in self.data}
        if "flags" in self.data:
            asked |= set(self.FLAGS)
        shown = {name for name in asked if self.add_initial_prefix(name) in self.data}
        asked -= shown - set(self.changed_data)
        return {name: value for name, value in self.cleaned_data.items() if name in asked}

    @classmethod
    def showing(cls, inputs: HumanInputs) -> "InputsForm":
        """Show what was said so far."""
        said = {name: getattr(inputs, name) for name in cls.base_fields}
        return cls(initial={name: "" if value is None else value for name, value in said.items()})


MORNING_HELP = _(
    "Once a day: what rang, what brings nothing, or that there is nothing to report. "
    "A morning without it means the room itself is down. Empty: no note."
)


class ContactForm(forms.Form):
    """A way to be reached."""

    channel = forms.ChoiceField(
        label=_("Way"),
        choices=[("email", _("E-mail")), ("apprise", _("Chat, SMS, push or webhook (Apprise)"))],
    )
    address = forms.CharField(
        label=_("Address"),
        help_text=_("An e-mail address, or an Apprise address such as ntfys://example.org/topic."),
        max_length=1000,
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"})
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput({"type": "time"})
    )
    morning_at = forms.TimeField(
        label=_("Morning note at"),
        help_text=MORNING_HELP,
        required=False,
        widget=forms.TimeInput({"type": "time"}),
    )


class ContactChangeForm(forms.Form):
    """When a way to be reached is used."""

    enabled = forms.BooleanField(label=_("In use"), required=False)
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"})
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput({"type": "time"})
    )
    morning_at = forms.TimeField(
        label=_("Morning note at"), required=False, widget=forms.TimeInput({"type": "time"})
    )


class StepForm(forms.Form):
    """One step of the escalation; nobody chosen means everyone."""

    after_min = forms.IntegerField(
        label=_("Minutes after the alert"), min_value=0, max_value=1440, required=False
    )
    people = forms.TypedMultipleChoiceField(
        label=_("Who is told"),
        help_text=_("Nobody chosen means everyone who can answer an alert."),
        coerce=int,
        required=False,
    )

    def __init__(self, *args: Any, everybody: Mapping[int, str], **kwargs: Any) -> None:
        """Offer the people there are."""
        super().__init__(*args, **kwargs)
        people = self.fields["people"]
        assert isinstance(people, forms.TypedMultipleChoiceField)
        people.choices = list(everybody.items())
