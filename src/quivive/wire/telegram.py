"""Reads public channels of Telegram over its own protocol (MTProto), with the library Telethon.

Telethon comes with the extra ``telegram``: who does not listen there need not install it. A channel
is asked as ``telegram://name``; the secret is ``api_hash session``; the reply is JSON.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from quivive.listen.unreadable import BAD_KEY, FORBIDDEN, NOT_FOUND, TOO_MANY, refused
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer, Reply, Request
from quivive.wire import refusals

if TYPE_CHECKING:
    from telethon import TelegramClient

MOST = 100
"""Messages a reply holds at most."""

FIRST = 50
"""Newest messages of a channel that is read for the first time."""

HOST = "telegram://telegram.org/"
"""What people are told does not answer: the network, not one channel."""


async def read_channel(request: Request) -> Reply:
    """Return the messages of a channel after the one named, oldest first.

    Args:
        request: ``params`` hold ``api_id`` and ``after``, the number of the last message known.

    Raises:
        NoAnswer: with what a person may do about it.
    """
    try:
        from telethon import errors
        from telethon.errors import rpcbaseerrors
    except ImportError as trouble:
        raise _not_installed() from trouble
    try:
        async with _connected(request) as client:
            return await _read(client, request)
    except errors.FloodWaitError as trouble:
        raise refused(HOST, TOO_MANY, retry_s=float(trouble.seconds)) from trouble
    except (errors.ChannelPrivateError, errors.ChatAdminRequiredError) as trouble:
        raise refused(request.url, FORBIDDEN) from trouble
    except (rpcbaseerrors.AuthKeyError, rpcbaseerrors.UnauthorizedError) as trouble:
        raise refused(HOST, BAD_KEY) from trouble
    except (ValueError, errors.UsernameNotOccupiedError, errors.UsernameInvalidError) as trouble:
        raise refused(request.url, NOT_FOUND) from trouble
    except (OSError, TimeoutError, errors.RPCError) as trouble:
        raise refusals.no_answer(HOST, trouble) from trouble


class _Connected:
    """A connection under the session of the settings, closed at the end."""

    def __init__(self, client: "TelegramClient") -> None:
        self._client = client

    async def __aenter__(self) -> "TelegramClient":
        await self._client.connect()
        if not await self._client.is_user_authorized():
            await self._client.disconnect()
            raise refused(HOST, BAD_KEY)
        return self._client

    async def __aexit__(self, *_: object) -> None:
        await self._client.disconnect()


def _connected(request: Request) -> _Connected:
    api_hash, _, session = request.secret.partition(" ")
    try:
        client = client_for(int(request.params["api_id"]), api_hash, session)
    except ValueError as trouble:  # no session at all: something else was pasted
        raise refused(HOST, BAD_KEY) from trouble
    return _Connected(client)


def client_for(api_id: int, api_hash: str, session: str = "") -> "TelegramClient":
    """Return a client that asks patiently and keeps its session in a text, on no disk."""
    from telethon import TelegramClient
    from telethon.sessions import StringSession

    return TelegramClient(
        StringSession(session),
        api_id,
        api_hash,
        timeout=20,
        connection_retries=1,
        flood_sleep_threshold=0,
    )


async def _read(client: "TelegramClient", request: Request) -> Reply:
    name = urlsplit(request.url).netloc
    after = int(request.params.get("after") or 0)
    channel: Any = await client.get_entity(name)
    asked: dict[str, Any] = (
        {"min_id": after, "reverse": True, "limit": MOST} if after else {"limit": FIRST}
    )
    messages = [_told(one) async for one in client.iter_messages(channel, **asked)]
    messages.sort(key=lambda one: int(one["id"]))
    told = {
        "channel": {
            "id": channel.id,
            "name": getattr(channel, "username", None) or name,
            "title": getattr(channel, "title", ""),
            "subscribers": getattr(channel, "participants_count", None),
        },
        "messages": messages,
    }
    return Reply(url=request.url, body=msgspec.json.encode(told), at=datetime.now(UTC))


def _told(message: Any) -> dict[str, Any]:
    replies = getattr(message, "replies", None)
    return {
        "id": message.id,
        "date": message.date.isoformat() if message.date else "",
        "edited": message.edit_date.isoformat() if message.edit_date else "",
        "text": message.message or "",
        "signed": message.post_author or "",
        "views": message.views,
        "forwards": message.forwards,
        "replies": replies.replies if replies else None,
        "reply_to": getattr(message.reply_to, "reply_to_msg_id", None),
    }


def _not_installed() -> NoAnswer:
    return NoAnswer(
        say("Telegram needs a part that is not installed."),
        say("Install it with: pip install 'quivive[telegram]'. Then press Test."),
        kind=Kind.SETTINGS,
    )
