"""What people saw goes the way of every other post."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quivive.web.listen import models
from quivive.web.listen.services import witness
from quivive.web.people.models import AuditLine
from quivive.web.room.sources import heard_since

pytestmark = pytest.mark.django_db
WORDS = "Plus d'eau chaude au 12, quelqu'un sait pourquoi ?"


@pytest.fixture(autouse=True)
def _watched(organisation):
    models.Topic.objects.create(slug="eau", name="Eau", query="eau", created_at=timezone.now())


class TestWhatSomebodySaw:
    def test_reaches_the_engine_with_its_network_and_who_brought_it(self, browse, ana):
        answer = browse(ana).post(
            "/listen/saw/", {"words": WORDS, "address": "https://www.facebook.com/groups/1/2"}
        )

        [post] = heard_since(now=timezone.now()).posts
        assert answer.status_code == 302
        assert (post.content, post.network) == (WORDS, "facebook")
        assert post.id.startswith("urn:quivive:seen:")
        line = AuditLine.objects.get(action="post.bring")
        assert (line.person, WORDS in str(line.detail)) == (ana, False)

    def test_is_one_post_however_often_it_is_brought(self, browse, ana, ben):
        for person in (ana, ben):
            browse(person).post("/listen/saw/", {"words": WORDS + " ", "author": "Zoé"})

        assert len({post.id for post in heard_since(now=timezone.now()).posts}) == 1

    def test_is_not_kept_when_it_speaks_of_no_topic(self, browse, ana):
        answer = browse(ana).post("/listen/saw/", {"words": "Beau temps"}, follow=True)

        assert "none of the topics" in answer.content.decode()
        assert not models.Arrival.objects.exists()

    def test_is_refused_from_one_person_who_brings_a_crowd(self, browse, ana, ben, monkeypatch):
        monkeypatch.setattr(witness, "AN_HOUR", 2)
        mine = [browse(ana).post("/listen/saw/", {"words": f"{WORDS} {at}"}) for at in range(3)]
        others = browse(ben).post("/listen/saw/", {"words": WORDS})

        assert [one.status_code for one in [*mine, others]] == [302, 302, 422, 302]
        assert "2 posts within an hour" in mine[2].content.decode()
        assert models.Arrival.objects.count() == 3

    def test_is_never_of_the_future(self, browse, ana):
        later = timezone.localtime() + timedelta(days=9)

        browse(ana).post("/listen/saw/", {"words": WORDS, "at": later.strftime("%Y-%m-%dT%H:%M")})

        [post] = heard_since(now=timezone.now()).posts
        assert post.published <= timezone.now()


class TestThePage:
    def test_is_filled_in_by_the_bookmark(self, browse, ana):
        page = browse(ana).get(
            "/listen/saw/", {"words": "<script>x</script>", "address": "https://a.example/1"}
        )

        text = page.content.decode()
        assert "https://a.example/1" in text
        assert "<script>x" not in text

    def test_offers_the_bookmark_to_drag_and_to_copy(self, browse, ana):
        text = browse(ana).get("/listen/saw/").content.decode()

        assert 'href="javascript:(function()' in text
        assert ">javascript:(function()" in text
