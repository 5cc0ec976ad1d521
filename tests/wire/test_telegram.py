"""Channels of Telegram: the library is real, its connection is played."""

import asyncio
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec
import pytest
import telethon

from quivive.vocabulary.requests import Kind, NoAnswer, Request
from quivive.wire import telegram

AT = datetime(2026, 3, 2, 11, 55, tzinfo=UTC)
ASKED = Request(
    url="telegram://valdorle", params={"api_id": "7", "after": "0"}, secret="hash session"
)


class Played:
    """A connection to Telegram that gives what it is told."""

    def __init__(self, *, messages=(), known=True, trouble=None):
        self.messages, self.known, self.trouble = messages, known, trouble
        self.asked, self.open = None, False

    async def connect(self):
        self.open = True

    async def disconnect(self):
        self.open = False

    async def is_user_authorized(self):
        return self.known

    async def get_entity(self, name):
        if self.trouble:
            raise self.trouble
        return SimpleNamespace(id=5, username=name, title="Valdorle infos", participants_count=9)

    async def iter_messages(self, _channel, **asked):
        self.asked = asked
        for message in self.messages:
            yield message


def said(number, text):
    return SimpleNamespace(
        id=number, date=AT, edit_date=None, message=text, post_author=None, views=3, forwards=1,
        replies=SimpleNamespace(replies=2), reply_to=None,
    )  # fmt: skip


@pytest.fixture
def play(monkeypatch):
    def one(**told):
        played = Played(**told)
        monkeypatch.setattr(telegram, "client_for", lambda *_secrets: played)
        return played

    return one


def read(request=ASKED):
    return asyncio.run(telegram.read_channel(request))


class TestAChannel:
    def test_is_told_oldest_first_and_the_connection_closed(self, play):
        played = play(messages=[said(2, "Toujours"), said(1, "Panne")])

        told = msgspec.json.decode(read().body)

        assert [one["text"] for one in told["messages"]] == ["Panne", "Toujours"]
        assert told["channel"]["subscribers"] == 9
        assert not played.open

    def test_is_read_from_the_newest_at_first_and_then_from_where_one_was(self, play):
        played = play()
        read()
        assert played.asked == {"limit": telegram.FIRST}

        read(msgspec.structs.replace(ASKED, params={"api_id": "7", "after": "41"}))
        assert played.asked["min_id"] == 41

    @pytest.mark.parametrize(
        ("trouble", "kind"),
        [
            (telethon.errors.FloodWaitError(None, 70), Kind.TOO_MANY),
            (telethon.errors.ChannelPrivateError(None), Kind.FORBIDDEN),
            (telethon.errors.UsernameNotOccupiedError(None), Kind.NOT_FOUND),
            (ValueError("No user has this name"), Kind.NOT_FOUND),
            (telethon.errors.AuthKeyUnregisteredError(None), Kind.BAD_KEY),
            (OSError("cut"), Kind.UNREACHABLE),
        ],
    )
    def test_that_cannot_be_read_says_what_to_do(self, play, trouble, kind):
        played = play(trouble=trouble)

        with pytest.raises(NoAnswer) as told:
            read()

        assert told.value.kind is kind
        assert not played.open

    def test_waits_as_long_as_it_is_asked_to(self, play):
        play(trouble=telethon.errors.FloodWaitError(None, 70))

        with pytest.raises(NoAnswer) as told:
            read()

        assert told.value.retry_s == 70

    def test_needs_a_session_that_is_still_good(self, play):
        play(known=False)

        with pytest.raises(NoAnswer) as told:
            read()

        assert told.value.kind is Kind.BAD_KEY

    def test_knows_that_what_was_pasted_is_no_session(self):
        with pytest.raises(NoAnswer) as told:
            read()

        assert told.value.kind is Kind.BAD_KEY

    def test_says_which_part_to_install_where_it_is_missing(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "telethon", None)

        with pytest.raises(NoAnswer, match="not installed"):
            read()
