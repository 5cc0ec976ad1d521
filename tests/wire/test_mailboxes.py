"""A real mailbox: letters sent by SMTP, read over IMAP with TLS, and left as they are."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from tests.listen.sources.worlds import NOW
from tests.mailserver import PASSWORD

from quivive.listen.sources.mailbox import SOURCE, Settings
from quivive.listen.sourcing import Asked, write_cursor
from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.wire import mailboxes
from quivive.wire.courier import Courier
from quivive.wire.turns import turn

pytestmark = [pytest.mark.enable_socket]


def letter(words, *, subject="Quai Sud", sender="Ana <ana@town.example>"):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, subject
    mail["Date"] = "Mon, 02 Mar 2026 11:55:00 +0100"
    mail["Message-ID"] = f"<{uuid4()}@town.example>"
    mail.set_content(words)
    return mail


def signed_in(token):
    until = NOW + timedelta(hours=1)
    return write_cursor({"token": token, "until": until, "refresh": "refresh"})


@pytest.fixture
def box(mail_house, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_house.certificate))
    return Box(mail_house)


class Box:
    """A mailbox of one test, asked as the collector asks."""

    def __init__(self, mail_house):
        self.mail_house, self.user = mail_house, f"u{uuid4().hex[:12]}"

    def send(self, *letters):
        for one in letters:
            self.mail_house.send(self.user, one)

    def read(self, cursor="", *, local=True, session="", **more):
        given = {"server": f"localhost:{self.mail_house.port}", "password": PASSWORD, **more}
        settings = Settings(user=self.user, **given)

        async def ask():
            async with Courier(local_allowed=local) as courier:
                asked = Asked(settings=settings, now=NOW, cursor=cursor, session=session)
                return await turn(SOURCE.collect(asked), courier)

        return asyncio.run(ask())


class TestAMailbox:
    def test_gives_each_letter_once_and_in_order(self, box):
        box.send(letter("L'eau est coupée"), letter("Toujours rien"))
        first = box.read()
        box.send(letter("L’eau est revenue"))
        then = box.read(first.cursor)

        assert [post.content.split("\n\n")[1] for post in first.posts] == [
            "L'eau est coupée",
            "Toujours rien",
        ]
        assert [post.content for post in then.posts] == ["Quai Sud\n\nL’eau est revenue"]
        assert box.read(then.cursor).posts == ()

    def test_is_left_as_it_was(self, box):
        box.send(letter("L'eau est coupée"))
        box.read()

        assert len(box.read().posts) == 1
        kept = (box.mail_house.house / "mail" / box.user).rglob("*,*")
        assert not any("S" in one.name.rpartition(",")[2] for one in kept)

    def test_is_read_on_after_many_letters(self, box, monkeypatch):
        monkeypatch.setattr(mailboxes, "LETTERS", 2)
        box.send(*(letter(f"eau {number}") for number in range(3)))
        first = box.read()

        assert (len(first.posts), first.more) == (2, True)
        assert len(box.read(first.cursor).posts) == 1

    def test_leaves_very_large_letters_and_says_so(self, box, monkeypatch):
        monkeypatch.setattr("quivive.listen.sources.mailbox.LARGEST_BYTES", 1_500)
        box.send(letter("eau\n" * 500))
        page = box.read()

        assert page.posts == ()
        assert "above 10 MB" in page.notes[0].text

    def test_is_empty_without_letters(self, box):
        assert box.read().posts == ()

    def test_says_when_the_password_is_wrong(self, box):
        with pytest.raises(NoAnswer) as refused:
            box.read(password="sept-poires")

        assert refused.value.kind is Kind.BAD_KEY

    def test_opens_with_a_token_instead_of_a_password(self, box):
        box.send(letter("L'eau est coupée"))
        oauth = {"sign_in": "microsoft", "client": "c", "password": "refresh"}

        page = box.read(session=signed_in(f"opens-{box.user}"), **oauth)

        assert len(page.posts) == 1
        with pytest.raises(NoAnswer) as refused:
            box.read(session=signed_in("ended"), **oauth)
        assert refused.value.kind is Kind.BAD_KEY

    def test_says_when_there_is_no_such_folder(self, box):
        with pytest.raises(NoAnswer) as refused:
            box.read(folder="Nowhere")

        assert refused.value.kind is Kind.NOT_FOUND

    def test_is_not_asked_inside_our_own_network_unless_allowed(self, box):
        with pytest.raises(NoAnswer) as refused:
            box.read(local=False)

        assert refused.value.kind is Kind.UNSAFE

    def test_has_to_prove_who_it_is(self, box, monkeypatch):
        monkeypatch.delenv("SSL_CERT_FILE")

        with pytest.raises(NoAnswer) as refused:
            box.read()
        assert refused.value.kind is Kind.UNSAFE

    def test_without_encryption_is_told_apart_from_one_with_a_bad_certificate(self, box):
        with pytest.raises(NoAnswer) as refused:
            box.read(server=f"localhost:{box.mail_house.plain}")

        assert "without the encryption" in refused.value.what.text

    def test_is_never_asked_in_clear(self, box, monkeypatch):
        monkeypatch.setattr(mailboxes, "STARTTLS_PORT", box.mail_house.plain)
        box.send(letter("L'eau est coupée"))

        page = box.read(server=f"localhost:{box.mail_house.plain}")

        assert len(page.posts) == 1
