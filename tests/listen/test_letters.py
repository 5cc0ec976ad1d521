"""Letters: a forwarded one counts as its author's, whatever program forwarded it."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from quivive.listen.letters import read_letter
from quivive.listen.sources.mailbox import SOURCE, Settings
from quivive.listen.sourcing import Asked
from quivive.vocabulary.requests import Part, Reply

SENT = "Tue, 03 Mar 2026 08:30:00 +0100"
ORIGINAL = "L’ascenseur est en panne depuis lundi.\nMon fils est en fauteuil."

GMAIL = f"""Pour info.

---------- Forwarded message ---------
De : Zoé Martin <zoe@tenants.example>
Date: lun. 2 mars 2026 à 21:05
Subject: Ascenseur quai Sud
To: <accueil@logis.example>


{ORIGINAL}
"""
THUNDERBIRD = f"""

-------- Message transféré --------
Sujet : \tAscenseur quai Sud
Date : \tMon, 2 Mar 2026 21:05:00 +0100
De : \tZoé Martin <zoe@tenants.example>
Pour : \taccueil@logis.example

{ORIGINAL}
"""
OUTLOOK = f"""
________________________________
De : Zoé Martin <zoe@tenants.example>
Envoyé : lundi 2 mars 2026 21:05
À : Accueil <accueil@logis.example>
Objet : Ascenseur quai Sud

{ORIGINAL}
"""
APPLE = f"""
> Début du message transféré :
>
> De: Zoé Martin <zoe@tenants.example>
> Objet: Rép : Ascenseur quai Sud
> Date: 2 mars 2026 à 21:05:00 UTC+1
> À: accueil@logis.example
>
> {ORIGINAL.replace(chr(10), chr(10) + "> ")}
"""
ENGLISH = f"""FYI

Begin forwarded message:

From: Zoé Martin <zoe@tenants.example>
Subject: Ascenseur quai Sud
Date: March 2, 2026 at 9:05 PM
To: accueil@logis.example

{ORIGINAL}
"""


def mail(text, subject="TR: Ascenseur quai Sud", **headers):
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Date"] = "Ben <ben@logis.example>", subject, SENT
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter


class TestAForwardedLetter:
    @pytest.mark.parametrize(
        "text",
        [GMAIL, THUNDERBIRD, OUTLOOK, APPLE, ENGLISH],
        ids=["Gmail", "Thunderbird", "Outlook", "Apple", "English"],
    )
    def test_is_its_authors_with_their_words_and_date(self, text):
        [letter] = read_letter(mail(text).as_bytes())

        assert (letter.name, letter.sender) == ("Zoé Martin", "zoe@tenants.example")
        assert letter.at.astimezone(UTC) == datetime(2026, 3, 2, 20, 5, tzinfo=UTC)
        assert letter.words.endswith(ORIGINAL)
        assert letter.words.removesuffix(ORIGINAL).strip().endswith("Ascenseur quai Sud")
        assert letter.carrier == "ben@logis.example"

    def test_is_its_authors_when_it_is_attached(self):
        inner = mail(ORIGINAL, subject="Ascenseur")
        inner.replace_header("From", "Zoé Martin <zoe@tenants.example>")
        inner["Message-ID"] = "<1@tenants.example>"
        outer = mail("Voir la pièce jointe")
        outer.add_attachment(inner)
        other = mail("Encore une")
        other.add_attachment(inner)

        [letter] = read_letter(outer.as_bytes())

        assert letter.name == "Zoé Martin"
        assert letter.words == f"Ascenseur\n\n{ORIGINAL}"
        assert letter.key == read_letter(other.as_bytes())[0].key

    def test_says_nothing_of_a_list_of_facts(self):
        text = "Bilan du jour.\nDe : 8 h\nPuis le calme."

        [letter] = read_letter(mail(text).as_bytes())

        assert letter.name == "Ben"


class TestALetter:
    def test_leaves_out_what_it_answers_to_and_the_signature(self):
        text = "Non, toujours froid.\n\nLe mar. 3 mars 2026 à 08:00, Logis a écrit :\n> Bonjour\n"

        [letter] = read_letter(mail(text, subject="Re: Chauffage").as_bytes())

        assert letter.words == "Chauffage\n\nNon, toujours froid."

    def test_is_read_from_html_without_what_is_hidden(self):
        letter = mail("x")
        letter.set_content(
            "<html><head><title>t</title><style>p{}</style></head><body><p>Plus d’eau"
            "</p><script>alert(1)</script></body></html>",
            subtype="html",
        )

        [read] = read_letter(letter.as_bytes())

        assert read.words == "Ascenseur quai Sud\n\nPlus d’eau"

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\xff\xfe\x00",
            b"From: =?utf-8?b?broken\nSubject: =?x?q?y?=\nDate: never\n\neau",
            b"Content-Type: text/plain; charset=klingon\n\neau \xe9",
            b"Content-Type: multipart/mixed; boundary=a\n\n--a\n--a--",
        ],
    )
    def test_survives_being_broken(self, raw):
        assert len(read_letter(raw)) == 1


class TestTheMailbox:
    def page(self, *letters, senders=()):
        settings = Settings(server="imap.example", user="u", password="p", senders=senders)
        exchange = SOURCE.collect(Asked(settings=settings, now=datetime(2026, 3, 4, tzinfo=UTC)))
        next(exchange)
        parts = tuple(
            Part(name=str(at), body=one.as_bytes(), size=len(one.as_bytes()))
            for at, one in enumerate(letters)
        )
        with pytest.raises(StopIteration) as end:
            exchange.send(Reply(parts=parts))
        return end.value.value

    def test_counts_letters_of_known_senders_only(self):
        here, there = mail("eau"), mail("feu")
        there.replace_header("From", "x@spam.example")

        page = self.page(here, there, senders=("@logis.example",))

        assert len(page.posts) == 1
        assert page.notes[0].count == 1

    def test_is_not_fooled_by_a_longer_domain(self):
        false = mail("eau")
        false.replace_header("From", "x@logis.example.spam.example")

        assert self.page(false, senders=("@logis.example", "ben@logis.example")).posts == ()

    def test_never_hears_a_machine(self):
        assert self.page(mail("eau", Auto_Submitted="auto-generated")).posts == ()


class TestALetterWhoseHeadersBreakOff:
    @pytest.mark.parametrize(
        "header",
        ["From: <", "From: a@[", 'From: "', "Message-ID: <", "Message-ID: <a@[",
         "Date: Tue, 3 Mar 99999999999999999999 08:30:00 +0100"],
    )  # fmt: skip
    def test_is_read_all_the_same(self, header):
        [letter] = read_letter(f"{header}\nSubject: Eau\n\nFroide".encode())

        assert letter.words == "Eau\n\nFroide"
