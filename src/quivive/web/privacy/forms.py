"""What people say on the privacy pages."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quivive.web.privacy import queries


class KeepForm(forms.Form):
    """How long posts of a network are kept."""

    network = forms.CharField(max_length=60, widget=forms.HiddenInput)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=730)


class HoldForm(forms.Form):
    """Posts of a topic that are kept whatever their age."""

    topic: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(label=_("Topic"), queryset=None)
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For example: complaint filed on 3 March.")
    )
    ends_at = forms.DateField(label=_("Kept until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the topics there are."""
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = queries.topics()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read days as whole days of the reader's zone, the last one included."""
        given = super().clean() or {}
        for name in ("since", "until", "ends_at"):
            if name in given:
                given[name] = _midnight(given[name], after=name != "since")
        if "topic" in given:
            given["topic"] = given["topic"].pk
        return given


class EraseForm(forms.Form):
    """How an account is forgotten."""

    objects = forms.BooleanField(
        label=_("Take in nothing more of this account"),
        required=False,
        initial=True,
        help_text=_("Only keyed hashes of its names are kept, to know it again."),
    )
    sure = forms.BooleanField(
        label=_("I have made sure that this is the account of whoever asks"),
        help_text=_("Whoever erases somebody else’s words cannot give them back."),
    )

    def clean(self) -> dict[str, Any]:
        """Keep what is to be done; that somebody is sure was needed to come here."""
        data = super().clean() or self.cleaned_data
        data.pop("sure", None)
        return data


class ObjectForm(forms.Form):
    """Somebody who objects and may never have been heard."""

    network = forms.CharField(
        label=_("Network"), max_length=60, help_text=_("As posts name it, e.g. bluesky.")
    )
    handle = forms.CharField(label=_("Name there"), max_length=200)


def _midnight(day: Any, *, after: bool) -> datetime:
    moment = datetime.combine(day, time(), timezone.get_current_timezone())
    return moment + timedelta(days=1) if after else moment


class RequestForm(forms.Form):
    """What somebody asks of their data."""

    right = forms.ChoiceField(label=_("They want to"), choices=queries.RIGHTS)
    who = forms.CharField(
        label=_("Who asks"), max_length=200, help_text=_("As they are called where they wrote.")
    )
    received_on = forms.DateField(
        label=_("Came in on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ProlongForm(forms.Form):
    """Why an answer takes longer."""

    because = forms.CharField(label=_("Why it takes longer"), max_length=300)


class AnswerForm(forms.Form):
    """How a request was answered."""

    answer = forms.CharField(label=_("What was answered"), max_length=300)


class ExemptForm(forms.Form):
    """Why somebody need not be told."""

    because = forms.CharField(
        label=_("Why not (article 14 (5))"),
        max_length=300,
        help_text=_("For example: they know it already; it would take a disproportionate effort."),
    )


class PublishForm(forms.Form):
    """Where the public notice stands, and whom people may write to."""

    address = forms.URLField(
        label=_("Address of this text on your site"), required=False, assume_scheme="https"
    )
    contact = forms.CharField(
        label=_("Whom to write to"),
        max_length=200,
        required=False,
        help_text=_("The data protection officer, or an address that somebody reads."),
    )


class ProcessorForm(forms.Form):
    """A company that works on the data for us."""

    name = forms.CharField(label=_("Company"), max_length=200)
    does = forms.CharField(
        label=_("What it does"), max_length=300, help_text=_("For example: hosts the room.")
    )
    country = forms.CharField(label=_("Country"), max_length=100)
    agreement = forms.CharField(label=_("Signed agreement"), max_length=200, required=False)
    signed_on = forms.DateField(
        label=_("Signed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
