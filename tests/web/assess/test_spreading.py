"""Posts that spread are foreseen while they do, and scored a week later."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.web.assess import spreading_queries as queries
from quivive.web.assess import spreading_services as services
from quivive.web.assess.models import PostForecast
from quivive.web.assess.queries import topics_to_foresee
from quivive.web.detect.models import Alert
from quivive.web.listen.models import Account, Match, Post, Topic

pytestmark = pytest.mark.django_db

POSTED = datetime(2026, 3, 4, 18, 10, tzinfo=UTC)
NOW = POSTED + timedelta(hours=2)


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.create(slug="heat", name="Heat", query="heat", created_at=POSTED)


def said(topic: Topic, uid: str, *, at: datetime, of: str = "", told: int | None = None) -> Post:
    who = {"id": f"x:{uid}-author", "followers": 120}
    author, _ = Account.objects.get_or_create(uid=who["id"], network="x")
    post = Post.objects.create(
        uid=uid,
        network="x",
        published=at,
        heard_at=at,
        author=author,
        content="" if of else "Two days without heating",
        repost_of=of,
        document={"post": {"id": uid, "attributed_to": who, "reposts": told}},
    )
    Match.objects.create(topic=topic, post=post, heard_at=at, relayed=bool(of))
    return post


@pytest.fixture
def spread(topic) -> Post:
    post = said(topic, "x:1", at=POSTED)
    for number in range(30):
        said(topic, f"x:r{number}", at=POSTED + timedelta(minutes=3 * number + 1), of="x:1")
    return post


class TestAPostThatSpreads:
    def test_is_foreseen_with_a_range_above_what_was_seen(self, topic, spread):
        (made,) = services.foresee_posts(topic=topic, made_at=NOW)

        assert made.observed == 30
        assert 30 <= made.p10 <= made.p50 <= made.p90
        assert made.due_at == POSTED + timedelta(days=7)

    def test_is_foreseen_from_the_past_alone(self, topic, spread):
        (made,) = services.foresee_posts(topic=topic, made_at=POSTED + timedelta(minutes=30))

        assert made.observed == 10

    def test_is_foreseen_again_when_it_moved_or_an_hour_went_by(self, topic, spread):
        services.foresee_posts(topic=topic, made_at=NOW)
        ten = NOW + timedelta(minutes=10)

        assert services.foresee_posts(topic=topic, made_at=ten) == []
        assert services.foresee_posts(topic=topic, made_at=NOW + timedelta(hours=1))
        said(topic, "x:late", at=NOW + timedelta(minutes=9), of="x:1")
        assert services.foresee_posts(topic=topic, made_at=ten)

    def test_is_not_foreseen_from_four_reposts(self, topic):
        said(topic, "x:1", at=POSTED)
        for number in range(4):
            said(topic, f"x:r{number}", at=POSTED + timedelta(minutes=number), of="x:1")

        assert services.foresee_posts(topic=topic, made_at=NOW) == []

    def test_is_not_foreseen_when_most_reposts_were_not_heard(self, topic, spread):
        spread.document["post"]["reposts"] = 400
        spread.save()

        assert services.foresee_posts(topic=topic, made_at=NOW) == []

    def test_is_not_foreseen_when_only_reposts_of_it_are_kept(self, topic):
        for number in range(9):
            said(topic, f"x:r{number}", at=POSTED + timedelta(minutes=number), of="x:unknown")

        assert services.foresee_posts(topic=topic, made_at=NOW) == []

    def test_is_scored_when_its_week_is_over(self, topic, spread):
        services.foresee_posts(topic=topic, made_at=NOW)
        said(topic, "x:day-six", at=POSTED + timedelta(days=6), of="x:1")
        said(topic, "x:day-eight", at=POSTED + timedelta(days=8), of="x:1")

        assert services.settle_posts(now=POSTED + timedelta(days=6)) == 0
        assert services.settle_posts(now=POSTED + timedelta(days=8)) == 1
        assert PostForecast.objects.get().came == 31
        scored = [one.score and one.score.made for one in queries.records_by_age(since=POSTED)]
        assert scored == [None, 1, None, None]

    def test_takes_its_forecasts_with_it_when_it_goes(self, topic, spread):
        services.foresee_posts(topic=topic, made_at=NOW)

        spread.delete()

        assert not PostForecast.objects.exists()


class TestARuleOnWhatIsForeseen:
    def test_rings_once_for_a_post_that_is_to_travel_far(self, topic, spread):
        Topic.objects.update(spread_reposts=31)
        topic.refresh_from_db()
        for minutes in (0, 10, 70):
            services.foresee_posts(topic=topic, made_at=NOW + timedelta(minutes=minutes))

        alert = Alert.objects.select_related("signal").get()
        assert (alert.state, alert.signal.evidence) == ("ringing", ["x:1"])
        assert alert.signal.reason["values"]["observed"] == 30

    @pytest.mark.parametrize("least", [None, 100_000])
    def test_rings_for_nothing_less(self, topic, spread, least):
        Topic.objects.update(spread_reposts=least)
        topic.refresh_from_db()
        assert services.foresee_posts(topic=topic, made_at=NOW)

        assert not Alert.objects.exists()

    def test_has_its_topic_foreseen_also_while_all_is_calm(self, topic):
        assert topics_to_foresee() == []
        Topic.objects.update(spread_reposts=50)

        assert topics_to_foresee() == [topic]


class TestThePage:
    @pytest.mark.usefixtures("organisation")
    def test_of_a_topic_shows_what_is_foreseen(self, topic, spread, ana, browse, monkeypatch):
        services.foresee_posts(topic=topic, made_at=NOW)
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=5))

        shown = browse(ana).get("/topics/heat/").content.decode()

        assert "Two days without heating" in shown
        assert "<strong>30</strong> reposts" in shown

    def test_keeps_back_what_its_author_took_back(self, topic, spread):
        services.foresee_posts(topic=topic, made_at=NOW)
        spread.deleted_at = NOW
        spread.save()

        assert queries.spreading(topic.pk, now=NOW) == []

    def test_shows_each_post_once_as_it_is_now(self, topic, spread):
        services.foresee_posts(topic=topic, made_at=NOW - timedelta(minutes=30))
        said(topic, "x:late", at=NOW, of="x:1")
        services.foresee_posts(topic=topic, made_at=NOW)

        assert [one.observed for one in queries.spreading(topic.pk, now=NOW)] == [31]
        assert queries.spreading(topic.pk, now=NOW + timedelta(hours=2)) == []
