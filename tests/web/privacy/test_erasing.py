"""Somebody who asks: shown, given, erased, and not taken in again (LR-07, LR-12)."""

from contextlib import suppress

import msgspec
import pytest
from django.db import connection, transaction

from quivive.flow.watch import watch_for
from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.web.detect.models import Signal
from quivive.web.listen import models
from quivive.web.listen.queries import watched_topics
from quivive.web.listen.services.past import keep_late
from quivive.web.listen.worker import forget_posts, store_around
from quivive.web.people.models import AuditLine
from quivive.web.privacy import services
from quivive.wire.models import load_sentiment

ANA = Account(id="x:7", handle="Ana_M", name="Ana M", followers=40)
LEO = Account(id="x:8", handle="leo")

pytestmark = pytest.mark.django_db


class Aside(Exception):
    """Leaves a room as it was."""


def said(number, words, author, now, **more):
    return Post(
        id=f"x:{number}",
        network="x",
        published=now,
        attributed_to=author,
        content=words,
        url=f"https://x.com/{author.handle}/status/{number}",
        **more,
    )


@pytest.fixture
def topic(organisation, now):
    return models.Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=now)


@pytest.fixture
def bring(topic, now):
    """Bring posts into the room as a source would, behind the clock."""
    watch = watch_for(watched_topics(), load_sentiment())

    def bring_posts(*posts):
        keep_late(posts, cursors={}, watch=watch, now=now)

    return bring_posts


@pytest.fixture
def talk(bring, topic, now):
    """Ana complains, Leo answers and somebody repeats her; a signal shows her post."""
    bring(
        said(1, "The lift is dead, says Ana", ANA, now),
        said(2, "The lift of my house too", LEO, now, in_reply_to="x:1"),
        said(3, "The lift is dead, says Ana", Account(id="x:9"), now, repost_of="x:1"),
    )
    return Signal.objects.create(
        key="lift/influential-author/x:1", topic=topic, kind="influential-author", found_at=now,
        rang_at=now, onset=now, onset_low=now, onset_high=now, window_s=600, observed=1,
        expected=0.1, severity=5, certainty="observed", evidence=["x:1", "x:2"],
        reason=msgspec.to_builtins(say("{who} writes about us.", who="Ana_M")), stored_at=now,
    )  # fmt: skip


def erase(now, *, objects=False, person=None):
    account = models.Account.objects.get(uid="x:7")
    return services.erase_account(account_id=account.pk, objects=objects, person=person, now=now)


class TestErasing:
    def test_leaves_no_word_name_or_address(self, talk, now):
        erase(now)

        rows = [*models.Post.objects.values(), *models.Account.objects.values()]
        rows += [*Signal.objects.values(), *models.PostWords.objects.values()]
        left = str(rows)
        for told in ("says Ana", "Ana_M", "Ana M", "x:7'", "'x:1'", "status/1"):
            assert told not in left, told

    def test_keeps_threads_and_counts(self, talk, now):
        gone = erase(now)

        tombstone = gone.addresses["x:1"]
        assert models.Post.objects.get(uid="x:2").in_reply_to == tombstone
        assert models.Match.objects.count() == 3
        assert Signal.objects.get().evidence == [tombstone, "x:2"]
        assert models.Post.objects.get(uid=tombstone).deleted_at

    def test_takes_the_words_from_those_who_repeat_them(self, talk, now):
        assert erase(now).reposts == 1
        assert models.Post.objects.get(uid="x:3").content == ""

    def test_is_followed_by_a_search_that_finds_nothing(self, talk, now):
        erase(now)

        found = {hit.uid for hit in models.Post.objects.filter(indexed__words__contains="dead")}
        assert not found

    def test_leaves_others_alone(self, talk, now):
        erase(now)

        assert models.Post.objects.get(uid="x:2").content == "The lift of my house too"

    def test_is_written_down_without_the_name(self, talk, cleo, now):
        erase(now, person=cleo)

        line = AuditLine.objects.get(action="person.erase")
        assert line.person == cleo
        assert "Ana" not in f"{line.subject}{line.detail}"

    def test_is_refused_twice(self, talk, now):
        account = models.Account.objects.get(uid="x:7")
        erase(now)

        with pytest.raises(NotAllowed, match="erased already"):
            services.erase_account(account_id=account.pk, objects=False, person=None, now=now)


class TestWhatWasErased:
    def test_does_not_come_back_when_it_is_brought_again(self, talk, bring, now):
        erase(now)

        bring(said(1, "The lift is dead, says Ana", ANA, now))

        assert not models.Post.objects.filter(content__contains="says Ana").exists()

    def test_is_not_repeated_by_others_later(self, talk, bring, now):
        erase(now)

        bring(said(5, "The lift is dead, says Ana", LEO, now, repost_of="x:1"))

        assert not models.Post.objects.filter(uid="x:5").exists()

    def test_does_not_silence_who_did_not_object(self, talk, bring, now):
        erase(now)

        bring(said(6, "The lift runs again", ANA, now))

        assert models.Post.objects.filter(uid="x:6").exists()


