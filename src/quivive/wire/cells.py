"""Cells of a CSV that no spreadsheet takes for a formula (OWASP, CSV injection).

Where a comma is the decimal sign, as in France, Excel opens a comma CSV as columns parted by
semicolons, and quotation marks inside a line mean nothing to it: what follows a semicolon or a
line break inside a text stands at the head of a cell there.
"""

import re

_FIRST = re.compile(r"'*[=+\-@\t\r]")
_INSIDE = re.compile(
    r"""(?<=[;\r\n])(?=[ \t"']*(?:=|[+\-@][^;\r\n]*(?:[(|]|'!)))"""  # no smiley, no "@somebody"
)
_GUARD_FIRST = re.compile(r"'" + _FIRST.pattern)
_GUARD_INSIDE = re.compile(r"(?<=[;\r\n])'" + _INSIDE.pattern.removeprefix(r"(?<=[;\r\n])"))


def guarded(text: str) -> str:
    r"""Put an apostrophe before whatever a spreadsheet would run.

    >>> guarded("=HYPERLINK(1)"), guarded("Cold;=cmd|' /C calc'!A0"), guarded("So cold ;-)")
    ("'=HYPERLINK(1)", "Cold;'=cmd|' /C calc'!A0", 'So cold ;-)')
    """
    inside = _INSIDE.sub("'", text)
    return f"'{inside}" if _FIRST.match(inside) else inside


def unguarded(cell: str) -> str:
    """Take the apostrophes of :func:`guarded` off again."""
    if "'" not in cell:
        return cell
    text = cell[1:] if _GUARD_FIRST.match(cell) else cell
    return _GUARD_INSIDE.sub("", text)
