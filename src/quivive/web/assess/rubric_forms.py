"""The numbers that judge severity and set the clocks, as a form for people who do not program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quivive.assess.settings import AXIS_OF, AssessSettings, fault
from quivive.coordinate.clock import ClockSettings
from quivive.vocabulary.assessments import Axis
from quivive.web.assess.rubric_queries import Numbers, flat
from quivive.web.assess.words import AXES, TERMS
from quivive.web.people import speech

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Number:
    """One number: where it stands, what it is called, its bounds as people write it.

    ``scale`` is what the stored number is multiplied by for people: 100 for shares.
    """

    path: str
    label: Promise | str
    least: int
    most: int
    scale: int = 1

    @property
    def name(self) -> str:
        """The name of its field."""
        return self.path.replace(".", "-")


def _share(path: str, label: Promise | str) -> Number:
    return Number(path, label, 0, 100, PERCENT)


def _minutes(path: str, label: Promise | str) -> Number:
    return Number(f"clock.{path}", label, 1, 10_080)


TITLES = {
    Axis.NATURE: _("Nature: weight of each term, in %"),
    Axis.INFLUENCE: _("Influence: weight of each term, in %"),
    Axis.EXTENT: _("Extent: weight of each term, in %"),
}
GROUPS: tuple[tuple[Promise | str, tuple[Number, ...]], ...] = (
    (
        _("Weight of each axis, in % (100 together)"),
        tuple(_share(f"assess.axes.{axis}", AXES[axis][0]) for axis in Axis),
    ),
    *(
        (
            TITLES[axis],
            tuple(
                _share(f"assess.terms.{code}", TERMS[code])
                for code in TERMS
                if AXIS_OF[code] is axis
            ),
        )
        for axis in Axis
    ),
    (
        _("Score from which a level begins"),
        (
            Number("assess.levels.0", _("Signal"), 1, 99),
            Number("assess.levels.1", _("Incident"), 1, 99),
            Number("assess.levels.2", _("Crisis"), 1, 99),
            Number("assess.levels.3", _("Major crisis"), 1, 99),
        ),
    ),
    (
        _("When a level is left"),
        (
            Number("assess.leave_1_h", _("Signal: hours of calm"), 1, 336),
            Number("assess.leave_2", _("Incident: score under"), 1, 99),
            Number("assess.leave_3", _("Crisis: score under"), 1, 99),
            Number("assess.leave_h", _("Incident and crisis: hours under it"), 1, 336),
        ),
    ),
    (
        _("Other thresholds"),
        (
            Number(
                "assess.prepare", _("Prepare the next level from a chance of, %"), 1, 99, PERCENT
            ),
            Number("assess.sure", _("Growing or receding from a chance of, %"), 51, 99, PERCENT),
            Number("assess.few_authors", _("Fewer people than this make no incident"), 0, 100),
            Number("assess.large_relay", _("A large relay has at least, followers"), 1, 10**9),
            Number("assess.large_relay_ratio", _("and so many times our audience"), 0, 10_000),
        ),
    ),
    (
        _("Clocks, in minutes unless it says days"),
        (
            _minutes("crisis_min", _("First public words in a crisis")),
            _minutes("major_min", _("First public words in a major crisis")),
            _minutes("silence_warn_min", _("Our silence warns after")),
            _minutes("silence_alarm_min", _("Our silence alarms after")),
            _minutes("update_min.1", _("Next word at level Signal")),
            _minutes("update_min.2", _("Next word at level Incident")),
            _minutes("update_min.3", _("Next word at level Crisis")),
            _minutes("update_min.4", _("Next word at level Major crisis")),
            Number(
                "clock.vigilance_days", _("Watch before closing without a reason, days"), 0, 365
            ),
        ),
    ),
)


class RubricForm(forms.Form):
    """Every number, its present value filled in."""

    words = forms.CharField(
        label=_("Our own words of anger, fear or outrage, one a line"),
        help_text=_("They count beside the words the program knows: a local insult, a nickname."),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 3}),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=1_000, help_text=_("It stands beside the version.")
    )

    def __init__(self, *args: Any, present: Numbers, **kwargs: Any) -> None:
        """Ask for each number, showing the one in force."""
        super().__init__(*args, **kwargs)
        self.present = present
        now = dict(flat(present.plain()))
        for number in _all():
            self.fields[number.name] = forms.IntegerField(
                label=str(number.label),
                min_value=number.least,
                max_value=number.most,
                initial=round(now[number.path] * number.scale),
            )
        self.initial.setdefault("words", "\n".join(present.assess.arousing))

    def groups(self) -> Iterator[tuple[Promise | str, list[forms.BoundField]]]:
        """Yield the fields as the page groups them."""
        for title, some in GROUPS:
            yield title, [self[number.name] for number in some]

    def clean(self) -> dict[str, Any]:
        """Hold the numbers to what makes a sheet."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and (wrong := fault(self.numbers().assess)):
            self.add_error(None, speech.spoken(wrong))
        return cleaned

    def numbers(self) -> Numbers:
        """Return the numbers asked for; those the form does not show stay as they are."""
        plain = self.present.plain()
        for number in _all():
            asked = self.cleaned_data[number.name]
            *parents, last = number.path.split(".")
            place: Any = plain
            for name in parents:
                place = place[name]
            key = int(last) if last.isdecimal() else last
            if asked != round(place[key] * number.scale):  # an odd one nobody touched stays exact
                place[key] = asked / number.scale if number.scale != 1 else asked
        lines = self.cleaned_data.get("words", "").splitlines()
        plain["assess"]["arousing"] = [line.strip() for line in lines if line.strip()]
        return Numbers(
            assess=msgspec.convert(plain["assess"], AssessSettings),
            clock=msgspec.convert(plain["clock"], ClockSettings),
        )


def _all() -> Iterator[Number]:
    for _title, some in GROUPS:
        yield from some


def named(path: str) -> str:
    """Return what people call a number."""
    return str(next((one.label for one in _all() if one.path == path), _("Our own words")))


def written(path: str, value: Any) -> str:
    """Write a number as the form shows it."""
    if isinstance(value, list | tuple):
        return ", ".join(value) or "–"
    scale = next((one.scale for one in _all() if one.path == path), 1)
    return f"{round(value * scale)} %" if scale == PERCENT else speech.number(value)
