"""Pictures shown again as if they were new, a common way to revive a story (R-27)."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from quivive.detect.new_words import name_of_medium

CALM_S = 12 * 3600.0
"""A picture nobody showed for so long comes back; sooner it is the same wave (R-54)."""


class ShownAgain(NamedTuple):
    """A picture that came back.

    Attributes:
        medium: its name, as :func:`name_of_medium` tells.
        first: place of the post that showed it first.
        again: places of the first posts after each calm, earliest first.
    """

    medium: str
    first: int
    again: tuple[int, ...]


def shown_again(
    posts: Sequence[tuple[float, Iterable[str]]], *, calm_s: float = CALM_S
) -> list[ShownAgain]:
    """Find images and films that come back after a calm, the latest return first.

    Args:
        posts: when each was published (Unix seconds) and the addresses of its media, any order.
        calm_s: seconds without it that make a return.

    >>> day = 86_400.0
    >>> shown_again([(0, ["ph1"]), (600, ["ph1"]), (2 * day, ["https://img.example/ph1.jpg"])])
    [ShownAgain(medium='ph1', first=0, again=(2,))]
    """
    shown: dict[str, list[int]] = {}
    for place in sorted(range(len(posts)), key=lambda place: posts[place][0]):
        for medium in {name_of_medium(address) for address in posts[place][1]}:
            shown.setdefault(medium, []).append(place)
    found = [
        ShownAgain(medium, places[0], again)
        for medium, places in shown.items()
        if (again := _returns(places, posts, calm_s))
    ]
    return sorted(found, key=lambda one: (-posts[one.again[-1]][0], one.medium))


def _returns(
    places: Sequence[int], posts: Sequence[tuple[float, Iterable[str]]], calm_s: float
) -> tuple[int, ...]:
    return tuple(
        place for before, place in pairwise(places) if posts[place][0] - posts[before][0] >= calm_s
    )
