"""The form of a source, made from its plug-in's typed settings."""

from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from quivive.listen.sourcing import Question, questions
from quivive.listen.sourcing import Source as PlugIn
from quivive.web.listen.topic_forms import WordList
from quivive.web.people.speech import spoken

LONGEST_NAME = 100
LARGEST = 1_000_000_000
"""Of a number without a bound of its own: minutes up to here still lead to a date."""


class SourceForm(forms.Form):
    """A name, and one question for each setting."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("What your team calls it; alerts and reports name it when it is silent."),
    )

    def __init__(
        self, *args: Any, plug_in: PlugIn, kept: frozenset[str] = frozenset(), **kw: Any
    ) -> None:
        """Ask for what the plug-in needs.

        Args:
            kept: secrets that are stored already and may be left empty.
        """
        super().__init__(*args, **kw)
        self.plug_in = plug_in
        for asked in questions(plug_in.settings):
            self.fields[asked.name] = _field(asked, kept=asked.name in kept)

    def values(self) -> dict[str, Any]:
        """Return the settings as typed; what was left empty takes the plug-in's own default."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "name"}
        secrets = {one.name for one in questions(self.plug_in.settings) if one.ask.secret}
        return {
            name: value or "" if name in secrets else value
            for name, value in given.items()
            if name in secrets or value not in (None, "", ())
        }


def _field(asked: Question, *, kept: bool) -> forms.Field:
    ask, kind = asked.ask, asked.kind
    required = asked.default is msgspec.NODEFAULT
    told: dict[str, Any] = {
        "label": spoken(ask.label),
        "help_text": spoken(ask.hint) if ask.hint else "",
        "required": required and not kept,
        "initial": None if required else asked.default,
    }
    if isinstance(kind, msgspec.inspect.StrType) and not ask.choices:
        told |= {"min_length": kind.min_length, "max_length": kind.max_length}
    if ask.secret:
        told["initial"] = None
        if kept:
            told["help_text"] = _("Kept: leave it empty to change nothing.")
        return forms.CharField(**told, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    if ask.choices:
        choices = [(key, spoken(name)) for key, name in ask.choices.items()]
        return forms.ChoiceField(**told, choices=choices)
    if isinstance(kind, msgspec.inspect.IntType):
        return forms.IntegerField(**told, min_value=kind.ge, max_value=kind.le or LARGEST)
    if isinstance(kind, msgspec.inspect.FloatType):
        return forms.FloatField(**told, min_value=kind.ge, max_value=kind.le or LARGEST)
    return _plain(asked, told)


def _plain(asked: Question, told: dict[str, Any]) -> forms.Field:
    if isinstance(asked.kind, msgspec.inspect.BoolType):
        return forms.BooleanField(**{**told, "required": False})
    if isinstance(asked.kind, msgspec.inspect.VarTupleType):
        return WordList(**told)
    attributes = {"placeholder": asked.ask.example} if asked.ask.example else {}
    return forms.CharField(**told, widget=forms.TextInput(attrs=attributes))
