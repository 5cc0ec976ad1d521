"""All that pages read of the numbers in force: what weighs how much, thresholds and clocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from quivive.assess.settings import AssessSettings
from quivive.coordinate.clock import ClockSettings
from quivive.web.assess.models import Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """One version of the numbers: those of the sheet, and those of the clocks."""

    assess: AssessSettings
    clock: ClockSettings

    def plain(self) -> dict[str, Any]:
        """Return them as rows keep them."""
        return {
            "assess": msgspec.json.decode(msgspec.json.encode(self.assess)),
            "clock": msgspec.json.decode(msgspec.json.encode(self.clock)),
        }


DEFAULTS = Numbers(assess=AssessSettings(), clock=ClockSettings())


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One version with what it changed: paths such as ``assess.terms.h``, before and after."""

    row: Rubric
    version: str
    changed: list[tuple[str, Any, Any]]


def numbers() -> Numbers:
    """Return the numbers in force: the newest version, else those of the program."""
    row = Rubric.objects.first()
    return numbers_of(row) if row else DEFAULTS


def numbers_of(row: Rubric) -> Numbers:
    """Return the numbers of one version, named after it."""
    version = f"{DEFAULTS.assess.version}/{row.pk}"
    return Numbers(
        assess=msgspec.convert({**row.assess, "version": version}, AssessSettings),
        clock=msgspec.convert(row.clock, ClockSettings),
    )


def history() -> list[Change]:
    """Return every version with what it changed, newest first."""
    rows = list(Rubric.objects.select_related("by"))
    versions = [numbers_of(row) for row in rows]
    return [
        Change(row=row, version=after.assess.version, changed=list(differences(before, after)))
        for row, (after, before) in zip(rows, pairwise([*versions, DEFAULTS]), strict=True)
    ]


def differences(before: Numbers, after: Numbers) -> Iterator[tuple[str, Any, Any]]:
    """Yield each number that differs, by its path; the version itself is none."""
    known = dict(flat(before.plain()))
    for path, value in flat(after.plain()):
        if known.get(path) != value and path != "assess.version":
            yield path, known.get(path), value


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every number by its path; a list of words is one value."""
    if isinstance(value, list | tuple) and not any(isinstance(one, str) for one in value):
        value = {str(index): one for index, one in enumerate(value)} or ()
    if not isinstance(value, dict):
        yield path, value
        return
    for name, one in value.items():
        yield from flat(one, f"{path}.{name}" if path else name)
