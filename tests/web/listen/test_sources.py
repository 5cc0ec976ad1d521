"""Sources: their pages, what a collector keeps of what they bring, and no secret shown."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
import pytest
from django.db import OperationalError
from django.utils import timezone
from tests.listen.sources.worlds import Said
from tests.listen.sources.worlds.feeds import serve
from tests.wire.local_site import Site

from quivive.engines.local import live_turn
from quivive.flow.steps import start
from quivive.listen.engagements import Engagement, Kind
from quivive.listen.records import Deletion
from quivive.listen.sourcing import Asked, Exchange, Page, Quota, Source, asks
from quivive.listen.unreadable import refused
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.crises import Role
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import Request
from quivive.web.detect.queries import blind_spots
from quivive.web.listen import models
from quivive.web.listen.collecting import Collector, dated, is_live, pause_after
from quivive.web.listen.ears import Ears
from quivive.web.listen.mishaps import mishaps, note_hung
from quivive.web.listen.queries import compiled_watch
from quivive.web.listen.services import collecting
from quivive.web.listen.services import sources as trying
from quivive.web.listen.source_queries import followed, source_settings, topic_lines
from quivive.web.people.models import AuditLine
from quivive.web.room.checkup import check_room
from quivive.web.room.sink import LiveSink
from quivive.web.room.sources import heard_since
from quivive.wire import plugins

NOW = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
PATIENCE_S = 60
SECRET = "s3cret-of-the-key"

pytestmark = pytest.mark.django_db


class Keyed(msgspec.Struct, frozen=True, kw_only=True):
    key: Annotated[str, asks(say("Key"), secret=True)]
    places: Annotated[tuple[str, ...], asks(say("Places"))] = ("here",)
    every_min: Annotated[int, asks(say("Minutes")), msgspec.Meta(ge=1)] = 5


def _collect(asked: Asked[Keyed]) -> Exchange:
    yield Request(url="https://example.org/", headers={"Authorization": asked.settings.key})
    return Page()


KEYED = Source(
    kind="keyed",
    network="test",
    title=say("A network with a key"),
    help=say("A key is needed."),
    cost=say("Free."),
    blind_spots=(say("Nothing is seen by night."),),
    settings=Keyed,
    collect=_collect,
)


@pytest.fixture(autouse=True)
def _with_a_keyed_network(monkeypatch):
    known = {**plugins.sources(), "keyed": KEYED}
    for place in ("listen.source_views.plug_ins", "listen.source_queries.sources"):
        monkeypatch.setattr(f"quivive.web.{place}", lambda: known)
    monkeypatch.setattr("quivive.web.listen.services.sources.sources", lambda: known)


def dollars(used):
    return Quota(unit=say("dollars"), used=used, limit=10.0)


@pytest.fixture
def paid(monkeypatch):
    """Every question costs two dollars."""

    async def once(_plug_in, asked):
        assert asked.trial
        return Page(quota=dollars(asked.quota.used + 2 if asked.quota else 2.0))

    monkeypatch.setattr("quivive.web.listen.services.sources._once", once)


@pytest.fixture
def topic(organisation):
    return models.Topic.objects.create(slug="eau", name="Eau", query="eau", created_at=NOW)


@pytest.fixture
def source():
    return models.Source.objects.create(
        name="Le Quai", kind="feeds", settings={"feeds": ["https://news.example/feed"]}, holder="c"
    )


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


def post(key="1", text="L'eau est coupée", at=NOW, **more):
    return Post(
        id=f"https://news.example/{key}",
        network="press",
        published=at,
        attributed_to=Account(id="news.example"),
        content=text,
        **more,
    )


def keep(source, page, *, before=None, now=NOW):
    ears = Ears()
    ears.listen_for_topics()
    collecting.keep_page(
        page,
        source_id=source.pk,
        holder="c",
        caught=ears.hear(page.posts),
        engagements=ears.about_ours(page.engagements),
        lag_s=1.0,
        wake_at=None,
        before=before,
        now=now,
    )


def take_in(now=NOW):
    watch = compiled_watch()
    sink = LiveSink(holder="e", now=now, heard=heard_since(now=now))
    models.EngineState.objects.get_or_create(
        pk="local", defaults={"blob": b"", "clock": now, "holder": "e", "held_until": now}
    )
    minute = now.replace(second=0, microsecond=0)
    live_turn(sink.heard.posts, now=now, watch=watch, state=start(watch, now=minute), sink=sink)


def stored():
    return dict(models.Post.objects.values_list("uid", "content"))


class TestWhatACollectorKeeps:
    def test_is_only_what_speaks_of_a_topic(self, topic, source):
        keep(source, Page(posts=(post("1"), post("2", "Beau temps")), cursor="c1"))
        take_in()

        assert stored() == {"https://news.example/1": "L'eau est coupée"}
        assert models.SourceHour.objects.get().heard == 2
        assert not models.Arrival.objects.exists()

    def test_comes_with_the_cursor_or_not_at_all(self, topic, source):
        source.holder = "another"
        source.save()

        with pytest.raises(collecting.LostSource):
            keep(source, Page(posts=(post(),), cursor="c1"))

        source.refresh_from_db()
        assert (source.cursor, models.Arrival.objects.count()) == ("", 0)

    def test_is_stored_once_however_often_it_comes(self, topic, source):
        keep(source, Page(posts=(post(), post()), cursor="c1"))
        take_in()
        keep(source, Page(posts=(post(),), cursor="c2"))
        take_in(NOW + timedelta(seconds=30))

        assert len(stored()) == 1

    def test_adds_what_a_test_spent_meanwhile_to_the_meter(self, topic, source):
        source.quota = msgspec.to_builtins(dollars(5.0))  # 2 when the turn began
        source.save()

        keep(source, Page(quota=dollars(2.5), cursor="c1"), before=dollars(2.0))

        source.refresh_from_db()
        assert source.quota["used"] == 5.5

    def test_follows_an_edit(self, topic, source):
        keep(source, Page(posts=(post(),), cursor="c1"))
        take_in()
        keep(source, Page(posts=(post(text="L'eau est revenue", likes=4),), cursor="c2"))
        take_in(NOW + timedelta(seconds=30))

        assert list(stored().values()) == ["L'eau est revenue"]
        assert models.Post.objects.get().document["post"]["likes"] == 4

    def test_loses_its_words_when_its_author_takes_it_back(self, topic, source):
        keep(source, Page(posts=(post(),), cursor="c1"))
        take_in()
        gone = Deletion(id="https://news.example/1", deleted_at=NOW)
        keep(source, Page(deletions=(gone,), cursor="c2"))
        take_in(NOW + timedelta(seconds=30))

        row = models.Post.objects.get()
        assert (row.content, row.deleted_at) == ("", NOW + timedelta(seconds=30))
        assert "coupée" not in str(row.document)

    def test_loses_its_words_although_it_came_together_with_its_deletion(self, topic, source):
        gone = Deletion(id="https://news.example/1", deleted_at=NOW)
        keep(source, Page(posts=(post(),), deletions=(gone,), cursor="c1"))
        take_in()

        assert list(stored().values()) == [""]

    def test_loses_its_words_when_it_comes_again_without_them(self, topic, source):
        keep(source, Page(posts=(post(),), cursor="c1"))
        take_in()
        keep(source, Page(posts=(post(text="", deleted_at=NOW),), cursor="c2"))
        take_in(NOW + timedelta(seconds=30))

        assert list(stored().values()) == [""]

    def test_keeps_no_deletion_of_posts_we_never_knew(self, topic, source):
        keep(source, Page(deletions=(Deletion(id="https://else.example/9"),), cursor="c1"))

        assert not models.Arrival.objects.exists()

    def test_includes_reposts_of_what_waits_or_is_stored(self, topic, source):
        keep(source, Page(posts=(post(),), cursor="c1"))
        keep(source, Page(posts=(post("2", "", repost_of="https://news.example/1"),), cursor="c2"))
        take_in()

        assert len(stored()) == 2


class TestWhatIsSaidAroundAKeptPost:
    ANSWER = post("9", "Depuis quand ?", in_reply_to="https://news.example/1")

    def test_is_kept_with_it_and_counted_by_no_topic(self, topic, source):
        keep(source, Page(posts=(post(),), around=(self.ANSWER,), cursor="c1"))
        keep(source, Page(around=(self.ANSWER,), cursor="c2"))
        take_in()

        assert len(stored()) == 2
        assert [match.post.uid for match in models.Match.objects.all()] == [post().id]

    def test_is_a_post_like_any_other_when_it_speaks_of_a_topic(self, topic, source):
        answer = post("9", "L'eau ? Depuis quand ?", in_reply_to=post().id)
        keep(source, Page(posts=(post(), answer), around=(answer,), cursor="c1"))
        take_in()

        assert models.Match.objects.count() == 2

    def test_brings_its_counts_up_to_date_without_being_news(self, topic, source):
        keep(source, Page(posts=(post(),), cursor="c1"))
        take_in()
        heard = models.Source.objects.get().last_post_at
        later = NOW + timedelta(hours=1)
        keep(source, Page(again=(post(likes=7, quotes=2),), cursor="c2"), now=later)

        told = models.Post.objects.get().document["post"]
        assert (told["likes"], told["quotes"]) == (7, 2)
        assert models.Source.objects.get().last_post_at == heard

    def test_is_followed_while_it_is_young(self, topic, source):
        keep(source, Page(posts=(post(), post("2", at=NOW - timedelta(days=4))), cursor="c1"))
        take_in()

        assert followed("press", now=NOW) == (post().id,)
        assert followed("bluesky", now=NOW) == ()


def done(key, kind=Kind.LIKE, to="1"):
    return Engagement(id=f"at://did:plc:{key}", post=post(to).id, kind=kind)


def counters():
    said = models.Post.objects.get(uid=post().id).document["post"]
    return {kind.value: said[kind.value] for kind in Kind if said.get(kind.value) is not None}


class TestWhatPeopleDoWithAKeptPost:
    def test_is_counted_by_kind_though_it_came_together_with_the_post(self, topic, source):
        some = [done(str(number)) for number in range(3)]
        some += [done("r", Kind.REPOST), done("q", Kind.QUOTE), done("q", Kind.REPLY)]
        keep(source, Page(posts=(post(),), engagements=tuple(some), cursor="c1"))
        take_in()

        assert counters() == {"likes": 3, "reposts": 1, "quotes": 1, "replies": 1}

    def test_counts_once_however_often_it_comes(self, topic, source):
        keep(source, Page(posts=(post(),), engagements=(done("a"), done("a")), cursor="c1"))
        take_in()
        keep(source, Page(engagements=(done("a"), done("b")), cursor="c1"))
        take_in(NOW + timedelta(seconds=30))

        assert counters() == {"likes": 2}

    def test_counts_no_more_once_it_is_taken_back(self, topic, source):
        keep(source, Page(posts=(post(),), engagements=(done("a"), done("b")), cursor="c1"))
        take_in()
        gone = (Deletion(id=done("a").id), Deletion(id=done("c").id))
        keep(source, Page(engagements=(done("c"),), deletions=gone, cursor="c2"))
        take_in(NOW + timedelta(seconds=30))

        assert counters() == {"likes": 1}
        assert not models.Arrival.objects.exists()

    def test_stays_taken_back_when_the_stream_tells_it_once_more(self, topic, source):
        keep(source, Page(posts=(post(),), engagements=(done("a"), done("b")), cursor="c1"))
        take_in()
        keep(source, Page(deletions=(Deletion(id=done("a").id),), cursor="c2"))
        take_in(NOW + timedelta(seconds=30))
        keep(source, Page(engagements=(done("a"),), cursor="c2"))
        take_in(NOW + timedelta(seconds=60))

        assert counters() == {"likes": 1}

    def test_is_never_added_to_what_the_network_told(self, topic, source):
        keep(source, Page(posts=(post(likes=5),), engagements=(done("a"),), cursor="c1"))
        take_in()
        before = counters()
        keep(source, Page(again=(post(likes=0, quotes=2),), cursor="c2"))

        assert (before, counters()) == ({"likes": 5}, {"likes": 1, "quotes": 2})

    def test_is_let_go_when_the_post_is_of_no_topic(self, topic, source):
        page = Page(posts=(post(), post("2", "Beau temps")), engagements=(done("a", to="2"),))
        keep(source, page)

        assert models.Arrival.objects.count() == 1

    def test_leads_to_nobody_and_goes_with_the_post(self, topic, source):
        keep(source, Page(posts=(post(),), engagements=(done("a"),), cursor="c1"))
        take_in()
        kept = models.Engagement.objects.get()
        keep(source, Page(deletions=(Deletion(id=post().id),), cursor="c2"))
        take_in(NOW + timedelta(seconds=30))

        assert done("a").id not in str(vars(kept))
        assert not models.Engagement.objects.exists()


class TestTheMomentAPostIsHeard:
    def test_is_now_for_what_is_new_since_a_look_just_before(self):
        before = NOW - timedelta(minutes=5)
        page = Page(posts=(post(at=NOW - timedelta(minutes=3)),))

        [heard] = dated(page, last_run_at=before, live=True, now=NOW).posts

        assert heard.heard_at == NOW

    def test_is_when_it_was_written_on_the_first_look(self):
        page = Page(posts=(post(at=NOW - timedelta(days=3)),))

        [heard] = dated(page, last_run_at=None, live=False, now=NOW).posts

        assert heard.heard_at == NOW - timedelta(days=3)

    def test_fills_a_gap_where_it_was(self):
        page = Page(posts=(post(at=NOW - timedelta(hours=3)),))

        [heard] = dated(page, last_run_at=NOW - timedelta(hours=5), live=False, now=NOW).posts

        assert heard.heard_at == NOW - timedelta(hours=3)

    def test_is_never_in_the_future(self):
        page = Page(posts=(post(at=NOW + timedelta(days=300)),))

        [heard] = dated(page, last_run_at=None, live=False, now=NOW).posts

        assert heard.heard_at == NOW

    def test_counts_as_live_for_thrice_the_usual_pause(self):
        assert is_live(NOW - timedelta(minutes=29), every_s=600, now=NOW)
        assert not is_live(NOW - timedelta(minutes=31), every_s=600, now=NOW)
        assert not is_live(None, every_s=600, now=NOW)

    def test_pauses_grow_and_never_beyond_a_quarter_of_an_hour(self):
        broken = refused("https://a.example", 500)

        assert pause_after(broken, failures=0) <= 5
        assert 600 < pause_after(broken, failures=40) <= 900


@pytest.mark.enable_socket
@pytest.mark.django_db(transaction=True)
class TestACollectorAtARealServer:
    def test_brings_a_feed_into_the_room(self, site, topic, source, monkeypatch):
        said = [Said("1", "L'eau est coupée"), Said("2", "Beau temps")]
        url = site.say("/feed", (200, {"ETag": '"1"'}, serve(said, Request(url="")).body))
        models.Source.objects.filter(pk=source.pk).update(settings={"feeds": [url]}, holder="")

        collect_until(lambda: models.Arrival.objects.exists())

        source.refresh_from_db()
        assert (source.trouble, source.failures) == (None, 0)
        assert [row.uid for row in models.Arrival.objects.all()] == ["https://news.example/1"]
        assert source.wake_at - source.last_run_at == timedelta(minutes=5)

    def test_says_on_its_page_what_went_wrong_and_leaves_others_alone(self, site, topic, source):
        good = site.say("/feed", (200, {}, serve([Said("1", "eau")], Request(url="")).body))
        models.Source.objects.filter(pk=source.pk).update(
            settings={"feeds": [site.url + "/nothing"]}, holder=""
        )
        other = models.Source.objects.create(name="B", kind="feeds", settings={"feeds": [good]})

        collect_until(lambda: _asked(source) and _asked(other))

        source.refresh_from_db()
        other.refresh_from_db()
        assert "nothing at this address" in source.trouble["what"]["text"]
        assert (source.failures, other.trouble) == (1, None)
        assert source.wake_at - source.last_run_at > timedelta(minutes=50)


def _asked(source):
    return models.Source.objects.filter(pk=source.pk, last_run_at__isnull=False).exists()


def collect_until(done):
    """Let a collector work until something is so; the machine may be slow."""
    from quivive.web.listen.rows import in_thread
    from quivive.wire.courier import Courier

    async def run():
        stopping = asyncio.Event()
        async with Courier(local_allowed=True) as courier, asyncio.timeout(PATIENCE_S):
            running = asyncio.create_task(Collector(holder="c", courier=courier).run(stopping))
            while not await in_thread(_free, done):
                await asyncio.sleep(0.1)
            stopping.set()
            await running

    asyncio.run(run())


def _free(done):
    with suppress(OperationalError):  # the collector writes to that table just now
        return done()


class TestThePagesOfSources:
    def test_name_every_kind_with_what_it_cannot_see(self, browse, emma):
        page = browse(emma).get("/listen/sources/").content.decode()

        for plug_in in plugins.sources().values():
            assert plug_in.title.text in page
        assert "paywall" in page

    def test_add_a_source_and_say_so_in_the_audit_log(self, browse, emma):
        answer = browse(emma).post(
            "/listen/sources/new/feeds/",
            {
                "name": "Le Quai",
                "feeds": "https://a.example/1\nhttps://a.example/2",
                "every_min": "7",
            },
        )

        assert answer.status_code == 302
        row = models.Source.objects.get()
        assert row.settings["feeds"] == ["https://a.example/1", "https://a.example/2"]
        assert AuditLine.objects.filter(action="source.save", subject="Le Quai").exists()

    def test_refuse_a_name_twice(self, browse, emma, source):
        answer = browse(emma).post(
            "/listen/sources/new/feeds/", {"name": "Le Quai", "feeds": "x", "every_min": "7"}
        )

        assert answer.status_code == 422
        assert "Another source has this name." in answer.content.decode()

    def test_refuse_a_pause_that_leads_to_no_date(self, browse, emma):
        typed = {"name": "Le Quai", "feeds": "https://a.example/1", "every_min": "9" * 40}

        assert browse(emma).post("/listen/sources/new/feeds/", typed).status_code == 422
        assert not models.Source.objects.exists()

    def test_keep_a_secret_unreadable_and_never_show_it(self, browse, emma):
        browser = browse(emma)
        browser.post("/listen/sources/new/keyed/", {"name": "K", "key": SECRET, "every_min": "5"})

        row = models.Source.objects.get()
        kept = row.secrets
        assert kept
        assert SECRET not in f"{row.settings} {kept}"
        for address in ("/listen/sources/", f"/listen/sources/{row.pk}/"):
            assert SECRET not in browser.get(address).content.decode()
        assert SECRET not in str(list(AuditLine.objects.values()))

    def test_keep_the_secret_when_it_is_left_empty(self, browse, emma):
        browser = browse(emma)
        browser.post("/listen/sources/new/keyed/", {"name": "K", "key": SECRET, "every_min": "5"})
        row = models.Source.objects.get()

        answer = browser.post(
            f"/listen/sources/{row.pk}/", {"name": "K2", "key": "", "every_min": "9"}
        )

        assert answer.status_code == 302
        settings = source_settings(row.pk)
        assert (settings.key, settings.every_min) == (SECRET, 9)

    @pytest.mark.parametrize(
        ("stored", "setting"),
        [
            ({"feeds": 5}, "Adresses des fils"),
            ({}, "Adresses des fils"),
            (
                {"feeds": ["https://a.example/"], "every_min": "often"},
                "Minutes entre deux lectures",
            ),
        ],
    )
    def test_that_another_version_wrote_are_named_in_the_readers_words(
        self, browse, make_person, source, stored, setting
    ):
        models.Source.objects.update(settings=stored)
        emma = make_person("Zoé", Role.ADMINISTRATOR, language="fr")

        page = browse(emma).get(f"/listen/sources/{source.pk}/").content.decode()

        assert f"«\u00a0{setting}\u00a0»" in page
        assert "Expected" not in page
        assert "Object missing" not in page

    def test_read_a_source_afresh_when_it_leads_elsewhere(self, browse, emma, source):
        models.Source.objects.update(cursor="far", last_run_at=NOW)

        browse(emma).post(
            f"/listen/sources/{source.pk}/",
            {"name": "Le Quai", "feeds": "https://b.example/", "press": "on", "every_min": "5"},
        )

        source.refresh_from_db()
        assert (source.cursor, source.last_run_at) == ("", None)

    def test_say_that_a_test_waits_no_longer(self, browse, emma, monkeypatch):
        async def silent(*_told):
            await asyncio.sleep(60)

        monkeypatch.setattr(trying, "turn", silent)
        monkeypatch.setattr(trying, "TEST_S", 0.01)

        answer = browse(emma).post(
            "/listen/sources/feeds/try/",
            {"name": "Le Quai", "feeds": "https://slow.example/", "every_min": "5"},
        )

        assert answer.status_code == 200
        assert "a test waits no longer" in answer.content.decode()

    def test_remember_what_was_spent_whatever_the_settings(self, browse, emma, source):
        spent = {"unit": {"text": "units today"}, "used": 90.0, "limit": 100.0}
        models.Source.objects.update(quota=spent)

        browse(emma).post(
            f"/listen/sources/{source.pk}/",
            {"name": "Le Quai", "feeds": "https://b.example/", "press": "on", "every_min": "5"},
        )

        source.refresh_from_db()
        assert source.quota == spent

    def test_write_what_a_test_spends_on_the_meter(self, browse, emma, paid, source):
        source.kind = "keyed"
        source.save()
        form = {"name": "K", "key": SECRET, "every_min": "5", "source": str(source.pk)}

        for _ in range(2):
            page = browse(emma).post("/listen/sources/keyed/try/", form).content.decode()

        source.refresh_from_db()
        assert source.quota["used"] == 4.0
        assert "On the meter with this test: 4 of 10 dollars." in page

    def test_remember_what_tests_spent_before_a_source_was_saved(self, browse, emma, paid):
        browser = browse(emma)
        form = {"name": "K", "key": SECRET, "every_min": "5", "places": "here"}

        browser.post("/listen/sources/keyed/try/", form)
        browser.post("/listen/sources/new/keyed/", form)

        assert models.Source.objects.get().quota["used"] == 2.0

    def test_pause_resume_and_remove(self, browse, emma, source):
        browser = browse(emma)

        browser.post(f"/listen/sources/{source.pk}/pause/")
        assert models.Source.objects.get().stopped_at
        browser.post(f"/listen/sources/{source.pk}/resume/")
        assert models.Source.objects.get().stopped_at is None
        browser.post(f"/listen/sources/{source.pk}/remove/")
        assert not models.Source.objects.exists()
        told = set(AuditLine.objects.values_list("action", flat=True))
        assert {"source.pause", "source.resume", "source.remove"} <= told

    def test_show_trouble_with_what_to_do(self, browse, ana, source):
        trouble = refused("https://news.example/feed", 401)
        collecting.note_trouble(trouble, source_id=source.pk, holder="c", wake_at=NOW, now=NOW)

        page = browse(ana).get("/listen/sources/").content.decode()

        assert "does not accept the key" in page
        assert "press Test" in page

    def test_say_for_a_week_which_process_stood_still(self, browse, ana, source):
        then = timezone.now()
        note_hung("notices", now=then)

        page = browse(ana).get("/listen/sources/").content.decode()

        assert "The process notices stood still" in page
        [told] = [one for one in check_room(now=then) if one.about == "mishap"]
        assert (told.state, told.what.values) == ("warn", {"name": "notices"})
        assert mishaps(now=then + timedelta(days=7)) == []

    def test_say_that_no_collector_asks_any_more(self, browse, ana, topic, source):
        old = timezone.now() - timedelta(minutes=10)
        models.Source.objects.update(held_until=old, last_run_at=old, last_post_at=old)

        page = browse(ana).get("/listen/sources/").content.decode()

        assert "No collector asks it any more." in page
        told = [spot.text for spot in blind_spots(topic, now=timezone.now())]
        assert "Source “{source}” is not asked: no collector runs." in told

    def test_show_how_topics_are_heard(self, browse, ana, topic, source):
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        for hours in range(5, 100):
            models.Minute.objects.create(
                topic=topic,
                minute=now - timedelta(hours=hours),
                voices=6,
                originals=6,
                reposts=0,
                negatives=0,
                positives=0,
                own=0,
                expected=6,
                upper=9,
            )
        keep(source, Page(posts=(post(at=now - timedelta(hours=5)),), cursor="c"), now=now)
        take_in(now - timedelta(hours=5))

        [line] = topic_lines(now=now)

        assert (line.health.silent, round(line.health.usual_per_hour)) == (True, 6)
        assert "where about" in browse(ana).get("/listen/sources/").content.decode()

    @pytest.mark.parametrize(("late_s", "told"), [(0, None), (40, 40.0)])
    def test_say_no_lag_of_posts_that_nobody_heard_as_they_came(self, topic, source, late_s, told):
        now = timezone.now()
        said = [post(at=now - timedelta(hours=1), seen_at=now - timedelta(seconds=3600 - late_s))]
        keep(source, Page(posts=tuple(said), cursor="c"), now=now)
        take_in(now)

        assert [line.lag_s for line in topic_lines(now=now)] == [told]

    @pytest.mark.enable_socket
    def test_show_what_a_test_brings_back_and_keep_nothing(self, browse, emma, site, monkeypatch):
        monkeypatch.setenv("QUIVIVE_ALLOW_LOCAL_TARGETS", "1")
        body = serve([Said("1", "L'eau est coupée, <b>vite</b>")], Request(url="")).body
        url = site.say("/feed", (200, {}, body))

        answer = browse(emma).post(
            "/listen/sources/feeds/try/", {"name": "Q", "feeds": url, "every_min": "5"}
        )

        page = answer.content.decode()
        assert "est coupée" in page
        assert "<b>vite" not in page
        assert not models.Post.objects.exists()
        assert not models.Source.objects.exists()

    @pytest.mark.enable_socket
    def test_never_ask_inside_the_house(self, browse, emma, site):
        answer = browse(emma).post(
            "/listen/sources/feeds/try/",
            {"name": "Q", "feeds": site.url + "/feed", "every_min": "5"},
        )

        assert "leads into this machine" in answer.content.decode()
        assert site.asked == []

    @pytest.mark.enable_socket
    def test_tell_who_tests_to_look_at_the_address_first(self, browse, emma, site, monkeypatch):
        monkeypatch.setenv("QUIVIVE_ALLOW_LOCAL_TARGETS", "1")
        url = site.say("/feed", (500, {}, b"oops"))

        answer = browse(emma).post(
            "/listen/sources/feeds/try/", {"name": "Q", "feeds": url, "every_min": "5"}
        )

        assert "Check the address and the names." in answer.content.decode()

    @pytest.mark.enable_socket
    def test_say_what_to_do_about_what_came_instead(self, browse, emma, site, monkeypatch):
        monkeypatch.setenv("QUIVIVE_ALLOW_LOCAL_TARGETS", "1")
        url = site.say("/feed", (200, {}, b"<html><title>News</title></html>"))

        answer = browse(emma).post(
            "/listen/sources/feeds/try/", {"name": "Q", "feeds": url, "every_min": "5"}
        )

        assert "Look for “RSS” on that page" in answer.content.decode()

    def test_of_a_folder_know_which_mappings_there_are(self, browse, emma):
        form = {"name": "F", "folder": "calls", "mapping": "nightly", "every_min": "5"}

        answer = browse(emma).post("/listen/sources/folder/try/", form)

        assert "no saved mapping called nightly" in answer.content.decode()

    def test_say_what_is_missing_instead_of_asking(self, browse, emma):
        answer = browse(emma).post("/listen/sources/feeds/try/", {"name": "Q"})

        assert "Not asked: something is missing." in answer.content.decode()
