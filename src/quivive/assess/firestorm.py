"""Signs of a storm of outrage (Pfeffer, Zorbach & Carley 2014; DR-19, DR-36).

They are shown beside the score and add nothing to it. Seven factors are named in the paper; the two
about how a platform and its readers decide cannot be seen from posts, and how many views one post
holds is read by no machine here: that one is said to be open.
"""

from collections.abc import Mapping
from datetime import timedelta

from quivive.assess.heard import ActorRole, Picture, Voice
from quivive.assess.influence import told_groups
from quivive.vocabulary.assessments import Sign
from quivive.vocabulary.messages import Message, length, say, say_many
from quivive.vocabulary.posts import Post

FAST_MIN = 60.0
MOST_RELAYS = 0.5
MANY_COMMUNITIES = 3
FEWEST_POSTS = 5
"""Posts below which a share says nothing."""

RIPE = timedelta(minutes=60)
"""Age from which a post has had most of the answers it will get."""

_PRESS = frozenset({ActorRole.LOCAL_MEDIA, ActorRole.NATIONAL_MEDIA})


def signs(
    picture: Picture,
    *,
    doubling_min: float | None,
    groups: int,
    roles: Mapping[str, ActorRole | None],
) -> tuple[Sign, ...]:
    """Say of each factor whether it is there, and by what.

    Args:
        picture: voices since the onset.
        doubling_min: minutes in which critical posts double; None when they do not grow.
        groups: communities of three accounts or more that talk about it.
        roles: role behind each post, by its id.
    """
    return (
        _speed(doubling_min),
        _binary(picture),
        Sign(
            name="clusters",
            there=groups >= MANY_COMMUNITIES,
            told=told_groups(groups),
        ),
        _cross_media(picture, roles),
        Sign(
            name="diversity",
            there=None,
            told=say("Whether posts hold more than one view is not measured: read a few."),
        ),
    )


def children(picture: Picture) -> float | None:
    """Return how many critical answers, reposts and quotes a post older than an hour brought.

    Later ones are still to come, so the figure is at least that. None where no post is old enough,
    or where no post says what it follows.
    """
    ripe = {
        voice.post.id
        for voice in picture.voices
        if voice.post.published <= picture.now - RIPE and not voice.post.repost_of
    }
    told = [voice for voice in picture.voices if _parents(voice.post)]
    if not ripe or not told:
        return None
    return sum(voice.weight for voice in told if ripe & _parents(voice.post)) / len(ripe)


def _parents(post: Post) -> set[str]:
    return {one for one in (post.in_reply_to, post.repost_of, post.quote_of) if one}


def _speed(doubling_min: float | None) -> Sign:
    if doubling_min is None:
        return Sign(name="speed", there=False, told=say("Critical posts are not speeding up."))
    told = say("Critical posts double every {time}.", time=length(60 * doubling_min))
    return Sign(name="speed", there=doubling_min < FAST_MIN, told=told)


def _binary(picture: Picture) -> Sign:
    count = len(picture.voices)
    if count < FEWEST_POSTS:
        return Sign(name="binary", there=None, told=say("Too few posts to tell."))
    relays = sum(_is_bare(voice) for voice in picture.voices)
    told = say_many(
        "{count} of {all} posts relays without words of its own.",
        "{count} of {all} posts relay without words of their own.",
        relays,
        all=count,
    )
    return Sign(name="binary", there=relays / count > MOST_RELAYS, told=told)


def _is_bare(voice: Voice) -> bool:
    return bool(voice.post.repost_of) and not voice.post.content.strip()


def _cross_media(picture: Picture, roles: Mapping[str, ActorRole | None]) -> Sign:
    press = [
        voice.post.id
        for voice in picture.voices
        if not voice.gone and (voice.post.kind == "article" or roles.get(voice.post.id) in _PRESS)
    ]
    return Sign(name="cross-media", there=bool(press), told=_told_press(len(press)))


def _told_press(count: int) -> Message:
    if not count:
        return say("No article and no press account is among what was heard.")
    return say_many(
        "{count} post is of the press, or an article.",
        "{count} posts are of the press, or articles.",
        count,
    )
