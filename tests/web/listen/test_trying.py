"""A query is tried on real posts: those of a file, or the newest a public server shows."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quivive.listen.sourcing import Page
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.crises import Role
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.web.listen.models import Import
from quivive.web.listen.services import samples

NOW = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
TABLE = b"date,auteur,texte\n2026-01-01 12:00,Awa,Le chauffage est en panne\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(organisation, make_person, browse):
    return browse(make_person("Lea", Role.LEAD, language="en"))


@pytest.fixture
def network(monkeypatch):
    """What a public server shows; remembers what it was asked."""
    asked, shown = [], []

    def ask_once(plug_in, values, *, now):
        asked.append((plug_in.kind, values["servers"], values["hashtags"]))
        return Page(posts=tuple(shown))

    monkeypatch.setattr(samples, "ask_once", ask_once)
    return asked, shown


def said(text):
    author = Account(id="https://social.example/@awa")
    return Post(
        id="https://social.example/1",
        network="mastodon",
        published=NOW,
        attributed_to=author,
        content=text,
    )


def tried(browser, query):
    [row] = Import.objects.all()
    typed = {"query": query, "tried_on": row.pk}
    return browser.post(reverse("listen:topic-preview"), typed).context["trial"]


class TestRealPosts:
    def test_of_a_file_can_be_tried_on_at_once(self, lead):
        file = SimpleUploadedFile("appels.csv", TABLE)

        answer = lead.post(reverse("listen:topic-sample"), {"file": file})

        assert answer["HX-Trigger-After-Settle"] == "brought"
        assert "selected>appels.csv</option>" in answer.text
        assert (tried(lead, "chauffage").caught, tried(lead, "eau").caught) == (1, 0)

    def test_of_a_network_are_kept_as_a_file(self, lead, network):
        asked, shown = network
        shown.append(said("Pas de chauffage à #Valdorle"))
        typed = {"hashtags": "#Valdorle, LesErables", "server": "social.example"}

        lead.post(reverse("listen:topic-sample"), typed)

        assert asked == [("mastodon", ("social.example",), ("Valdorle", "LesErables"))]
        assert Import.objects.get().name == "mastodon-Valdorle-LesErables.ndjson"
        assert tried(lead, "chauffage").caught == 1

    def test_that_are_not_there_are_told(self, lead, network):
        typed = {"hashtags": "Valdorle", "server": "social.example"}

        answer = lead.post(reverse("listen:topic-sample"), typed)

        assert "social.example has no public post with these hashtags." in answer.text
        assert "HX-Trigger-After-Settle" not in answer
        assert not Import.objects.exists()

    def test_of_a_server_that_does_not_answer_can_be_had_elsewhere(self, lead, monkeypatch):
        def ask_once(*_asked, **_named):
            raise NoAnswer(say("No answer."), say("Nothing to do."), kind=Kind.UNREACHABLE)

        monkeypatch.setattr(samples, "ask_once", ask_once)
        typed = {"hashtags": "Valdorle", "server": "social.example"}

        answer = lead.post(reverse("listen:topic-sample"), typed)

        assert "No answer." in answer.text
        assert "Try another hashtag, another server, or a file." in answer.text

    def test_asked_for_without_saying_which_are_not_looked_for(self, lead, network):
        answer = lead.post(reverse("listen:topic-sample"), {"hashtags": " # ", "server": "x"})

        assert "Choose a file, or type a hashtag and a server." in answer.text
        assert network[0] == []
