"""What the page's chart library draws: a course of counts and the moments that mattered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A time series with its marks; ``data`` is what the script reads, ``lines`` what people do."""

    data: dict[str, object]
    lines: list[Line]
    marks: Sequence[Mark]


def chart_of(course: Course, marks: Sequence[Mark] = ()) -> Chart:
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
    )
