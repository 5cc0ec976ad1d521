"""What people get wrong in a query whose signs are right: fields, and what stands beside NEAR."""

import re
from collections.abc import Iterator
from datetime import UTC
from difflib import get_close_matches

from quivive.listen.query import values
from quivive.listen.query.fields import BOTLIKE_INSTEAD, FIELDS, FieldKind, Takes
from quivive.listen.query.tree import And, Field, Near, Node, Not, Or, Sentence, Words
from quivive.listen.words import LETTERS_FIRST, LONE_WILDCARD, has_wildcard, parts_of
from quivive.vocabulary.errors import BadQuery
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say

_MEANT = {
    "titre": "title",
    "texte": "text",
    "auteur": "author",
    "de": "from",
    "pour": "to",
    "lien": "link",
    "http": "link",
    "https": "link",
    "adresse": "url",
    "langue": "lang",
    "reseau": "source",
    "network": "source",
    "platform": "source",
    "domain": "site",
    "language": "lang",
    "user": "from",
    "location": "place",
    "near": "place",
    "abonnes": "followers",
    "partages": "reposts",
    "reponses": "replies",
    "portee": "reach",
    "lieu": "place",
    "ville": "city",
    "departement": "dept",
    "pays": "country",
    "agence": "agency",
    "depuis": "since",
    "heure": "hour",
    "etat": "status",
    "etiquette": "tag",
    "priorite": "priority",
    "crise": "crisis",
}
"""What people type first for some fields, in French or as other tools say; and an address."""

NO_DISTANCE = (
    say("NEAR measures between words, phrases and groups of them joined by OR, not this."),
    say("Move this part out of the distance: (a NEAR/5 b) AND …"),
)
"""Something stands beside NEAR that has no place in a text."""

_LETTERS_OF_LANGUAGE = (2, 3)
_FIELDS_OF_POSTS = ", ".join(f"{name}:" for name, kind in FIELDS.items() if not kind.instead)


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, of a character of the query."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def check_tree(text: str, root: Node, *, stored: bool) -> None:
    """Find the first mistake of fields and distances.

    Args:
        stored: the query searches stored posts, and may ask what only the room knows of them.

    Raises:
        BadQuery: with its place.
    """
    for node in _nodes(root):
        match node:
            case Near():
                for part in (node.left, node.right):
                    if (bad := _not_a_place(part)) is not None:
                        raise _no_distance(text, bad)
            case Sentence():
                if (bad := _outside_sentence(node.part)) is not None:
                    raise _no_sentence(text, bad)
            case Field():
                _check_field(text, node, stored=stored)
            case _:
                pass


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case Not() | Sentence():
            yield from _nodes(node.part)
        case Near():
            yield from _nodes(node.left)
            yield from _nodes(node.right)
        case And() | Or():
            for part in node.parts:
                yield from _nodes(part)
        case _:
            pass


def _not_a_place(node: Node) -> Node | None:
    """Return the part that has no place in a text, or none."""
    match node:
        case Words() | Near():
            return None
        case Or():
            bad = (_not_a_place(part) for part in node.parts)
            return next((one for one in bad if one is not None), None)
        case _:
            return node


def _outside_sentence(node: Node) -> Node | None:
    return next((one for one in _nodes(node) if isinstance(one, Field | Sentence)), None)


def _no_distance(text: str, node: Node) -> BadQuery:
    return _at(text, node.start, *NO_DISTANCE)


def _no_sentence(text: str, node: Node) -> BadQuery:
    return _at(
        text,
        node.start,
        say("SENTENCE( ) holds words, phrases and distances, not fields or another SENTENCE."),
        say("Write this part after the closing bracket."),
    )


def _check_field(text: str, node: Field, *, stored: bool) -> None:
    kind = FIELDS.get(node.name)
    if kind is None:
        raise _at(
            text,
            node.start,
            say("There is no field {name}", name=f"{node.name}:"),
            _instead_of(node.name),
        )
    if not node.value.strip():
        raise _at(
            text,
            node.start,
            say("{name} is not followed by anything.", name=f"{node.name}:"),
            say(
                "Write its value right after the colon, without a space, as in {example}.",
                example=kind.example,
            ),
        )
    instead = _instead(node, kind)
    if instead is not None and not stored:
        raise _at(
            text,
            node.start,
            say("{name} is only known of posts that are stored already.", name=f"{node.name}:"),
            instead,
        )
    wrong = _wrong_value(node, kind)
    if wrong is not None:
        raise _at(text, _value_at(text, node), *wrong)


