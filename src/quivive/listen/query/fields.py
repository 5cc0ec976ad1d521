"""The fields of the query language: what stands before a colon, and what it takes.

Errors, the documentation and the completion of the editor all read this one table.
"""

from enum import StrEnum

import msgspec

from quivive.vocabulary.messages import Message, say


class Takes(StrEnum):
    """What follows the colon."""

    WORDS = "words"
    RAW = "raw"
    NAME = "name"
    HANDLE = "handle"
    ADDRESS = "address"
    LANGUAGE = "language"
    CHOICE = "choice"
    NUMBER = "number"
    RATE = "rate"
    AGE = "age"
    TIME = "time"
    HOURS = "hours"


class FieldKind(msgspec.Struct, frozen=True, kw_only=True):
    """One field.

    Attributes:
        example: how it is written.
        about: what it finds.
        choices: all values there are, for ``Takes.CHOICE``.
        instead: what to write in a topic, for what only the room knows of a post it has stored;
            such a fact comes after the post, so that no topic can wait for it.
    """

    takes: Takes
    example: str
    about: Message
    choices: tuple[str, ...] = ()
    instead: Message | None = None


def _kind(takes: Takes, example: str, about: Message, *choices: str) -> FieldKind:
    return FieldKind(takes=takes, example=example, about=about, choices=choices)


def _stored(takes: Takes, example: str, about: Message, instead: Message) -> FieldKind:
    return FieldKind(takes=takes, example=example, about=about, instead=instead)


_LATER = say("Leave it out of the topic, and use it to search among the posts that were stored.")
_WORDS_OF_IT = say("Write the words of it instead, for example: leak OR flood*.")

FIELDS: dict[str, FieldKind] = {
    "title": _kind(Takes.WORDS, 'title:"hot water"', say("words of the title")),
    "text": _kind(Takes.WORDS, "text:boiler*", say("words of the text, not of its hashtags")),
    "raw": _kind(Takes.RAW, 'raw:"Sic!"', say("exactly these signs, capitals and accents")),
    "hashtag": _kind(Takes.WORDS, "hashtag:heating", say("this hashtag")),
    "emoji": _kind(Takes.WORDS, "emoji:🔥", say("this sign")),
    "url": _kind(Takes.ADDRESS, "url:example.org/petition", say("part of the post’s own address")),
    "site": _kind(Takes.ADDRESS, "site:example.org", say("posts that stand on this site")),
    "link": _kind(Takes.ADDRESS, "link:example.org/petition", say("part of a link in the post")),
    "from": _kind(Takes.HANDLE, "from:ana", say("written by this account")),
    "author": _kind(Takes.WORDS, 'author:"Ana Petit"', say("words of the author’s name")),
    "to": _kind(Takes.HANDLE, "to:office", say("said to this account, at the head or in a reply")),
    "mention": _kind(Takes.HANDLE, "mention:office", say("mentions this account")),
    "bio": _kind(Takes.WORDS, "bio:journalist*", say("words of what the author says of itself")),
    "lang": _kind(Takes.LANGUAGE, "lang:fr", say("the language it is written in")),
    "source": _kind(Takes.NAME, "source:bluesky", say("the network it comes from")),
    "type": _kind(
        Takes.CHOICE,
        "type:post,reply",
        say("the kind of post"),
        *("post", "reply", "repost", "quote", "article", "review", "comment"),
    ),
    "followers": _kind(Takes.NUMBER, "followers:>1000", say("followers of the author")),
    "following": _kind(Takes.NUMBER, "following:<50", say("accounts the author follows")),
    "posts": _kind(Takes.NUMBER, "posts:>100", say("posts the author has written")),
    "created": _kind(
        Takes.AGE, "created:<30d", say("age of the account when it wrote: d, w, m or y")
    ),
    "is": FieldKind(
        takes=Takes.CHOICE,
        example="is:verified",
        about=say("a verified account, one of a panel, or one that looks automatic"),
        choices=("verified", "known", "botlike"),
    ),
    "panel": _kind(Takes.NAME, 'panel:"press"', say("written by somebody of this panel")),
    "engagement": _kind(Takes.NUMBER, "engagement:>50", say("likes, reposts and replies together")),
    "reposts": _kind(Takes.NUMBER, "reposts:>10", say("reposts when it was read")),
    "replies": _kind(Takes.NUMBER, "replies:>10", say("replies when it was read")),
    "reach": _kind(Takes.NUMBER, "reach:>10k", say("views, or the author’s followers if untold")),
    "place": _kind(
        Takes.WORDS, "place:Lyon", say("words of a place that the post speaks of or comes from")
    ),
    "city": _kind(Takes.NAME, "city:Lyon", say("a town, or a residence in it")),
    "dept": _kind(Takes.NAME, "dept:69", say("a French department, by its number or name")),
    "country": _kind(Takes.NAME, "country:France", say("a country, or a place in it")),
    "agency": _kind(Takes.NAME, "agency:North", say("a place that this agency looks after")),
    "since": _kind(Takes.TIME, "since:2026-11-20", say("written from this day or moment on")),
    "until": _kind(Takes.TIME, "until:2026-11-21", say("written up to this day, it included")),
    "hour": _kind(Takes.HOURS, "hour:22-6", say("written between these hours")),
    "has": _kind(
        Takes.CHOICE,
        "has:media,link",
        say("has an image or film, a link, or a place"),
        *("media", "link", "place"),
    ),
    "status": _stored(Takes.NAME, "status:open", say("how far the team is with it"), _LATER),
    "assigned": _stored(Takes.NAME, "assigned:ana", say("who looks after it"), _LATER),
    "tag": _stored(Takes.NAME, "tag:urgent", say("a label the team gave it"), _LATER),
    "priority": _stored(Takes.NAME, "priority:high", say("how urgent the team found it"), _LATER),
    "claim": _stored(Takes.WORDS, 'claim:"gas leak"', say("a claim it carries"), _WORDS_OF_IT),
    "stance": _stored(
        Takes.NAME, "stance:denies", say("what it does with the claim"), _WORDS_OF_IT
    ),
    "crisis": _stored(Takes.NAME, "crisis:heating", say("the crisis it belongs to"), _LATER),
    "velocity": _stored(
        Takes.RATE,
        "velocity:>20/h",
        say("reposts and replies an hour"),
        say("Write a count of the post itself instead, for example: reposts:>20."),
    ),
}
"""Every field by its name."""

BOTLIKE_INSTEAD = say("Write facts of the account instead, for example: created:<30d posts:>1000.")
"""What a topic may say in place of ``is:botlike``."""
