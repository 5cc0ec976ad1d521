"""The way out of this installation, as its settings say it."""

from django.conf import settings

from quivive.wire.notices import MailServer
from quivive.wire.secrets import decrypt, encrypt


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


def seal(address: str) -> str:
    """Return an address as rows keep it: encrypted under the installation's secret."""
    return encrypt(address, secret=settings.SECRET_KEY)


def unseal(kept: str) -> str:
    """Return the address. Raises Unreadable when the secret was changed without the old one."""
    return decrypt(kept, secrets=[settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
