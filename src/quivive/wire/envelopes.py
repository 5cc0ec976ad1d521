"""Opens JSON that wraps its posts: one object whose list, somewhere inside, holds them.

Archives and answers of interfaces are written so, and may be far larger than what is held in
memory: the list is read element by element, as lines are.
"""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import msgspec

from quivive.listen.records import ENVELOPE, Record
from quivive.vocabulary.errors import BadFile
from quivive.wire.jsonlines import Piece, broken_stream, object_of
from quivive.wire.lines import Charset

Path: TypeAlias = tuple[str, ...]
"""The names that lead to a list, from the outside in."""

_DEEPEST = 6
_SPACE = " \t\r\n\ufeff"
_BETWEEN = _SPACE + ",[]"
_scan = json.JSONDecoder(parse_constant=lambda _: None).raw_decode


class _Text:
    """A text that comes in blocks; what was read of it is dropped."""

    def __init__(self, blocks: Iterable[bytes], charset: Charset, limit: int) -> None:
        kind = "cp1252" if charset.latin else "utf-8"
        self._decoder = codecs.getincrementaldecoder(kind)("replace")
        self._blocks, self._limit = iter(blocks), limit
        self._held, self._at = "", 0
        self._trouble: BadFile | None = None
        self.ended = False

    def next(self, skipping: str = _SPACE) -> str:
        """Look at the next sign that is not among those to skip; empty at the end."""
        while True:
            while self._at < len(self._held) and self._held[self._at] in skipping:
                self._at += 1
            if self._at < len(self._held) or not self._more():
                return self._held[self._at : self._at + 1]

    def take(self) -> None:
        """Go on behind the next sign."""
        self._at += 1

    def value(self, number: int) -> tuple[Any, str]:
        """Read the value that begins here, and its text."""
        while True:
            try:
                value, end = _scan(self._held, self._at)
            except (ValueError, RecursionError):
                end = -1
            if end >= 0 and (end < len(self._held) or self.ended or self._held[end - 1] in '}]"'):
                text, self._at = self._held[self._at : end], end
                return value, text
            if not self._as_much_again():
                raise self._trouble or broken_stream(number, self._held[self._at :])

    def _as_much_again(self) -> bool:
        """Read on for as long as what is held, so that a long value is not tried at each block."""
        goal = 2 * (len(self._held) - self._at) if len(self._held) - self._at < self._limit else 0
        grew = goal > 0 and self._more()
        while grew and len(self._held) - self._at < goal and self._more():
            pass
        return grew

    def _more(self) -> bool:
        if self.ended:
            return False
        try:
            block = next(self._blocks, None)
        except BadFile as stopped:
            block, self._trouble = None, stopped
        self.ended = block is None
        self._held = self._held[self._at :] + self._decoder.decode(block or b"", final=self.ended)
        self._at = 0
        return not self.ended


def elements_of(
    blocks: Iterable[bytes], charset: Charset, *, limit: int
) -> Iterator[tuple[Path, Piece]]:
    """Yield every object of every list inside, with the names that lead to its list.

    Each carries what is told beside its list, such as the name of a chat, under ``ENVELOPE``.

    Raises:
        BadFile: the JSON breaks; everything before came out.
    """
    text = _Text(blocks, charset, limit)
    counted = _Counter()
    while text.next(_BETWEEN) == "{":
        yield from _inside(text, (), counted)
    if text.next(_BETWEEN + "\0"):
        raise broken_stream(counted.number, text.next())


class _Counter:
    number = 0


def _inside(text: _Text, path: Path, counted: _Counter) -> Iterator[tuple[Path, Piece]]:
    """Walk through one object, whose opening brace is next."""
    text.take()
    beside: Record = {}
    while text.next(_SPACE + ",") not in {"}", ""}:
        name = str(text.value(counted.number)[0])
        if text.next() != ":":
            raise broken_stream(counted.number, name)
        text.take()
        sign = text.next()
        if sign == "{" and len(path) < _DEEPEST:
            yield from _inside(text, (*path, name), counted)
        elif sign == "[":
            text.take()
            yield from _listed(text, (*path, name), beside, counted)
        else:
            beside[name] = text.value(counted.number)[0]
    if not text.next():
        raise broken_stream(counted.number, "")
    text.take()


def _listed(
    text: _Text, path: Path, beside: Record, counted: _Counter
) -> Iterator[tuple[Path, Piece]]:
    """Walk through one list, behind its opening bracket."""
    while text.next(_SPACE + ",") not in {"]", ""}:
        value, written = text.value(counted.number)
        if isinstance(value, dict):
            counted.number += 1
            record = {**value, ENVELOPE: dict(beside)} if beside else value
            raw = msgspec.json.encode(record) if beside else written.encode("utf-8", "replace")
            whole = object_of(record, raw)
            yield path, (counted.number, counted.number, raw, whole)
    if not text.next():
        raise broken_stream(counted.number, "")
    text.take()


def pieces_of_envelope(
    blocks: Iterable[bytes], charset: Charset, path: Path, *, limit: int
) -> Iterator[Piece]:
    """Yield the objects of one list alone."""
    return (piece for where, piece in elements_of(blocks, charset, limit=limit) if where == path)