def _instead_of(name: str) -> Message:
    """Say what an unknown field may have meant: a French word, or a slip of the fingers."""
    plain = fold(name)
    meant = _MEANT.get(plain) or next(iter(get_close_matches(plain, FIELDS, n=1)), None)
    if meant:
        return say(
            "Write {field} for that. To look for the words themselves, put them in quotation "
            "marks.",
            field=f"{meant}:",
        )
    return say(
        "The fields are {fields}. To look for the words themselves, put them in quotation marks.",
        fields=_FIELDS_OF_POSTS,
    )


def _instead(node: Field, kind: FieldKind) -> Message | None:
    if node.name == "is" and "botlike" in values.several(node.value.lower()):
        return BOTLIKE_INSTEAD
    return kind.instead


def _value_at(text: str, node: Field) -> int:
    prefix = re.match(r"[^\W\d_]+:(?=\S)[\"“«]?", text[node.start : node.end])
    return node.start + (prefix.end() if prefix and prefix.end() < node.end - node.start else 0)


def _wrong_value(node: Field, kind: FieldKind) -> tuple[Message, Message] | None:
    match kind.takes:
        case Takes.WORDS:
            return _wrong_words(node)
        case Takes.LANGUAGE:
            return _wrong_language(node)
        case Takes.HANDLE | Takes.NAME if has_wildcard(node.value):
            return (
                say(
                    "{name} takes one whole name, and {value} is not one.",
                    name=f"{node.name}:",
                    value=node.value,
                ),
                say("Write the name without * or ?; join several with commas or OR."),
            )
        case Takes.CHOICE:
            return _wrong_choice(node, kind)
        case Takes.NUMBER | Takes.RATE | Takes.AGE | Takes.TIME | Takes.HOURS:
            return None if _is_read(node, kind.takes) else _unread(node, kind)
        case _:
            return None


def _is_read(node: Field, takes: Takes) -> bool:
    match takes:
        case Takes.NUMBER:
            return values.range_of(node.value) is not None
        case Takes.RATE:
            return values.rate_of(node.value) is not None
        case Takes.AGE:
            return values.age_of(node.value) is not None
        case Takes.HOURS:
            return values.hours_of(node.value) is not None
        case _:
            return values.moment_of(node.value, UTC, last=node.name == "until") is not None


def _unread(node: Field, kind: FieldKind) -> tuple[Message, Message]:
    what = say("{value} cannot be read after {name}", value=node.value, name=f"{node.name}:")
    match kind.takes:
        case Takes.TIME:
            remedy = say(
                "Write year, month and day, as in {name}2026-11-20, or a moment, as in "
                "{name}2026-11-20T14:30.",
                name=f"{node.name}:",
            )
        case Takes.HOURS:
            remedy = say("Write whole hours from 0 to 24, as in hour:8-18 or hour:22-6.")
        case _:
            remedy = say(
                "Write it with > or <, as in {example}, or as two bounds, as in {bounds}.",
                example=kind.example,
                bounds=_bounds(node.name, kind.takes),
            )
    return what, remedy


def _bounds(name: str, takes: Takes) -> str:
    ends = {Takes.AGE: "30d..1y", Takes.RATE: "5..20/h"}
    return f"{name}:{ends.get(takes, '10..100')}"


def _wrong_words(node: Field) -> tuple[Message, Message] | None:
    parts = parts_of(node.value)
    if not parts and not has_wildcard(node.value):
        return (
            say("There is no word or sign to look for in {words}.", words=node.value),
            say("Write a word, a hashtag or an emoji here, or delete this."),
        )
    if LONE_WILDCARD.search(node.value) or any(
        has_wildcard(one) and not LETTERS_FIRST.match(one) for one in parts
    ):
        return (
            say("{part} stands for far too many words.", part=node.value),
            say("Write at least two letters before the first * or ?, as in heat*."),
        )
    return None


def _wrong_choice(node: Field, kind: FieldKind) -> tuple[Message, Message] | None:
    for one in values.several(node.value.lower()) or ("",):
        if one not in kind.choices:
            return (
                say("{name} does not know {value}.", name=f"{node.name}:", value=one),
                say("Write one of these: {choices}.", choices=", ".join(kind.choices)),
            )
    return None


def _wrong_language(node: Field) -> tuple[Message, Message] | None:
    for one in values.several(node.value) or ("",):
        first, *others = one.replace("_", "-").split("-")
        rest = all(part.isascii() and part.isalnum() for part in others)
        fits = len(first) in _LETTERS_OF_LANGUAGE and first.isascii() and first.isalpha()
        if not (fits and rest):
            return (
                say("{value} is not the code of a language.", value=one),
                say("Write two or three letters, as in lang:fr or lang:pt-BR."),
            )
    return None


def _at(text: str, offset: int, what: Message, remedy: Message) -> BadQuery:
    line, column = place(text, offset)
    return BadQuery(what, remedy, line=line, column=column)
