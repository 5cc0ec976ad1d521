"""Sentences that core code says to people, kept apart from any language.

A pure stage never knows the reader's language. It returns a :class:`Message`: an English
sentence that is also the key of its translation, and the values that fill it. The edge (a page,
the command line) renders it with the reader's catalogue and the reader's way to write numbers.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

import msgspec

IN_DAYS_H = 48
"""Hours from which on a length of time is told in days."""
_LENGTH = re.compile(r"PT(\d{1,9})M")

Value: TypeAlias = str | int | float


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence with holes, e.g. ``"{observed} people wrote in {window}"``.

    Attributes:
        text: English sentence, ``str.format`` holes; the translation key.
        plural: the same sentence when ``count`` is not one; empty when it never changes.
        count: the number that chooses between ``text`` and ``plural``.
        values: what fills the holes, already in plain units; moments and lengths of time in
            ISO 8601, so that each reader gets them the usual way. A sentence of its own is said
            in the reader's language too.
    """

    text: str
    plural: str = ""
    count: int = 0
    values: "dict[str, Value | Message]" = {}


Translate: TypeAlias = Callable[[str, str, int], str]
"""``(text, plural, count) -> translated sentence``; ``plural`` is empty for plain sentences."""

Localise: TypeAlias = Callable[[Value], str]
"""How the reader writes a number."""


def say(text: str, **values: Value | Message) -> Message:
    """Build a plain sentence.

    >>> render(say("{name} wrote first", name="Ana"), in_english)
    'Ana wrote first'
    >>> render(say("{what} is missing", what=say("The name")), in_english)
    'The name is missing'
    """
    return Message(text=text, values=values)


def say_many(text: str, plural: str, count: int, **values: Value) -> Message:
    """Build a sentence that depends on a number, which fills the hole ``{count}``.

    >>> render(say_many("{count} person wrote", "{count} people wrote", 3), in_english)
    '3 people wrote'
    """
    return Message(text=text, plural=plural, count=count, values={"count": count, **values})


def length(seconds: float) -> str:
    """Write a length of time as a value of a sentence, in whole minutes (ISO 8601).

    >>> length(10_800)
    'PT180M'
    """
    return f"PT{round(seconds / 60)}M"


def length_in(value: Value, *, day: str = "d") -> str | None:
    """Write out what :func:`length` made; None for another value. Nobody counts 378 hours.

    Args:
        value: of a sentence.
        day: the reader's sign for days; hours and minutes have the same in French and English.

    >>> length_in("PT45M"), length_in("PT180M"), length_in("PT195M"), length_in("Ana")
    ('45 min', '3 h', '3 h 15 min', None)
    >>> length_in("PT4500M", day="j"), length_in("PT2880M")
    ('3 j 3 h', '2 d')
    """
    found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    hours, minutes = divmod(int(found[1]), 60)
    if hours >= IN_DAYS_H:
        days, hours = divmod(hours, 24)
        return f"{days} {day}" + f" {hours} h" * (hours > 0)
    return " ".join([f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0 or not hours))


def plainly(value: Value) -> str:
    """Write a value of a sentence for a reader whose language is not known."""
    return length_in(value) or str(value)


def in_english(text: str, plural: str, count: int) -> str:
    """Translate nothing: the sentences are written in English."""
    return plural if plural and count != 1 else text


def render(message: Message, translate: Translate, localise: Localise = plainly) -> str:
    """Write the sentence out for one reader."""
    sentence = translate(message.text, message.plural, message.count)
    said = {
        name: render(value, translate, localise) if isinstance(value, Message) else localise(value)
        for name, value in message.values.items()
    }
    return sentence.format(**said)
