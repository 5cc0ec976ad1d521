"""Topics: tried while they are typed, also by their own texts; kept in versions; partly hidden."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.urls import reverse

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.crises import Role
from quivive.vocabulary.matches import Match as Caught
from quivive.vocabulary.posts import Post
from quivive.web.listen import services, worker
from quivive.web.listen.models import Match, Source, Topic
from quivive.web.listen.queries import compiled_watch, watched_topics
from quivive.web.listen.services import Aside
from quivive.web.listen.worker import match_anew, store_matches
from quivive.web.people.models import AuditLine, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe(make_person):
    return make_person("Zoé", Role.LEAD, Role.MONITOR)


@pytest.fixture
def page(zoe, browse):
    return browse(zoe)


@pytest.fixture
def heating(zoe, now) -> str:
    return services.save_topic(name="Heating", query="heating", person=zoe, now=now)


@pytest.fixture
def stored(heating, now) -> None:
    words = ["heating broke", "heating and football", "<b>heating</b> is off", "the match tonight"]
    posts = [
        Post(
            id=f"p{number}",
            network="micro",
            published=now + timedelta(minutes=number),
            attributed_to=Account(id=f"u{number}", handle=f"u{number}"),
            content=content,
        )
        for number, content in enumerate(words)
    ]
    store_matches([Caught(post=one, topics=(heating,), relayed=False) for one in posts], now=now)


def preview(page, query: str, **others: str) -> str:
    answer = page.post(reverse("listen:topic-preview"), {"query": query, **others})
    return answer.content.decode()


def form(**others: object) -> dict[str, object]:
    rules = {"burst_rings": "on", "false_alarms_per_week": "0.1", "minimum": "4"}
    return {"name": "Heating", "query": "heating", **rules, **others}


class TestThePreview:
    def test_counts_shows_and_says_what_each_part_does(self, page, stored):
        shown = preview(page, "heating -football")

        assert "posts of 4" in shown
        assert "<mark>heating</mark> broke" in shown
        assert "&lt;b&gt;" in shown
        row = shown.split("<code>-football</code>")[1].split("</tr>")[0]
        assert row.count("<td") == 3
        assert ">1</td>" in row

    def test_points_at_a_mistake(self, page, stored):
        assert 'data-mistake="1:12"' in preview(page, "heating OR OR leak")

    @pytest.mark.parametrize(
        ("query", "marked"),
        [
            ("heating OR OR leak", "heating OR <mark>OR</mark> leak"),
            ("🔥🔥 OR foo:x", "🔥🔥 OR <mark>foo:x</mark>"),
            ("تدفئة OR OR ماء", "تدفئة OR <mark>OR</mark> ماء"),
            ("heat\u2028ing\r\n👨‍👩‍👧 AND", "\n👨‍👩‍👧 <mark>AND</mark>"),
            ("word " * 5000 + "OR", "…" + ("word " * 12) + "<mark>OR</mark>"),
        ],
    )
    def test_marks_it_in_its_line_whatever_stands_before(self, page, stored, query, marked):
        told = preview(page, query)

        assert marked.removeprefix("\n") in told
        assert ("heat" in told) == query.startswith("heating")

    def test_says_that_a_query_is_longer_than_any(self, page, stored):
        assert "has at most 100000 characters" in preview(page, "word " * 20_001)

    def test_judges_the_texts_that_must_and_must_not_match(self, page, stored):
        shown = preview(
            page, "heating", must_match="No heating!\nNo water", must_not_match="heating match"
        )

        assert "2 are not as wanted" in shown

    def test_tells_what_is_kept_from_view_and_survives_half_a_query(self, page, stored):
        assert "1 of them kept from view" in preview(page, "heating", hide="football")
        assert "kept from view" not in preview(page, "heating", hide="football OR (")

    def test_warns_of_a_name_that_is_one_word_and_of_lines_that_are_over(self, page, stored):
        shown = preview(page, "orange\nheating until:2020-01-01")

        assert "orange alone may catch other things" in shown
        assert "it catches nothing new" in shown

    def test_warns_of_panels_that_nobody_made(self, page, stored):
        assert "There is no panel called press here" in preview(page, "heating panel:press")

    def test_says_how_each_network_is_asked_and_what_it_cannot_be_asked(self, page, stored, now):
        Source.objects.create(name="Sky", kind="bluesky-search", settings={})

        shown = preview(page, "heating followers:>10 boil*")

        assert "The network cannot be asked for this" in shown
        assert "<code>followers:&gt;10</code>" in shown


class TestSaving:
    def test_is_refused_while_a_text_is_not_judged_as_wanted(self, page, heating):
        address = reverse("listen:topic-edit", args=[heating])
        refused = page.post(address, form(query="boiler", must_match="no heating", hide="(x"))

        assert refused.status_code == 422
        assert "does not catch “no heating”" in refused.content.decode()
        assert "line 1, character 1" in refused.content.decode()
        assert Topic.objects.get().query == "heating"

    def test_keeps_a_version_with_its_author_and_reason(self, page, heating, zoe):
        address = reverse("listen:topic-edit", args=[heating])
        page.post(address, form(query="heating OR boiler", reason="They say boiler"))
        page.post(address, form(query="heating OR boiler", minimum="9"))

        versions = Topic.objects.get().versions.all()
        assert [(one.number, one.query, one.reason) for one in versions] == [
            (2, "heating OR boiler", "They say boiler"),
            (1, "heating", ""),
        ]
        assert versions[0].made_by == zoe
        assert AuditLine.objects.filter(detail__reason="They say boiler").exists()


class TestVersions:
    def test_show_what_changed_to_whoever_may_see_the_room(self, page, heating, browse, ana):
        page.post(reverse("listen:topic-edit", args=[heating]), form(query="heating OR boiler"))

        shown = browse(ana).get(reverse("listen:topic-versions", args=[heating])).content.decode()

        assert "<ins> OR boiler</ins>" in shown
        assert "Version 1" in shown

    def test_are_brought_back_as_a_new_one(self, page, heating, zoe, now):
        services.save_topic(
            slug=heating, name="Heating", query="boiler", aside=Aside(hide="ad"),
            person=zoe, now=now,
        )  # fmt: skip
        page.post(reverse("listen:topic-version", args=[heating, 1]))

        topic = Topic.objects.get()
        assert (topic.query, topic.hide) == ("heating", "")
        assert [one.number for one in topic.versions.all()] == [3, 2, 1]
        assert topic.rebuild
        assert AuditLine.objects.filter(action="topic.version").exists()

    def test_that_never_were_are_not_found(self, page, heating):
        assert page.post(reverse("listen:topic-version", args=[heating, 9])).status_code == 404

    def test_may_not_be_brought_back_by_a_stranger(self, heating, browse, dan):
        address = reverse("listen:topic-version", args=[heating, 1])

        assert browse(dan).post(address).status_code == 403


class TestAChangedQuery:
    def test_takes_a_repost_along_however_far_from_its_post(self, heating, monkeypatch, now):
        first = Post(
            id="a", network="x", published=now, attributed_to=Account(id="ann"), content="boiler"
        )
        other = msgspec.structs.replace(
            first, id="b", published=now + timedelta(minutes=1), content="heating"
        )
        repost = msgspec.structs.replace(
            first, id="c", published=now + timedelta(minutes=2), content="", repost_of="a"
        )
        store_matches([Caught(post=one, topics=()) for one in (first, other, repost)], now=now)
        monkeypatch.setattr(worker, "PAGE", 1)

        Topic.objects.update(query="boiler")
        match_anew(compiled_watch(), set(Topic.objects.values_list("slug", flat=True)))

        found = dict(Match.objects.values_list("post__uid", "relayed"))
        assert found == {"a": False, "c": True}


class TestWhatIsKeptFromView:
    def test_is_stored_and_counted_and_not_listed(self, page, stored, heating, zoe, now):
        services.save_topic(
            slug=heating, name="Heating", query="heating", aside=Aside(hide="football"),
            person=zoe, now=now,
        )  # fmt: skip
        match_anew(compiled_watch(), set(Topic.objects.values_list("slug", flat=True)))

        address = reverse("room:topic", args=[heating])
        shown = page.get(address).content.decode()
        kept = page.get(address, {"kept": "hidden"}).content.decode()

        assert Match.objects.filter(hidden=True).count() == 1
        assert Match.objects.count() == 3
        assert "heating and football" not in shown
        assert "heating and football" in kept
        assert "heating broke" not in kept

    def test_is_marked_as_posts_come_in(self, heating, zoe, now):
        services.save_topic(
            slug=heating, name="Heating", query="heating", aside=Aside(hide="football"),
            person=zoe, now=now,
        )  # fmt: skip
        post = Post(
            id="p9", network="micro", published=now, content="heating football",
            attributed_to=Account(id="u"),
        )  # fmt: skip
        store_matches([Caught(post=post, topics=(heating,), relayed=False)], now=now)

        assert Match.objects.get().hidden


class TestTheEditor:
    def test_offers_operators_fields_and_values_the_room_knows(self, page, stored):
        words = page.get(reverse("listen:topic-new")).context["words"]

        assert "NEAR/5" in [one["write"] for one in words["operators"]]
        assert {"from", "title", "followers"} <= {one["name"] for one in words["fields"]}
        assert "status" not in {one["name"] for one in words["fields"]}
        assert "u1" in words["values"]["from"]
        assert words["values"]["type"][0] == "post"


class TestPlannedPeaks:
    def test_are_kept_with_the_topic(self, page, db):
        page.post(
            reverse("listen:topic-new"), form(planned="2026-03-01 2026-03-05 Rent notices\n\n")
        )

        assert Topic.objects.get(name="Heating").planned == ["2026-03-01 2026-03-05 Rent notices"]

    def test_tell_the_engine_when_more_is_due(self, page, db):
        planned = "2026-03-05T18:00 2026-03-05T20:00 Open evening ×3"
        page.post(reverse("listen:topic-new"), form(planned=planned))

        (hours,) = next(topic for topic in watched_topics() if topic.name == "Heating").planned

        assert (hours.end - hours.begin, hours.times) == (7200, 3.0)

    def test_are_in_the_hours_of_the_organisation(self, page, db):
        planned = "2026-03-05T18:00 2026-03-05T20:00 Open evening"
        page.post(reverse("listen:topic-new"), form(planned=planned))
        Organisation.objects.update(time_zone="Indian/Reunion")

        (hours,) = next(topic for topic in watched_topics() if topic.name == "Heating").planned

        assert hours.begin == datetime(2026, 3, 5, 14, tzinfo=UTC).timestamp()

    def test_that_cannot_be_read_are_refused_by_their_words(self, page, db):
        answer = page.post(reverse("listen:topic-new"), form(planned="in March: rents"))

        assert answer.status_code == 422
        assert "in March: rents” is not two days" in answer.content.decode()


class TestTwoPeopleWhoChangeOneTopic:
    def test_do_not_undo_each_other_unseen(self, page, heating, make_person, browse):
        address = reverse("listen:topic-edit", args=[heating])
        opened = page.get(address).context["form"].initial["mark"]
        other = browse(make_person("Lou", Role.LEAD))
        other.post(address, form(query="heating OR boiler", mark=opened))

        refused = page.post(address, form(name="Warmth", mark=opened))

        assert refused.status_code == 422
        assert "Somebody changed “Heating” while you edited it" in refused.content.decode()
        assert Topic.objects.get().query == "heating OR boiler"
        again = form(name="Warmth", mark=refused.context["form"]["mark"].value())
        assert page.post(address, again).status_code == 302
        assert (Topic.objects.get().name, Topic.objects.get().query) == ("Warmth", "heating")
