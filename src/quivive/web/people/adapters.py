"""How the sign-in libraries are told our rules: invited people only, every sign-in on record."""

import logging
from threading import Thread
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from quivive.web.people import queries, services
from quivive.wire import secrets

log = logging.getLogger(__name__)

FORGOTTEN_PASSWORD = "account/email/password_reset_key"  # noqa: S105 - a template
"""Its letter goes to known addresses alone: how long one waits must not tell which these are."""


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up alone: the first administrator is made at set-up, others are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return the one thing that may come between the password and the room."""
        return ["quivive.web.people.passkeys.SecondFactorStage"]

    def login(self, request: HttpRequest, user: queries.Person) -> None:
        """Sign in, once password and second factor are right, and put it on record."""
        super().login(request, user)
        services.audit(person=user, action="sign-in", detail=whence(request), now=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and put it on record."""
        person = request.user
        super().logout(request)
        if person.is_authenticated:
            services.audit(person=person, action="sign-out", now=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Put a refused sign-in on record; while locked, only the moment the lock fell."""
        locked = getattr(request, "axes_locked_out", False)
        if locked and not getattr(request, "axes_failures_since_start", 0):
            return
        services.audit(
            person=None,
            action="sign-in-locked" if locked else "sign-in-refused",
            subject=queries.known_address(credentials.get("email", "")),
            detail=whence(request),
            now=timezone.now(),
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: queries.Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Put a change of password or second factor on record, and tell its owner by mail."""
        services.audit(
            person=user,
            action="security-change",
            subject=template_prefix.rsplit("/", 1)[-1],
            now=timezone.now(),
        )
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> bool:
        """Send when mail is set up; a mail server that is down never breaks the page.

        Returns:
            Whether the server took it; a link for a forgotten password leaves beside the answer.
        """
        if not settings.MAIL_READY:
            return False
        values = {
            "request": self.request,
            "email": email,
            "current_site": get_current_site(self.request),
        }
        letter = self.render_mail(template_prefix, email, values | context)
        if template_prefix == FORGOTTEN_PASSWORD:
            Thread(target=_sent, args=(letter, template_prefix)).start()
            return True
        return _sent(letter, template_prefix)


def _sent(letter: EmailMessage, template_prefix: str) -> bool:
    try:
        letter.send()
    except OSError as trouble:
        log.warning("Mail %s was not sent: %s", template_prefix, trouble)
        return False
    return True


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of second factors unreadable at rest."""

    def encrypt(self, text: str) -> str:
        """Return the text as it may be kept."""
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was kept."""
        return secrets.decrypt(encrypted_text)


def whence(request: HttpRequest) -> dict[str, object]:
    """Return what the audit log keeps of where a request came from."""
    return {"address": request.META.get("REMOTE_ADDR", "")}


def who_tries(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the e-mail address somebody tries to sign in with: what a lock is counted on."""
    given = credentials or {}
    email = given.get("email") or given.get("login") or request.POST.get("login", "")
    return str(email).strip().lower()


def locked(
    request: HttpRequest, _answer: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer somebody who failed too often: when the door opens again, and what else to do."""
    opens_at = queries.lock_opens_at(
        email=who_tries(request, credentials), address=request.META.get("REMOTE_ADDR", "")
    )
    values = {"opens_at": opens_at, "mail_ready": settings.MAIL_READY}
    return render(request, "people/locked.html", values, status=429)
