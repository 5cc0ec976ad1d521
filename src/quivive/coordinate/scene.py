"""What happens around a crisis that its sheet does not say: what the rules look at beside it."""

from collections.abc import Iterable, Sequence

import msgspec

from quivive.vocabulary.sentiments import Leaning

FEWEST_USERS = 3
"""People from which a hashtag is in use; one voice of an authority is enough."""

CRITICAL_SHARE = 0.6
"""A hashtag is the critics' from this share of critical posts on (R-55)."""


class Rumour(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that is passed on (DiFonzo & Bordia 2002).

    Attributes:
        posts: all that speak of it.
        asking: of these, how many ask whether it is true.  fearful: how many hold words of fear.
    """

    posts: int
    asking: int
    fearful: int

    def pressure(self, harm: float) -> float:
        """Mean of uncertainty, anxiety and importance, each 0 to 1 (DR-28).

        >>> round(Rumour(posts=10, asking=4, fearful=5).pressure(harm=0.75), 2)
        0.55
        """
        return (self.asking / self.posts + self.fearful / self.posts + harm) / 3


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One post of somebody else, as far as the rules look at it.

    Attributes:
        heated: it takes a side with a word of high arousal.  official: an authority wrote it.
    """

    author: str
    leaning: Leaning | None
    heated: bool
    official: bool = False
    hashtags: tuple[str, ...] = ()


class Manners(msgspec.Struct, frozen=True, kw_only=True):
    """Posts that take a side, by side and by how they speak (Matook and others 2022; DR-23)."""

    critical_heated: int = 0
    critical_calm: int = 0
    favourable_heated: int = 0
    favourable_calm: int = 0

    @property
    def total(self) -> int:
        """Return how many take a side."""
        return sum(msgspec.structs.astuple(self))


def manners(words: Iterable[Word]) -> Manners:
    """Count posts that take a side.

    >>> angry = Word(author="a", leaning=Leaning.NEGATIVE, heated=True)
    >>> kind = Word(author="b", leaning=Leaning.POSITIVE, heated=False)
    >>> manners([angry, kind, kind]).favourable_calm
    2
    """
    sides = [(one.leaning, one.heated) for one in words]
    return Manners(
        critical_heated=sides.count((Leaning.NEGATIVE, True)),
        critical_calm=sides.count((Leaning.NEGATIVE, False)),
        favourable_heated=sides.count((Leaning.POSITIVE, True)),
        favourable_calm=sides.count((Leaning.POSITIVE, False)),
    )


class Hashtag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag that is in use: by how many people, and whether an authority is among them."""

    name: str
    people: int
    official: bool


def hashtag_in_use(words: Sequence[Word]) -> Hashtag | None:
    """Return the one to use too: an authority's first, else what most people use (DR-11).

    The critics' own is never it.

    >>> one = Word(author="a", leaning=None, heated=False, hashtags=("Panne",))
    >>> hashtag_in_use([one, msgspec.structs.replace(one, author="b")]) is None
    True
    """
    used: dict[str, list[tuple[Word, str]]] = {}
    for word in words:
        for tag in word.hashtags:
            used.setdefault(tag.casefold(), []).append((word, tag))
    found = [
        Hashtag(
            name=uses[0][1],
            people=len({word.author for word, _ in uses}),
            official=any(word.official for word, _ in uses),
        )
        for uses in used.values()
        if not _is_of_critics([word for word, _ in uses])
    ]
    told = [one for one in found if one.official or one.people >= FEWEST_USERS]
    return max(told, key=lambda one: (one.official, one.people), default=None)


def _is_of_critics(words: Sequence[Word]) -> bool:
    sides = [word.leaning for word in words if word.leaning in (Leaning.NEGATIVE, Leaning.POSITIVE)]
    return bool(sides) and sides.count(Leaning.NEGATIVE) >= CRITICAL_SHARE * len(sides)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules look at beside the sheet.

    Attributes:
        rumour: what is claimed most, where it is a rumour; None without one.
        busy: people with more open tasks than one can look after, and how many.
        cause_open: nothing has been decided yet about the cause.
        waiting: how many of the first direct questions have no answer, and of how many (DR-20).
        hashtag: the one in use, or None.
    """

    rumour: Rumour | None = None
    busy: tuple[tuple[str, int], ...] = ()
    cause_open: bool = False
    waiting: tuple[int, int] = (0, 0)
    hashtag: Hashtag | None = None
    manners: Manners = Manners()
