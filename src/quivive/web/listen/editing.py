"""What the editor of a query offers while one types: operators, fields, and known values."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from quivive.listen.query.fields import FIELDS, Takes
from quivive.vocabulary.posts import Post
from quivive.web.listen import queries
from quivive.web.people.panel_queries import known_to_us
from quivive.web.people.queries import own_handles, places
from quivive.web.people.speech import spoken

LOOKED = 500
"""Newest posts whose authors, places and hashtags are offered."""

OFFERED = 60
"""Values offered of each kind, the most frequent ones."""


def editor_words() -> dict[str, Any]:
    """Return all there is to choose from, in the reader's language, for the page's script."""
    return {
        "operators": [{"write": write, "about": about} for write, about in _operators()],
        "fields": [
            {"name": name, "example": kind.example, "about": spoken(kind.about)}
            for name, kind in FIELDS.items()
            if not kind.instead
        ],
        "values": _values(queries.newest_posts(LOOKED)),
        "found": {"one": _("1 suggestion"), "many": _("{n} suggestions")},
    }


def _operators() -> list[tuple[str, str]]:
    return [
        ("AND", _("both")),
        ("OR", _("one of them, or both")),
        ("NOT", _("the first without the second")),
        ("ET", _("both")),
        ("OU", _("one of them, or both")),
        ("SAUF", _("the first without the second")),
        ("NEAR/5", _("at most five words between them")),
        ("ONEAR/5", _("the same, the first one first")),
        ("SENTENCE(", _("in one sentence")),
    ]


def _values(posts: Iterable[Post]) -> dict[str, list[str]]:
    """Return values by field; those of accounts also serve words that begin with @."""
    posts = list(posts)
    accounts = [*own_handles(), *_most(post.attributed_to.handle for post in posts)]
    named = [place.name for place in places()]
    told = [part.strip() for post in posts for part in (post.place or "").split(",")]
    offered = {
        "from": accounts,
        "to": list(own_handles()),
        "mention": list(own_handles()),
        "place": [*named, *_most(told)],
        "city": _most(told),
        "country": _most((post.place or "").split(",")[-1].strip() for post in posts),
        "lang": ["fr", "en", *_most(post.language for post in posts)],
        "source": _most(post.network for post in posts),
        "panel": list(known_to_us().panels),
        "hashtag": _most(tag.lstrip("#") for post in posts for tag in post.hashtags),
    }
    chosen = {name: list(kind.choices) for name, kind in FIELDS.items() if kind.choices}
    chosen["is"].remove("botlike")  # only known of posts that are stored already
    return {name: list(dict.fromkeys(some)) for name, some in (offered | chosen).items()} | {
        name: [kind.example.partition(":")[2]]
        for name, kind in FIELDS.items()
        if kind.takes in (Takes.NUMBER, Takes.AGE, Takes.TIME, Takes.HOURS)
    }


def _most(values: Iterable[str | None]) -> list[str]:
    return [value for value, _met in Counter(filter(None, values)).most_common(OFFERED)]
