"""What the page's chart library draws: a course of counts and the moments that mattered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypedDict

from django.utils.translation import gettext_lazy as _

from quivive.web.people import speech
from quivive.web.room.queries import Course, Mark

NAMES = {"onset": _("onset"), "alarm": _("alarm"), "own": _("our own words")}


class Line(TypedDict):
    """One row of the text that says the same as the chart."""

    at: datetime
    voices: int
    expected: float
    upper: float
    negatives: int


class Foreseen(Protocol):
    """What is read of a stored forecast: voices over ``hours`` from ``made_at``."""

    made_at: datetime
    hours: int
    p10: float
    p50: float
    p90: float


_TWO = 2
FAN_HOURS = 3
"""The fan goes no further: a day of forecast would press the course into a corner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A time series with its marks; ``data`` is what the script reads, ``lines`` what people do.

    ``foreseen`` is the latest forecast of the topic, one row a horizon; empty when there is none.
    """

    data: dict[str, object]
    lines: list[Line]
    marks: Sequence[Mark]
    foreseen: Sequence[Foreseen] = ()

    @property
    def slice_s(self) -> float:
        """Seconds each point stands for; 0 when a single point cannot tell."""
        if len(self.lines) < _TWO:
            return 0.0
        return (self.lines[1]["at"] - self.lines[0]["at"]).total_seconds()


def chart_of(
    course: Course, marks: Sequence[Mark] = (), foreseen: Sequence[Foreseen] = ()
) -> Chart:
    """Prepare a course for drawing. Times are seconds since 1970."""
    return Chart(
        data={
            "times": [int(start.timestamp()) for start in course.starts],
            "voices": course.voices,
            "expected": [round(value, 2) for value in course.expected],
            "upper": [round(value, 2) for value in course.upper],
            "negatives": course.negatives,
            "marks": [
                {"at": int(mark.at.timestamp()), "kind": mark.kind, "label": str(NAMES[mark.kind])}
                for mark in marks
            ],
            "fan": _fan(course, foreseen),
            "locale": speech.locale(),
        },
        lines=[
            Line(at=at, voices=voices, expected=expected, upper=upper, negatives=negatives)
            for at, voices, expected, upper, negatives in zip(
                course.starts,
                course.voices,
                course.expected,
                course.upper,
                course.negatives,
                strict=True,
            )
        ],
        marks=marks,
        foreseen=foreseen,
    )


def _fan(course: Course, foreseen: Sequence[Foreseen]) -> list[dict[str, float]]:
    """Spread each horizon's voices over slices as wide as the course's, from the last one on."""
    if not foreseen or len(course.starts) < _TWO:
        return []
    width_h = (course.starts[1] - course.starts[0]).total_seconds() / 3600
    fan = []
    for one in foreseen:
        if one.hours <= FAN_HOURS:
            low, middle, high = (
                round(value * width_h / one.hours, 2) for value in (one.p10, one.p50, one.p90)
            )
            at = int(one.made_at.timestamp()) + one.hours * 3600
            fan.append({"at": at, "low": low, "middle": middle, "high": high})
    return fan
