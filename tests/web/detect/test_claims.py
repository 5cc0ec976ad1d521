"""Claims are read from stored posts, and people find out whether they are so."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.matches import Match as Caught
from quivive.vocabulary.posts import Post as Said
from quivive.web.detect import claim_queries as queries
from quivive.web.detect import claim_services as services
from quivive.web.detect import worker
from quivive.web.detect.models import Claim, ClaimPost, ClaimReading, ClaimStatus, Signal
from quivive.web.listen.models import Post, Topic
from quivive.web.listen.worker import forget_posts, store_matches
from quivive.web.people.models import AuditLine
from quivive.wire.models import load_stance

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
RUMOUR = "Deux locataires de la tour Hugo sont hospitalisés après une fuite de gaz"
TALK = (
    ("a", 0, RUMOUR),
    ("b", 5, "Aucun locataire de la tour Hugo n'est hospitalisé, il n'y a pas de fuite de gaz"),
    ("c", 9, "Deux hospitalisés à la tour Hugo ? Quelqu'un peut confirmer ?"),
    ("f", 20, "Le marché de Noël ouvre samedi sur la place, venez nombreux"),
)


@pytest.fixture(autouse=True)
def _without_encoder(monkeypatch):
    """Meaning has its own tests; loading the encoder would take a second."""
    reader = worker.Reader(load_stance())
    monkeypatch.setattr(worker, "_reader", lambda: reader)
    monkeypatch.setattr(worker, "AGAIN", timedelta(0))


@pytest.fixture
def topic(organisation):
    return Topic.objects.create(slug="hugo", name="Tour Hugo", query="hugo", created_at=NOW)


def hear(*talk: tuple[str, int, str]) -> None:
    """Store posts as the flow does."""
    said = [
        Said(
            id=name,
            network="x",
            published=NOW + timedelta(minutes=minute),
            attributed_to=Account(id=f"author of {name}"),
            content=text,
        )
        for name, minute, text in talk
    ]
    store_matches([Caught(post=post, topics=("hugo",)) for post in said], now=NOW)


def follow(now: datetime = NOW) -> None:
    while worker.follow_claims(now=now):
        pass


@pytest.fixture
def claim(topic):
    hear(*TALK)
    follow()
    return Claim.objects.get()


@pytest.fixture
def ana(make_person):
    return make_person("Ana", Role.FACT_OWNER)


class TestReading:
    """What several posts claim ..."""

    def test_is_kept_with_the_stance_of_each(self, claim):
        stances = dict(claim.standings.values_list("post", "stance"))

        assert claim.sentence == RUMOUR
        assert stances == {"a": "relays", "b": "denies", "c": "asks"}

    def test_leaves_a_note_once_it_is_a_rumour_candidate(self, claim):
        note = Signal.objects.get()

        assert (note.kind, note.rang_at) == ("rumour", None)
        assert note.evidence == ["a", "b", "c"]

    def test_goes_on_where_it_stood(self, claim):
        hear(("g", 30, "Deux locataires de la tour Hugo hospitalisés, fuite de gaz !"))
        follow()

        assert claim.standings.filter(post="g").exists()
        assert Claim.objects.count() == 1

    def test_places_what_comes_a_little_late_among_what_is_known(self, claim):
        read = ClaimReading.objects.get()

        hear(("late", 7, "URGENT deux locataires de la tour Hugo hospitalisés, fuite de gaz"))
        follow()

        assert set(claim.standings.values_list("post", flat=True)) == {"a", "b", "c", "late"}
        reached = ClaimReading.objects.get()
        assert (reached.heard_at, reached.post_id, reached.round, reached.late, reached.due) == (
            *(read.heard_at, read.post_id, read.round),
            [],
            False,
        )

    def test_takes_the_earliest_for_the_first_although_it_came_late(self, claim):
        hear(("late", -7, RUMOUR))
        follow()

        again = Claim.objects.get()
        assert (again.key, again.first_at) == ("a", NOW - timedelta(minutes=7))
        assert again.last_at == claim.last_at

    def test_goes_on_when_what_came_late_is_gone_already(self, claim):
        hear(("late", 7, RUMOUR))
        worker._see_what_came(now=NOW)
        Post.objects.get(uid="late").delete()
        hear(("g", 30, RUMOUR))

        follow()

        assert claim.standings.filter(post="g").exists()

    def test_reads_no_post_twice_that_came_while_it_read(self, claim, monkeypatch):
        seen = worker._see_what_came(now=NOW)
        with monkeypatch.context() as while_it_reads:
            while_it_reads.setattr(worker, "_see_what_came", lambda now: seen)
            hear(("g", 30, RUMOUR), ("h", 31, RUMOUR))
            follow()

        assert not claim.standings.filter(post="g").exists()
        read = []
        taken = worker.read
        monkeypatch.setattr(
            worker,
            "read",
            lambda talk, some, **more: read.extend(some) or taken(talk, some, **more),
        )
        follow()
        follow()
        assert [match.post.id for match in read] == ["g", "h"]

    def test_waits_until_the_past_came_in_before_it_begins_anew(self, claim):
        hear(("past", -300, RUMOUR))
        follow()
        hear(("g", 30, RUMOUR))
        follow(NOW + worker.SETTLED / 2)

        assert set(claim.standings.values_list("post", flat=True)) == {"a", "b", "c", "g"}

        follow(NOW + worker.SETTLED)
        again = Claim.objects.get()
        assert set(again.standings.values_list("post", flat=True)) == {"past", "a", "b", "c", "g"}
        assert again.key == "past"

    def test_rests_a_little_between_two_turns(self, claim, monkeypatch):
        monkeypatch.setattr(worker, "AGAIN", timedelta(seconds=5))
        hear(("g", 30, RUMOUR))

        follow(NOW + timedelta(seconds=4))
        assert not claim.standings.filter(post="g").exists()

        follow(NOW + timedelta(seconds=5))
        assert claim.standings.filter(post="g").exists()

    def test_goes_on_from_what_is_stored_when_another_process_read_on(self, claim):
        worker._memory.take(ClaimReading.objects.get())  # as in a process that never read it
        hear(("g", 30, RUMOUR))
        follow()

        assert claim.standings.filter(post="g").exists()

    def test_forgets_what_a_failed_turn_learned(self, claim, monkeypatch):
        hear(("g", 30, RUMOUR))
        with monkeypatch.context() as broken:
            broken.setattr(worker, "keep_claims", lambda *told: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                follow()

        follow()

        assert ClaimReading.objects.get().due is False
        assert claim.standings.count() == 4

    def test_lets_topics_take_turns(self, claim, topic, monkeypatch):
        other = Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=NOW)
        monkeypatch.setattr(worker, "A_TURN_S", 0.0)
        monkeypatch.setattr(worker, "PAGE", 1)
        hear(*((f"more {minute}", minute, RUMOUR) for minute in range(30, 36)))
        lift = Said(
            id="l", network="x", published=NOW, attributed_to=Account(id="l"), content="A lift"
        )
        store_matches([Caught(post=lift, topics=("lift",))], now=NOW)

        assert worker.follow_claims(now=NOW)
        assert worker.follow_claims(now=NOW)

        assert ClaimReading.objects.get(topic=other).heard_at == NOW
        assert ClaimReading.objects.get(topic=topic).due

    def test_begins_anew_for_the_past_and_keeps_what_people_decided(self, claim, ana):
        services.check_claim(
            claim_id=claim.pk, status="false", source="Fire service", person=ana, now=NOW
        )
        hear(("early", -90, "URGENT deux locataires de la tour Hugo hospitalisés, fuite de gaz"))

        follow()
        follow(NOW + worker.SETTLED)

        again = Claim.objects.get()
        assert again.key == "early"
        assert (again.status, again.source) == ("false", "Fire service")
        assert again.standings.count() == 4

    def test_forgets_words_whose_author_took_them_back(self, claim, topic):
        forget_posts([Deletion(id="a")], now=NOW)

        (told,) = queries.panel(topic)

        assert told.words == ""

    def test_forgets_them_in_its_own_memory_too_while_posts_come_in(self, claim):
        forget_posts([Deletion(id="a")], now=NOW)
        hear(("g", 30, "Le marché de Noël est fermé"))

        worker.follow_claims(now=NOW + worker.SCRUBBED_EVERY)

        claim.refresh_from_db()
        assert claim.sentence == ""
        assert "Deux locataires" not in str(Signal.objects.get().reason)
        assert b"Deux locataires" not in bytes(ClaimReading.objects.get().blob)

    def test_forgets_who_it_was_in_the_signals_about_their_post(self, claim, topic):
        signal = Signal.objects.get()
        signal.reason = {"text": "{author} wrote about this.", "values": {"author": "@awa"}}
        for key, post in (("gone", "a"), ("kept", "b")):
            signal.pk, signal.key, signal.evidence = None, key, [post]
            signal.save()
        forget_posts([Deletion(id="a")], now=NOW)

        worker.follow_claims(now=NOW + worker.SCRUBBED_EVERY)

        assert "awa" not in str(Signal.objects.get(key="gone").reason)
        assert "awa" in str(Signal.objects.get(key="kept").reason)


class TestBehind:
    """How far reading is behind ..."""

    def test_is_not_said_of_what_was_heard_this_minute(self, topic):
        hear(*TALK)

        assert queries.behind(topic, now=NOW + timedelta(seconds=30)) is None

    def test_is_counted_and_dated(self, claim, topic):
        hear(("g", 30, RUMOUR), ("h", 31, RUMOUR))

        found = queries.behind(topic, now=NOW + timedelta(minutes=40))

        assert found == queries.Behind(posts=2, reached=NOW + timedelta(minutes=20), anew=False)

    def test_is_over_once_all_is_read(self, claim, topic):
        assert queries.behind(topic, now=NOW + timedelta(days=1)) is None

    def test_counts_what_came_late_too(self, claim, topic):
        hear(("late", 7, RUMOUR))
        worker._see_what_came(now=NOW)

        found = queries.behind(topic, now=NOW + timedelta(minutes=20))

        assert found is not None
        assert found.posts == 1

    def test_tells_that_the_past_came_in(self, claim, topic, client, ana):
        hear(("past", -300, RUMOUR))
        follow()
        client.force_login(ana)

        page = client.get(f"/topics/{topic.slug}/claims/").content.decode()

        assert "Posts of the past came in" in page

    def test_is_not_said_of_a_topic_put_away(self, topic):
        hear(*TALK)
        topic.archived_at = NOW

        assert queries.behind(topic, now=NOW + timedelta(days=1)) is None


class TestChecking:
    """A claim ..."""

    @pytest.mark.parametrize("status", ["true", "partly-true", "false"])
    def test_is_not_called_true_or_false_without_a_source(self, status, claim, ana):
        with pytest.raises(NotAllowed):
            services.check_claim(claim_id=claim.pk, status=status, source=" ", person=ana, now=NOW)

        claim.refresh_from_db()
        assert claim.status == ClaimStatus.UNVERIFIED

    def test_is_checked_with_source_person_and_time(self, claim, ana):
        services.check_claim(
            claim_id=claim.pk, status="false", source="Fire service", person=ana, now=NOW
        )

        claim.refresh_from_db()
        assert (claim.status, claim.checked_by, claim.checked_at) == ("false", ana, NOW)
        assert AuditLine.objects.filter(action="claim.check", person=ana).exists()

    def test_feeds_what_the_sheet_knows_of_the_truth(self, claim, topic, ana):
        assert queries.checked(topic) is None

        services.check_claim(
            claim_id=claim.pk, status="false", source="Fire service", person=ana, now=NOW
        )

        assert queries.checked(topic) == claim


class TestPuttingInOrder:
    """What people do with claims ..."""

    def test_merging_counts_together_and_can_be_taken_back(self, claim, topic, ana):
        hear(("x", 40, "La piscine est fermée"), ("y", 41, "La piscine est fermée, oui fermée"))
        follow()
        other = Claim.objects.exclude(pk=claim.pk).get()

        services.merge_claim(claim_id=other.pk, into=claim.pk, person=ana, now=NOW)
        (together,) = queries.panel(topic)
        services.unmerge_claim(claim_id=other.pk, person=ana, now=NOW)

        assert sum(together.counts.values()) == 5
        assert len(queries.panel(topic)) == 2

    def test_splitting_moves_posts_for_good_and_can_be_taken_back(self, claim, ana):
        own = services.split_claim(
            claim_id=claim.pk, posts=["c"], name="A question", person=ana, now=NOW
        )
        hear(("early", -10, "Bonjour à la tour Hugo"))
        follow()
        assert ClaimPost.objects.get(post="c").claim == own

        services.unsplit_claim(claim_id=own.pk, person=ana, now=NOW)

        assert ClaimPost.objects.get(post="c").claim == claim
        assert not Claim.objects.filter(pk=own.pk).exists()

    def test_splitting_off_everything_is_refused(self, claim, ana):
        with pytest.raises(NotAllowed):
            services.split_claim(
                claim_id=claim.pk, posts=["a", "b", "c"], name="All", person=ana, now=NOW
            )

    def test_a_post_that_reading_left_out_is_put_there_and_taken_out_again(self, claim, ana):
        services.put_post(claim_id=claim.pk, post="f", stance="relays", person=ana, now=NOW)
        hear(("early", -10, "Bonjour à la tour Hugo"))
        follow()
        assert ClaimPost.objects.get(post="f").claim == claim

        services.put_back(claim_id=claim.pk, post="f", person=ana, now=NOW)

        assert not ClaimPost.objects.filter(post="f").exists()
        told = set(AuditLine.objects.values_list("action", flat=True))
        assert {"claim.put", "claim.put-back"} <= told

    def test_a_post_of_another_claim_goes_back_there_as_it_stood(self, claim, ana):
        hear(("x", 40, "La piscine est fermée"), ("y", 41, "La piscine est fermée, oui fermée"))
        follow()
        row = ClaimPost.objects.get(post="y")
        pool, stance = row.claim, row.stance
        services.put_post(claim_id=claim.pk, post="y", stance="denies", person=ana, now=NOW)

        services.put_back(claim_id=claim.pk, post="y", person=ana, now=NOW)
        follow(NOW + 2 * worker.SETTLED)

        row = ClaimPost.objects.get(post="y")
        assert (row.claim, row.home, row.stance) == (pool, None, stance)

    def test_a_post_that_reading_had_there_too_stands_as_it_did_once_it_is_taken_out(
        self, claim, ana
    ):
        stance = ClaimPost.objects.get(post="c").stance
        services.put_post(claim_id=claim.pk, post="c", stance="denies", person=ana, now=NOW)

        services.put_back(claim_id=claim.pk, post="c", person=ana, now=NOW)
        follow(NOW + 2 * worker.SETTLED)

        row = ClaimPost.objects.get(post="c")
        assert (row.claim.pk, row.home, row.stance) == (claim.pk, None, stance)

    def test_what_was_put_there_survives_a_split_taken_back(self, claim, ana):
        services.put_post(claim_id=claim.pk, post="f", stance="relays", person=ana, now=NOW)
        own = services.split_claim(
            claim_id=claim.pk, posts=["f", "c"], name="Else", person=ana, now=NOW
        )

        services.unsplit_claim(claim_id=own.pk, person=ana, now=NOW)

        homes = dict(ClaimPost.objects.values_list("post", "home"))
        assert (homes["f"], homes["c"]) == (claim.pk, None)

    def test_the_only_post_of_a_claim_is_not_taken_from_it(self, claim, ana):
        own = services.split_claim(claim_id=claim.pk, posts=["c"], name="Q", person=ana, now=NOW)

        with pytest.raises(NotAllowed):
            services.put_post(claim_id=claim.pk, post="c", stance="asks", person=ana, now=NOW)

        assert own.standings.count() == 1

    def test_renaming_keeps_the_sentence(self, claim, topic, ana):
        services.rename_claim(claim_id=claim.pk, name="Gas at Hugo", person=ana, now=NOW)

        (told,) = queries.panel(topic)
        assert told.words == "Gas at Hugo"
        assert told.claim.sentence == RUMOUR


class TestPages:
    """On the pages ..."""

    def test_a_topic_shows_its_claims(self, claim, ana, browse):
        page = browse(ana).get("/topics/hugo/").content.decode()

        assert f"/detect/claim/{claim.pk}/" in page

    def test_a_claim_shows_posts_curves_and_what_can_be_done(self, claim, ana, browse):
        page = browse(ana).get(f"/detect/claim/{claim.pk}/").content.decode()

        assert RUMOUR in page
        assert 'class="relays"' in page
        assert f"/detect/claim/{claim.pk}/check/" in page

    def test_a_status_without_source_is_refused_with_the_way_out(self, claim, ana, browse):
        answer = browse(ana).post(
            f"/detect/claim/{claim.pk}/check/", {"status": "true", "source": ""}
        )

        assert answer.status_code == 409
        assert "Write who says so" in answer.content.decode()

    def test_what_is_ticked_is_split(self, claim, ana, browse):
        answer = browse(ana).post(
            f"/detect/claim/{claim.pk}/split/", {"name": "A question", "posts": ["c"]}
        )

        assert answer.status_code == 302
        assert Claim.objects.filter(split_from=claim).exists()

    def test_a_post_is_found_by_its_words_and_added(self, claim, ana, browse):
        page = browse(ana).get(f"/detect/claim/{claim.pk}/", {"find": "marché"}).content.decode()
        assert "Le marché de Noël" in page

        browse(ana).post(f"/detect/claim/{claim.pk}/put/", {"post": "f", "stance": "comments"})

        assert ClaimPost.objects.get(post="f").claim == claim

    def test_words_that_cannot_be_read_are_told(self, claim, ana, browse):
        page = browse(ana).get(f"/detect/claim/{claim.pk}/", {"find": "marché OR"})

        assert page.status_code == 200
        assert 'role="alert"' in page.content.decode()

    def test_all_claims_leave_as_a_file(self, claim, make_person, browse):
        lead = make_person("Lea", Role.LEAD)
        answer = browse(lead).get("/detect/claims/hugo/export/csv")

        lines = b"".join(answer.streaming_content).decode().splitlines()
        assert len(lines) == 4
        assert lines[0].lstrip("\ufeff").startswith("claim,")