class TestAnObjection:
    def test_keeps_out_what_the_account_writes_from_then_on(self, talk, bring, now):
        erase(now, objects=True)

        bring(said(6, "The lift runs again", ANA, now))

        assert not models.Post.objects.filter(uid="x:6").exists()

    def test_keeps_out_what_it_answers_to_others_too(self, talk, now):
        erase(now, objects=True)

        store_around([said(6, "Since when?", ANA, now)], now=now)

        assert not models.Post.objects.filter(uid="x:6").exists()

    def test_knows_the_account_by_its_name_alone(self, talk, bring, now):
        erase(now, objects=True)

        bring(said(6, "The lift again", Account(id="other-id", handle="ana_m"), now))

        assert not models.Post.objects.filter(uid="x:6").exists()

    def test_holds_after_the_key_of_the_room_was_changed(self, talk, bring, now, monkeypatch):
        erase(now, objects=True)
        old = services.erasing.pseudonym_keys()
        monkeypatch.setattr(
            "quivive.web.listen.objections.pseudonym_keys", lambda: [b"a new key", *old]
        )

        bring(said(6, "The lift runs again", ANA, now))

        assert not models.Post.objects.filter(uid="x:6").exists()

    def test_keeps_no_name(self, talk, now):
        erase(now, objects=True)

        assert "ana" not in str(list(models.Objection.objects.values())).lower()

    def test_of_somebody_never_heard_is_taken_by_name(self, bring, cleo, now):
        services.object_by_name(network="x", handle="@Ana_M", person=cleo, now=now)

        bring(said(1, "The lift is dead", ANA, now))

        assert not models.Post.objects.exists()


class TestThePages:
    def test_find_show_give_and_erase(self, talk, browse, emma):
        browser = browse(emma)

        found = browser.get("/privacy/person/?q=ana_m")
        page = browser.get(found["Location"])
        file = b"".join(browser.get(f"{found['Location']}everything.ndjson").streaming_content)
        erased = browser.post(f"{found['Location']}erase/", {"objects": "on", "sure": "on"})

        assert b"says Ana" in page.content
        assert file.count(b"\n") == 2
        assert b"says Ana" in file
        assert erased["Location"] == "/privacy/"
        assert browser.get("/privacy/person/?q=ana_m").status_code == 200
        assert models.Objection.objects.count() == 2

    def test_give_and_name_what_the_team_made_of_it_and_keeps_as_evidence(
        self, talk, browse, emma, now
    ):
        post = models.Post.objects.get(uid="x:1")
        models.PostLabel.objects.create(post=post, name="angry", by=emma, at=now)
        models.Capture.objects.create(
            post=post, post_uid="x:1", at=now, by=emma, reason="A threat", sha256="ab",
            record='{"content":"The lift is dead, says Ana"}',
        )  # fmt: skip
        browser = browse(emma)
        account = browser.get("/privacy/person/?q=ana_m")["Location"]

        page = browser.get(account).content.decode()
        file = b"".join(browser.get(f"{account}everything.ndjson").streaming_content)
        lines = [msgspec.json.decode(line) for line in file.splitlines()]

        assert "One piece of evidence holds its words" in page
        assert "A threat" in page
        assert lines[1]["labels"] == ["angry"]
        assert lines[-1]["evidence"]["content"] == "The lift is dead, says Ana"

    def test_erase_nobody_before_somebody_is_sure(self, talk, browse, emma):
        browser = browse(emma)
        account = browser.get("/privacy/person/?q=ana_m")["Location"]

        browser.post(f"{account}erase/", {"objects": "on"})

        assert b"says Ana" in browser.get(account).content

    @pytest.mark.parametrize("asked", ["", " ", "@", "\0", "@\0 "])
    def test_find_nobody_for_no_name(self, talk, browse, emma, asked):
        answer = browse(emma).get("/privacy/person/", {"q": asked})

        assert answer.context["found"] == []

    def test_make_a_register_and_an_information_page_from_the_settings(self, talk, browse, emma):
        browser = browse(emma)

        sheet = browser.get("/privacy/register/").content.decode()
        told = browser.get("/privacy/information/").content.decode()

        for text in ("Logis de Valdorle", "Hear early.", "No profiles.", "Lift"):
            assert text in sheet
        assert "Logis de Valdorle" in told

    def test_export_names_only_when_asked(self, talk, browse, emma):
        browser = browse(emma)

        hidden = b"".join(browser.get("/listen/topics/lift/posts.ndjson").streaming_content)
        named = b"".join(browser.get("/listen/topics/lift/named.ndjson").streaming_content)

        assert b"Ana_M" not in hidden
        assert hidden.count(b"\n") == 3
        assert b"Ana_M" in named
        actions = set(AuditLine.objects.values_list("action", flat=True))
        assert {"posts.export", "posts.export-names"} <= actions


class TestABackupOfBefore:
    @pytest.fixture
    def former(self, talk, now, tmp_path):
        """The room that was there: it forgot Ana and what Leo took back; the backup knows both."""
        path = tmp_path / "quivive.sqlite3"
        with suppress(Aside), transaction.atomic():
            erase(now, objects=True)
            forget_posts([Deletion(id="x:2")], now=now)
            path.write_bytes(connection.connection.serialize())
            raise Aside
        return path

    def test_brings_back_nobody_who_was_erased_and_nothing_taken_back(self, former, bring, now):
        again = services.forget_again(former, now=now)
        bring(said(4, "The lift again", ANA, now))

        assert (again.accounts, again.posts, again.objections) == (1, 1, 2)
        assert not models.Account.objects.filter(uid="x:7").exists()
        assert set(models.Post.objects.values_list("content", flat=True)) == {""}

    def test_tells_when_the_room_that_was_there_cannot_be_read(self, talk, now, tmp_path):
        damaged = tmp_path / "quivive.sqlite3"
        damaged.write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)

        assert services.forget_again(damaged, now=now) is None
