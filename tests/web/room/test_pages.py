"""The room's own pages, asked for by people with and without leave."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.browser import sample_rows

from quivive.vocabulary.crises import Role
from quivive.web.detect.models import Alert
from quivive.web.listen.models import Topic
from quivive.web.people.models import AuditLine, RoleHolding
from quivive.web.room import queries

pytestmark = pytest.mark.django_db

OLD_READING = {"language": "fr", "label": "negative", "negative": 0.8, "neutral": 0.15}
OLD_READING |= {"positive": 0.05, "reasons": ["froid"]}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def person(now):
    return sample_rows.people(now, language="en")


@pytest.fixture
def topics(now, person):
    return sample_rows.quiet(now, person=person)


@pytest.fixture
def reader(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


class TestARoomAskedByANameItDoesNotKnow:
    def test_says_so_with_what_to_do_and_leads_nowhere_wrong(self, client):
        page = client.get("/", headers={"host": "room.example.org", "accept-language": "en"})

        assert page.status_code == 400
        assert "does not answer to this address" in page.content.decode()
        assert "QUIVIVE_HOSTS" in page.content.decode()
        assert 'class="button" href="/"' not in page.content.decode()


class TestTheLookout:
    def test_says_that_all_is_quiet_and_who_looked_last(self, reader, topics):
        page = reader.get("/").content.decode()

        assert "All quiet" in page
        assert "Camille Orsini" in page

    def test_puts_what_rings_first(self, reader, topics, now):
        sample_rows.ringing(topics, now)

        page = reader.get("/").content.decode()

        assert "Something is going on" in page
        assert page.index("ringing-banner") < page.index("<main")

    def test_tells_what_rings_to_those_who_see_alerts(self, reader, person, topics, now):
        sample_rows.ringing(topics, now)
        person.holdings.all().delete()
        person.holdings.create(role=Role.FIELD_STAFF.value, given_at=now)

        page = reader.get("/").content.decode()

        assert "Something is going on" in page
        assert "ringing-banner" not in page

    def test_rings_once_for_all_who_wait_and_does_not_hide_the_burst(self, topics, now):
        burst = sample_rows.ringing(topics, now)
        for minutes in range(4):
            waits = sample_rows._signal(
                topics[0], now - timedelta(minutes=minutes), rang=True, kind="unanswered"
            )
            Alert.objects.create(signal=waits, rang_at=waits.found_at, ringing_since=now)

        shown = [alert.id for alert in queries.ringing_alerts()]

        newest = Alert.objects.filter(signal__kind="unanswered").order_by("rang_at").last()
        assert sorted(shown) == sorted([burst.pk, newest.pk])

    def test_is_not_calm_when_nobody_listens(self, topics, now):
        view = queries.lookout(span="24h", now=now + timedelta(hours=1))

        assert view.blind

    def test_of_a_room_without_topics_does_not_call_its_engine_broken(self, reader):
        page = reader.get("/").content.decode()

        assert "The room is not listening" not in page
        assert "/listen/topics/new/" in page

    def test_names_a_source_that_does_not_answer(self, reader, topics):
        assert "piaille.example is out of order (error 503)." in reader.get("/").content.decode()

    def test_asks_the_same_number_of_questions_for_more_topics(
        self, topics, person, now, django_assert_num_queries
    ):
        sample_rows.crisis(sample_rows.ringing(topics, now), person, now)
        for number in range(20):
            Topic.objects.create(slug=f"t{number}", name="T", query="t", created_at=now)

        with django_assert_num_queries(10):
            queries.lookout(span="24h", now=now)

    def test_draws_the_loudest_of_many_topics_until_all_are_asked_for(
        self, reader, topics, now, monkeypatch
    ):
        monkeypatch.setattr(queries, "MOST_ROWS", 1)
        sample_rows.ringing(topics, now)

        first = reader.get("/").context["lookout"]
        whole = reader.get("/?all").context["lookout"]

        assert [row.topic for row in first.rows] == [topics[0]]
        assert first.untold == len(whole.rows) - 1
        assert not whole.untold
        assert "&amp;all" in reader.get("/").content.decode()

    def test_keeps_the_time_and_name_of_a_look_round(self, reader, person, topics):
        reader.post("/watched/")

        last = AuditLine.objects.filter(action=queries.WATCHED).last()
        assert last.person == person


class TestTheNormalBand:
    def test_adds_hours_that_vary_apart_from_each_other(self, topics, now):
        course = queries.courses([topics[0].pk], span="24h", now=now)[topics[0].pk]

        assert len(course.voices) == len(course.upper) == 48
        assert all(up >= mid for up, mid in zip(course.upper, course.expected, strict=True))

    def test_stays_where_nothing_was_counted(self):
        row = {"an_hour": 4.0, "roof": 10.0}

        assert list(queries._usual([row, None], 1.0)) == [(4.0, 10.0), (4.0, 10.0)]


class TestEveryPage:
    PAGES = ("/", "/signals/", "/topics/chauffage/", "/listen/topics/", "/listen/topics/new/")

    @pytest.mark.parametrize("address", [*PAGES, "/listen/topics/chauffage/edit/", "/design/"])
    def test_opens_without_inline_script_or_style(self, reader, topics, now, address):
        sample_rows.ringing(topics, now)

        answer = reader.get(address)
        page = answer.content.decode()

        assert answer.status_code == 200
        assert " style=" not in page
        assert "<style" not in page
        assert "onclick=" not in page

    @pytest.mark.parametrize("address", PAGES)
    def test_sends_strangers_to_the_door(self, client, topics, address):
        assert client.get(address).status_code == 302

    @pytest.mark.parametrize("address", [*PAGES, "/live/"])
    def test_refuses_people_whose_role_does_not_include_it(self, reader, topics, address):
        RoleHolding.objects.exclude(role="monitor").delete()
        RoleHolding.objects.update(role="ambassador")

        assert reader.get(address).status_code == 403


class TestTheFeedOfSignals:
    def test_is_narrowed_by_kind(self, reader, topics, now):
        sample_rows.ringing(topics, now)

        found = reader.get("/signals/?kind=severe-word").context["page"].items

        assert [signal.kind for signal in found] == ["severe-word"]

    def test_says_what_to_do_when_nothing_matches(self, reader, topics):
        assert "Clear the filters" in reader.get("/signals/?topic=none").content.decode()


class TestATopicsPosts:
    def test_show_words_of_strangers_as_text(self, reader, topics):
        sample_rows.Post.objects.update(content="<script>alert(1)</script>", deleted_at=None)

        page = reader.get("/topics/chauffage/").content.decode()

        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    @pytest.mark.parametrize(
        ("words", "long"), [("mot " * 300, True), ("\n" * 20 + "mot", True), ("mot " * 200, False)]
    )
    def test_are_folded_when_they_are_long(self, reader, topics, words, long):
        sample_rows.Post.objects.update(content=words, deleted_at=None)

        page = reader.get("/topics/chauffage/").content.decode()

        assert ('<details class="whole">' in page) == long

    def test_kept_by_an_older_version_show_what_that_one_knew(self, reader, topics):
        for post in sample_rows.Post.objects.all():
            for name in ("low", "high"):
                post.document.get("sentiment", {}).pop(name, None)
            post.document.setdefault("sentiment", OLD_READING)
            post.save()

        page = reader.get("/topics/chauffage/")

        assert page.status_code == 200
        assert "Negative 80%, neutral 15%, positive 5%." in " ".join(page.content.decode().split())

    def test_forget_what_an_author_took_back(self, reader, topics):
        assert "Taken back by its author" in reader.get("/topics/chauffage/").content.decode()

    def test_go_on_where_the_page_before_ended(self, reader, topics):
        first = reader.get("/topics/chauffage/").context["page"]
        second = reader.get("/topics/chauffage/" + first.older).context["page"]

        assert len(first.items) == 30
        assert {row.pk for row in first.items}.isdisjoint(row.pk for row in second.items)

    def test_survive_a_mistyped_place(self, reader, topics):
        assert reader.get("/topics/chauffage/?before=yesterday").status_code == 200


class TestATopicsForm:
    def test_points_at_the_mistake_while_one_types(self, reader, topics):
        page = reader.post("/listen/topics/preview/", {"query": "a AND ("}).content.decode()

        assert "a AND <mark>(</mark>" in page
        assert "line 1, character" in page

    def test_marks_the_words_that_were_met(self, reader, topics):
        answer = reader.post("/listen/topics/preview/", {"query": "igloo OR gardienne"})
        page = answer.content.decode()

        assert "<mark>igloo</mark>" in page
        assert answer.context["trial"].caught == 13

    def test_keeps_a_topic(self, reader, topics):
        given = {
            "name": "Moisissures",
            "query": "moisissure*",
            "burst_rings": "on",
            "false_alarms_per_week": "0.1",
            "minimum": "4",
            "severe_words": "plomb\namiante\n",
        }

        reader.post("/listen/topics/new/", given)

        assert Topic.objects.get(slug="moisissures").severe_words == ["plomb", "amiante"]

    def test_keeps_nothing_that_cannot_be_read(self, reader, topics):
        given = {"name": "X", "query": '"open', "false_alarms_per_week": "0.1", "minimum": "4"}

        answer = reader.post("/listen/topics/new/", given)

        assert answer.status_code == 422
        assert not Topic.objects.filter(name="X").exists()


class TestTheLanguageSwitch:
    def test_is_remembered_for_the_person(self, reader, person, topics):
        reader.post("/language/", {"language": "fr", "next": "/signals/"})

        person.refresh_from_db()
        assert person.language == "fr"

    @pytest.mark.parametrize("way", ["🔥", "-1", "a\0b", "javascript:alert(1)", ""])
    def test_survives_any_way_back(self, reader, topics, way):
        answer = reader.post("/language/", {"language": "xx", "next": way})

        assert answer.status_code == 302
        assert not answer["Location"].startswith("javascript")

    def test_leads_nowhere_else(self, reader, topics):
        answer = reader.post("/language/", {"language": "fr", "next": "https://evil.example/"})

        assert answer["Location"] == "/"
