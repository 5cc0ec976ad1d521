"""Small drawings made on the server, as numbers for SVG: no script, no inline style."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

WIDTH, HEIGHT, PAD = 240.0, 40.0, 2.0


class Spark(NamedTuple):
    """A line of counts: SVG paths on a field of 240 by 40."""

    line: str
    band: str
    over: tuple[tuple[str, str], ...]


def spark(values: Sequence[float], uppers: Sequence[float] = ()) -> Spark:
    """Draw ``values`` with the normal band under ``uppers``; dots mark values above it.

    >>> spark([0, 2], [1, 1]).over
    (('240.0', '2.0'),)
    """
    if not values:
        return Spark("", "", ())
    top = max(1.0, *values, *uppers)
    xs = _places(len(values))
    line = _path(xs, [_height(value, top) for value in values])
    if not uppers:
        return Spark(line, "", ())
    roof = _path(xs, [_height(value, top) for value in uppers])
    band = f"{roof}L{WIDTH:.1f},{HEIGHT - PAD:.1f}L0.0,{HEIGHT - PAD:.1f}Z"
    over = tuple(
        (f"{x:.1f}", f"{_height(value, top):.1f}")
        for x, value, upper in zip(xs, values, uppers, strict=True)
        if value > upper
    )
    return Spark(line, band, over)


def _places(count: int) -> list[float]:
    return [WIDTH] if count == 1 else [WIDTH * at / (count - 1) for at in range(count)]


def _height(value: float, top: float) -> float:
    return HEIGHT - PAD - (HEIGHT - 2 * PAD) * value / top


def _path(xs: Sequence[float], ys: Sequence[float]) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))


class Fan(NamedTuple):
    """What is there and what is foreseen of it, as SVG numbers on a field 100 wide."""

    seen: str
    low: str
    middle: str
    span: str


def fan(seen: float, p10: float, p50: float, p90: float) -> Fan:
    """Place a count and the range of what it will be on one line that ends at the range's end.

    >>> fan(20, 40, 50, 80)
    Fan(seen='25.0', low='50.0', middle='62.5', span='50.0')
    """
    top = max(p90, seen, 1.0)
    return Fan(*(f"{100 * value / top:.1f}" for value in (seen, p10, p50, p90 - p10)))


class Band(NamedTuple):
    """One level on the severity scale: where it begins, how wide it is, at what score."""

    x: str
    width: str
    begins: int


class Scale(NamedTuple):
    """Places on the severity scale, as SVG numbers on a field 300 wide."""

    here: str
    low: str
    high: str
    bands: tuple[Band, ...]


def scale(score: float, low: float, high: float, *, levels: Sequence[float]) -> Scale:
    """Place a score of 100 and its interval.

    Args:
        score, low, high: of 100.
        levels: scores from which levels 1 to 4 begin.

    >>> scale(50, 40, 60, levels=(20, 40, 60, 80)).here
    '150.0'
    """
    here, least, most = (f"{3 * min(100.0, max(0.0, value)):.1f}" for value in (score, low, high))
    bands = tuple(
        Band(f"{3 * begins:.0f}", f"{3 * (ends - begins) - 1:.0f}", round(begins))
        for begins, ends in pairwise((0.0, *levels, 100.0))
    )
    return Scale(here, least, most, bands)
