"""What people say to the inbox."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quivive.respond.inbox import Promise, Status

SNOOZES = (
    ("1", _("one hour")),
    ("4", _("four hours")),
    ("tomorrow", _("tomorrow morning")),
    ("monday", _("next Monday")),
)
"""How long a case may be out of sight."""

MORNING = 8


class StatusForm(forms.Form):
    """How far cases are."""

    status = forms.ChoiceField(choices=[(one.value, one.value) for one in Status])
    reason = forms.CharField(required=False, max_length=300)
    seen = forms.CharField(required=False)

    def clean_status(self) -> Status:
        """Return the status as a value."""
        return Status(self.cleaned_data["status"])


class SnoozeForm(forms.Form):
    """Until when cases are out of sight: one of the choices, or a day and hour."""

    until = forms.CharField(required=False)
    at = forms.DateTimeField(required=False)

    def moment(self, now: datetime) -> datetime:
        """Return the moment that was chosen; an hour from now when none was."""
        if self.cleaned_data["at"]:
            return self.cleaned_data["at"]  # type: ignore[no-any-return]
        chosen = self.cleaned_data["until"]
        if chosen in {"tomorrow", "monday"}:
            local = timezone.localtime(now)
            days = 1 if chosen == "tomorrow" else 7 - local.weekday()
            day = (local + timedelta(days=days)).replace(hour=MORNING, minute=0, second=0)
            return day.replace(microsecond=0)
        return now + timedelta(hours=int(chosen) if chosen in {"1", "4"} else 1)


class SettingsForm(forms.Form):
    """What is promised to people who ask."""

    danger_min = forms.IntegerField(
        label=_("To somebody in danger, minutes"), min_value=1, max_value=1_440
    )
    alone_min = forms.IntegerField(
        label=_("To somebody in need and alone, minutes"), min_value=1, max_value=10_080
    )
    need_min = forms.IntegerField(
        label=_("To somebody in need, minutes"), min_value=1, max_value=10_080
    )
    question_min = forms.IntegerField(
        label=_("To a question, minutes"), min_value=1, max_value=43_200
    )
    press_min = forms.IntegerField(
        label=_("To a journalist, minutes"), min_value=1, max_value=43_200
    )
    addressed_min = forms.IntegerField(
        label=_("To a remark made to us, minutes"), min_value=1, max_value=43_200
    )
    solution_h = forms.IntegerField(
        label=_("Until it is settled, hours"), min_value=1, max_value=2_160
    )
    take_days = forms.IntegerField(
        label=_("Take in posts of the last days"),
        help_text=_("Older posts, from an import for instance, ask nobody for an answer."),
        min_value=1,
        max_value=60,
    )
    escalates = forms.BooleanField(
        label=_("Ring when an answer is late"),
        help_text=_("By the same steps as an alert: see “Who is told”."),
        required=False,
    )

    def said(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = dict(self.cleaned_data)
        rest = {"take_days": data.pop("take_days"), "escalates": data.pop("escalates")}
        return {"promise": Promise(**data), **rest}
