"""What is done with posts, as both live streams of Bluesky tell it (readings of 2026-11)."""

import msgspec
import pytest
from tests.listen.sources.worlds import NOW, asked
from tests.listen.sources.worlds.bluesky_jetstream import WORLD

from quivive.listen.sources.bluesky_jetstream import SOURCE, Settings
from quivive.listen.sourcing import Frame

POST = "at://did:plc:ana/app.bsky.feed.post/3k1"
LIKE = "at://did:plc:ben/app.bsky.feed.like/3k2"


def take(record, *, collection="app.bsky.feed.like", operation="create"):
    commit = {"operation": operation, "collection": collection, "rkey": "3k2", "record": record}
    event = {
        "did": "did:plc:ben",
        "time_us": 1_772_449_200_000_000,
        "kind": "commit",
        "commit": commit,
    }
    return SOURCE.take(asked(WORLD), Frame(data=msgspec.json.encode(event), at=NOW))


def done(page):
    return {(one.kind.value, one.post, one.id) for one in page.engagements}


class TestALike:
    def test_points_at_a_post_and_is_none_itself(self):
        page = take({"subject": {"uri": POST, "cid": "x"}, "createdAt": "2026-03-02T11:00:00Z"})

        assert (done(page), page.posts) == ({("likes", POST, LIKE)}, ())

    def test_is_taken_back_by_its_address(self):
        assert [gone.id for gone in take(None, operation="delete").deletions] == [LIKE]

    @pytest.mark.parametrize("record", [None, {}, {"subject": 3}, {"subject": {"uri": "a" * 501}}])
    def test_that_cannot_be_read_counts_for_nothing(self, record):
        assert not take(record).engagements

    @pytest.mark.parametrize("wanted", [True, False])
    def test_is_only_asked_for_where_likes_are_counted(self, wanted):
        one = msgspec.structs.replace(asked(WORLD), settings=Settings(likes=wanted))

        assert ("app.bsky.feed.like" in SOURCE.subscribe(one).url) is wanted


class TestAPost:
    def test_may_answer_one_and_quote_another(self):
        ref = {"uri": POST, "cid": "x"}
        page = take(
            {
                "text": "Regardez",
                "createdAt": "2026-03-02T11:00:00Z",
                "reply": {"parent": ref, "root": ref},
                "embed": {"record": {"uri": f"{POST}9", "cid": "x"}},
            },
            collection="app.bsky.feed.post",
        )

        own = page.posts[0].id
        assert done(page) == {("replies", POST, own), ("quotes", f"{POST}9", own)}
