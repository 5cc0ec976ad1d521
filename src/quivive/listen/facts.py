"""Reads a field of a query on one post: who wrote it, where, when, how far it went."""

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from quivive.listen.known import Known, Stored
from quivive.listen.languages import as_tag, language_of
from quivive.listen.place_facts import PLACE_FIELDS, places_met
from quivive.listen.query import Field, values
from quivive.listen.words import SEPARATOR, is_in_pattern, patterns_of, spoken
from quivive.vocabulary.folding import fold, readings
from quivive.vocabulary.posts import Post

Fact: TypeAlias = Callable[[Post, Stored], bool]
_Number: TypeAlias = Callable[[Post, Stored], float | None]

_SCHEME = re.compile(r"^[a-z]+://(?:www[.])?")

NUMBERS: dict[str, _Number] = {
    "followers": lambda post, _: post.attributed_to.followers,
    "following": lambda post, _: post.attributed_to.following,
    "posts": lambda post, _: post.attributed_to.posts,
    "engagement": lambda post, _: _engagement(post),
    "reposts": lambda post, _: post.reposts,
    "replies": lambda post, _: post.replies,
    "reach": lambda post, _: post.attributed_to.followers if post.views is None else post.views,
    "velocity": lambda _, stored: stored.velocity_per_hour,
    "created": lambda post, _: _age_days(post),
}
"""Numbers a field may ask for; None where nobody told, and then nothing holds of it."""

TEXTS: dict[str, Callable[[Post, Stored], Iterable[str | None]]] = {
    "title": lambda post, _: [post.title],
    "text": lambda post, _: [post.content],
    "author": lambda post, _: [post.attributed_to.name, post.attributed_to.handle],
    "bio": lambda post, _: [post.attributed_to.summary],
    "place": lambda post, _: [post.place],
    "claim": lambda _, stored: stored.claims,
}
"""Texts a field may look in."""

NAMES: dict[str, Callable[[Post, Stored], Iterable[str]]] = {
    "from": lambda post, _: [post.attributed_to.handle or "", post.attributed_to.id],
    "mention": lambda post, _: mentioned(post),
    "to": lambda post, _: _addressed(post),
    "source": lambda post, _: [post.network],
    "city": lambda post, _: (post.place or "").split(","),
    "country": lambda post, _: (post.place or "").split(",")[-1:],
    "status": lambda _, stored: [stored.status],
    "assigned": lambda _, stored: stored.assigned,
    "tag": lambda _, stored: stored.tags,
    "priority": lambda _, stored: [stored.priority],
    "stance": lambda _, stored: stored.stances,
    "crisis": lambda _, stored: stored.crises,
}
"""Names of which a field wants one whole."""


def fact_of(node: Field, known: Known) -> Fact:
    """Turn a field into a question to a post and to what became of it."""
    if node.name in PLACE_FIELDS and known.finder is not None:
        met, tagged = places_met(node, known.finder), _plain(node, known)
        return lambda post, stored: tagged(post, stored) or bool(met(post))
    return _plain(node, known)


def _plain(node: Field, known: Known) -> Fact:
    """Read a field on what the network and the room say."""
    if node.name in NUMBERS:
        return _number(node)
    if node.name in TEXTS:
        return _text(node)
    if node.name in NAMES:
        return _named(node)
    return _OTHERS.get(node.name, _choice)(node, known)


def _number(node: Field) -> Fact:
    number = NUMBERS[node.name]
    read = {"created": values.age_of, "velocity": values.rate_of}.get(node.name, values.range_of)
    within = read(node.value)
    assert within is not None, "parse refuses other values"

    def holds(post: Post, stored: Stored) -> bool:
        found = number(post, stored)
        return found is not None and within.holds(found)

    return holds


def _engagement(post: Post) -> int | None:
    told = [one for one in (post.likes, post.reposts, post.replies) if one is not None]
    return sum(told) if told else None


def _age_days(post: Post) -> float | None:
    """How old the account was when it wrote: a fact of that moment, which never changes."""
    created = post.attributed_to.created
    return None if created is None else float((post.published.date() - created).days)


def _text(node: Field) -> Fact:
    texts = TEXTS[node.name]
    patterns = patterns_of(node.value)

    def holds(post: Post, stored: Stored) -> bool:
        return any(
            is_in_pattern(pattern, _folded(text))
            for text in texts(post, stored)
            if text
            for pattern in patterns
        )

    return holds


def _folded(text: str) -> str:
    """Every reading of a text, folded."""
    return SEPARATOR.join(readings(spoken(text)))


def _named(node: Field) -> Fact:
    names = NAMES[node.name]
    asked = frozenset(map(name_of, values.several(node.value)))
    return lambda post, stored: any(name_of(one) in asked for one in names(post, stored) if one)


def name_of(text: str) -> str:
    """Return a name as names are compared.

    >>> name_of("@Ana ")
    'ana'
    """
    return fold(text).strip().removeprefix("@")


def mentioned(post: Post) -> list[str]:
    """Names mentioned, whole and without their server."""
    listed = [one.removeprefix("@") for one in post.mentions]
    typed = re.findall(r"(?<![\w@])@([\w.@-]*\w)", post.content)
    return [*listed, *typed, *(one.partition("@")[0] for one in (*listed, *typed))]


