"""Signs of a storm of outrage, beside the score (DR-19, DR-36)."""

from datetime import UTC, datetime, timedelta

from quivive.assess.firestorm import children, signs
from quivive.assess.heard import ActorRole, Heard, Organisation, Picture, look
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post

NOW = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)


def heard(key: str, *, minutes_ago: float = 5, critical: float | None = 1.0, **facts) -> Heard:
    post = Post(
        id=key,
        network="micro",
        published=NOW - timedelta(minutes=minutes_ago),
        attributed_to=Account(id=f"u:{key}", handle=key),
        content=facts.pop("content", "words"),
        **facts,
    )
    return Heard(post=post, critical=critical)


def picture(*posts: Heard) -> Picture:
    onset = NOW - timedelta(hours=5)
    return look(posts, now=NOW, onset=onset, organisation=Organisation(), unknown=0.5)


def found(*posts: Heard, doubling=None, groups=0, roles=None) -> dict[str, bool | None]:
    told = signs(picture(*posts), doubling_min=doubling, groups=groups, roles=roles or {})
    return {one.name: one.there for one in told}


class TestASign:
    def test_of_speed_is_a_doubling_within_the_hour(self):
        assert found(doubling=59)["speed"] is True
        assert found(doubling=61)["speed"] is False
        assert found(doubling=None)["speed"] is False

    def test_of_taking_sides_is_that_most_only_relay(self):
        relays = [heard(f"r{n}", repost_of="a", content="") for n in range(4)]
        words = [heard(f"w{n}", repost_of="a", content="look!") for n in range(3)]

        assert found(*relays, *words)["binary"] is True
        assert found(*relays[:3], *words)["binary"] is False
        assert found(*relays)["binary"] is None, "four posts tell nothing"

    def test_of_clusters_is_three_groups(self):
        assert [found(groups=n)["clusters"] for n in (2, 3)] == [False, True]

    def test_of_other_media_is_an_article_or_a_press_account(self):
        assert found(heard("a"))["cross-media"] is False
        assert found(heard("a", kind="article"))["cross-media"] is True
        assert found(heard("a"), roles={"a": ActorRole.LOCAL_MEDIA})["cross-media"] is True
        assert found(heard("a"), roles={"a": ActorRole.ELECTED})["cross-media"] is False

    def test_nobody_measures_is_said_to_be_open(self):
        assert found()["diversity"] is None


class TestWhatAPostBrings:
    def test_counts_critical_followers_of_posts_older_than_an_hour(self):
        """Two old posts, three critical answers: 1.5 each; what follows a young one is not due."""
        assert (
            children(
                picture(
                    heard("old", minutes_ago=90),
                    heard("older", minutes_ago=120),
                    heard("a", in_reply_to="old"),
                    heard("b", quote_of="old"),
                    heard("c", repost_of="older", content=""),
                    heard("kind", in_reply_to="old", critical=0.0),
                    heard("young", minutes_ago=30),
                    heard("d", in_reply_to="young"),
                )
            )
            == 1.5
        )

    def test_is_not_told_without_old_posts_or_relations(self):
        assert children(picture(heard("a", in_reply_to="b"))) is None
        assert children(picture(heard("a", minutes_ago=90), heard("b"))) is None
