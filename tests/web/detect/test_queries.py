"""The page of an alert rests on stored posts and says what it cannot see."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.web.detect import queries, services
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.counts import add_up
from quivive.web.listen.models import Account, Match, Minute, Post, Source, Topic
from quivive.web.people.models import Person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.create(slug="heating", name="Heating", query="heating", created_at=NOW)


def said(topic: Topic, uid: str, words: str, *, minutes: float, by: str = "ana", **more) -> Post:
    at = NOW + timedelta(minutes=minutes)
    author, _ = Account.objects.get_or_create(uid=by, network="x", handle=by, followers=10)
    post = Post.objects.create(
        uid=uid,
        network="x",
        published=at,
        heard_at=at + timedelta(seconds=30),
        author=author,
        content=words,
        **{"document": {}, **more},
    )
    Match.objects.create(topic=topic, post=post, heard_at=post.heard_at)
    return post


def rung(topic: Topic, *, number: int = 1, evidence: tuple[str, ...] = ()) -> Alert:
    signal = Signal.objects.create(
        key=f"heating/burst/{number}",
        topic=topic,
        kind="burst",
        found_at=NOW,
        rang_at=NOW,
        onset=NOW - timedelta(minutes=12),
        onset_low=NOW,
        onset_high=NOW,
        window_s=3600,
        observed=6,
        expected=0.3,
        severity=5,
        certainty="likely",
        evidence=list(evidence),
        reason={"text": "Six people wrote in one hour."},
        stored_at=NOW,
    )
    at = NOW + timedelta(minutes=number)
    return Alert.objects.create(signal=signal, rang_at=at, ringing_since=at)


class TestTheCourseOfALongCrisis:
    def test_is_drawn_from_half_hours_as_it_would_be_from_minutes(self, topic):
        onset = NOW - timedelta(days=5)
        for number in range(600):
            Minute.objects.create(
                topic=topic,
                minute=onset + timedelta(minutes=11 * number),
                voices=number % 3,
                negatives=number % 2,
                expected=2.0,
                upper=5.0,
                originals=0,
                reposts=0,
                positives=0,
                own=0,
            )
        add_up([topic.pk], first=onset, last=NOW)

        course = queries.series_of(topic, onset=onset, alarms=[], now=NOW)

        assert (sum(course.voices), sum(course.negatives)) == (600, 300)
        assert course.starts[1] - course.starts[0] == timedelta(hours=1)
        assert max(course.expected) == 2.0


class TestTheAlertPage:
    def test_shows_the_first_post_and_five_examples_in_order(self, topic):
        for number in range(7):
            said(topic, f"p{number}", "froid", minutes=number - 12)
        alert = rung(topic, evidence=tuple(f"p{number}" for number in reversed(range(7))))

        page = queries.alert_page(alert.pk, now=NOW)

        assert page.first_post.uid == "p0"
        assert [post.uid for post in page.examples] == ["p0", "p1", "p2", "p3", "p4"]

    def test_never_shows_words_their_author_took_back(self, topic):
        said(topic, "p0", "regretted", minutes=-5, deleted_at=NOW)
        alert = rung(topic, evidence=("p0",))

        page = queries.alert_page(alert.pk, now=NOW)

        assert page.first_post.content == ""
        assert page.new.words == []

    def test_says_that_the_days_were_planned(self, topic):
        topic.planned = ["2026-03-01 2026-03-05 Rent notices", "2026-04-01 2026-04-02 Open day"]
        topic.save()

        page = queries.alert_page(rung(topic).pk, now=NOW)

        assert [peak.name for peak in page.planned] == ["Rent notices"]

    def test_counts_each_author_and_leaves_our_own_out(self, topic):
        for number in range(3):
            said(topic, f"a{number}", "froid", minutes=-number - 1, by="ana")
        said(topic, "b", "froid", minutes=-2, by="ben")
        said(topic, "us", "we look", minutes=-1, by="us", own=True)

        page = queries.alert_page(rung(topic).pk, now=NOW)

        assert [(one.account.handle, one.posts) for one in page.authors] == [("ana", 3), ("ben", 1)]

    def test_names_words_that_are_new(self, topic):
        for hour in range(2, 42):
            said(topic, f"old{hour}", "loyer et charges", minutes=-hour * 60)
        for number in range(4):
            said(topic, f"new{number}", "eau froide et loyer", minutes=-number - 1)

        page = queries.alert_page(rung(topic).pk, now=NOW)

        assert [word.word for word in page.new.words] == ["eau froide"]

    def test_names_images_that_are_new_with_posts_that_carry_them(self, topic):
        for number in range(4):
            told = {"post": {"media": [f"https://img.example/fire.jpg?from={number}"]}}
            said(topic, f"new{number}", "voyez", minutes=-number - 1, document=told)
            said(topic, f"old{number}", "voyez", minutes=-number * 90 - 200)

        (medium,) = queries.alert_page(rung(topic).pk, now=NOW).new.media

        assert (medium.told.word, medium.told.posts, medium.told.before) == ("fire", 4, 0)
        assert [post.uid for post in medium.posts] == ["new0", "new1", "new2"]

    def test_names_links_that_stand_beside_the_words(self, topic):
        for number in range(4):
            told = {"post": {"links": ["https://paper.example/fire"]}}
            said(topic, f"new{number}", "voyez", minutes=-number - 1, document=told)
        for hour in range(2, 42):
            said(topic, f"old{hour}", "voyez le loyer", minutes=-hour * 60)

        (word,) = queries.alert_page(rung(topic).pk, now=NOW).new.words

        assert (word.word, word.link) == ("paper.example/fire", True)

    def test_names_the_first_press_article(self, topic):
        for number in (1, 2):
            told = {"post": {"kind": "article"}}
            said(topic, f"article{number}", "Chauffage", minutes=-number, document=told)
        said(topic, "post", "froid", minutes=-5)

        assert queries.alert_page(rung(topic).pk, now=NOW).new.article.uid == "article2"

    def test_leaves_out_what_the_team_hid(self, topic):
        for number in range(4):
            said(topic, f"new{number}", "eau froide", minutes=-number - 1)
        Match.objects.update(hidden=True)

        assert queries.alert_page(rung(topic).pk, now=NOW).new.words == []

    def test_measures_each_delay(self, topic):
        said(topic, "p0", "froid", minutes=-3, document={"post": {"seen_at": "2026-03-04"}})
        alert = rung(topic, evidence=("p0",))
        ana = Person.objects.create_user("ana@example.org", name="Ana", joined_at=NOW)
        services.acknowledge(
            alert_id=alert.pk, person=ana, now=alert.rang_at + timedelta(minutes=2)
        )

        latency = queries.alert_page(alert.pk, now=NOW).latency

        assert (latency.seen_s, latency.rung_s, latency.acknowledged_s) == (30, 210, 120)

    def test_says_not_how_fast_a_post_was_seen_whose_file_does_not_tell(self, topic):
        said(topic, "p0", "froid", minutes=-3, document={"post": {"seen_at": None}})

        latency = queries.alert_page(rung(topic, evidence=("p0",)).pk, now=NOW).latency

        assert (latency.seen_s, latency.rung_s) == (None, 210)

    def test_recalls_how_earlier_alerts_ended(self, topic):
        ana = Person.objects.create_user("ana@example.org", name="Ana", joined_at=NOW)
        earlier = rung(topic, number=-7 * 60)
        services.mark_false_alarm(alert_id=earlier.pk, person=ana, reason="A concert", now=NOW)

        page = queries.alert_page(rung(topic, number=2).pk, now=NOW)

        assert [(one.state, one.comment) for one in page.similar] == [("false-alarm", "A concert")]

    def test_recalls_no_earlier_ring_of_the_same_burst(self, topic):
        yesterday = rung(topic, number=-25 * 60)
        for hours in (-10, -5):
            rung(topic, number=hours * 60)

        page = queries.alert_page(rung(topic, number=1).pk, now=NOW)

        assert page.similar == [yesterday]


class TestBlindSpots:
    def test_say_when_a_topic_lives_on_files_only(self, topic):
        spots = [spot.text for spot in queries.blind_spots(topic, now=NOW)]

        assert spots[0] == "“{topic}” is fed by imported files only."
        assert "never seen" in spots[-1]

    def test_say_which_source_has_been_silent(self, topic):
        Source.objects.create(
            name="Mastodon", kind="mastodon", last_post_at=NOW - timedelta(hours=8)
        )
        Source.objects.create(name="Bluesky", kind="bluesky", trouble={"text": "down"})

        spots = queries.blind_spots(topic, now=NOW)

        assert spots[0].values == {"source": "Bluesky"}
        assert spots[1].values == {"source": "Mastodon", "count": 8}


class TestPrecision:
    def test_counts_false_alarms_among_answered_ones(self, topic):
        ana = Person.objects.create_user("ana@example.org", name="Ana", joined_at=NOW)
        services.acknowledge(alert_id=rung(topic, number=1).pk, person=ana, now=NOW)
        two = rung(topic, number=2)
        services.mark_false_alarm(alert_id=two.pk, person=ana, reason="A concert", now=NOW)
        rung(topic, number=3)

        assert queries.precision(since=NOW - timedelta(days=7)) == {"burst": (2, 1)}
