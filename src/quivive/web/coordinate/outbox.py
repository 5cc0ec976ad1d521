"""The way out of this installation, as its settings say it."""

import os

from django.conf import settings

from quivive.wire.notices import MailServer


def mail_server() -> MailServer:
    """Return the server our e-mail leaves by."""
    return MailServer(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        tls=settings.EMAIL_USE_TLS,
        sender=settings.DEFAULT_FROM_EMAIL,
    )


def local_targets_allowed() -> bool:
    """Say whether webhooks may lead into our own network (a chat server in the office)."""
    return os.environ.get("QUIVIVE_ALLOW_LOCAL_TARGETS") == "1"
