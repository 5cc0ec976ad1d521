"""Posts written to hurt: each is stored and shown as text, or set aside with a clear message."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone, translation

from quivive.vocabulary.crises import Role
from quivive.web.coordinate import services as coordinate
from quivive.web.coordinate.models import Contact, Crisis, EscalationStep
from quivive.web.coordinate.outbox import seal
from quivive.web.coordinate.worker import deliver_due, escalate_due
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen import services as listen
from quivive.web.listen.models import Import, Match, Post, QuarantinedLine, Topic
from quivive.web.listen.services import imports
from quivive.web.listen.worker import topics_to_rebuild
from quivive.web.people.speech import spoken
from quivive.web.room.worker import Engine

pytestmark = pytest.mark.django_db

LONG_AGO = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=3)
"""Past all ringing, and no longer ago: each silent hour up to now is learned from."""

TEXTS = {
    "script": "lift <script>alert(1)</script><img src=x onerror=alert(2)>",
    "link": "lift javascript:alert(1) https://x.example/\"onmouseover=alert(1)// data:text/html,",
    "direction": "lift \u202egnorw si siht\u2066 \u200f",
    "emoji": "lift 🛗👩‍👩‍👧‍👦🏳️‍🌈 𝕃𝕚𝕗𝕥",
    "zalgo": "lift " + "L\u0301\u0302\u0310\u0311\u0314\u0315" * 200,
    "long": "lift " + "a" * 1_000_000,
    "long-words": "lift " + "ascenseur bloqué " * 60_000,
    "formula": '=cmd|\' /C calc\'!A0 lift',
    "plus": "+lift", "at": "@lift", "minus": "-lift", "tab": "\tlift",
    "template": "lift {{ settings.SECRET_KEY }} {% now 'Y' %} {# x #}",
    "percent": "lift %(password)s %s %d %",
    "holes": "lift {x} {0} {0.__class__} {",
    "header": "lift\r\nBcc: everybody@example.org\r\n\r\nbody",
    "controls": "lift \x01\x08\x1b[31m\x7f\x85\u2028\ufeff",
    "not-characters": "lift \ufffe\uffff\U0010ffff",
    "own": '{"own": true} lift',
}  # fmt: skip

NAMES = {
    "script": "<script>alert(3)</script>",
    "attribute": '" onmouseover="alert(4)',
    "holes": "{x} {0.__class__}",
    "header": "ana\r\nBcc: everybody@example.org",
    "direction": "\u202eana",
    "moment": "2026-03-03T25:99 is my name",
    "first-moment": "0001-01-01T00:00",
    "long": "h" * 10_000,
    "template": "{{ x }}{% now 'Y' %}",
    "empty": "",
}


def post(key: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"https://net.example/{key}",
        "network": "net",
        "published": (LONG_AGO + timedelta(seconds=len(key))).isoformat(),
        "attributed_to": {"id": f"by-{key}", "handle": "ana", "followers": 12},
        "content": "the lift is broken",
        **changes,
    }


def by(key: str, **author: Any) -> dict[str, Any]:
    return post(key, attributed_to={"id": f"by-{key}", **author})


@pytest.fixture
def topic(organisation):
    return Topic.objects.create(
        slug="lift",
        name="Lift {x} <b>\r\nBcc: all",
        query="lift",
        severe_words=["lift"],
        influence_followers=5,
        created_at=LONG_AGO,
    )


@pytest.fixture
def read(topic, tmp_path: Path):
    """Import lines as the room does, to the end; returns how the import stands."""

    def reading(lines: bytes, name: str = "posts.ndjson") -> Import:
        path = tmp_path / name
        path.write_bytes(lines)
        now = timezone.now()
        number = listen.bring_path(name=name, path=path, person=None, now=now)
        listen.queue_import(
            import_id=number, file_format="auto", mapping=None, person=None, now=now
        )
        engine = Engine(holder="test")
        for _ in range(20):
            engine.step(now=timezone.now())
            row = Import.objects.get(pk=number)
            if row.state in {"done", "stopped"} and not topics_to_rebuild():
                return row
        raise AssertionError("The import does not end.")

    return reading


def lines(*posts: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in posts)


def hostile() -> list[dict[str, Any]]:
    texts = [post(f"text-{name}", content=text) for name, text in TEXTS.items()]
    handles = [by(f"handle-{name}", handle=text) for name, text in NAMES.items()]
    names = [by(f"name-{name}", name=text, followers=9) for name, text in NAMES.items()]
    return texts + handles + names


OUR_HEADERS = sorted(
    [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
        "X-Quivive-Notice",
    ]
)
"""Every header of a notice, each once: one more would be somebody else's."""


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 kept"


