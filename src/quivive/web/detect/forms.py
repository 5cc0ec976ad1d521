"""What people fill in when they answer an alert."""

from django import forms
from django.utils.translation import gettext_lazy as _

SNOOZES = [(15, _("15 minutes")), (30, _("30 minutes")), (60, _("1 hour")), (240, _("4 hours"))]


class AcknowledgeForm(forms.Form):
    """I am on it."""

    comment = forms.CharField(label=_("Comment"), max_length=1000, required=False)


class SnoozeForm(forms.Form):
    """Ring again later."""

    minutes = forms.TypedChoiceField(label=_("Ring again in"), choices=SNOOZES, coerce=int)


class FalseAlarmForm(forms.Form):
    """Nothing is going on, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=1000)
