"""What people choose when they bring a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from quivive.listen.mapping import ANY_NETWORK, FIELDS, Mapping
from quivive.web.people.speech import network_name, network_named
from quivive.wire.files import Look

OFTEN = (
    "content",
    "published",
    "attributed_to.handle",
    "attributed_to.name",
    "attributed_to.followers",
    "id",
    "url",
    "language",
    "place",
    "repost_of",
    "in_reply_to",
    "likes",
    "reposts",
)
"""Fields most tables have, in the order people think of them."""

NAMES = {
    "content": _("Text"),
    "published": _("Date and time"),
    "attributed_to.handle": _("Author's handle"),
    "attributed_to.name": _("Author's name"),
    "attributed_to.followers": _("Author's followers"),
    "id": _("Permanent id"),
    "url": _("Link to the post"),
    "language": _("Language"),
    "place": _("Place"),
    "repost_of": _("Repost of (id)"),
    "in_reply_to": _("Reply to (id)"),
    "likes": _("Likes"),
    "reposts": _("Reposts"),
}


class MappingForm(forms.Form):
    """Which column of a table holds what."""

    network = forms.CharField(
        label=_("Network"),
        max_length=60,
        required=False,
        help_text=_("Where the posts were published. Empty: each line’s address tells it."),
    )
    zone = forms.CharField(
        label=_("Time zone of the dates"), help_text=_("Used for dates that name none.")
    )
    date_format = forms.CharField(
        label=_("Form of the dates"),
        required=False,
        help_text=_("Leave empty to recognise the usual forms."),
    )
    save_as = forms.CharField(
        label=_("Save this mapping as"),
        required=False,
        max_length=100,
        help_text=_("It is then proposed for the next file of this kind."),
    )

    def __init__(self, look: Look, *args: Any, **kwargs: Any) -> None:
        """Ask one question for each field that tables often have."""
        self.look = look
        self.guess = look.mapping or Mapping(columns={})
        kwargs.setdefault(
            "initial",
            {
                "network": _named(self.guess.network),
                "zone": self.guess.zone,
                "date_format": self.guess.date_format,
                "clock": self.guess.clock,
            },
        )
        super().__init__(*args, **kwargs)
        columns = [("", _("not in this file")), *((name, name) for name in look.header)]
        self.fields["clock"] = forms.ChoiceField(
            label=_("Hour"),
            choices=columns,
            required=False,
            help_text=_("Where another column than that of the date tells it."),
        )
        for field in OFTEN:
            self.fields[f"column:{field}"] = forms.ChoiceField(
                label=NAMES[field],
                choices=columns,
                required=field == "content",
                initial=self.guess.columns.get(field, ""),
            )

    def column_fields(self) -> list[forms.BoundField]:
        """Return the questions about columns."""
        return [self[f"column:{field}"] for field in OFTEN]

    def clean(self) -> dict[str, Any]:
        """Ask for the date, which nothing else tells but the ids of some networks."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.mapping().enough:
            self.add_error("column:published", ValidationError(_("Choose the column of the date.")))
        return data

    def clean_network(self) -> str:
        """Return the network as posts are stored: one may type its name or its short word."""
        typed = self.cleaned_data["network"].strip()
        return network_named(typed) or ANY_NETWORK

    def mapping(self) -> Mapping:
        """Return the choice; fields that are rarely asked keep what was guessed."""
        rest = {name: column for name, column in self.guess.columns.items() if name not in OFTEN}
        chosen = {
            field: self.cleaned_data[f"column:{field}"]
            for field in OFTEN
            if self.cleaned_data[f"column:{field}"]
        }
        return Mapping(
            columns={
                name: chosen.get(name) or rest[name]
                for name in FIELDS
                if name in {**chosen, **rest}
            },
            network=self.cleaned_data["network"],
            zone=self.cleaned_data["zone"],
            date_format=self.cleaned_data["date_format"],
            clock=self.cleaned_data["clock"],
            day_first=self.guess.day_first,
            decimal=self.guess.decimal,
            delimiter=self.guess.delimiter,
            defaults=self.guess.defaults,
        )


def _named(network: str) -> str:
    return "" if network == ANY_NETWORK else network_name(network)


class CorrectionForm(forms.Form):
    """A bad line as the person corrected it."""

    raw = forms.CharField(
        label=_("The line"), widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    )
