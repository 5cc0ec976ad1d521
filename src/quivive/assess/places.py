"""Where it is talked about: networks, and rungs from a building to abroad (e3, R-05)."""

import re
from collections import defaultdict
from enum import IntEnum

import msgspec

from quivive.assess.heard import Organisation, Picture
from quivive.assess.roles import STRENGTH, large_relay, role_of_voice
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say_many

_AUTHORS = 3
_STRONG = 0.7


class Scope(IntEnum):
    """Rungs of the ladder, narrow to wide; a quarter of the term each."""

    BUILDING = 0
    TOWN = 1
    DEPARTMENT = 2
    NATIONAL = 3
    ABROAD = 4


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How far it has gone.

    Attributes:
        networks: networks on which somebody speaks.
        scope: widest rung with three authors, or one with a public role or a very large audience.
        placed: posts that say where they come from.
        evidence: posts of the widest rung.
    """

    networks: int
    scope: Scope
    placed: int
    explanation: Message
    evidence: tuple[str, ...]


_ELSEWHERE = """
    allemagne angleterre autriche belgique bresil canada chine espagne irlande italie japon
    luxembourg maroc algerie tunisie senegal pays-bas pologne portugal royaume-uni suisse
    etats-unis australie inde
    germany england austria belgium brazil china spain ireland italy japan morocco algeria tunisia
    netherlands poland portugal scotland wales switzerland uk usa australia india
    london londres bruxelles brussels geneve geneva montreal berlin madrid rome new-york
"""
_ABROAD = frozenset(_ELSEWHERE.split())


def spread(picture: Picture, organisation: Organisation, settings: AssessSettings) -> Spread:
    """Find the widest rung reached since onset."""
    ours = organisation.audience() or settings.fallback_audience
    relay = large_relay(ours, settings)
    ladder = _ladder(organisation)
    authors: dict[Scope, set[str]] = defaultdict(set)
    strong: set[Scope] = set()
    posts: dict[Scope, list[str]] = defaultdict(list)
    for voice in picture.voices:
        rung = rung_of(voice.post.place, ladder)
        if rung is None or voice.gone:
            continue
        authors[rung].add(voice.post.attributed_to.id)
        posts[rung].append(voice.post.id)
        role = role_of_voice(voice, large_relay=relay, national_media=settings.national_media)
        if STRENGTH[role] >= _STRONG:
            strong.add(rung)
    wide = [rung for rung in authors if rung in strong or len(authors[rung]) >= _AUTHORS]
    scope = max(wide, default=Scope.BUILDING)
    networks = len({voice.post.network for voice in picture.voices})
    return Spread(
        networks=networks,
        scope=scope,
        placed=sum(len(found) for found in posts.values()),
        explanation=_told(scope, networks),
        evidence=tuple(posts[scope]),
    )


def _told(scope: Scope, networks: int) -> Message:
    if scope is Scope.BUILDING:
        return say_many(
            "{count} network, no wider than a residence",
            "{count} networks, no wider than a residence",
            networks,
        )
    if scope is Scope.TOWN:
        return say_many(
            "{count} network, across the town", "{count} networks, across the town", networks
        )
    if scope is Scope.DEPARTMENT:
        return say_many(
            "{count} network, across the department",
            "{count} networks, across the department",
            networks,
        )
    if scope is Scope.NATIONAL:
        return say_many(
            "{count} network, beyond the department",
            "{count} networks, beyond the department",
            networks,
        )
    return say_many("{count} network, abroad too", "{count} networks, abroad too", networks)


Ladder = tuple[tuple[Scope, re.Pattern[str]], ...]


def _ladder(organisation: Organisation) -> Ladder:
    """Names of our places as patterns, narrowest first: a text that names two is the narrower."""
    rungs = (
        (Scope.BUILDING, organisation.buildings),
        (Scope.TOWN, organisation.towns),
        (Scope.DEPARTMENT, organisation.departments),
        (Scope.NATIONAL, organisation.countries),
    )
    return tuple((scope, _names(names)) for scope, names in rungs if any(map(str.strip, names)))


def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    folded = sorted((fold(name.strip()) for name in names if name.strip()), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, folded))})(?!\w)")


def rung_of(place: str | None, ladder: Ladder) -> Scope | None:
    """Find the rung a place stands on; None when the post does not say where.

    A place that is none of ours and no country we know of is somewhere else in the country:
    one more author there says no more than that.
    """
    if not place or not place.strip():
        return None
    text = fold(place)
    for scope, names in ladder:
        if names.search(text):
            return scope
    words = re.split(r"[\s,;/()]+", text)
    return Scope.ABROAD if any(word in _ABROAD for word in words) else Scope.NATIONAL
