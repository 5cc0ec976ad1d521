"""Takes the words out of the HTML that networks and feeds write posts in."""

import html
import re

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</p>\s*<p[^>]*>", re.IGNORECASE)
_MARK = re.compile(r"<[^>]*>")


def plain_text(marked: str) -> str:
    r"""Take the words out of HTML.

    >>> plain_text("<p>L&#39;eau est <b>froide</b><br>encore</p><p>#panne</p>")
    "L'eau est froide\nencore\n\n#panne"
    """
    text = _PARAGRAPH.sub("\n\n", _BREAK.sub("\n", marked))
    return html.unescape(_MARK.sub("", text)).strip()
