"""Tables in the form of CrowdTangle (closed in August 2024), which other tools still write.

Columns as in CrowdTangle's "CSV glossary" for Facebook pages and groups and for Instagram.
"""

from collections.abc import Sequence

from quivive.listen.mapping import Mapping, post_of
from quivive.listen.records import Format, Record, share
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

FACEBOOK = Mapping(
    columns={
        "published": "Post Created",
        "content": "Message",
        "attributed_to.id": "Facebook Id",
        "attributed_to.handle": "User Name",
        "attributed_to.name": "Page Name",
        "attributed_to.followers": "Followers at Posting",
        "attributed_to.summary": "Page Description",
        "likes": "Likes",
        "reposts": "Shares",
        "replies": "Comments",
        "views": "Total Views",
        "links": "Final Link",
        "url": "URL",
    },
    network="facebook",
    zone="America/New_York",
)
INSTAGRAM = Mapping(
    columns={
        "published": "Post Created",
        "content": "Description",
        "attributed_to.handle": "User Name",
        "attributed_to.name": "Account",
        "attributed_to.followers": "Followers at Posting",
        "likes": "Likes",
        "replies": "Comments",
        "views": "Views",
        "media": "Photo",
        "url": "URL",
    },
    network="instagram",
    zone="America/New_York",
)
_OLD_NAMES = {
    "Created": "Post Created",
    "Group Name": "Page Name",
    "Account Name": "Page Name",
    "Likes at Posting": "Followers at Posting",
}
"""What earlier or group exports called the same column; the newer name wins when both are there."""


def _is_row(record: Record) -> bool:
    named = {_OLD_NAMES.get(name, name) for name in record}
    return named >= {"Post Created", "URL", "Total Interactions"} and bool(
        {"Message", "Description"} & named
    )


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_row)


def _posts(record: Record) -> tuple[Post, ...]:
    row = {_OLD_NAMES.get(name, name): value for name, value in record.items() if value}
    row |= {name: value for name, value in record.items() if value and name not in _OLD_NAMES}
    if "Page Name" not in row and "Account" in record:
        return (post_of(row, INSTAGRAM),)
    if not row.get("Message"):
        words = (row.get(name) for name in ("Image Text", "Link Text", "Description"))
        row["Message"] = next((text for text in words if text), "")
    return (post_of(row, FACEBOOK),)


FORMAT = Format(
    name="crowdtangle",
    title=say("CrowdTangle-like table (Facebook, Instagram)"),
    recognise=_recognise,
    posts=_posts,
)
