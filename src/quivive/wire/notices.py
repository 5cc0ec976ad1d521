"""Carries a notice to one person: e-mail over SMTP, anything else through Apprise.

A notice is delivered at least once. Its key travels with it (in ``Message-ID`` and in the text),
so that a second copy, sent after a crash, is recognised by mail programs and by people.
"""

import logging
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from functools import partial
from socket import gaierror
from typing import TypeVar

import msgspec
from apprise import Apprise, AppriseAsset, AppriseAttachment, NotifyFormat
from apprise.attachment.file import AttachFile
from apprise.plugins import NotifyBase

from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import Message, say
from quivive.wire.targets import InsideTarget, check_target, stay_outside

Result = TypeVar("Result")

TIMEOUT_S = 10
AT_ONCE = 8
"""Notices on their way at the same time: one slow server must not hold the others back."""

_LOCAL_PLUGINS = frozenset(
    {"blink1", "dbus", "glib", "gnome", "macosx", "syslog", "vapid", "windows"}
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STATUS = re.compile(r"error=(\d{3})")
_TRY_AGAIN = frozenset({408, 425, 429})
_PERMANENT = 500
"""From this reply code on, SMTP means "do not try again"."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is told, already in her language.

    Attributes:
        key: names this notice; the same in every copy of it.
        text: plain text.  html: the same with simple mark-up, for e-mail.
    """

    key: str
    subject: str
    text: str
    html: str


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """The server our e-mail leaves by.

    Attributes:
        tls: ask for STARTTLS; port 465 is always encrypted.
        timeout_s: seconds without an answer, at each step, before it counts as silent.
    """

    host: str
    sender: str
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    timeout_s: float = TIMEOUT_S


class Undelivered(Trouble):
    """A notice that did not leave.

    Attributes:
        permanent: trying again cannot help; a person has to change something.
    """

    def __init__(self, what: Message, remedy: Message, *, permanent: bool) -> None:
        """Remember whether to try again."""
        super().__init__(what, remedy)
        self.permanent = permanent


def unforeseen(fault: Exception) -> Undelivered:
    """Say that a notice failed in a way nobody foresaw; it costs no other."""
    return Undelivered(
        say(
            "The notice failed in a way we did not foresee: {reason}.",
            reason=f"{type(fault).__name__}: {fault}".replace("\0", "")[:200],
        ),
        say("It will be tried again. Please report it with these words."),
        permanent=False,
    )


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A notice with the way it takes."""

    channel: str
    address: str
    notice: Notice


def send(parcel: Parcel, server: MailServer, *, local_allowed: bool = False) -> None:
    """Deliver one notice.

    Raises:
        Undelivered: it did not leave; ``permanent`` says whether to try again.
    """
    if parcel.channel == "email":
        _send_mail(parcel.address, parcel.notice, server)
    else:
        _send_apprise(parcel.address, parcel.notice, local_allowed=local_allowed)


def send_all(
    parcels: Iterable[tuple[int, Parcel]], server: MailServer, *, local_allowed: bool = False
) -> Iterator[tuple[int, Undelivered | None]]:
    """Deliver several notices side by side; yield each number with its trouble, as they end."""

    def attempt(parcel: Parcel) -> Undelivered | None:
        try:
            send(parcel, server, local_allowed=local_allowed)
        except Undelivered as trouble:
            return trouble
        except Exception as fault:  # noqa: BLE001 - told as its trouble: the others leave
            return unforeseen(fault)
        return None

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notice") as pool:
        running = {pool.submit(attempt, parcel): number for number, parcel in parcels}
        for done in as_completed(running):
            yield running[done], done.result()


def check_address(channel: str, address: str, *, local_allowed: bool = False) -> None:
    """Refuse an address no notice could ever be sent to.

    Raises:
        Undelivered: the address cannot be read, or leads into this installation's own network.
    """
    if channel == "email":
        _, mailbox = parseaddr(address)
        if mailbox != address or not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
            raise Undelivered(
                say("“{address}” is not an e-mail address.", address=address),
                say("Write it as name@example.org."),
                permanent=True,
            )
        return
    plugin = _plugin(address)
    if not local_allowed:
        _outside_or_refused(partial(check_target, getattr(plugin, "host", "") or ""))


def one_line(text: str) -> str:
    r"""Return ``text`` without line breaks or control characters: what a header may hold.

    >>> one_line("Heating\r\nBcc: everyone@example.org")
    'Heating Bcc: everyone@example.org'
    """
    return _CONTROL.sub(" ", text).strip()


def _mail(address: str, notice: Notice, server: MailServer) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = one_line(notice.subject)
    mail["From"] = server.sender
    mail["To"] = address
    mail["Date"] = formatdate(localtime=False)
    domain = parseaddr(server.sender)[1].rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{notice.key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Quivive-Notice"] = notice.key
    mail.set_content(notice.text)
    mail.add_alternative(notice.html, subtype="html")
    return mail


def _send_mail(address: str, notice: Notice, server: MailServer) -> None:
    try:
        with _connection(server) as smtp:
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(_mail(address, notice, server))
    except smtplib.SMTPAuthenticationError as refusal:
        raise _mail_trouble(server, refusal.smtp_code, permanent=False) from None
    except smtplib.SMTPRecipientsRefused as refusal:
        code, said = next(iter(refusal.recipients.values()))
        raise _mail_trouble(server, code, said, permanent=code >= _PERMANENT) from None
    except smtplib.SMTPResponseException as refusal:
        code = refusal.smtp_code
        raise _mail_trouble(
            server, code, refusal.smtp_error, permanent=code >= _PERMANENT
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Undelivered(
            _why_no_mail(error, f"{server.host}:{server.port}"),
            say("It will be tried again. Check the mail server's address if this goes on."),
            permanent=False,
        ) from None


def _why_no_mail(error: Exception, server: str) -> Message:
    """Say in the reader’s language what the system says in its own."""
    match error.__context__ or error:  # smtplib hides what the system said behind its own
        case ConnectionRefusedError():
            return say("No mail server answers at {server}.", server=server)
        case TimeoutError():
            return say("The mail server {server} does not answer in time.", server=server)
        case gaierror():
            return say(
                "No machine is known by the name of the mail server {server}.", server=server
            )
        case ssl.SSLError():
            return say("The mail server {server} does not prove who it is.", server=server)
        case smtplib.SMTPServerDisconnected() | ConnectionError():
            return say("The mail server {server} hung up.", server=server)
    reason = one_line(str(error)) or type(error).__name__
    return say(
        "The mail server {server} did not take the notice ({reason}).", server=server, reason=reason
    )


def _connection(server: MailServer) -> smtplib.SMTP:
    safe = ssl.create_default_context()
    if server.port == smtplib.SMTP_SSL_PORT:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=safe)
    smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
    if server.tls:
        smtp.starttls(context=safe)
    return smtp


def _mail_trouble(
    server: MailServer, code: int, words: bytes | str = b"", *, permanent: bool
) -> Undelivered:
    told = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Undelivered(
        say(
            "The mail server {server} answered {code}: {words}",
            server=server.host,
            code=str(code),
            words=one_line(told) or "-",
        ),
        say("Correct the address, then press Test.")
        if permanent
        else say("It will be tried again. Check the mail server's address if this goes on."),
        permanent=permanent,
    )


def _plugin(address: str) -> NotifyBase:
    plugin = Apprise.instantiate(address, asset=AppriseAsset(http_redirects=False))
    if plugin is None or _is_local(plugin):
        raise Undelivered(
            say("This is not an Apprise address we can send to."),
            say("Write it as in the list of examples of the page “How to be called”."),
            permanent=True,
        )
    plugin.redirects = False  # even when the address asks for them: they could lead inside
    plugin.socket_connect_timeout = plugin.socket_read_timeout = float(TIMEOUT_S)
    return plugin


def _is_local(plugin: NotifyBase) -> bool:
    """Tell whether a way does something to this machine or sends a file of it (CWE-73)."""
    if type(plugin).__module__.rpartition(".")[2] in _LOCAL_PLUGINS:
        return True
    attached = (one for one in vars(plugin).values() if isinstance(one, AppriseAttachment))
    return any(isinstance(file, AttachFile) for files in attached for file in files)


def _send_apprise(address: str, notice: Notice, *, local_allowed: bool) -> None:
    plugin = _plugin(address)
    heard = _Heard()
    log = logging.getLogger("apprise")
    log.addHandler(heard)
    try:
        if local_allowed:
            sent = _notify(plugin, notice)
        else:
            sent = _outside_or_refused(partial(_notify, plugin, notice))
    finally:
        log.removeHandler(heard)
    if not sent:
        raise _apprise_trouble(plugin, heard)


def _notify(plugin: NotifyBase, notice: Notice) -> bool:
    return bool(
        plugin.notify(
            body=notice.text, title=one_line(notice.subject), body_format=NotifyFormat.TEXT
        )
    )


def _outside_or_refused(action: Callable[[], Result]) -> Result:
    try:
        with stay_outside():
            return action()
    except InsideTarget as target:
        raise Undelivered(
            say(
                "{address} lies inside this installation's own network.",
                address=str(target),
            ),
            say(
                "Use a public address, or let whoever runs this installation set "
                "QUIVIVE_ALLOW_LOCAL_TARGETS=1."
            ),
            permanent=True,
        ) from None


class _Heard(logging.Handler):
    """What Apprise said in this thread: its only way to tell why a notice did not leave."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self._thread = threading.get_ident()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what belongs to this notice."""
        if record.thread == self._thread:
            self.said.append(record.getMessage())


def _apprise_trouble(plugin: NotifyBase, heard: _Heard) -> Undelivered:
    service = str(plugin.service_name)
    found = [int(code) for said in heard.said for code in _STATUS.findall(said)]
    if not found:
        return Undelivered(
            say("{service} could not be reached.", service=service),
            say("It will be tried again. Press Test to see whether it answers now."),
            permanent=False,
        )
    code = found[-1]
    permanent = code < _PERMANENT and code not in _TRY_AGAIN
    return Undelivered(
        say("{service} answered {code}.", service=service, code=str(code)),
        say("Correct the address, then press Test.")
        if permanent
        else say("It will be tried again. Press Test to see whether it answers now."),
        permanent=permanent,
    )
