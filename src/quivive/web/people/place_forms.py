"""Forms of our places: one place, a file of them, and which heading of it holds what."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quivive.listen.residences import FIELDS, MOST_BYTES
from quivive.web.people.place_queries import BUILDING, LEVELS
from quivive.wire.gazetteers import load_atlas

NAMES = {
    "name": _("Name of the place"),
    "level": _("What it is"),
    "other_names": _("Other names"),
    "address": _("Address"),
    "postcode": _("Postcode"),
    "town": _("Town"),
    "department": _("Department"),
    "agency": _("Agency"),
    "homes": _("Homes"),
    "reference": _("Reference"),
}
"""What the fields of a place are called."""


class EntryForm(forms.Form):
    """One place where the organisation has tenants."""

    name = forms.CharField(label=NAMES["name"], max_length=200)
    level = forms.ChoiceField(label=NAMES["level"], choices=LEVELS, initial=BUILDING)
    other_names = forms.CharField(
        label=NAMES["other_names"],
        required=False,
        max_length=600,
        help_text=_("What tenants call it, with commas between."),
    )
    address = forms.CharField(label=NAMES["address"], required=False, max_length=300)
    town = forms.CharField(label=NAMES["town"], required=False, max_length=200)
    department = forms.CharField(
        label=NAMES["department"], required=False, max_length=60, help_text=_("Number or name.")
    )
    agency = forms.CharField(
        label=NAMES["agency"],
        required=False,
        max_length=100,
        help_text=_("Queries ask for it: agency:North."),
    )
    homes = forms.IntegerField(label=NAMES["homes"], required=False, min_value=0, max_value=999_999)
    reference = forms.CharField(
        label=NAMES["reference"],
        required=False,
        max_length=60,
        help_text=_("What your own files call it."),
    )

    def clean_other_names(self) -> list[str]:
        """Split the names at their commas."""
        told = self.cleaned_data["other_names"].split(",")
        return [name.strip()[:200] for name in told if name.strip()]

    def clean_department(self) -> str:
        """Turn a name into a number."""
        told: str = self.cleaned_data["department"].strip()
        found = load_atlas().department(told) if told else None
        if told and found is None:
            raise forms.ValidationError(
                gettext("There is no such department. Write its number, such as 69 or 2A.")
            )
        return found.code if found else ""


class TableForm(forms.Form):
    """A file of places."""

    table = forms.FileField(label=_("CSV or Excel file"))

    def clean(self) -> dict[str, Any]:
        """Return name and content, unless it is too large to be a list of places."""
        told = super().clean() or {}
        file = told.get("table")
        if file is None:
            return told
        if file.size > MOST_BYTES:
            raise forms.ValidationError(gettext("This file is too large to be a list of places."))
        return {"name": file.name or "table.csv", "table": file.read()}


class ColumnsForm(forms.Form):
    """Which heading of a table holds what."""

    def __init__(
        self, data: Any = None, *, headings: Sequence[str], columns: dict[str, str]
    ) -> None:
        """Offer the headings of the table for each field."""
        super().__init__(data, initial=columns)
        choices = [("", _("none")), *((one, one) for one in headings if one)]
        for field in FIELDS:
            self.fields[field] = forms.ChoiceField(
                label=NAMES[field], choices=choices, required=field == "name"
            )

    def clean(self) -> dict[str, Any]:
        """Return the chosen headings as the one thing the service takes."""
        chosen = {name: told for name, told in super().clean().items() if told}  # type: ignore[union-attr]
        return {"columns": chosen}
