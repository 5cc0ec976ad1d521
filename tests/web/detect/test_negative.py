"""The rule on how critical the talk is (field 5.2, rule 6)."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.web.detect.models import Alert
from quivive.web.detect.negative_services import ring_negative
from quivive.web.detect.services import acknowledge
from quivive.web.listen.models import Account, Match, Post, Topic

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.create(
        slug="heat", name="Heat", query="heat", created_at=NOW, negative_percent=60
    )


def hear(topic: Topic, *leanings: str, ago: float = 10, **facts: object) -> None:
    at = NOW - timedelta(minutes=ago)
    author, _ = Account.objects.get_or_create(uid="u:x", network="x")
    for leaning in leanings:
        post = Post.objects.create(
            uid=f"p{Post.objects.count()}", network="x", published=at, heard_at=at, author=author,
            content="words", leaning=leaning, document={}, own=bool(facts.get("own")),
        )  # fmt: skip
        relayed = bool(facts.get("relayed"))
        Match.objects.create(topic=topic, post=post, heard_at=at, relayed=relayed)


def bad(count: int) -> list[str]:
    return ["negative"] * count


class TestTheShareOfCriticalPosts:
    def test_rings_from_ten_that_take_a_side(self, topic):
        hear(topic, *bad(6), *["positive"] * 3, *["neutral"] * 20)
        assert ring_negative(now=NOW) == 0

        hear(topic, "positive")
        assert ring_negative(now=NOW + timedelta(minutes=1)) == 1
        signal = Alert.objects.get().signal
        assert (signal.observed, signal.negative_share, signal.severity) == (6, 0.6, 5)
        assert len(signal.evidence) == 6

    def test_is_set_beside_what_is_usual(self, topic):
        hear(topic, "negative", *["positive"] * 3, ago=60 * 24)
        hear(topic, *bad(12))
        ring_negative(now=NOW)

        assert Alert.objects.get().signal.expected == 3.0

    @pytest.mark.parametrize("facts", [{"own": True}, {"relayed": True}, {"ago": 61}])
    def test_counts_what_others_wrote_themselves_in_the_last_hour(self, topic, facts):
        hear(topic, *bad(12), **facts)

        assert ring_negative(now=NOW) == 0

    def test_under_the_floor_or_without_one_rings_nobody(self, topic):
        hear(topic, *bad(5), *["positive"] * 5)
        assert ring_negative(now=NOW) == 0

        Topic.objects.update(negative_percent=None)
        hear(topic, *bad(30))
        assert ring_negative(now=NOW + timedelta(minutes=1)) == 0

    def test_rings_once_until_it_gets_graver(self, topic, ana):
        hear(topic, *bad(7), *["positive"] * 4)
        assert ring_negative(now=NOW) == 1
        acknowledge(alert_id=Alert.objects.get().pk, person=ana, now=NOW)
        assert ring_negative(now=NOW + timedelta(minutes=1)) == 0

        hear(topic, *bad(60), ago=-2)
        assert ring_negative(now=NOW + timedelta(minutes=5)) == 1
