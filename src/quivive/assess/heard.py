"""What the sheet is made from: posts as they were heard, and who we are."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.folding import fold
from quivive.vocabulary.places import Scope
from quivive.vocabulary.posts import Post
from quivive.vocabulary.sentiments import Leaning

CRITICAL_FROM = 0.5
"""Probability from which a post counts as critical."""


def critical_of(leaning: str, negative: float | None) -> float | None:
    """Return how critical words are: what pages show as negative counts, whatever its share.

    The usual is counted by the same rule, so that both can be set against each other.

    Args:
        leaning: a ``Leaning``, or empty where nothing was read.
        negative: probability that the words are negative; None where nothing was read.

    >>> critical_of("negative", 0.46), critical_of("neutral", 0.46), critical_of("", None)
    (0.5, 0.46, None)
    """
    if negative is None or leaning != Leaning.NEGATIVE:
        return negative
    return max(negative, CRITICAL_FROM)


class ActorRole(StrEnum):
    """What an account is in this affair, by function only; never what it thinks (LR-04)."""

    LOCAL_GROUP = "local-group"
    LOCAL_MEDIA = "local-media"
    ELECTED = "elected"
    ASSOCIATION = "association"
    AUTHORITY = "authority"
    LARGE_RELAY = "large-relay"
    NATIONAL_MEDIA = "national-media"
    NATIONAL_ASSOCIATION = "national-association"
    REGULATOR = "regulator"


class Heard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One post with what is known of it.

    Attributes:
        critical: probability that it criticises us, from its words or from a person's label;
            None when nothing could tell, as for a repost without words.
        role: said by a person; None lets the account's own words tell.
        scope: how far from us it speaks of, where its words told; None leaves the network's place.
    """

    post: Post
    critical: float | None = None
    role: ActorRole | None = None
    scope: Scope | None = None


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are, as far as the sheet needs it.

    Attributes:
        own_followers: audience of our accounts; None when we have none.
        dwellings: homes we manage; twice that stands in for an audience.
        own_accounts: handles or ids that are ours.
        buildings, towns, departments, countries: names of our places, narrow to wide.
    """

    own_followers: int | None = None
    dwellings: int | None = None
    own_accounts: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    countries: tuple[str, ...] = ("France",)

    def audience(self) -> int | None:
        """Return how many people we reach by ourselves; None when nobody said."""
        if self.own_followers:
            return self.own_followers
        return 2 * self.dwellings if self.dwellings else None


class Voice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One post of somebody else, ready to be counted.

    Attributes:
        weight: 1 critical, 0 not, between when nothing could tell.
        words: folded words it says or relays; None when they were taken back or are not known.
        guessed: True when the weight stands in for a tone nobody knows.
        gone: its author took it back: it stays a number and nothing else of it is read.
        scope: how far from us it speaks of, as heard.
    """

    post: Post
    weight: float
    words: str | None
    role: ActorRole | None
    guessed: bool
    gone: bool
    scope: Scope | None = None


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """All that is read for one sheet: voices from onset to now, in time order.

    Attributes:
        all_posts: voices' posts and our own, for the graph of who answers whom.
    """

    now: datetime
    onset: datetime
    voices: tuple[Voice, ...]
    all_posts: tuple[Post, ...]

    def since(self, minutes: float, *, before: float = 0) -> tuple[Voice, ...]:
        """Voices of the last ``minutes``, leaving out the last ``before`` minutes."""
        low = self.now - timedelta(minutes=minutes)
        high = self.now - timedelta(minutes=before)
        return tuple(v for v in self.voices if low < v.post.published <= high)

    def critical(self, minutes: float, *, before: float = 0) -> tuple[Voice, ...]:
        """Voices of that window that count, fully or in part, as critical."""
        return tuple(v for v in self.since(minutes, before=before) if v.weight > 0)


def look(
    posts: Sequence[Heard],
    *,
    now: datetime,
    onset: datetime,
    organisation: Organisation,
    unknown: float,
) -> Picture:
    """Keep the posts from onset to ``now``, tell ours apart and weigh the others."""
    known = {heard.post.id: heard for heard in posts if heard.post.published <= now}
    ours = frozenset(fold(name).lstrip("@") for name in organisation.own_accounts)
    kept = sorted(
        (heard for heard in known.values() if heard.post.published >= onset),
        key=lambda heard: (heard.post.published, heard.post.id),
    )
    return Picture(
        now=now,
        onset=onset,
        voices=tuple(
            _voice(heard, known, ours, now, unknown)
            for heard in kept
            if not is_ours(heard.post.attributed_to, ours)
        ),
        all_posts=tuple(heard.post for heard in kept),
    )


def is_ours(account: Account, ours: frozenset[str]) -> bool:
    """Tell whether an account is declared as the organisation's own."""
    return fold(account.id) in ours or (account.handle is not None and fold(account.handle) in ours)


def _voice(
    heard: Heard, known: dict[str, Heard], ours: frozenset[str], now: datetime, unknown: float
) -> Voice:
    original = known.get(heard.post.repost_of or "")
    weight, guessed = _weight(heard, original, ours, unknown)
    gone = _gone(heard.post, now)
    return Voice(
        post=heard.post,
        weight=weight,
        words=None if gone else _words(heard.post, original, now),
        role=heard.role,
        guessed=guessed,
        gone=gone,
        scope=heard.scope,
    )


def _weight(
    heard: Heard, original: Heard | None, ours: frozenset[str], unknown: float
) -> tuple[float, bool]:
    """A repost without words leans as what it relays; relaying our own words is no criticism."""
    if heard.critical is not None:
        return _whole(heard.critical), False
    if original is not None and is_ours(original.post.attributed_to, ours):
        return 0.0, False
    if original is not None and original.critical is not None:
        return _whole(original.critical), False
    return unknown, True


def _whole(critical: float) -> float:
    return 1.0 if critical >= CRITICAL_FROM else 0.0


def _words(post: Post, original: Heard | None, now: datetime) -> str | None:
    if post.content.strip():
        return fold(post.content)
    if original is None or _gone(original.post, now) or not original.post.content.strip():
        return None
    return fold(original.post.content)


def _gone(post: Post, now: datetime) -> bool:
    return post.deleted_at is not None and post.deleted_at <= now


def total(voices: Iterable[Voice]) -> float:
    """How many critical posts these make."""
    return sum(voice.weight for voice in voices)


def ids(voices: Iterable[Voice]) -> tuple[str, ...]:
    """Addresses of the posts that can still be opened, earliest first."""
    return tuple(voice.post.id for voice in voices if not voice.gone)
