"""What an index of stored posts keeps of each, and what a search may ask of that index.

The index only finds candidates; the query is then read in full on each. So it may give too many
posts and never too few, and every database gives the same answer.
"""

import re
from datetime import UTC, datetime

import msgspec

from quivive.listen.query import Query
from quivive.listen.triggers import Anything, Author, Trigger, triggers_of
from quivive.listen.words import Literal, texts_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post

_WORD = re.compile(r"\w+")
_OTHER_SIGN = re.compile(r"[^a-z0-9]")
_LAST_SECOND = 2**32 - 1
_IDS = 2**31
_NOT_INDEXED = 1e12
"""Cost of what no index can announce."""


class Term(msgspec.Struct, frozen=True):
    """One entry of the index; ``prefix``: or any that begins with it."""

    text: str
    prefix: bool = False


def terms_of(post: Post) -> list[str]:
    """Return what the index keeps of a post: its words and its author, as plain letters.

    >>> from quivive.vocabulary.accounts import Account
    >>> ana = Account(id="u1", handle="Ana")
    >>> said = Post(id="1", network="m", published=datetime(2026, 3, 1, tzinfo=UTC),
    ...             attributed_to=ana, content="L’eau à 12 °C")
    >>> terms_of(said)
    ['aana', 'au1', 'w12', 'wa', 'wc', 'weau', 'wl']
    """
    (text,) = texts_of([post])
    names = (post.attributed_to.handle or "", post.attributed_to.id)
    return sorted(
        {f"w{_letters(word)}" for word in _WORD.findall(text)}
        | {_author(name) for name in names if name}
    )


def candidates(query: Query) -> tuple[Term, ...] | None:
    """Return entries of which each post that matches has at least one; None when there are none.

    >>> from quivive.listen.query import parse
    >>> candidates(parse("boiler* lang:fr"))
    (Term(text='wboiler', prefix=True),)
    >>> candidates(parse("followers:>1000")) is None
    True
    """
    found = [_term(one) for one in triggers_of(query, _cost)]
    terms = [one for one in found if one is not None]
    return tuple(sorted(terms, key=lambda one: one.text)) if len(terms) == len(found) else None


def place_of(published: datetime, number: int) -> int:
    """Return where a post stands among all: by the second it was written, then by its number.

    A time before 1970 or after 2106, which only a forged date has, counts as the nearest of both.

    >>> early, late = (place_of(datetime(2026, 3, 1, hour, tzinfo=UTC), 7) for hour in (9, 10))
    >>> early < late, place_of(datetime(1001, 1, 1, tzinfo=UTC), 7)
    (True, 7)
    """
    second = min(max(int(published.astimezone(UTC).timestamp()), 0), _LAST_SECOND)
    return second * _IDS + number % _IDS


def _letters(text: str) -> str:
    """Write a word in signs that no database cuts or folds; longer words begin the same way."""
    plain = text.lower()
    if plain.isascii() and plain.isalnum():  # as nearly all are
        return plain
    return _OTHER_SIGN.sub(lambda sign: f"{ord(sign[0]):x}", plain)


def _author(name: str) -> str:
    return f"a{_letters(fold(name).strip().removeprefix('@'))}"


def _term(trigger: Trigger) -> Term | None:
    match trigger:
        case Author():
            return Term(_author(trigger.handle))
        case Literal(left=True) if _WORD.fullmatch(word := trigger.text.lstrip("#@")):
            return Term(f"w{_letters(word)}", prefix=not trigger.right)
        case _:
            return None


def _cost(trigger: Trigger) -> float:
    """Guess how common an entry is: short words are."""
    if _term(trigger) is None or isinstance(trigger, Anything):
        return _NOT_INDEXED
    return 2.0 ** (8 - min(len(trigger.text), 12)) if isinstance(trigger, Literal) else 0.0
