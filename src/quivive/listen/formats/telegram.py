"""The ``result.json`` that Telegram Desktop exports: the messages of a channel or a group.

As in https://core.telegram.org/import-export (read 2026-11). Only public channels and groups are
read: what people write each other in private is not ours to keep.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from quivive.listen.dates import moment
from quivive.listen.records import ENVELOPE, Format, Record, checked, no_field, share
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

PUBLIC = ("public_channel", "public_supergroup")
_LINKS, _TAGS, _MENTIONS = ("link", "text_link"), ("hashtag",), ("mention",)


def _is_chat(record: Record) -> bool:
    return isinstance(record.get("messages"), list) and {"type", "id"} <= record.keys()


def _is_message(record: Record) -> bool:
    told = record.get(ENVELOPE)
    return (
        {"id", "type", "date", "text"} <= record.keys()
        and isinstance(told, dict)
        and {"type", "id"} <= told.keys()
    )


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, lambda record: _is_chat(record) or _is_message(record))


def _is_private(record: Record) -> bool:
    told = record if _is_chat(record) else record.get(ENVELOPE)
    return isinstance(told, dict) and told.get("type") not in PUBLIC


def _split(record: Record) -> Iterator[Record]:
    if not _is_chat(record):
        yield record
        return
    chat = {name: record.get(name) for name in ("name", "type", "id")}
    messages = (one for one in record["messages"] if isinstance(one, dict))
    yield from ({**one, ENVELOPE: chat} for one in messages)


def _posts(record: Record) -> tuple[Post, ...]:
    chat = record.get(ENVELOPE)
    if not isinstance(chat, dict) or "type" not in chat:
        raise no_field("messages")
    if _is_private(record):
        return ()
    parts = _parts(record.get("text"))
    words = "".join(text for _, text, _ in parts)
    if record.get("type") != "message" or not words.strip():
        return ()  # somebody came or left; or a picture without words
    number, where = record.get("id"), f"telegram:{chat.get('id')}"
    answered = record.get("reply_to_message_id")
    return (
        checked(
            Post(
                id=f"{where}/{number}",
                network="telegram",
                published=moment(record.get("date_unixtime") or record.get("date"), field="date"),
                attributed_to=_author(record),
                content=words,
                hashtags=_of(parts, _TAGS),
                mentions=_of(parts, _MENTIONS),
                links=_of(parts, _LINKS),
                in_reply_to=f"{where}/{answered}" if answered else None,
                conversation=where,
                likes=_reactions(record.get("reactions")),
            )
        ),
    )


def _author(record: Record) -> Account:
    who, name = record.get("from_id"), record.get("from")
    return Account(id=f"telegram:{who}" if who else UNTOLD, name=str(name) if name else None)


def _parts(text: Any) -> list[tuple[str, str, str]]:
    """Lay a text out as kind, words and address: it is written whole, or in pieces."""
    pieces = text if isinstance(text, list) else [text]
    found = []
    for piece in pieces:
        if isinstance(piece, str):
            found.append(("plain", piece, ""))
        elif isinstance(piece, dict):
            told = {name: str(piece.get(name) or "") for name in ("type", "text", "href")}
            found.append((told["type"], told["text"], told["href"]))
    return found


def _of(parts: list[tuple[str, str, str]], kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(href or text for kind, text, href in parts if kind in kinds))


def _reactions(told: Any) -> int | None:
    if not isinstance(told, list):
        return None
    counts = (one.get("count") for one in told if isinstance(one, dict))
    return sum(one for one in counts if isinstance(one, int))


FORMAT = Format(
    name="telegram",
    title=say("Telegram Desktop (result.json)"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
    private=_is_private,
)
