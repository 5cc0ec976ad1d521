"""The engine takes files in beside live sources, and detects anew only what they touch."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.utils import timezone

from quivive.detect.burst_state import arrays_of
from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post
from quivive.web.detect.models import Signal
from quivive.web.listen import checkpoints
from quivive.web.listen import services as listen
from quivive.web.listen import worker as rows
from quivive.web.listen.mishaps import mishaps
from quivive.web.listen.models import Arrival, EngineState, Match, Minute, Topic
from quivive.web.listen.models import Post as Stored
from quivive.web.listen.queries import compiled_watch
from quivive.web.listen.services import imports
from quivive.web.people.models import OwnAccount
from quivive.web.privacy.models import Purge
from quivive.web.room import worker
from quivive.web.room.worker import Engine

pytestmark = pytest.mark.usefixtures("organisation")

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def engine(organisation) -> Engine:
    for slug, query in (("lift", "lift"), ("heat", "heating")):
        Topic.objects.create(slug=slug, name=slug, query=query, created_at=START, rebuild=1)
    return Engine(holder="test")


def bring_posts(engine, tmp_path, *posts: Post) -> None:
    file = tmp_path / f"{posts[0].id}.ndjson"
    file.write_bytes(b"".join(msgspec.json.encode(post) + b"\n" for post in posts))
    row = listen.bring_path(name=file.name, path=file, person=None, now=now())
    listen.queue_import(import_id=row, file_format="auto", mapping=None, person=None, now=now())
    for _ in range(20):
        engine.step(now=now())
        if listen.next_reading() is None and not rows.topics_to_rebuild():
            return
    raise AssertionError("the import never ended")


def bring(engine, tmp_path, words: str, hours: list[float]) -> None:
    """Import posts of some hours after the start, a file of their own."""
    posts = [
        Post(
            id=f"{words}-{hour}",
            network="test",
            published=START + timedelta(hours=hour),
            attributed_to=Account(id=f"{words}-{hour}"),
            content=words,
        )
        for hour in hours
    ]
    bring_posts(engine, tmp_path, *posts)


def now() -> datetime:
    return START + timedelta(days=20)


def minutes() -> dict[tuple[str, datetime], tuple[object, ...]]:
    """The minutes in which somebody spoke, and what was usual then."""
    return {
        (row.topic.slug, row.minute): (row.voices, round(row.expected, 9), round(row.upper, 9))
        for row in Minute.objects.filter(voices__gt=0).select_related("topic")
    }


ORDINARY = [float(hour) for hour in range(0, 200, 9)]
BURST = [250 + minute / 60 for minute in range(0, 24, 2)]


class TestAnImport:
    def test_detects_anew_only_the_topics_it_touches(self, engine, tmp_path, monkeypatch):
        bring(engine, tmp_path, "the heating is off", ORDINARY)
        asked = []
        read = rows.stored_matches
        monkeypatch.setattr(
            rows,
            "stored_matches",
            lambda topics, since: asked.append(topics) or read(topics, since=since),
        )

        bring(engine, tmp_path, "the lift is broken", [hour + 1 for hour in [*ORDINARY, *BURST]])

        assert asked == [{"lift"}]
        assert {signal.topic.slug for signal in Signal.objects.all()} == {"lift"}

    def test_leaves_the_rows_of_a_rerun_of_everything(self, engine, tmp_path):
        bring(engine, tmp_path, "the heating is off", [*ORDINARY, *BURST])
        bring(engine, tmp_path, "the lift is broken", [hour + 30 for hour in ORDINARY])
        before = minutes()
        signals = set(Signal.objects.values_list("key", "rang_at", "observed"))

        EngineState.objects.update(blob=b"")
        rows.ask_rebuild(["lift", "heat"])
        engine.step(now=now())

        assert minutes() == before
        assert set(Signal.objects.values_list("key", "rang_at", "observed")) == signals

    @pytest.mark.parametrize("left", ["the heating is off", "", "[removed]"])
    def test_forgets_the_words_that_a_later_file_says_were_taken_back(self, engine, tmp_path, left):
        post = Post(
            id="first",
            network="test",
            published=START,
            attributed_to=Account(id="ana", handle="ana"),
            content="the heating is off",
        )
        back = START + timedelta(hours=1)
        again = msgspec.structs.replace(post, content=left, deleted_at=back)
        other = msgspec.structs.replace(post, id="second")
        bring_posts(engine, tmp_path, post)

        bring_posts(engine, tmp_path, other, again)

        kept = Stored.objects.get(uid="first")
        assert (kept.content, kept.deleted_at is None) == ("", False)
        assert kept.author.handle == ""
        assert Stored.objects.get(uid="second").content == "the heating is off"


class TestATopicDetectedAnewAfterOldPostsWereForgotten:
    @pytest.mark.parametrize("forgotten_h", [48.4, 479.5])
    def test_fits_beside_those_that_were_not(self, engine, tmp_path, forgotten_h):
        bring(engine, tmp_path, "the heating is off", [*ORDINARY, 479.8])
        bring(engine, tmp_path, "the lift is broken", [hour + 1 for hour in [*ORDINARY, *BURST]])
        heating = {key: row for key, row in minutes().items() if key[0] == "heat"}
        horizon = START + timedelta(hours=forgotten_h)  # at another hour than listening began
        Stored.objects.filter(heard_at__lt=horizon).delete()
        Purge.objects.create(at=now(), horizon=horizon, posts=9)

        rows.ask_rebuild(["lift"])
        engine.step(now=now())

        assert rows.topics_to_rebuild() == {}
        assert {key: row for key, row in minutes().items() if key[0] == "heat"} == heating
        assert Signal.objects.filter(topic__slug="lift", kind="burst").exists()


def of(uid: str, *, handle: str, minute: float = 0, **more) -> Post:
    return Post(
        id=uid,
        network="test",
        published=START + timedelta(hours=220, minutes=minute),
        attributed_to=Account(id=f"id-{handle}", handle=handle),
        **more,
    )


class TestOurOwnAnswer:
    """What we reply to a caught post is our public word, whatever its words (R-33, R-59)."""

    def test_is_kept_with_the_topic_also_when_it_comes_later(self, engine, tmp_path):
        OwnAccount.objects.create(network="test", handle="Our_Coop")
        bring_posts(engine, tmp_path, of("asked", handle="ben", content="the lift is broken"))
        answer = {"content": "We are looking into it.", "in_reply_to": "asked"}
        bring_posts(engine, tmp_path, of("answer", handle="our_coop", minute=5, **answer))

        kept = Match.objects.get(post__uid="answer")
        assert (kept.topic.slug, kept.relayed, kept.post.own) == ("lift", False, True)

    def test_is_ours_as_soon_as_somebody_says_so(self, engine, tmp_path):
        ours = of("ours", handle="our_coop", content="The lift is repaired.")
        bring_posts(engine, tmp_path, ours, of("else", handle="ben", content="the lift again"))
        assert not Stored.objects.filter(own=True).exists()

        account = OwnAccount.objects.create(network="test", handle="Our_Coop")
        for _ in range(3):
            engine.step(now=now())
        assert [post.uid for post in Stored.objects.filter(own=True)] == ["ours"]
        assert sum(Minute.objects.values_list("own", flat=True)) == 1

        account.delete()
        for _ in range(3):
            engine.step(now=now())
        assert not Stored.objects.filter(own=True).exists()


class TestAFileWithTheNewestFirst:
    def test_loses_no_repost_however_far_from_its_post(self, engine, tmp_path, monkeypatch):
        monkeypatch.setattr(imports, "READ", 1)
        first = of("first", handle="ben", content="the lift is broken")
        repost = of("again", handle="ana", minute=5, content="", repost_of="first")

        bring_posts(engine, tmp_path, repost, first)

        assert set(Stored.objects.values_list("uid", flat=True)) == {"first", "again"}


class TestAChangedQuery:
    def test_follows_what_was_reposted_and_answered_however_far_behind(
        self, engine, tmp_path, monkeypatch
    ):
        """Stored posts are read page by page; a page must not forget the one before."""
        OwnAccount.objects.create(network="test", handle="our_coop")
        first = of("first", handle="ben", content="the lift is broken")
        repost = of("again", handle="ana", minute=5, content="", repost_of="first")
        answer = of("answer", handle="our_coop", minute=9, content="Soon.", in_reply_to="first")
        bring_posts(engine, tmp_path, first, repost, answer)
        monkeypatch.setattr(rows, "PAGE", 1)

        Topic.objects.filter(slug="lift").update(query="lift OR elevator")
        rows.match_anew(compiled_watch(), set(Topic.objects.values_list("slug", flat=True)))

        kept = set(Match.objects.filter(topic__slug="lift").values_list("post__uid", flat=True))
        assert kept == {"first", "again", "answer"}


class TestACheckpoint:
    def test_is_read_as_it_was_saved_and_takes_less_room(self, engine, tmp_path):
        bring(engine, tmp_path, "the lift is broken", [*ORDINARY, *BURST])
        packed = bytes(EngineState.objects.get().blob)

        saved = checkpoints.load_state()

        assert saved is not None
        assert checkpoints.load_state() == saved
        assert len(packed) < sum(one.nbytes for one in arrays_of(saved.detect.bursts)) / 2


class TestAnEngineThatBegins:
    def test_has_listened_though_nobody_spoke_and_nothing_was_detected_anew(self, engine):
        Topic.objects.update(rebuild=0)  # as while a long file keeps that waiting

        for minute in range(3):
            engine.step(now=now() + timedelta(minutes=minute))

        assert checkpoints.looked_until() == now() + timedelta(minutes=2)


class TestACheckpointThatCannotBeRead:
    @pytest.mark.parametrize("blob", [b"x", b"\x28\xb5\x2f\xfdx", msgspec.msgpack.encode([1])])
    def test_does_not_keep_the_engine_from_starting(self, engine, tmp_path, blob):
        bring(engine, tmp_path, "the lift is broken", ORDINARY)
        before = minutes()
        EngineState.objects.update(blob=blob)

        for _ in range(2):
            Engine(holder="test").step(now=now())

        assert rows.topics_to_rebuild() == {}
        assert minutes() == before

    def test_is_known_by_a_single_wrong_bit_and_said(self, engine, tmp_path, caplog):
        bring(engine, tmp_path, "the lift is broken", ORDINARY)
        sound = bytes(EngineState.objects.get().blob)
        saved = checkpoints.load_state()
        inside = random.Random(1).sample(range(8 * len(sound)), 100)

        for bit in [*range(8 * 14), *inside]:  # its header holds fourteen bytes
            hurt = bytearray(sound)
            hurt[bit // 8] ^= 1 << bit % 8
            EngineState.objects.update(blob=bytes(hurt))
            assert checkpoints.load_state() in (None, saved), bit

        assert "All topics are detected anew" in caplog.text
        [told] = mishaps(now=timezone.now())
        assert "detected anew from the stored posts" in told.remedy.text

    def test_has_every_topic_detected_anew(self, engine, tmp_path):
        bring(engine, tmp_path, "the lift is broken", [*ORDINARY, *BURST])
        signals = set(Signal.objects.values_list("key", "rang_at"))
        old = msgspec.msgpack.encode((1, 0))
        EngineState.objects.update(
            blob=msgspec.msgpack.encode(checkpoints.Checkpoint(detect=old, caught={}))
        )

        Signal.objects.all().delete()
        for _ in range(2):
            Engine(holder="test").step(now=now())

        assert rows.topics_to_rebuild() == {}
        assert set(Signal.objects.values_list("key", "rang_at")) == signals


class TestAPostThatCannotBeTakenIn:
    @pytest.fixture
    def arrivals(self, engine, monkeypatch):
        """Seven posts wait, and the flow cannot stand the fourth."""
        for number in range(1, 8):
            said = Post(
                id=f"heat-{number}",
                network="test",
                published=now(),
                attributed_to=Account(id=f"a{number}"),
                content="the heating is off" if number != 4 else "the heating breaks us",
            )
            Arrival.objects.create(uid=said.id, heard_at=now(), document=msgspec.to_builtins(said))
        flow = worker.live_turn

        def fails(posts, **more):
            if any("breaks" in post.content for post in posts):
                raise ZeroDivisionError("nobody foresaw it")
            return flow(posts, **more)

        monkeypatch.setattr(worker, "live_turn", fails)

    def listen(self, engine, turns=15):
        for turn in range(turns):
            with suppress(ZeroDivisionError):
                engine.step(now=now() + timedelta(seconds=8 * turn))

    def test_is_put_aside_and_all_others_are_taken_in(self, engine, arrivals):
        self.listen(engine)

        assert set(Stored.objects.values_list("uid", flat=True)) == {
            f"heat-{number}" for number in (1, 2, 3, 5, 6, 7)
        }
        [aside] = Arrival.objects.all()
        assert (aside.uid, aside.refused) == ("heat-4", "ZeroDivisionError: nobody foresaw it")

    def test_is_not_blamed_for_what_fails_without_it_too(self, engine, arrivals, monkeypatch):
        def fails(posts, **more):
            raise ZeroDivisionError("whatever is taken in")

        monkeypatch.setattr(worker, "live_turn", fails)
        self.listen(engine)

        assert Arrival.objects.filter(refused="").count() == 7

    def test_is_forgotten_when_its_author_takes_it_back(self, engine, arrivals):
        self.listen(engine)

        rows.forget_posts([Deletion(id="heat-4")], now=now())

        assert not Arrival.objects.exists()


class TestATopicThatCannotBeDetectedAnew:
    def test_is_given_up_with_its_reason_and_the_room_goes_on(self, engine, tmp_path, monkeypatch):
        bring(engine, tmp_path, "the heating is off", ORDINARY)
        read = rows.stored_matches

        def fails(topics, since):
            if "lift" in topics:
                raise ZeroDivisionError("nobody foresaw it")
            return read(topics, since=since)

        monkeypatch.setattr(rows, "stored_matches", fails)
        rows.ask_rebuild(["lift", "heat"])
        for minute in range(6):
            engine.step(now=now() + timedelta(minutes=minute))

        assert rows.topics_to_rebuild() == {}
        failed = dict(Topic.objects.values_list("slug", "rebuild_failed"))
        assert failed == {"lift": "ZeroDivisionError: nobody foresaw it", "heat": ""}
        assert checkpoints.looked_until() == now() + timedelta(minutes=5)


class TestAHoldOfAClockThatWasAhead:
    def test_keeps_nobody_waiting(self, engine):
        checkpoints.hold_engine(holder="dead", now=now() + timedelta(hours=2))

        assert checkpoints.hold_engine(holder="test", now=now())
        assert not checkpoints.hold_engine(holder="third", now=now() + timedelta(seconds=5))
