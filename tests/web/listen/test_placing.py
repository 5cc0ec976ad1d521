"""Stored posts are placed: in search, on the ladder, on the severity sheet, and again on change."""

from datetime import timedelta

import msgspec
import pytest

from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.matches import Match as Caught
from quivive.vocabulary.places import Scope
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen import spread_queries as queries
from quivive.web.listen.models import Post, PostPlace, Topic
from quivive.web.listen.placing import place_posts
from quivive.web.listen.search_queries import Asked, counts, found_ids, read
from quivive.web.listen.worker import forget_posts, revise_posts, store_matches
from quivive.web.people.models import Place

pytestmark = pytest.mark.django_db
SPREAD = "/listen/places/spread/"


@pytest.fixture
def store(organisation, now):
    Topic.objects.create(slug="t", name="T", query="panne", created_at=now)
    Place.objects.create(
        name="Les Érables", level="building", town="Villeurbanne", department="69", agency="Nord"
    )

    def store(number, content, *, place=None, who=None):
        said = Said(
            id=f"n:{number}",
            network="n",
            published=now - timedelta(minutes=number),
            attributed_to=Account(id=f"n:{who or number}", handle=f"a{number}"),
            content=content,
            place=place,
        )
        store_matches([Caught(post=said, topics=("t",))], now=now)
        return said

    return store


def placed():
    return dict(PostPlace.objects.values_list("post__uid", "name"))


class TestAStoredPost:
    def test_is_placed_once(self, store, now):
        store(1, "panne aux Érables, Villeurbanne")

        assert place_posts(now=now) == 1
        assert place_posts(now=now) == 0
        assert set(PostPlace.objects.values_list("name", "scope")) == {
            ("Les Érables", Scope.BUILDING),
            ("Villeurbanne", Scope.TOWN),
        }

    def test_is_placed_again_when_our_places_change(self, store, now):
        store(1, "panne à la barre Moulin")
        place_posts(now=now)
        Place.objects.create(name="La Barre Moulin", level="building")

        place_posts(now=now)

        assert placed() == {"n:1": "La Barre Moulin"}

    def test_that_is_edited_is_read_anew(self, store, now):
        said = store(1, "panne à Grenoble")
        place_posts(now=now)

        revise_posts([msgspec.structs.replace(said, content="panne à Rennes")])

        assert placed() == {"n:1": "Rennes"}

    def test_that_is_taken_back_is_nowhere(self, store, now):
        store(1, "panne à Grenoble")
        place_posts(now=now)

        forget_posts([Deletion(id="n:1")], now=now)

        assert placed() == {}

    def test_of_a_topic_that_asks_where_is_matched_again_when_our_places_change(self, store, now):
        Topic.objects.update(query="agency:Nord", matched_query="agency:Nord")

        place_posts(now=now)

        assert Topic.objects.get().matched_query == ""
        assert Topic.objects.get().rebuild == 1


class TestSearch:
    def test_asks_where_and_narrows_by_place(self, store, now):
        for number, town in enumerate(("Grenoble", "Grenoble", "Rennes")):
            store(number, f"panne à {town} ce matin")
        place_posts(now=now)

        assert len(found_ids(Asked(query=read("city:Grenoble")))) == 2
        assert [(name, n) for _, name, n in counts(Asked()).facets["place"]] == [
            ("Grenoble", 2),
            ("Rennes", 1),
        ]
        assert len(found_ids(Asked(place="town/35/rennes"))) == 1


class TestTheLadder:
    def test_counts_each_post_on_its_nearest_rung(self, store, now):
        store(1, "panne aux Érables, Villeurbanne")
        store(2, "panne à Grenoble")
        store(3, "panne à Grenoble", who=2)
        store(4, "panne")
        place_posts(now=now)

        found = queries.ladder(topic="t", period="day", now=now)

        assert {rung.scope: rung.posts for rung in found.rungs if rung.posts} == {
            Scope.BUILDING: 1,
            Scope.NATIONAL: 2,
        }
        assert found.unplaced == 1
        assert found.agencies[0]["agency"] == "Nord"
        (grenoble,) = found.rungs[Scope.NATIONAL].places
        assert (grenoble.posts, grenoble.voices) == (2, 1)

    def test_shows_its_page_with_and_without_posts(self, store, ana, browse, now):
        assert "No post in this time" in browse(ana).get(SPREAD).content.decode()

        store(1, "panne aux Érables")
        Post.objects.update(published=now.__class__.now(now.tzinfo))
        place_posts(now=now)
        page = browse(ana).get(SPREAD, {"topic": "t"}).content.decode()

        assert "Your residences" in page
        assert "Les Érables" in page
