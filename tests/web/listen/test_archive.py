"""Searching stored posts gives what the query language says, on every database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.listen.reference_query import catches

from quivive.listen.archive import candidates, place_of, terms_of
from quivive.listen.matching import compile_watch
from quivive.listen.query import parse, parse_search
from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import BadQuery, NotAllowed
from quivive.vocabulary.matches import Match as Caught
from quivive.vocabulary.posts import Post
from quivive.web.coordinate.services import add_posts, open_crisis
from quivive.web.coordinate.stream_queries import ChosenPosts, stream
from quivive.web.detect.models import Signal
from quivive.web.detect.queries import evidence_posts
from quivive.web.listen import search_queries, services
from quivive.web.listen.models import Post as Row
from quivive.web.listen.models import PostWords, Topic
from quivive.web.listen.queries import PostFilter, compiled_watch, exported_posts
from quivive.web.listen.search_queries import Asked
from quivive.web.listen.worker import forget_posts, match_anew, revise_posts, store_matches
from quivive.web.people.models import AuditLine
from quivive.web.people.panel_queries import known_to_us
from quivive.web.room.queries import topic_posts

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def post(number: int, content: str, **facts: object) -> Post:
    author = facts.pop("by", "Awa")
    return Post(
        id=f"p{number}",
        network=str(facts.pop("network", "micro")),
        published=START + timedelta(minutes=number),
        attributed_to=Account(id=f"u:{author}", handle=str(author), name=str(author)),
        content=content,
        **facts,
    )


@pytest.fixture
def topic(organisation):
    return Topic.objects.create(slug="heat", name="Heating", query="heating", created_at=START)


@pytest.fixture
def store(topic):
    def keep(*posts: Post) -> None:
        caught = [Caught(post=one, topics=("heat",), relayed=False) for one in posts]
        store_matches(caught, now=START)

    return keep


def found(text: str, **narrowed: object) -> list[str]:
    asked = Asked(query=search_queries.read(text), **narrowed)
    return [hit.post.uid for hit in search_queries.search(asked).rows]


@pytest.mark.django_db
class TestASearch:
    def test_finds_words_whatever_their_accents_elisions_and_capitals(self, store):
        store(
            post(1, "L’ÉCOLE est fermée"), post(2, "Rien"), post(3, "à l'ecole #PanneDeChauffage")
        )

        assert found("école") == ["p3", "p1"]
        assert found("chauffage") == ["p3"]

    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("boiler*", ["p4", "p1"]),
            ('"hot water"', ["p2"]),
            ("water -hot", ["p3"]),
            ("hot NEAR/3 tap", ["p2"]),
            ("from:ben", ["p3"]),
            ("watr~1", ["p3", "p2"]),
            ("lang:fr", ["p4"]),
            ("followers:>10", []),
            ("raw:Boiler", ["p1"]),
            ("source:quay", ["p2"]),
        ],
    )
    def test_answers_in_the_query_language(self, text, ids, store):
        store(
            post(1, "Boiler broken"),
            post(2, "no hot water at the tap", network="quay"),
            post(3, "cold water", by="Ben"),
            post(4, "deux boilers", language="fr-FR"),
        )

        assert found(text) == ids

    @pytest.mark.parametrize(
        "query", ["lang:fr", "chauffage lang:fr", "lang:en", "-lang:fr chauff*"]
    )
    def test_hears_the_language_as_live_listening_does(self, query, store):
        said = [
            post(1, "Toujours pas de chauffage dans la tour, on en a assez"),
            post(2, "Toujours pas de chauffage dans la tour, on en a assez", language="en"),
            post(3, "Still no chauffage, as they say over there, since yesterday", language="fr"),
            post(4, "", title="Le chauffage est coupé depuis hier soir"),
            post(5, "🔥", language="fr-CA"),
            post(6, "🔥"),
        ]
        store(*said)

        watch = compile_watch({"t": parse(query)}, known_to_us())

        assert found(query) == [said[place].id for place, _topics in reversed(watch.match(said))]
        assert found("lang:fr") == ["p5", "p4", "p2", "p1"]

    def test_asks_what_the_team_did(self, store, ana, now):
        store(post(1, "heating"), post(2, "heating"))
        first = Row.objects.get(uid="p1")

        services.label_posts(posts=[first.pk], name="urgent", person=ana, now=now)

        assert found("heating tag:urgent") == ["p1"]
        assert found("heating", label="urgent") == ["p1"]

    def test_narrows_by_what_posts_are(self, store):
        store(
            post(1, "heating"),
            post(2, "heating", network="quay"),
            post(24 * 60, "heating", by="Ben"),
        )
        ben = Row.objects.get(uid="p1440").author_id

        assert found("heating", network="quay") == ["p2"]
        assert found("heating", author=ben) == ["p1440"]
        assert found("heating", until=date(2026, 3, 1)) == ["p2", "p1"]
        assert found("heating", since=date(2026, 3, 2)) == ["p1440"]
        assert found("", topic="heat") == ["p1440", "p2", "p1"]
        assert found("", topic="other") == []

    def test_goes_on_where_the_page_before_ended(self, store, monkeypatch):
        monkeypatch.setattr(search_queries, "PAGE", 2)
        store(*(post(number, "heating") for number in range(5)))
        asked = Asked(query=search_queries.read("heating"))

        pages, before = [], None
        for _ in range(3):
            hits = search_queries.search(asked, before=before)
            pages.append([hit.post.uid for hit in hits.rows])
            before = hits.older

        assert pages == [["p4", "p3"], ["p2", "p1"], ["p0"]]
        assert before is None

    def test_says_how_far_back_it_looked_when_nothing_announces_a_post(self, store, monkeypatch):
        monkeypatch.setattr(search_queries, "MOST_LOOKED", 3)
        store(post(0, "old", likes=90, reposts=9), *(post(number, "new") for number in range(1, 5)))
        asked = Asked(query=search_queries.read("engagement:>50"))

        first = search_queries.search(asked)
        second = search_queries.search(asked, before=first.older)

        assert first.rows == []
        assert first.back_to == START + timedelta(minutes=2)
        assert [hit.post.uid for hit in second.rows] == ["p0"]

    def test_marks_the_words_it_met(self, store):
        store(post(1, "The heating is off"))

        (hit,) = search_queries.search(Asked(query=parse_search("heating"))).rows

        assert hit.parts == (("The ", False), ("heating", True), (" is off", False))

    def test_marks_them_too_where_it_asks_what_the_team_did(self, store, ana, now):
        store(post(1, "The heating is off"))
        number = Row.objects.get().pk
        services.label_posts(posts=[number], name="urgent", person=ana, now=now)

        (hit,) = search_queries.search(Asked(query=parse_search("heating tag:urgent"))).rows

        assert ("heating", True) in hit.parts

    def test_asks_once_what_the_room_knows(self, store, monkeypatch):
        store(post(1, "The heating is off"))
        asked = []
        monkeypatch.setattr(search_queries, "known_to_us", lambda: asked.append(1) or known_to_us())

        search_queries.search(Asked(query=parse_search("heating")))

        assert len(asked) == 1


@pytest.mark.django_db
class TestCounts:
    def test_say_what_found_posts_have_in_common(self, store):
        store(post(1, "heating"), post(2, "heating", network="quay"), post(3, "rain"))

        counts = search_queries.counts(Asked(query=search_queries.read("heating")))

        assert (counts.posts, counts.whole) == (2, True)
        assert counts.facets["network"] == [("micro", "micro", 1), ("quay", "quay", 1)]
        assert counts.facets["topic"] == [("heat", "Heating", 2)]
        assert sum(bar.posts for bar in counts.bars) == 2

    def test_say_that_they_are_not_of_all(self, store, monkeypatch):
        monkeypatch.setattr(search_queries, "COUNTED", 3)
        store(*(post(number, "heating") for number in range(5)))

        counts = search_queries.counts(Asked(query=search_queries.read("heating")))

        assert (counts.posts, counts.whole) == (3, False)


@pytest.mark.django_db
class TestTheIndex:
    def test_forgets_a_post_its_author_took_back(self, store, now):
        store(post(1, "heating"), post(2, "heating"))

        forget_posts([Deletion(id="p1", deleted_at=now)], now=now)

        assert found("heating") == ["p2"]
        assert PostWords.objects.count() == 1

    def test_follows_an_edit(self, store):
        store(post(1, "heating"))

        revise_posts([post(1, "lift")])

        assert (found("heating"), found("lift")) == ([], ["p1"])

    def test_forgets_a_post_that_is_erased(self, store):
        store(post(1, "heating"))

        Row.objects.all().delete()

        assert found("heating") == []

    def test_keeps_nothing_of_a_turn_that_fails(self, store):
        def turn() -> None:
            store(post(1, "heating"))
            raise RuntimeError

        with pytest.raises(RuntimeError):
            transaction.atomic(turn)()

        assert found("heating") == []
        assert PostWords.objects.count() == 0

    def test_is_not_shaken_by_the_same_post_twice(self, store):
        store(post(1, "heating"))
        store(post(1, "heating"))

        assert found("heating") == ["p1"]

    @pytest.mark.parametrize(
        "words", ["'; DROP TABLE x; --", '"*', "تعطل التدفئة", "停电了", "naïve"]
    )
    def test_takes_any_words(self, words, store):
        store(post(1, f"heating {words}"))

        assert found("heating") == ["p1"]
        assert found("تعطل") == (["p1"] if "تعطل" in words else [])


WORDS = (
    "heat",
    "heater",
    "froid",
    "Froid",
    "l’eau",
    "été",
    "#LesErables",
    "erables",
    "chef·fe",
    "12",
    "naïf",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=0, max_size=5).map(" ".join)
QUERIES = st.recursive(
    st.sampled_from(
        (*(word for word in WORDS if word[0] != "#"), "heat*", '"froid eau"', "from:ana")
    ),
    lambda part: st.one_of(
        st.tuples(part, part).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(part, part).map(lambda two: f"({two[0]} {two[1]})"),
        st.tuples(part, part).map(lambda two: f"({two[0]} -{two[1]})"),
    ),
    max_leaves=5,
)


class TestCandidates:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(QUERIES, st.lists(TEXTS, min_size=1, max_size=8))
    def test_hold_every_post_that_the_plain_reading_catches(self, text, contents):
        try:
            query = parse(text)
        except BadQuery:
            return
        posts = [
            post(at, said, by="ana" if at % 3 == 0 else "ben") for at, said in enumerate(contents)
        ]
        terms = candidates(query)

        for one in posts:
            if catches(query, one) and terms is not None:
                kept = terms_of(one)
                assert any(
                    entry.startswith(term.text) if term.prefix else entry == term.text
                    for term in terms
                    for entry in kept
                )


class TestAPlace:
    def test_orders_by_time_then_by_number_and_survives_forged_dates(self):
        moments = [datetime(1, 1, 1, tzinfo=UTC), START, datetime(9999, 1, 1, tzinfo=UTC)]

        places = [place_of(moment, number) for moment in moments for number in (1, 2**31 - 1)]

        assert places == sorted(places)
        assert places[-1] < 2**63


@pytest.mark.django_db
class TestWhatIsDoneWithManyPosts:
    @pytest.fixture
    def rows(self, store):
        store(post(1, "heating"), post(2, "heating"))
        return list(Row.objects.order_by("pk").values_list("pk", flat=True))

    def test_can_be_taken_back(self, rows, ana, now):
        services.label_posts(posts=rows[:1], name="urgent", person=ana, now=now)
        deed = services.label_posts(posts=rows, name="urgent", person=ana, now=now)

        services.undo(deed_id=deed.pk, person=ana, now=now)

        assert found("tag:urgent") == ["p1"]

    def test_can_be_taken_back_once_and_by_oneself_only(self, rows, ana, ben, now):
        deed = services.hide_posts(posts=rows, reason="spam", person=ana, now=now)

        with pytest.raises(NotAllowed):
            services.undo(deed_id=deed.pk, person=ben, now=now)
        services.undo(deed_id=deed.pk, person=ana, now=now)
        with pytest.raises(NotAllowed):
            services.undo(deed_id=deed.pk, person=ana, now=now)

        assert found("heating") == ["p2", "p1"]

    def test_hides_with_a_reason_and_shows_again(self, rows, ana, now):
        with pytest.raises(NotAllowed):
            services.hide_posts(posts=rows, reason=" ", person=ana, now=now)
        services.hide_posts(posts=rows[:1], reason="spam", person=ana, now=now)

        assert (found("heating"), found("heating", hidden=True)) == (["p2"], ["p1"])
        services.show_posts(posts=rows, person=ana, now=now)
        assert found("heating") == ["p2", "p1"]

    def test_is_in_the_audit_log(self, rows, ana, now):
        services.label_posts(posts=rows, name="urgent", person=ana, now=now)

        line = AuditLine.objects.latest("pk")
        assert (line.action, line.person, line.detail["name"]) == ("posts.label", ana, "urgent")


@pytest.mark.django_db
class TestAKeptSearch:
    def test_says_when_it_takes_the_place_of_another_of_the_same_name(self, ana, browse):
        browser = browse(ana)
        told = [
            browser.post("/listen/search/views/", {"name": "Lift", "search": words}, follow=True)
            for words in ("q=lift", "q=stairs")
        ]

        assert "Kept: you find it" in told[0].content.decode()
        assert "Kept in place of your search" in told[1].content.decode()

    def test_is_seen_by_its_owner_or_by_all(self, ana, ben, now):
        services.save_view(name="Mine", address="q=lift", shared=False, person=ana, now=now)
        view, _ = services.save_view(
            name="Ours", address="q=heat", shared=True, person=ana, now=now
        )

        assert [one.name for one in search_queries.views_of(ben)] == ["Ours"]
        with pytest.raises(NotAllowed):
            services.forget_view(view_id=view.pk, person=ben, now=now)
        services.forget_view(view_id=view.pk, person=ana, now=now)
        assert [one.name for one in search_queries.views_of(ana)] == ["Mine"]


@pytest.mark.django_db
class TestAHiddenPost:
    @pytest.fixture
    def crisis(self, store, topic, ana, now):
        store(post(1, "heating"), post(2, "heating too"))
        row = Row.objects.get(uid="p1")
        services.hide_posts(posts=[row.pk], reason="spam", person=ana, now=now)
        return open_crisis(title="Cold", topic_id=topic.pk, onset=START, person=ana, now=now)

    def test_is_on_no_list_of_its_topic(self, crisis, topic):
        assert [one.post.uid for one in topic_posts(topic)] == ["p2"]
        assert [one.id for one in exported_posts("heat", PostFilter())] == ["p2"]

    def test_is_shown_where_one_asks_for_it(self, crisis, topic):
        assert [one.post.uid for one in topic_posts(topic, kept="hidden")] == ["p1"]
        assert [one.id for one in exported_posts("heat", PostFilter(kept="hidden"))] == ["p1"]
        assert len(list(exported_posts("heat", PostFilter(kept="all")))) == 2

    def test_is_counted_beside_the_stream_of_its_crisis(self, crisis):
        shown = stream(crisis.threat, ChosenPosts())

        assert [one.post.uid for one in shown.rows] == ["p2"]
        assert (shown.total, shown.hidden) == (1, 1)
        assert [one.post.uid for one in stream(crisis.threat, ChosenPosts(hidden=True)).rows] == [
            "p1"
        ]

    def test_is_no_evidence_on_an_alert(self, crisis, topic):
        signal = Signal(topic=topic, evidence=["p1", "p2"])

        assert [one.uid for one in evidence_posts(signal)] == ["p2"]


@pytest.mark.django_db
class TestAPostPutIntoACrisis:
    @pytest.fixture
    def crisis(self, store, ana):
        store(post(1, "heating"))
        other = Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=START)
        return open_crisis(
            title="Stuck", topic_id=other.pk, onset=START + timedelta(days=1), person=ana,
            now=START + timedelta(days=1),
        )  # fmt: skip

    def test_is_in_its_stream_and_log_and_outlives_a_new_query(self, crisis, ana, now):
        row = Row.objects.get()

        add_posts(crisis_id=crisis.pk, posts=[row.pk], person=ana, now=now)
        match_anew(compiled_watch(), set(Topic.objects.values_list("slug", flat=True)))

        shown = stream(crisis.threat, ChosenPosts())
        assert [one.post.uid for one in shown.rows] == ["p1"]
        assert crisis.log.filter(kind="posts-added", author=ana).count() == 1
        assert found('crisis:"Stuck"') == ["p1"]

    def test_can_be_taken_back(self, crisis, ana, now):
        deed = add_posts(crisis_id=crisis.pk, posts=[Row.objects.get().pk], person=ana, now=now)

        services.undo(deed_id=deed.pk, person=ana, now=now)

        assert stream(crisis.threat, ChosenPosts()).rows == []