@pytest.fixture
def mailbox(settings):
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = probe.getsockname()
    box = Mailbox()
    controller = Controller(box, hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    controller.start()
    yield box
    controller.stop()


OUR_DATA = re.compile(
    r'<script id="[a-z0-9-]+-data" type="application/json">(\{[^<>&]*\})</script>'
)
"""A chart's numbers: no browser runs them, and nothing in them can end the block."""


class Tags(HTMLParser):
    """What a page would run or follow, had a stranger written it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        for block in OUR_DATA.findall(page):
            json.loads(block)
        self.feed(OUR_DATA.sub("", page))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and not (values.get("src") or "").startswith("/static/"):
            self.found.append(self.get_starttag_text() or tag)
        if any(name.startswith("on") for name in values):
            self.found.append(self.get_starttag_text() or tag)
        address = (values.get("href") or values.get("src") or "").strip().lower()
        if address.startswith(("javascript:", "data:", "vbscript:")):
            self.found.append(address)


class TestHostilePosts:
    def test_are_all_stored_as_they_are(self, read):
        row = read(lines(*hostile()))

        stored = dict(Post.objects.values_list("uid", "content"))
        assert (row.state, row.quarantined) == ("done", 0)
        for name, text in TEXTS.items():
            assert stored[f"https://net.example/text-{name}"] == text
        assert Match.objects.count() == len(hostile())

    @pytest.mark.slow
    def test_are_shown_as_text_on_every_page(self, read, make_person, browse):
        """In one language: what escapes is the template, and both share it."""
        person = make_person("Ida", *Role, language="fr")
        read(lines(*hostile()))
        alerts = list(Alert.objects.select_related("signal"))
        with translation.override("fr"):
            for alert in alerts[:3]:
                coordinate.open_crisis(person=person, alert_id=alert.pk, now=timezone.now())
        pages = ["/", "/signals/", "/topics/lift/", "/topics/lift/?span=30d", "/listen/topics/"]
        pages += [f"/detect/alert/{alert.pk}/" for alert in alerts]
        pages += [f"/coordinate/{crisis.pk}/{part}" for crisis in Crisis.objects.all()
                  for part in ("", "report/", "report.txt")]  # fmt: skip
        client = browse(person, HTTP_ACCEPT_LANGUAGE="fr")

        assert len(alerts) >= 10
        for address in pages:
            answer = client.get(address)
            assert answer.status_code == 200, address
            shown = answer.content.decode()
            assert len(shown) < 2_000_000, address
            if not address.endswith(".txt"):
                assert Tags(shown).found == [], address

    @pytest.mark.slow
    def test_leave_as_cells_no_spreadsheet_runs(self, read, ana, make_person, browse):
        read(lines(*hostile()))
        client = browse(make_person("Ida", *Role))

        exported = b"".join(client.get("/listen/topics/lift/posts.csv").streaming_content)

        csv.field_size_limit(2**24)
        rows = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline="")))
        assert len(rows) == 1 + len(hostile())
        assert [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")] == []

    @pytest.mark.slow
    @pytest.mark.parametrize("kind", ["ndjson", "csv", "parquet"])
    def test_come_back_the_same_from_an_export(self, read, make_person, browse, kind):
        read(lines(*hostile()))
        client = browse(make_person("Ida", *Role))
        before = dict(Post.objects.values_list("uid", "content"))
        exported = b"".join(client.get(f"/listen/topics/lift/named.{kind}").streaming_content)
        Post.objects.all().delete()
        Topic.objects.update(matched_query="lift")

        row = read(exported, name=f"back.{kind}")

        assert (row.state, row.quarantined) == ("done", 0)
        assert dict(Post.objects.values_list("uid", "content")) == before

    @pytest.mark.slow
    @pytest.mark.enable_socket
    def test_put_nothing_into_the_headers_of_a_mail(self, read, cleo, mailbox):
        Contact.objects.create(person=cleo, channel="email", address=seal(cleo.email))
        EscalationStep.objects.create(after_min=0).people.set([cleo.pk])
        read(lines(*hostile()))
        now = timezone.now()
        Alert.objects.update(state="ringing", ringing_since=now, rang_at=now)
        escalate_due(now=now)
        while deliver_due(now=now):
            pass

        assert len(mailbox.mails) == Alert.objects.count() >= 10
        assert set(mailbox.recipients) == {cleo.email}
        for mail in mailbox.mails:
            assert sorted(mail.keys()) == OUR_HEADERS
            assert Tags(mail.get_body(("html",)).get_content()).found == []
            assert len(mail.get_body(("plain",)).get_content()) < 10_000

    def test_fill_sentences_without_being_read_as_sentences(self, read):
        read(lines(by("a", handle="{count} {0.__class__} %s")))

        [reason] = {spoken(one.reason) for one in Signal.objects.filter(kind="severe-word")}
        assert "{count} {0.__class__} %s" in reason


BAD = {
    "id-empty": (post("x", id=""), "id"),
    "id-long": (post("x", id="i" * 501), "id"),
    "author-long": (by("x") | {"attributed_to": {"id": "a" * 501}}, "attributed_to.id"),
    "repost-long": (post("x", repost_of="r" * 501), "repost_of"),
    "reply-long": (post("x", in_reply_to="r" * 501), "in_reply_to"),
    "network-long": (post("x", network="n" * 61), "network"),
    "followers-large": (by("x") | {"attributed_to": {"id": "a", "followers": 2**63}}, ""),
    "followers-negative": (by("x") | {"attributed_to": {"id": "a", "followers": -1}}, ""),
    "likes-large": (post("x", likes=2**70), ""),
    "year-1": (post("x", published="0001-01-01T00:00:00+02:00"), "published"),
    "year-9999": (post("x", published="9999-12-31T23:59:59-05:00"), "published"),
    "seen-9999": (post("x", seen_at="9999-12-31T23:59:59Z"), "seen_at"),
    "epoch": (post("x", published="1970-01-01T00:00:00Z"), "published"),
    "no-zone": (post("x", published="2026-03-02T09:00:00"), ""),
    "nul": (post("x", content="lift\0"), "content"),
    "half-character": (post("x", content="lift \ud83d cut"), ""),
    "half-name": (by("x") | {"attributed_to": {"id": "a", "name": "\udc00"}}, ""),
    "text-a-list": (post("x", content=["lift"]), ""),
    "author-a-text": (post("x", attributed_to="ana"), ""),
    "deep": (post("x", content=json.loads("[" * 400 + "]" * 400)), ""),
}  # fmt: skip

ODD_BUT_GOOD = {
    "id-slashes": post("x", id="../../../etc/passwd?a=b&c=#'\"<b>%00\\"),
    "id-emoji": post("x", id="🛗" * 500),
    "spaces": post("x", id="  "),
    "large": by("x") | {"attributed_to": {"id": "a", "followers": 2**53}},
    "language": post("x", language="zh-Hant-TW-x-very-long-private-use"),
    "no-words": post("x", content="", repost_of="https://net.example/none"),
    "self-repost": post("https", repost_of="https://net.example/https"),
    "future": post("x", published="2099-12-31T23:59:59Z"),
    "first-year": post("x", published="1990-01-01T00:00:00Z"),
}


class TestABadPost:
    @pytest.mark.parametrize("name", BAD)
    @pytest.mark.parametrize("shape", ["lines", "array"])
    def test_is_set_aside_with_a_reason_and_stops_nothing(self, read, name, shape):
        bad, field = BAD[name]
        three = [post("before"), bad, post("after")]

        row = read(lines(*three) if shape == "lines" else json.dumps(three, indent=1).encode())

        [line] = QuarantinedLine.objects.all()
        assert (row.state, row.quarantined) == ("done", 1)
        assert set(Post.objects.values_list("uid", flat=True)) == {
            "https://net.example/before",
            "https://net.example/after",
        }
        assert spoken(line.what)
        assert spoken(line.remedy)
        assert line.field == field or not field
        assert "Traceback" not in spoken(line.what)


class TestAnOddPost:
    @pytest.mark.parametrize("name", ODD_BUT_GOOD)
    def test_is_stored_and_its_topic_is_shown(self, read, make_person, browse, name):
        row = read(lines(post("before"), ODD_BUT_GOOD[name], post("after")))

        client = browse(make_person("Ida", *Role))
        assert (row.state, row.quarantined) == ("done", 0)
        assert client.get("/topics/lift/").status_code == 200
        for alert in Alert.objects.all():
            assert client.get(f"/detect/alert/{alert.pk}/").status_code == 200

    def test_with_the_same_id_counts_once(self, read):
        read(lines(post("x"), post("x", content="lift, other words"), post("x")))

        assert Post.objects.get().content == "the lift is broken"


@pytest.fixture
def waiting(topic, tmp_path: Path) -> int:
    """Bring a file of five posts that nothing has read yet; returns its number."""
    path, now = tmp_path / "posts.ndjson", timezone.now()
    path.write_bytes(lines(*[post(f"p{number}") for number in range(5)]))
    number = listen.bring_path(name="posts", path=path, person=None, now=now)
    listen.queue_import(import_id=number, file_format="auto", mapping=None, person=None, now=now)
    return number


class TestABatchThatCannotBeKept:
    def test_is_read_again(self, waiting, monkeypatch):
        engine = Engine(holder="test")
        with monkeypatch.context() as patch:
            patch.setattr(imports, "store_past", failing(OSError("disk full")))
            with pytest.raises(OSError, match="disk full"):
                engine.step(now=timezone.now())
        engine.step(now=timezone.now())

        assert Post.objects.count() == 5

    def test_costs_its_file_once_it_failed_thrice_so_that_others_are_read(
        self, waiting, monkeypatch
    ):
        engine = Engine(holder="test")
        monkeypatch.setattr(imports, "store_past", failing(ValueError("a fault of ours")))
        for _turn in range(2):
            with pytest.raises(ValueError, match="a fault of ours"):
                engine.step(now=timezone.now())
        engine.step(now=timezone.now())

        row = Import.objects.get(pk=waiting)
        assert row.state == "stopped"
        assert "ValueError: a fault of ours" in spoken(row.trouble["what"])
        assert listen.next_reading() is None


def failing(fault: Exception) -> Callable[..., None]:
    def fail(*_arguments: object, **_named: object) -> None:
        raise fault

    return fail
