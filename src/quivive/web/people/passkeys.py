"""How a second factor is asked for and added; what fails or is spent is on record."""

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quivive.web.people import services
from quivive.web.people.adapters import whence


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey, with a name to tell it from others."""

    name = forms.CharField(
        label=_("Name"), required=False, help_text=_("For instance: my telephone.")
    )


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """What comes between the password and the room."""

    def is_resumable(self, request: HttpRequest) -> bool:
        """Ask no further when the factor was taken away meanwhile: sign-in begins anew.

        The library sends such a person from the door to this stage and back without end.
        """
        factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        return bool(is_mfa_enabled(self.login.user, factors))


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """The code asked for after the password."""

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        """Put a wrong code on record: whoever typed it knew the password."""
        super()._emit_authentication_failed(authenticator)
        services.audit(
            person=None,
            action="second-factor-refused",
            subject=self.user.email,
            detail=whence(context.request),
            now=timezone.now(),
        )

    def save(self) -> None:
        """Let the person in; a recovery code that was spent is on record."""
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            services.audit(
                person=self.user,
                action="security-change",
                subject="recovery_code_used",
                now=timezone.now(),
            )
