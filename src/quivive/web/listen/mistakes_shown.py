"""How a query that cannot be read is shown: its line, with the mistake marked where it stands."""

import re
from typing import Any

from quivive.vocabulary.errors import BadQuery

_AROUND = 60
"""Signs shown on each side: a line may hold thousands of words."""

_WORD = re.compile(r"[^\s()]+|\S")


def pointed(query: str, mistake: BadQuery) -> dict[str, Any]:
    """Cut the line of a mistake in three: what stands before it, the word itself, what follows.

    A mark around the word is right whatever stands before it; a sign under it would not be after
    an emoji, which is as wide as two letters, nor in Arabic.
    """
    line = query.split("\n")[mistake.line - 1].rstrip("\r")
    start = mistake.column - 1
    word = _WORD.match(line, start)
    end = word.end() if word else start + 1
    before, wrong, after = line[:start], line[start:end], line[end:]
    return {
        "mistake": mistake,
        "before": before if len(before) <= _AROUND else f"…{before[-_AROUND:]}",
        "wrong": _shortened(wrong),
        "after": _shortened(after),
    }


def _shortened(text: str) -> str:
    return text if len(text) <= _AROUND else f"{text[:_AROUND]}…"
