"""Where it is talked about: networks, and rungs from a building to abroad (e3, R-05)."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from quivive.assess.heard import ActorRole, Organisation, Picture, Voice
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say_many
from quivive.vocabulary.places import Scope

_AUTHORS = 3
_STRONG = frozenset(
    {
        ActorRole.LOCAL_MEDIA,
        ActorRole.NATIONAL_MEDIA,
        ActorRole.AUTHORITY,
        ActorRole.REGULATOR,
        ActorRole.LARGE_RELAY,
    }
)
"""One of these widens the scope by itself: press, an authority, a very large account (R-05)."""


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How far it has gone.

    Attributes:
        networks: networks on which somebody speaks.
        scope: widest rung with three authors, or with press, an authority or a large relay.
        told: some post says where it comes from.
        unplaced: critical posts that do not say where they come from.
        evidence: posts of the widest rung.
    """

    networks: int
    scope: Scope
    told: bool
    unplaced: int
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


def spread(
    picture: Picture, organisation: Organisation, roles: Mapping[str, ActorRole | None]
) -> Spread:
    """Find the widest rung that criticism has reached since onset.

    Args:
        picture: posts from onset to now.
        organisation: names of our places.
        roles: role behind each post, by its id.
    """
    voices = [voice for voice in picture.voices if voice.weight > 0]
    ladder = _ladder(organisation)
    rungs = {voice.post.id: _rung(voice, ladder) for voice in voices}
    authors: dict[Scope, set[str]] = defaultdict(set)
    posts: dict[Scope, list[str]] = defaultdict(list)
    strong: set[Scope] = set()
    for voice in voices:
        rung = rungs[voice.post.id]
        if rung is None or voice.gone:
            continue
        authors[rung].add(voice.post.attributed_to.id)
        posts[rung].append(voice.post.id)
        if roles[voice.post.id] in _STRONG:
            strong.add(rung)
    wide = [rung for rung in authors if rung in strong or len(authors[rung]) >= _AUTHORS]
    scope = max(wide, default=Scope.BUILDING)
    networks = len({voice.post.network for voice in voices})
    return Spread(
        networks=networks,
        scope=scope,
        told=bool(authors),
        unplaced=sum(rung is None for rung in rungs.values()),
        explanation=_told(scope, networks) if authors else _nowhere(networks),
        evidence=tuple(posts[scope]),
    )


def _nowhere(networks: int) -> Message:
    """No post tells where it comes from: that is not the same as staying in one residence."""
    return say_many(
        "{count} network; no post says where it comes from.",
        "{count} networks; no post says where it comes from.",
        networks,
    )


def _told(scope: Scope, networks: int) -> Message:
    if scope is Scope.BUILDING:
        return say_many(
            "{count} network, no wider than a residence.",
            "{count} networks, no wider than a residence.",
            networks,
        )
    if scope is Scope.TOWN:
        return say_many(
            "{count} network, across the town.", "{count} networks, across the town.", networks
        )
    if scope is Scope.DEPARTMENT:
        return say_many(
            "{count} network, across the department.",
            "{count} networks, across the department.",
            networks,
        )
    if scope is Scope.NATIONAL:
        return say_many(
            "{count} network, beyond the department.",
            "{count} networks, beyond the department.",
            networks,
        )
    return say_many("{count} network, abroad too.", "{count} networks, abroad too.", networks)


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


def _rung(voice: Voice, ladder: Ladder) -> Scope | None:
    """What the post says, or else what its network says of it."""
    return voice.scope if voice.scope is not None else rung_of(voice.post.place, ladder)


@lru_cache(maxsize=4_096)
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