def _addressed(post: Post) -> list[str]:
    if post.in_reply_to:
        return mentioned(post)
    head = re.match(r"\s*@([\w.@-]*\w)", post.content)
    return [head[1], head[1].partition("@")[0]] if head else []


def _language(node: Field, known: Known) -> Fact:
    tags = [*map(as_tag, values.several(node.value))]

    def holds(post: Post, _: Stored) -> bool:
        language = language_of(post, known)
        return any(language == tag or language.startswith(f"{tag}-") for tag in tags)

    return holds


def _sign(node: Field) -> Fact:
    """A hashtag or an emoji, in the words or in the list that the network gives."""
    patterns = patterns_of(sign_of(node))

    def holds(post: Post, _: Stored) -> bool:
        listed = " #".join(["", *(tag.lstrip("#") for tag in post.hashtags)])
        said = _folded(f"{post.title or ''}{SEPARATOR}{post.content}{SEPARATOR}{listed}")
        return any(is_in_pattern(pattern, said) for pattern in patterns)

    return holds


def sign_of(node: Field) -> str:
    """Return what a post must hold for a hashtag or an emoji."""
    return f"#{node.value.lstrip('#')}" if node.name == "hashtag" else node.value


def _raw(node: Field) -> Fact:
    found = raw_pattern(node.value).search
    return lambda post, _: bool(found(post.content) or found(post.title or ""))


def raw_pattern(value: str) -> re.Pattern[str]:
    """Exactly these signs; a letter at an edge is the edge of a word."""
    left = r"(?<!\w)" if value[:1].isalnum() else ""
    right = r"(?!\w)" if value[-1:].isalnum() else ""
    return re.compile(f"{left}{re.escape(value)}{right}")


def _address(node: Field) -> Fact:
    asked = _bare(node.value)
    match node.name:
        case "link":
            return lambda post, _: any(asked in _bare(link) for link in post.links)
        case "url":
            return lambda post, _: asked in _bare(post.url or post.id)
        case _:
            return lambda post, _: f".{_host(post.url or post.id)}".endswith(f".{asked}")


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.lower()).rstrip("/")


def _host(address: str) -> str:
    return re.split(r"[/:?#]", _bare(address), maxsplit=1)[0]


def _time(node: Field, known: Known) -> Fact:
    if node.name == "hour":
        hours = values.hours_of(node.value)
        assert hours is not None, "parse refuses other values"
        return lambda post, _: post.published.astimezone(known.zone).hour in hours
    bound = values.moment_of(node.value, known.zone, last=node.name == "until")
    assert bound is not None, "parse refuses other values"
    if node.name == "since":
        return lambda post, _: post.published >= bound
    return lambda post, _: post.published <= bound


def _told(node: Field, known: Known) -> Fact:
    """What the organisation told the room: its panels and its agencies."""
    asked = {fold(one) for one in values.several(node.value)}
    told = known.panels if node.name == "panel" else known.agencies
    members = [one for name, many in told.items() if fold(name) in asked for one in many]
    if node.name == "panel":
        return _one_of(members)
    places = [_text(Field("place", place, 0, 0)) for place in members if re.search(r"\w", place)]
    return lambda post, stored: any(place(post, stored) for place in places)


def _one_of(accounts: Iterable[str]) -> Fact:
    names = frozenset(map(name_of, accounts))
    return lambda post, stored: any(name_of(one) in names for one in NAMES["from"](post, stored))


def _choice(node: Field, known: Known) -> Fact:
    members = [one for many in known.panels.values() for one in many]
    facts = {**_FACTS, "known": _one_of(members)}
    asked = [facts[one] for one in values.several(node.value.lower())]
    return lambda post, stored: any(fact(post, stored) for fact in asked)


def _kind(post: Post) -> str:
    if post.kind:
        return post.kind
    if post.repost_of:
        return "repost"
    if post.quote_of:
        return "quote"
    return "reply" if post.in_reply_to else "post"


_FACTS: dict[str, Fact] = {
    **{
        kind: lambda post, _, kind=kind: _kind(post) == kind  # type: ignore[misc]
        for kind in ("post", "reply", "repost", "quote", "article", "review", "comment")
    },
    "media": lambda post, _: bool(post.media),
    "link": lambda post, _: bool(post.links) or "://" in post.content,
    "place": lambda post, _: bool(post.place),
    "verified": lambda post, _: post.attributed_to.verified is True,
    "botlike": lambda _, stored: stored.botlike is True,
}

_OTHERS: dict[str, Callable[[Field, Known], Fact]] = {
    "lang": _language,
    "raw": lambda node, _: _raw(node),
    **dict.fromkeys(("hashtag", "emoji"), lambda node, _: _sign(node)),
    **dict.fromkeys(("url", "site", "link"), lambda node, _: _address(node)),
    **dict.fromkeys(("since", "until", "hour"), _time),
    "dept": lambda _node, _known: lambda _post, _stored: False,  # no network says it
    **dict.fromkeys(("panel", "agency"), _told),
}
"""What is read in a way of its own."""
