"""The form that adds a passkey or a security key, in the reader's language."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey, with a name to tell it from others."""

    name = forms.CharField(
        label=_("Name"), required=False, help_text=_("For instance: my telephone.")
    )
