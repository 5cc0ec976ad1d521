"""The form of a topic: its query, and what rings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from quivive.listen.query import parse
from quivive.vocabulary.errors import BadQuery
from quivive.web.listen import queries
from quivive.web.listen.services import TopicRules

SENSITIVITIES = (
    (0.02, _("Calm: about one false alarm a year")),
    (0.1, _("Usual: about one false alarm in ten weeks")),
    (0.5, _("Keen: about one false alarm in two weeks")),
    (1.0, _("Very keen: about one false alarm a week")),
)
"""False alarms a week that people accept, and how a page says it."""


class WordList(forms.CharField):
    """Words or phrases, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        """Write the list one a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Read one a line; blanks and repetitions fall away."""
        lines = str(value or "").splitlines()
        return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


class TopicForm(forms.Form):
    """What is watched, and what rings."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("What your team calls it: “Heating”, “Our name”, “Works on Quai Sud”."),
    )
    query = forms.CharField(
        label=_("Query"),
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(
            attrs={"class": "query", "rows": 5, "spellcheck": "false", "autocapitalize": "off"}
        ),
        help_text=_(
            "Words meet without regard to case and accents. OR, AND, NOT (or -word), brackets, "
            "“exact phrases”, #hashtags, from:name, lang:fr, word*. A new line means OR."
        ),
    )
    burst_rings = forms.BooleanField(
        label=_("Ring when more people than usual speak of it"), required=False, initial=True
    )
    false_alarms_per_week = forms.TypedChoiceField(
        label=_("How keen"), choices=SENSITIVITIES, coerce=float, initial=0.1
    )
    minimum = forms.IntegerField(
        label=_("Fewest different people that can ring"), min_value=2, max_value=1000, initial=4
    )
    severe_words = WordList(
        label=_("Severe words: every mention rings"),
        required=False,
        help_text=_("One word or phrase a line: fire, gas leak, legionella …"),
    )
    influence_followers = forms.IntegerField(
        label=_("Followers from which an author rings"),
        required=False,
        min_value=1,
        help_text=_("Leave empty to ring for nobody’s audience alone."),
    )
    panel = WordList(
        label=_("Authors that always ring"),
        required=False,
        help_text=_(
            "One account name a line: journalists, elected people, tenants’ associations. "
            "400 followers in the right town can matter more than 40,000 elsewhere."
        ),
    )

    def clean_query(self) -> str:
        """Refuse a query that cannot be read; the preview shows where it fails."""
        text: str = self.cleaned_data["query"]
        try:
            parse(text)
        except BadQuery as trouble:
            self.mistake = trouble
            raise ValidationError(_("This query cannot be read: see below where.")) from None
        return text

    mistake: BadQuery | None = None

    def rules(self) -> TopicRules:
        """Return what rings, as the service takes it."""
        given = self.cleaned_data
        return TopicRules(
            burst_rings=given["burst_rings"],
            false_alarms_per_week=given["false_alarms_per_week"],
            minimum=given["minimum"],
            severe_words=given["severe_words"],
            influence_followers=given["influence_followers"],
            panel=given["panel"],
        )


class TrialForm(forms.Form):
    """What the preview is tried on."""

    query = forms.CharField(strip=False, required=False, max_length=20_000)
    tried_on = forms.TypedChoiceField(
        label=_("Try it on"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the stored posts and the files people brought."""
        super().__init__(*args, **kwargs)
        field = self.fields["tried_on"]
        field.choices = [  # type: ignore[attr-defined]
            ("", _("posts already stored")),
            *((row.pk, row.name) for row in queries.imports()[:20]),
        ]


class SampleForm(forms.Form):
    """Real posts to try a query on: a file, or hashtags of a server that shows them to anybody."""

    file = forms.FileField(label=_("A file of posts"), required=False, allow_empty_file=True)
    hashtags = forms.CharField(
        label=_("Hashtags"),
        required=False,
        max_length=200,
        help_text=_("One or several, with a space between them."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    server = forms.CharField(
        label=_("Mastodon server"), required=False, max_length=200, initial="mastodon.social"
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one or the other."""
        data = super().clean() or self.cleaned_data
        data["hashtags"] = data.get("hashtags", "").replace("#", " ").replace(",", " ").split()
        if not data.get("file") and not (data["hashtags"] and data.get("server")):
            raise ValidationError(_("Choose a file, or type a hashtag and a server."))
        return data
