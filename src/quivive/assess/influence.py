"""Second axis: who speaks, how many they reach, how many groups they cross (i1, i2, i3)."""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import msgspec

from quivive.assess.communities import communities
from quivive.assess.heard import ActorRole, Picture, Voice, ids
from quivive.assess.roles import STRENGTH, phrase
from quivive.assess.settings import AssessSettings
from quivive.assess.terms import term
from quivive.vocabulary.assessments import Axis, Indicator
from quivive.vocabulary.messages import Message, say, say_many

_LOG_FULL = math.log10(101)
_ROLE_SD, _COMMUNITY_SD, _REACH_SD = 0.10, 0.12, 0.02


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How many people critical accounts may reach, as an interval (R-16).

    Attributes:
        low: largest single audience.  high: sum of audiences, as if none overlapped.
        untold: accounts whose audience is not known.
    """

    low: int
    high: int
    untold: int


def reach(voices: tuple[Voice, ...]) -> Reach:
    """Gather the audiences of distinct accounts, leaving deleted posts' authors out."""
    audiences: dict[str, int | None] = {}
    for voice in voices:
        if not voice.gone:
            account = voice.post.attributed_to
            audiences[account.id] = account.followers
    told = [followers for followers in audiences.values() if followers is not None]
    return Reach(low=max(told, default=0), high=sum(told), untold=len(audiences) - len(told))


def influence(
    picture: Picture,
    settings: AssessSettings,
    *,
    ours: int,
    roles: Mapping[str, ActorRole | None],
    groups: int,
) -> tuple[Indicator, ...]:
    """Write down the three terms of the second axis.

    Args:
        picture: posts from onset to now.
        settings: weights and windows.
        ours: our own audience, in people.
        roles: role behind each post, by its id.
        groups: communities that talk about it, see :func:`groups_of`.
    """
    return (
        _reach(picture, ours, settings),
        _role(picture, roles, settings),
        term(
            "i3",
            Axis.INFLUENCE,
            value=min(1.0, max(0, groups - 1) / 4),
            sd=_COMMUNITY_SD,
            explanation=told_groups(groups),
            settings=settings,
        ),
    )


def groups_of(picture: Picture, settings: AssessSettings) -> int:
    """Count the communities of three accounts or more that have talked about it of late."""
    start = picture.now - timedelta(minutes=settings.recent_min)
    posts = [post for post in picture.all_posts if post.published > start]
    return communities(posts, picture.all_posts, cap=settings.accounts_cap)


def told_groups(count: int) -> Message:
    """Say how many communities talk about it."""
    return say_many(
        "{count} group of accounts talks about it.",
        "{count} groups of accounts talk about it.",
        count,
    )


def _reached(people: Reach, ours: int) -> Message:
    if people.untold and not people.high:
        return say("Nobody can tell how many people follow them.")
    if people.low == people.high:
        return say(
            "They reach {high} followers, against {ours} of ours.", high=people.high, ours=ours
        )
    return say(
        "They reach {low} to {high} followers, against {ours} of ours.",
        low=people.low,
        high=people.high,
        ours=ours,
    )


def concentration(picture: Picture) -> tuple[int, float | None]:
    """Count relays of known posts since onset, and the share of the three accounts relayed most.

    Our own posts are left out on both sides: what is asked is who carries the talk about us.
    """
    authors = {voice.post.id: voice.post.attributed_to.id for voice in picture.voices}
    relayed = Counter(
        authors[original]
        for voice in picture.voices
        for original in (voice.post.repost_of, voice.post.quote_of)
        if original in authors
    )
    total = relayed.total()
    most = sum(count for _author, count in relayed.most_common(3))
    return total, most / total if total else None


def _scale(people: int, ours: int) -> float:
    return min(1.0, math.log10(1 + people / ours) / _LOG_FULL)


def _reach(picture: Picture, ours: int, settings: AssessSettings) -> Indicator:
    voices = picture.critical(settings.recent_min)
    people = reach(voices)
    value, low = _scale(people.high, ours), _scale(people.low, ours)
    return term(
        "i1",
        Axis.INFLUENCE,
        value=value,
        sd=max((value - low) / 2, _REACH_SD),
        explanation=_reached(people, ours),
        settings=settings,
        evidence=ids(voices),
    )


def _role(
    picture: Picture, roles: Mapping[str, ActorRole | None], settings: AssessSettings
) -> Indicator:
    recent = [voice.post.id for voice in picture.since(settings.recent_min)]
    strongest = max((roles[post] for post in recent), key=STRENGTH.__getitem__, default=None)
    shown = [post for post in recent if roles[post] is strongest] if strongest else []
    return term(
        "i2",
        Axis.INFLUENCE,
        value=STRENGTH[strongest],
        sd=_ROLE_SD,
        explanation=phrase(strongest),
        settings=settings,
        evidence=tuple(shown),
    )
