"""The words of a text as they are written: where they stand, with which capitals."""

import re
from typing import NamedTuple

from quivive.listen.gazetteer import word_of
from quivive.listen.words import opened_tag

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S+@\S+|(?<!\w)@[\w.@-]+")
_TOKEN = re.compile(r"#?\w+")
_STOP = frozenset(".!?…\n:;•")


class Word(NamedTuple):
    """A word of a text: where it stands, as it is compared, and how it is written."""

    start: int
    end: int
    key: str
    raw: str
    capital: bool
    first: bool
    tag: bool


def words_of(text: str) -> list[Word]:
    """Cut a text into words; hashtags are opened, links and addresses left out."""
    plain = _ADDRESS.sub(lambda found: " " * len(found[0]), text)
    words: list[Word] = []
    end = 0
    for found in _TOKEN.finditer(plain):
        first = not words or not _STOP.isdisjoint(plain[end : found.start()])
        end = found.end()
        tag = found[0].startswith("#")
        raws = opened_tag(found[0][1:]).split() if tag else [found[0]]
        start = found.start() + tag
        for raw in raws:
            at = plain.find(raw, start, end)
            capital = raw[0].isupper()
            words.append(Word(at, at + len(raw), word_of(raw), raw, capital, first, tag))
            start, first = at + len(raw), False
    return words
