"""What people fill in about themselves, their roles and their organisation."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import Role
from quivive.web.people.entries import (
    AdministratorEntry,
    BasisEntry,
    OrganisationEntry,
    OwnAccountEntry,
    PlaceEntry,
)
from quivive.web.people.queries import LegalBasis, Person, PlaceLevel
from quivive.web.people.words import ACTION_NAMES, NETWORKS, ROLE_NAMES, ROLE_TASKS, SCOPE_NAMES

FRENCH_ZONES = (
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
)


def time_zones() -> list[Any]:
    """Return the zones of the first users, then every other one."""
    others = sorted(available_timezones() - set(FRENCH_ZONES))
    named = [(zone, zone.replace("_", " ")) for zone in others if "/" in zone or zone == "UTC"]
    first = [(zone, zone.replace("_", " ")) for zone in FRENCH_ZONES]
    return [(_("France"), first), (_("Elsewhere"), named)]


class OrganisationForm(forms.Form):
    """Who the room works for."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    dwellings = forms.IntegerField(
        label=_("Homes you let"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=_("Tells how much of your public a rumour could reach. Leave empty if unsure."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, initial="Europe/Paris")

    def entry(self, language: str) -> OrganisationEntry:
        """Return what was typed as a value."""
        data = self.cleaned_data
        return OrganisationEntry(
            name=data["name"],
            language=language,
            time_zone=data["time_zone"],
            dwellings=data["dwellings"],
        )


def _long_text(label: Any, help_text: Any, first: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        initial=first,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BasisForm(forms.Form):
    """Why watching public posts is lawful: read, adapt, confirm (LR-01)."""

    basis = forms.ChoiceField(
        label=_("Legal basis"),
        choices=LegalBasis.choices,
        initial=LegalBasis.LEGITIMATE_INTEREST.value,
        help_text=_("Public posts are personal data. Most landlords rely on legitimate interest."),
    )
    purpose = _long_text(
        _("Purpose"),
        _("What you watch for, and nothing else."),
        _(
            "Hear early about problems, dangers and false rumours that concern our homes and "
            "services, in order to answer tenants quickly and correctly."
        ),
    )
    need = _long_text(
        _("Need"),
        _("Why a less intrusive way would not do."),
        _(
            "Calls and letters arrive after a rumour has spread. We read only public posts that "
            "match our topics; all others are counted and forgotten."
        ),
    )
    expectations = _long_text(
        _("What people expect"),
        _("What those who wrote the posts can reasonably foresee."),
        _(
            "People who write publicly about their landlord can expect it to read and answer. "
            "They do not expect to be profiled, so we do not profile them."
        ),
    )
    safeguards = _long_text(
        _("Safeguards"),
        _("What protects the people you read."),
        _(
            "No private spaces, no profiles, no lists of critics or of employees; posts their "
            "author deleted are forgotten; access by role, with an audit log; people can ask what "
            "we hold and have it erased."
        ),
    )
    confirmed = forms.BooleanField(
        label=_("I have read this, it is true for our organisation, and I confirm it."),
        error_messages={"required": _("Read the four answers, correct them, then confirm.")},
    )

    def entry(self) -> BasisEntry:
        """Return what was typed as a value."""
        data = self.cleaned_data
        return BasisEntry(
            basis=data["basis"],
            purpose=data["purpose"],
            need=data["need"],
            expectations=data["expectations"],
            safeguards=data["safeguards"],
        )


class OwnAccountForm(forms.Form):
    """An account of the organisation."""

    network = forms.ChoiceField(label=_("Network"), choices=NETWORKS, initial=NETWORKS[0][0])
    handle = forms.CharField(
        label=_("Account name"),
        max_length=200,
        help_text=_("As people type it, for instance @logis-valdorle."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    followers = forms.IntegerField(
        label=_("Followers"),
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    purpose = forms.CharField(
        label=_("Public purpose"),
        required=False,
        max_length=300,
        help_text=_("Needed from the second account on a network; shown in public exports."),
    )

    def entry(self) -> OwnAccountEntry:
        """Return what was typed as a value."""
        data = self.cleaned_data
        return OwnAccountEntry(
            network=data["network"],
            handle=data["handle"],
            followers=data["followers"],
            purpose=data["purpose"],
        )


class PlaceForm(forms.Form):
    """A place where the organisation has tenants."""

    name = forms.CharField(label=_("Name of the place"), max_length=200)
    level = forms.ChoiceField(
        label=_("What it is"), choices=PlaceLevel.choices, initial=PlaceLevel.BUILDING.value
    )

    def entry(self) -> PlaceEntry:
        """Return what was typed as a value."""
        return PlaceEntry(name=self.cleaned_data["name"], level=self.cleaned_data["level"])


OwnAccountForms = forms.formset_factory(OwnAccountForm, extra=1, max_num=30, absolute_max=30)
PlaceForms = forms.formset_factory(PlaceForm, extra=1, max_num=100, absolute_max=100)


class AdministratorForm(forms.Form):
    """The first person who signs in."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; a sentence is easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Compare both passwords, and refuse a weak one."""
        data = super().clean() or self.cleaned_data
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", gettext("The two passwords differ. Type them again."))
        elif password:
            self._check_strength(password)
        return data

    def _check_strength(self, password: str) -> None:
        person = Person(email=self.cleaned_data.get("email", ""))
        person.name = self.cleaned_data.get("name", "")
        try:
            password_validation.validate_password(password, person)
        except ValidationError as weak:
            self.add_error("password", weak)

    def entry(self) -> AdministratorEntry:
        """Return what was typed as a value."""
        data = self.cleaned_data
        return AdministratorEntry(name=data["name"], email=data["email"], password=data["password"])


class CodeForm(forms.Form):
    """The code that ``quivive up`` printed."""

    code = forms.CharField(
        label=_("Setup code"),
        max_length=40,
        help_text=_("Printed in the terminal where Qui-vive was started."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )


class InviteForm(forms.Form):
    """Somebody to bring in."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class RoleForm(forms.Form):
    """A role to give."""

    deputy = forms.BooleanField(label=_("As deputy"), required=False)
    until = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("Last day included. An external partner always needs one."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    agreement = forms.CharField(
        label=_("Signed agreement"),
        required=False,
        max_length=200,
        help_text=_("Its reference and date: an external partner works on data only under one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name each role with what it is for."""
        super().__init__(*args, **kwargs)
        named = gettext("{role}: {task}")
        # Nothing is chosen beforehand: the first of the list opens every door.
        choices = [("", gettext("Choose a role"))]
        choices += [
            (role.value, named.format(role=ROLE_NAMES[role], task=ROLE_TASKS[role]))
            for role in Role
            if may([role], Permission.SEE_ROOM)  # the others open nothing yet
        ]
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=choices)
        self.order_fields(["role", "deputy", "until", "agreement"])

    def ends_at(self) -> datetime | None:
        """Return the first moment without the role, in the giver's time zone."""
        day = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day + timedelta(1), time.min)) if day else None


class OwnSettingsForm(forms.Form):
    """How a person is called and reads the room."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        help_text=_("Colleagues see it when they have to reach you."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )


class TokenForm(forms.Form):
    """A key for a program."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        help_text=_("For instance: nightly export to the intranet."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=list(SCOPE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("How long?"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("one year"))],
    )


class AuditFilterForm(forms.Form):
    """Which lines of the audit log to show."""

    words = forms.CharField(label=_("About"), required=False, max_length=200)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        """Offer the people and actions there are."""
        super().__init__(*args, **kwargs)
        everybody = [("", _("everybody"))]
        persons = forms.TypedChoiceField(
            label=_("Who"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[*everybody, *((person.pk, str(person)) for person in people)],
        )
        actions = forms.ChoiceField(
            label=_("What"),
            required=False,
            choices=[("", _("everything")), *ACTION_NAMES.items()],
        )
        self.fields = {"person": persons, "action": actions, **self.fields}
