"""The form of a topic: its query, and what rings."""

from math import log
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from quivive.detect.planned import read_peak
from quivive.listen.examples import judge
from quivive.listen.query import Query, parse
from quivive.vocabulary.errors import BadQuery
from quivive.web.listen import queries
from quivive.web.listen.services import Aside, TopicRules
from quivive.web.people.speech import spoken

SENSITIVITIES = (
    (0.02, _("Calm: about one false alarm a year")),
    (0.05, _("Rather calm: about one false alarm in five months")),
    (0.1, _("Usual: about one false alarm in ten weeks")),
    (0.2, _("Rather keen: about one false alarm in five weeks")),
    (0.5, _("Keen: about one false alarm in two weeks")),
    (1.0, _("Very keen: about one false alarm a week")),
    (2.0, _("As keen as can be: about two false alarms a week")),
)
"""False alarms a week that people accept, and how a page says it."""


def nearest_sensitivity(accepted: float) -> float:
    """Return the stop of the slider closest to what a topic accepts.

    >>> nearest_sensitivity(0.25)
    0.2
    """
    return min((value for value, _ in SENSITIVITIES), key=lambda one: abs(log(one / accepted)))


LONGEST = 100_000
"""Signs of a query: room for the names of several thousand residences."""

NOT_TOO_LONG = MaxLengthValidator(LONGEST)
"""Says so, where the length of a field would have the browser cut what one pastes in silence."""

_TYPED = {
    "class": "query",
    "spellcheck": "false",
    "autocapitalize": "off",
    "autocomplete": "off",
    "data-tried": "",
    "data-editor": "",
}


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


class PeakList(WordList):
    """Planned peaks, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "placeholder": "2026-03-01 2026-03-05 …"})

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Refuse a line that is no peak, by its words."""
        lines = super().to_python(value)
        for line in lines:
            try:
                read_peak(line)
            except ValueError:
                raise ValidationError(
                    _("“%(line)s” is not two days and a name, like 2026-03-01 2026-03-05 Rents."),
                    params={"line": line},
                ) from None
        return lines


class KeennessForm(forms.Form):
    """How easily more people than usual ring."""

    false_alarms_per_week = forms.TypedChoiceField(
        label=_("How keen"),
        choices=SENSITIVITIES,
        coerce=float,
        initial=0.1,
        widget=forms.RadioSelect,
    )
    minimum = forms.IntegerField(
        label=_("Fewest different people that can ring"), min_value=2, max_value=1000, initial=4
    )


class TopicForm(KeennessForm):
    """What is watched, and what rings."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("What your team calls it: “Heating”, “Our name”, “Works on Quai Sud”."),
    )
    query = forms.CharField(
        label=_("Query"),
        strip=False,
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs=_TYPED | {"rows": 5}),
        help_text=_(
            "A new line means OR. AND, OR, NOT (or -word), brackets, “exact phrases”, word*, "
            "NEAR/5, #hashtags, from:name. Ctrl and space show what can be written."
        ),
    )
    must_match = WordList(
        label=_("Texts it must catch"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-tried": ""}),
        help_text=_("One a line. They try the query at each change, and before it is saved."),
    )
    must_not_match = WordList(
        label=_("Texts it must leave"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-tried": ""}),
    )
    hide = forms.CharField(
        label=_("Keep from view"),
        required=False,
        strip=False,
        max_length=5_000,
        widget=forms.Textarea(attrs=_TYPED | {"rows": 2}),
        help_text=_(
            "A query too. What it meets is stored, counted and can ring, and the lists of the "
            "topic leave it out. What should not be collected at all goes behind a minus in the "
            "query itself."
        ),
    )
    mark = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why this change"),
        required=False,
        max_length=300,
        help_text=_("For whoever reads the versions of this topic later."),
    )
    burst_rings = forms.BooleanField(
        label=_("Ring when more people than usual speak of it"), required=False, initial=True
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

    negative_percent = forms.IntegerField(
        label=_("Share of critical posts from which it rings, in %"),
        required=False,
        min_value=20,
        max_value=100,
        help_text=_(
            "Of the posts of the last hour that take a side, once there are ten. A machine reads "
            "the tone and errs: leave empty to ring for no tone alone."
        ),
    )
    spread_reposts = forms.IntegerField(
        label=_("Foreseen reposts from which a post rings"),
        required=False,
        min_value=5,
        help_text=_(
            "A post reposted five times or more is foreseen every ten minutes; it rings once when "
            "its middle forecast for a week reaches this. Leave empty to ring for no forecast."
        ),
    )
    planned = PeakList(
        label=_("Planned peaks"),
        required=False,
        help_text=_(
            "One a line: first day, last day, name. Hours may follow a day, as in "
            "2026-03-05T18:00, and how many times the usual you expect the name, as in ×3 (2 if "
            "not said). In these hours more is due: only what goes beyond rings, and it says that "
            "a peak was planned. What earlier peaks of the topic brought corrects what you expect."
        ),
    )

    def clean_query(self) -> str:
        """Refuse a query that cannot be read; the preview shows where it fails."""
        text: str = self.cleaned_data["query"]
        try:
            self.parsed = parse(text)
        except BadQuery:
            raise ValidationError(_("This query cannot be read: see below where.")) from None
        return text

    parsed: Query | None = None

    def clean_hide(self) -> str:
        """Refuse what cannot be read, with its place."""
        text: str = self.cleaned_data["hide"]
        if text.strip():
            try:
                parse(text)
            except BadQuery as trouble:
                raise ValidationError([_place(trouble), _said(trouble)]) from None
        return text if text.strip() else ""

    def clean(self) -> dict[str, Any]:
        """Refuse a query that does not do with the texts what is wanted of it."""
        data = super().clean() or self.cleaned_data
        wanted = {name: data.get(name, ()) for name in ("must_match", "must_not_match")}
        if self.parsed is None:
            return data
        for one in judge(self.parsed, **wanted):
            if not one.right:
                name, words = (
                    ("must_match", _("The query does not catch “%(text)s”."))
                    if one.wanted
                    else ("must_not_match", _("The query catches “%(text)s”."))
                )
                self.add_error(name, ValidationError(words, params={"text": one.text[:80]}))
        return data

    def aside(self) -> Aside:
        """Return what stands beside the query, as the service takes it."""
        given = self.cleaned_data
        return Aside(
            hide=given["hide"],
            must_match=given["must_match"],
            must_not_match=given["must_not_match"],
        )

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
            negative_percent=given["negative_percent"],
            spread_reposts=given["spread_reposts"],
            planned=given["planned"],
        )


def _place(trouble: BadQuery) -> str:
    return _("line %(line)s, character %(column)s") % {
        "line": trouble.line,
        "column": trouble.column,
    }


def _said(trouble: BadQuery) -> str:
    return f"{spoken(trouble.what)} {spoken(trouble.remedy)}"


class TrialForm(forms.Form):
    """What the preview is tried on."""

    query = forms.CharField(
        label=_("Query"), strip=False, required=False, validators=[NOT_TOO_LONG]
    )
    hide = forms.CharField(label=_("Keep from view"), strip=False, required=False, max_length=5_000)
    must_match = WordList(required=False)
    must_not_match = WordList(required=False)
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
