"""A notice leaves by real SMTP and real HTTP, on this machine."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from tests.processes import free_port

from quivive.wire.notices import (
    MailServer,
    Notice,
    Parcel,
    Undelivered,
    check_address,
    send,
    send_all,
)

pytestmark = [
    pytest.mark.enable_socket,
    # Apprise looks for a module that Python 3.13 took away
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]

NOTICE = Notice(
    key="delivery-7",
    subject="Serious: Heating",
    text="Six people wrote in one hour; 0.3 is usual.",
    html="<p>Six people wrote in one hour; 0.3 is usual.</p>",
)


class Mailbox:
    """A mail server that answers each recipient what the test says."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"


@contextmanager
def listening(mailbox: Mailbox) -> Iterator[MailServer]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield MailServer(
            host="127.0.0.1", port=controller.port, sender="Qui-vive <room@example.org>"
        )
    finally:
        controller.stop()


def mail(notice: Notice = NOTICE) -> Parcel:
    return Parcel(channel="email", address="ana@example.org", notice=notice)


class TestAnEMail:
    def test_carries_the_notice_in_two_forms_and_its_key(self):
        mailbox = Mailbox()

        with listening(mailbox) as server:
            send(mail(), server)

        [got] = mailbox.mails
        assert got["Subject"] == "Serious: Heating"
        assert got["Message-ID"] == "<delivery-7@example.org>"
        assert got.get_body(("plain",)).get_content().strip() == NOTICE.text
        assert NOTICE.html in got.get_body(("html",)).get_content()

    def test_refused_for_now_is_worth_another_try(self):
        mailbox = Mailbox("451 come back later")

        with listening(mailbox) as server:
            with pytest.raises(Undelivered, match="451") as trouble:
                send(mail(), server)
            send(mail(), server)

        assert not trouble.value.permanent
        assert len(mailbox.mails) == 1

    def test_refused_for_good_says_to_correct_the_address(self):
        with (
            listening(Mailbox("550 no such person")) as server,
            pytest.raises(Undelivered, match="Correct the address") as trouble,
        ):
            send(mail(), server)

        assert trouble.value.permanent

    def test_waits_for_a_server_that_is_not_there(self):
        server = MailServer(host="127.0.0.1", port=free_port(), sender="room@example.org")

        with pytest.raises(Undelivered, match="tried again") as trouble:
            send(mail(), server)

        assert not trouble.value.permanent
        assert "Errno" not in str(trouble.value)
        assert trouble.value.what.text == "No mail server answers at {server}."

    def test_does_not_wait_for_ever_for_a_silent_server(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            server = MailServer(
                host="127.0.0.1",
                port=silent.getsockname()[1],
                sender="room@example.org",
                timeout_s=0.2,
            )

            with pytest.raises(Undelivered, match="does not answer in time") as trouble:
                send(mail(), server)

        assert not trouble.value.permanent

    def test_lets_no_post_add_a_header(self):
        mailbox = Mailbox()
        forged = Notice(
            key="delivery-8",
            subject="Heating\r\nBcc: everyone@example.org",
            text="x",
            html="x",
        )

        with listening(mailbox) as server:
            send(mail(forged), server)

        [got] = mailbox.mails
        assert got["Bcc"] is None
        assert got["Subject"] == "Heating Bcc: everyone@example.org"


class TestManyNotices:
    def test_are_not_held_back_by_one_that_fails(self):
        mailbox = Mailbox()
        wrong = Parcel(channel="apprise", address="nonsense", notice=NOTICE)

        with listening(mailbox) as server:
            outcomes = dict(send_all([(1, wrong), (2, mail()), (3, mail())], server))

        assert outcomes[1] is not None
        assert outcomes[2] is None
        assert outcomes[3] is None


class Receiver(BaseHTTPRequestHandler):
    """Answers with the server's status and keeps what it was sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving(status: int = 200) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.status, server.got = status, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def webhook(server: ThreadingHTTPServer, more: str = "") -> Parcel:
    address = f"json://127.0.0.1:{server.server_port}/hook{more}"
    return Parcel(channel="apprise", address=address, notice=NOTICE)


UNUSED = MailServer(host="127.0.0.1", sender="room@example.org")


class TestAWebhook:
    def test_gets_subject_and_text(self):
        with receiving() as server:
            send(webhook(server), UNUSED, local_allowed=True)

        [(_, got)] = server.got
        assert got["title"] == NOTICE.subject
        assert got["message"] == NOTICE.text

    @pytest.mark.parametrize(("status", "permanent"), [(404, True), (429, False), (503, False)])
    def test_tells_a_lasting_refusal_from_a_passing_one(self, status, permanent):
        with receiving(status) as server, pytest.raises(Undelivered, match=str(status)) as trouble:
            send(webhook(server), UNUSED, local_allowed=True)

        assert trouble.value.permanent is permanent

    def test_follows_no_redirect_even_when_asked_to(self):
        with receiving(302) as server, pytest.raises(Undelivered, match="302"):
            send(webhook(server, "?redirect=yes"), UNUSED, local_allowed=True)

        assert [path for path, _ in server.got] == ["/hook"]

    def test_inside_our_own_network_gets_nothing(self):
        with receiving() as server, pytest.raises(Undelivered, match="own network") as trouble:
            send(webhook(server), UNUSED)

        assert trouble.value.permanent
        assert server.got == []

    def test_whose_name_moves_inside_after_it_was_checked_gets_nothing(self, monkeypatch):
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda _host, *rest, **more: real("127.0.0.1", *rest, **more),
        )
        with receiving() as server:
            moved = f"json://hooks.example.org:{server.server_port}/hook"

            with pytest.raises(Undelivered, match="own network"):
                send(Parcel(channel="apprise", address=moved, notice=NOTICE), UNUSED)

        assert server.got == []

    def test_that_nobody_answers_is_tried_again(self):
        address = f"json://127.0.0.1:{free_port()}/"

        with pytest.raises(Undelivered, match="could not be reached") as trouble:
            send(
                Parcel(channel="apprise", address=address, notice=NOTICE),
                UNUSED,
                local_allowed=True,
            )

        assert not trouble.value.permanent


class TestAnAddress:
    @pytest.mark.parametrize(
        "address",
        ["json://127.0.0.1/", "json://169.254.169.254/latest/", "ntfy://[::1]/room"],
    )
    def test_that_leads_inside_is_refused_unless_allowed(self, address):
        with pytest.raises(Undelivered, match="QUIVIVE_ALLOW_LOCAL_TARGETS=1"):
            check_address("apprise", address)

        check_address("apprise", address, local_allowed=True)

    @pytest.mark.parametrize(
        "address",
        [
            "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?template={file}",
            "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?template=file://{file}",
            "fcm://project-id/device?mode=oauth2&keyfile={file}",
            "vapid://ana@valdorle.example/ben?keyfile={file}&subfile={file}",
        ],
    )
    def test_that_would_send_a_file_of_this_machine_is_refused(self, address, tmp_path):
        file = tmp_path / "secret.json"
        file.write_text("{}")

        with pytest.raises(Undelivered, match="not an Apprise address we can send to"):
            check_address("apprise", address.format(file=file), local_allowed=True)

    @pytest.mark.parametrize("address", ["nonsense", "syslog://", ""])
    def test_apprise_cannot_send_to_is_refused(self, address):
        with pytest.raises(Undelivered, match="not an Apprise address"):
            check_address("apprise", address, local_allowed=True)

    @pytest.mark.parametrize("address", ["ana", "ana@", "a b@example.org", "Ana <ana@example.org>"])
    def test_that_is_no_mailbox_is_refused(self, address):
        with pytest.raises(Undelivered, match=r"name@example\.org"):
            check_address("email", address)
