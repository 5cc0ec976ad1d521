"""The draft of an impact assessment, and what is told when the secret key was changed."""

import pytest

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post
from quivive.web.listen.downloads import hidden
from quivive.web.listen.models import Objection, PseudonymKey, Topic
from quivive.web.people.models import AuditLine
from quivive.web.privacy import queries, services

pytestmark = pytest.mark.django_db


class TestTheDraft:
    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", "Systematic monitoring"), ("fr", "Surveillance systématique")],
    )
    def test_is_made_in_the_language_one_asks_for(self, language, words, browse, emma):
        page = browse(emma).get("/privacy/impact/", {"language": language}).content.decode()

        assert words in page
        assert "Logis de Valdorle" in page
        assert "Hear early." in page

    def test_is_given_as_text_and_noted(self, browse, emma, now):
        Topic.objects.create(slug="t", name="Lift", query="lift OR [x](y)", created_at=now)

        text = browse(emma).get("/privacy/impact.md", {"language": "en"}).content.decode()

        assert text.startswith("# Data protection impact assessment")
        assert "**Opinion of the data protection officer**\n\n[to fill in]" in text
        assert "lift OR \\[x\\](y)" in text
        assert AuditLine.objects.filter(action="paper.take", subject="dpia-en").exists()

    def test_counts_what_is_there(self, emma, now):
        services.object_by_name(network="x", handle="ana", person=emma, now=now)

        assert queries.impact(now).objections == 1


class TestAChangedKey:
    @pytest.fixture
    def said(self, now):
        author = Account(id="x:7", handle="ana")
        return Post(id="x:1", network="x", published=now, attributed_to=author, content="Bonjour")

    def test_is_silent_while_the_key_is_the_same(self, said, browse, emma):
        list(hidden([said]))

        assert queries.former_keys() == []
        assert "secret key" not in browse(emma).get("/privacy/").content.decode()

    def test_is_told_with_what_left_the_room_under_the_former_one(
        self, said, browse, emma, monkeypatch
    ):
        monkeypatch.setenv("QUIVIVE_SECRET_KEY", "one" * 20)
        (before,) = hidden([said])
        monkeypatch.setenv("QUIVIVE_SECRET_KEY", "two" * 20)
        (after,) = hidden([said])

        assert before.attributed_to.id != after.attributed_to.id
        page = browse(emma).get("/privacy/").content.decode()
        assert "The secret key of this room was changed." in page
        assert "carry pseudonyms of the former key" in page

    def test_says_whether_people_are_still_kept_out(self, browse, emma, now, monkeypatch):
        monkeypatch.setenv("QUIVIVE_SECRET_KEY", "one" * 20)
        services.object_by_name(network="x", handle="ana", person=emma, now=now)
        monkeypatch.setenv("QUIVIVE_SECRET_KEY", "two" * 20)

        assert "no longer recognised" in browse(emma).get("/privacy/").content.decode()
        monkeypatch.setenv("QUIVIVE_OLD_SECRET_KEYS", "one" * 20)
        assert "still kept out" in browse(emma).get("/privacy/").content.decode()
        assert Objection.objects.count() == 1
        assert PseudonymKey.objects.count() == 1
