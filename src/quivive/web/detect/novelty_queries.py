"""What came with a burst and was not there before: words, links, pictures, the first article."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from quivive.detect.new_words import NewWord, new_media, new_words
from quivive.detect.old_media import shown_again
from quivive.web.listen.models import Match, Post, Topic

BEFORE = timedelta(days=7)
MOST_TEXTS = 2000
MOST_RETURNED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """An image or film that is new, with a few of the posts that carry it."""

    told: NewWord
    posts: list[Post]


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """What is new in a window of time against the week before; ``article``: the first one."""

    words: list[NewWord]
    media: list[Medium]
    article: Post | None


def novelty(topic: Topic, since: datetime, until: datetime) -> Novelty:
    """Return what is new on a topic from ``since`` to ``until``."""
    now, before = _told(topic, since, until), _told(topic, since - BEFORE, since)
    media = new_media([one for _, _, one in now], [one for _, _, one in before])
    carriers = Post.objects.select_related("author").in_bulk(
        {now[place][0] for one in media for place in one.places}
    )
    return Novelty(
        words=new_words(
            [text for _, text, _ in now], [text for _, text, _ in before], own=[topic.query]
        ),
        media=[
            Medium(told=one, posts=[carriers[now[place][0]] for place in one.places])
            for one in media
        ],
        article=_first_article(topic, since, until),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A picture that came back after a calm: who showed it first, and who again."""

    medium: str
    first: Post
    again: list[Post]


def returned_media(topic: Topic) -> list[Returned]:
    """Return pictures that came back, among the newest posts of a topic."""
    found = Match.objects.in_view().filter(topic=topic, post__deleted_at=None, post__repost_of="")
    newest = found.order_by("-heard_at").values("pk")[:MOST_TEXTS]
    shown = Match.objects.filter(pk__in=newest, post__document__post__media__isnull=False)
    rows = list(
        shown.order_by("-heard_at").values_list(
            "post_id", "post__published", "post__document__post__media"
        )
    )
    posts = [(at.timestamp(), media) for _post, at, media in rows]
    again = shown_again(posts)[:MOST_RETURNED]
    wanted = {rows[place][0] for one in again for place in (one.first, *one.again)}
    stored = Post.objects.select_related("author").in_bulk(wanted)
    return [
        Returned(
            medium=one.medium,
            first=stored[rows[one.first][0]],
            again=[stored[rows[place][0]] for place in one.again],
        )
        for one in again
    ]


def caught(topic: Topic, since: datetime, until: datetime) -> QuerySet[Match]:
    """Return what a topic caught of others, and what is still there to be seen."""
    return Match.objects.in_view().filter(
        topic=topic,
        heard_at__gte=since,
        heard_at__lte=until,
        post__own=False,
        post__deleted_at=None,
    )


def _told(topic: Topic, since: datetime, until: datetime) -> list[tuple[int, str, list[str]]]:
    """Return row, text with the links beside it, and media of posts that repost nobody."""
    found = caught(topic, since, until).filter(relayed=False, post__repost_of="")
    rows = found.order_by("-heard_at").values_list(
        "post_id", "post__content", "post__document__post__links", "post__document__post__media"
    )
    return [
        (row, _with_links(text, links), media or [])
        for row, text, links, media in rows[:MOST_TEXTS]
    ]


def _with_links(text: str, links: Any) -> str:
    return " ".join([text, *(link for link in links or [] if link not in text)])


def _first_article(topic: Topic, since: datetime, until: datetime) -> Post | None:
    articles = caught(topic, since, until).filter(post__document__post__kind="article")
    first = articles.select_related("post__author").order_by("post__published").first()
    return first.post if first else None
