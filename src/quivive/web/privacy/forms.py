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


class ObjectForm(forms.Form):
    """Somebody who objects and may never have been heard."""

    network = forms.CharField(
        label=_("Network"), max_length=60, help_text=_("As posts name it, e.g. bluesky.")
    )
    handle = forms.CharField(label=_("Name there"), max_length=200)


def _midnight(day: Any, *, after: bool) -> datetime:
    moment = datetime.combine(day, time(), timezone.get_current_timezone())
    return moment + timedelta(days=1) if after else moment
