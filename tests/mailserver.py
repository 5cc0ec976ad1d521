"""A private mail server for the tests that need one: letters in by SMTP, out by IMAP with TLS."""

import json
import mailbox
import os
import pwd
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.needs import need
from tests.processes import PATIENCE_S, free_port, wait_until
from tests.wire.local_site import Site

PASSWORD = "neuf-pommes"

CONFIGURATION = """
base_dir = {house}/run
state_dir = {house}/state
log_path = {house}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {account}
default_internal_group = {group}
default_login_user = {account}
ssl = required
auth_failure_delay = 0
ssl_cert = <{house}/certificate.pem
ssl_key = <{house}/key.pem
mail_location = maildir:{house}/mail/%n
first_valid_uid = 1
auth_mechanisms = plain xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {house}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={account} gid={group} home={house}/mail/%n
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


TOKENS = """
tokeninfo_url = {url}/token/
username_attribute = user
"""
"""Who answers for access tokens: the word ``opens-``, and whose mailbox."""


class MailHouse:
    """Sends letters to a mailbox, which is then read like any other.

    Attributes:
        certificate: whom to trust; the server signed it itself.
        port: of IMAP with TLS.  plain: of IMAP that asks for STARTTLS.
    """

    def __init__(self, house: Path, *, port: int, plain: int, smtp: int) -> None:
        self.house = house
        self.certificate = house / "certificate.pem"
        self.port, self.plain, self._smtp = port, plain, smtp

    def send(self, to: str, letter: EmailMessage | bytes) -> None:
        raw = letter if isinstance(letter, bytes) else letter.as_bytes(policy=SMTP)
        with smtplib.SMTP("127.0.0.1", self._smtp) as server:
            server.sendmail("ana@town.example", [f"{to}@localhost"], raw)


class _Delivery:
    """Puts what comes by SMTP into the Maildir that IMAP shows."""

    def __init__(self, house: Path) -> None:
        self._house = house

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802  aiosmtpd's
        for address in envelope.rcpt_tos:
            folder = self._house / "mail" / address.partition("@")[0]
            box = mailbox.Maildir(folder)
            box.add(envelope.content)
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o777 if path.is_dir() else 0o666)
        return "250 OK"


@pytest.fixture(scope="session")
def mail_house() -> Iterator[MailHouse]:
    """Run a mail server for as long as the tests."""
    program = need("dovecot")
    house = Path(tempfile.mkdtemp(prefix="qv-mail-", dir="/tmp"))  # sockets allow 107 bytes
    account = _account()
    port, plain, smtp = (free_port() for _ in range(3))
    _certify(house)
    for name in ("run", "state", "mail"):
        (house / name).mkdir()
    (house / "dovecot.conf").write_text(
        CONFIGURATION.format(
            house=house,
            account=account.pw_name,
            group=_group(account),
            password=PASSWORD,
            port=port,
            plain=plain,
        )
    )
    tokens = Site()
    tokens.otherwise = _whose
    url = tokens.url.replace("localhost", "127.0.0.1")
    (house / "oauth2.conf").write_text(TOKENS.format(url=url))
    for path in (house, *house.rglob("*")):
        shutil.chown(path, account.pw_uid, account.pw_gid)
    house.chmod(0o777)
    (house / "mail").chmod(0o777)
    lent = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    process = subprocess.Popen(
        [str(program), "-F", "-c", str(house / "dovecot.conf")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **(lent if os.geteuid() == 0 else {}),
    )
    controller = Controller(_Delivery(house), hostname="127.0.0.1", port=smtp)
    try:
        controller.start()
        _wait_for(port, process, house / "log")
        yield MailHouse(house, port=port, plain=plain, smtp=smtp)
    finally:
        controller.stop()
        tokens.close()
        process.terminate()
        process.wait(PATIENCE_S)
        shutil.rmtree(house, ignore_errors=True)


def _whose(handler: BaseHTTPRequestHandler) -> None:
    """Say whose mailbox a token opens, as the network's own server of tokens would."""
    _, opens, user = handler.path.rpartition("/")[2].partition("opens-")
    body = json.dumps({"user": user} if opens else {"error": "invalid_token"}).encode()
    handler.send_response(200 if opens else 401)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _account() -> pwd.struct_passwd:
    """Return whom the server runs as: nobody else than us, unless we are root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("dovecot") or known["nobody"]


def _group(account: pwd.struct_passwd) -> str:
    import grp

    return grp.getgrgid(account.pw_gid).gr_name


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    def written() -> str:
        return log.read_text() if log.exists() else "It wrote no log."

    def answers() -> bool:
        assert process.poll() is None, written()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as plain:
            ssl._create_unverified_context().wrap_socket(plain).close()
            return True
        return False

    wait_until(answers, told=written)


def _certify(house: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (house / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (house / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
