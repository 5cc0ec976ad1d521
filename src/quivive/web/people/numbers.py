"""Whole numbers as a browser sends them."""

from collections.abc import Iterable

DIGITS = 18
"""A database keeps whole numbers in 64 bits."""


def whole(told: str) -> int | None:
    """Read a number of a row; None where no row can have it.

    >>> whole("12"), whole("twelve"), whole("9" * 20)
    (12, None, None)
    """
    return int(told) if told.isdecimal() and len(told) <= DIGITS else None


def all_whole(told: Iterable[str]) -> list[int]:
    """Read the numbers of rows, without what cannot be one.

    >>> all_whole(["3", "", "9" * 20, "5"])
    [3, 5]
    """
    return [number for one in told if (number := whole(one)) is not None]
