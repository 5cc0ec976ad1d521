"""Makes a room with a rehearsed crisis in it: an invented organisation, its past, its story."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quivive.listen.rehearsal import TOLD, Story, busiest_start, ordinary_days, told
from quivive.vocabulary.posts import Post
from quivive.web.listen.services import add_source, save_topic
from quivive.web.people.entries import (
    AdministratorEntry,
    BasisEntry,
    OrganisationEntry,
    OwnAccountEntry,
    PlaceEntry,
)
from quivive.web.people.services import set_up
from quivive.wire.exports import write_posts
from quivive.wire.files import read_posts
from quivive.wire.stories import our_story

if TYPE_CHECKING:
    from quivive.web.people.queries import Person

EMAIL = "camille@demo.example"
SEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What is told and when.

    Attributes:
        start: story time that becomes now.
        topics: (slug, name, query).
    """

    posts: list[Post]
    start: datetime
    topics: list[tuple[str, str, str]]


def prepare(*, story: Path | None, query: str | None, speed: float) -> dict[str, str]:
    """Empty the room and fill it with a story that begins now; returns how to sign in.

    Args:
        story: a file of posts; None for our own story.
        query: what to watch in ``story``.
        speed: how much faster than life the story unfolds; its past keeps its pace.
    """
    now = timezone.now()
    call_command("flush", verbosity=0, interactive=False)
    ours = our_story()
    rehearsal = _of_file(story, query or "") if story else _of_ours(ours)
    password = secrets.token_urlsafe(9)
    with translation.override(settings.LANGUAGE_CODE):
        person = _set_up(ours, password, now=now)
    for slug, name, words in rehearsal.topics:
        save_topic(slug=slug, name=name, query=words, person=person, now=now)
    path = Path(settings.DATA) / "story.ndjson"
    write_posts(rehearsal.posts, path, "ndjson")
    add_source(
        name=_("Rehearsal"),
        kind="rehearsal",
        settings={
            "path": str(path),
            "start": rehearsal.start.isoformat(),
            "began_at": now.isoformat(),
            "speed": str(speed),
        },
        person=person,
        now=now,
    )
    return {"email": EMAIL, "password": password}


def _of_ours(story: Story) -> Rehearsal:
    return Rehearsal(
        posts=[*ordinary_days(story, seed=SEED), *told(story)],
        start=TOLD,
        topics=[(topic.slug, topic.name, topic.query) for topic in story.topic],
    )


def _of_file(path: Path, query: str) -> Rehearsal:
    posts = [post for batch in read_posts(path) for post in batch.posts]
    return Rehearsal(posts=posts, start=busiest_start(posts), topics=[("story", path.stem, query)])


def _set_up(story: Story, password: str, *, now: datetime) -> "Person":
    house = story.organisation
    return set_up(
        organisation=OrganisationEntry(
            name=house.name,
            language=settings.LANGUAGE_CODE,
            time_zone=settings.TIME_ZONE,
            dwellings=house.dwellings,
        ),
        basis=BasisEntry(
            basis="legitimate-interest",
            purpose=_("Rehearsal with invented posts."),
            need=_("No real person is watched."),
            expectations=_("Nobody real is concerned."),
            safeguards=_("The room is emptied at each start."),
        ),
        accounts=[
            OwnAccountEntry(
                network=house.account.network,
                handle=house.account.handle,
                followers=house.account.followers,
            )
        ],
        places=[
            *(PlaceEntry(name=building, level="building") for building in house.buildings),
            PlaceEntry(name=house.town, level="town"),
            PlaceEntry(name=house.department, level="department"),
        ],
        administrator=AdministratorEntry(name="Camille Roussel", email=EMAIL, password=password),
        now=now,
    )
