"""Reads JSON: one object a line, an array, or pretty objects one after the other."""

import codecs
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias

import msgspec

from quivive.listen.records import Record
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import say
from quivive.wire.lines import Charset, Cut

Piece: TypeAlias = tuple[int, int, bytes, Record | BadRecord]
"""First line, last line, the lines as they stand, and the record or what is wrong with it."""

_decode_any = msgspec.json.Decoder().decode
_lenient = json.JSONDecoder(parse_constant=lambda _: None)
_BROKEN = (msgspec.DecodeError, RecursionError, ValueError)
_HALF = b"\\ud"


def decode(line: bytes, charset: Charset) -> Record:
    """Read one line, or say what is wrong with it.

    Raises:
        BadRecord: too long, not UTF-8, not JSON, not an object.
    """
    if isinstance(line, Cut):
        raise too_long()
    try:
        value = _value(charset.text(line))
    except UnicodeDecodeError as trouble:
        raise not_utf8() from trouble
    except _BROKEN as trouble:
        if _holds_half(line):
            raise half_character() from trouble
        raise BadRecord(
            say("The line is not whole JSON: {reason}.", reason=str(trouble)[:200]),
            say("Correct it so that it is one whole object, then replay it."),
        ) from trouble
    if not isinstance(value, dict):
        raise BadRecord(
            say("The line is JSON but not an object between braces."),
            say("Write one post a line, as an object."),
        )
    return value


def _value(text: str) -> Any:
    """Read JSON; ``NaN``, which is none but which notebooks write, means "not told"."""
    try:
        return _decode_any(text)
    except msgspec.DecodeError:
        if "NaN" not in text:
            raise
        return _lenient.decode(text)


def not_utf8() -> BadRecord:
    """Say that a line breaks the file's encoding."""
    return BadRecord(
        say("The line holds bytes that are not UTF-8, while the rest of the file is UTF-8."),
        say("Replace the characters shown as �, then replay the line."),
    )


def half_character() -> BadRecord:
    r"""Say that a text holds half of a character (``\ud83d`` alone), which nothing can write."""
    return BadRecord(
        say("A text of the line holds half of a character, as when a text is cut inside an emoji."),
        say("Remove the lone \\ud code, then replay the line."),
    )


def _holds_half(line: bytes) -> bool:
    if _HALF not in line.lower():
        return False
    try:
        json.dumps(json.loads(line), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        return False
    return False


def too_long() -> BadRecord:
    """Say that a line is longer than what we hold in memory."""
    return BadRecord(
        say("The line is too long to be a post; only its beginning was kept."),
        say("Cut it into one post a line, or leave it aside."),
    )


def pieces_of_lines(lines: Iterable[list[bytes]], charset: Charset) -> Iterator[Piece]:
    """Yield each line that is not blank, with what it holds."""
    for number, line in enumerate(chain.from_iterable(lines), start=1):
        if line.strip():
            yield piece_of_line(number, line, charset)


def piece_of_line(number: int, line: bytes, charset: Charset) -> Piece:
    """Read one line; whatever is wrong with it comes back as a value."""
    try:
        return number, number, line, decode(line, charset)
    except BadRecord as trouble:
        return number, number, line, trouble


def pieces_of_stream(blocks: Iterable[bytes], charset: Charset, *, limit: int) -> Iterator[Piece]:
    """Yield the elements of a JSON array, or objects that follow each other, as they come.

    Raises:
        BadFile: the JSON breaks; unlike lines, nothing tells where the next element begins.
    """
    decoder = codecs.getincrementaldecoder("cp1252" if charset.latin else "utf-8")("replace")
    number, buffer, trouble = 0, "", None
    stream = iter(blocks)
    ended = False
    while not ended:
        try:
            block = next(stream, None)
        except BadFile as stopped:
            block, trouble = None, stopped
        ended = block is None
        buffer += decoder.decode(block or b"", final=ended)
        values, rest = _elements(buffer)
        for value, text in values:
            number += 1
            raw = text.encode("utf-8", "replace")
            yield number, number, raw, object_of(value, raw)
        buffer = rest
        if len(buffer) > limit:
            raise broken_stream(number, buffer)
    if trouble:
        raise trouble
    if buffer.strip(" \t\r\n,[]\x00"):
        raise broken_stream(number, buffer)


_scan = _lenient.raw_decode


def _elements(buffer: str) -> tuple[list[tuple[Any, str]], str]:
    """Take the whole elements off the front of ``buffer``; return them and the rest."""
    found: list[tuple[Any, str]] = []
    at = 0
    while True:
        start = at
        while start < len(buffer) and buffer[start] in " \t\r\n,[]\ufeff":
            start += 1
        try:
            value, end = _scan(buffer, start)
        except (ValueError, RecursionError):
            return found, buffer[start:]
        if end == len(buffer) and buffer[start] not in '{"':
            return found, buffer[start:]  # a number may go on in the next block
        found.append((value, buffer[start:end]))
        at = end


def object_of(value: Any, raw: bytes) -> Record | BadRecord:
    """Return an element, or say why it is none that can be read."""
    if _holds_half(raw):
        return half_character()
    if isinstance(value, dict):
        return value
    return BadRecord(
        say("The element is JSON but not an object between braces."),
        say("Write each post as an object."),
    )


def broken_stream(number: int, buffer: str) -> BadFile:
    """Say behind which element the JSON breaks."""
    return BadFile(
        say(
            "The JSON breaks after element {number}, near: {start}",
            number=number,
            start=buffer[:80],
        ),
        say("Everything before it was read. Correct the file there, or write one post a line."),
    )
