"""Takes the words out of the HTML that networks and feeds write posts in."""

import html
import re
from html.entities import html5

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</p>\s*<p[^<>]*>", re.IGNORECASE)
_MARK = re.compile(r"<[^>]*>")
_ESCAPED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


def plain_text(marked: str) -> str:
    r"""Take the words out of HTML.

    >>> plain_text("<p>L&#39;eau est <b>froide</b><br>encore</p><p>#panne</p>")
    "L'eau est froide\nencore\n\n#panne"
    """
    text = _PARAGRAPH.sub("\n\n", _BREAK.sub("\n", marked))
    marks, last, rest = text.rpartition(">")  # beyond it each "<" would look for an end in vain
    return html.unescape(_MARK.sub("", marks + last) + rest).strip()


def unescaped(text: str) -> str:
    """Turn signs that a plain text came escaped with into what was written, once.

    Networks and exports write ``&amp;``, ``&lt;`` and ``&gt;`` where people wrote ``&``, ``<`` and
    ``>``. Only whole escapes are read: the ``&copy=`` of an address is none. What comes out may
    look like HTML and is words all the same; pages escape it.

    >>> unescaped("Salt &amp; pepper &#39;n&#39; &lt;3, ?a=1&copy=2"), unescaped("&amp;lt;")
    ("Salt & pepper 'n' <3, ?a=1&copy=2", '&lt;')
    """
    return _ESCAPED.sub(_sign, text) if "&" in text else text


def _sign(escape: re.Match[str]) -> str:
    name = escape[0][1:]
    return html.unescape(escape[0]) if name[0] == "#" or name in html5 else escape[0]
