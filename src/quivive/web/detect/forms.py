"""What people fill in when they answer an alert."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MORNING = 8
"""The hour at which what was left until tomorrow rings again, in the reader's zone."""

SNOOZES = [
    ("15", _("15 minutes")),
    ("60", _("1 hour")),
    ("morning", _("Until tomorrow, 8:00")),
]


class AcknowledgeForm(forms.Form):
    """I am on it."""

    comment = forms.CharField(label=_("Comment"), max_length=1000, required=False)


class SnoozeForm(forms.Form):
    """Ring again later."""

    length = forms.ChoiceField(label=_("Ring again in"), choices=SNOOZES)

    def until(self, now: datetime) -> datetime:
        """Return when it rings again."""
        length = self.cleaned_data["length"]
        if length != "morning":
            return now + timedelta(minutes=int(length))
        morning = timezone.localtime(now) + timedelta(days=1)
        return morning.replace(hour=MORNING, minute=0, second=0, microsecond=0)


class FalseAlarmForm(forms.Form):
    """Nothing is going on, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=1000)
