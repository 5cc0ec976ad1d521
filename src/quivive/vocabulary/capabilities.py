"""What a network's own search can express; the rest of a query is decided here, post by post."""

from enum import StrEnum

import msgspec


class Operator(StrEnum):
    """One thing a query may say (``docs/pathway/query.md``)."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    GROUPS = "groups"
    PHRASE = "phrase"
    HASHTAG = "hashtag"
    PREFIX = "prefix"
    AUTHOR = "author"
    MENTION = "mention"
    LANGUAGE = "language"
    LINK = "link"


class Capabilities(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a source looks for posts.

    ``listen/translation.py`` turns a query into searches within these, each at least as wide as
    the query, and says what is lost; every post found then meets the whole query here.

    Attributes:
        operators: what one search may say; empty for a source that cannot search: it brings all
            it has (a feed, a stream) and the query is decided here alone.
        longest: characters of one search, 0 for no bound that we know.
        most: words or hashtags of one search, 0 for no bound.
        any_sign, not_sign: how the network writes OR and NOT.
        author_prefix, language_prefix: what stands before a handle or a language code.
    """

    operators: frozenset[Operator] = frozenset()
    longest: int = 0
    most: int = 0
    any_sign: str = "OR"
    not_sign: str = "-"
    author_prefix: str = "from:"
    language_prefix: str = "lang:"

    @property
    def searches(self) -> bool:
        """Tell whether the source looks for words at all."""
        return bool(self.operators)
