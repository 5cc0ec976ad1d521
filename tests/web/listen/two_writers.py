"""Two processes change the same posts at the same moment: run by ``test_on_postgresql.py``.

SQLite lets one write at a time, so there is nothing to try there.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import msgspec
import pytest
from django.db import connections, transaction

from quivive.listen.engagements import Engagement, Kind
from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.engagements import engage
from quivive.web.listen.models import Post
from quivive.web.listen.worker import forget_posts, hold_changed, revise_posts, store_matches

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ROUNDS = 10


def said(number: int, content: str) -> Said:
    return Said(
        id=f"p{number:02}",
        network="bluesky",
        published=START,
        attributed_to=Account(id="u:awa"),
        content=content,
    )


def stored() -> list[dict[str, object]]:
    return [row.document["post"] for row in Post.objects.order_by("pk")]


def at_once(*works) -> None:
    """Run each again and again in a thread of its own, all beginning together."""
    start = Barrier(len(works))

    def run(work) -> None:
        try:
            start.wait()
            for turn in range(ROUNDS):
                work(turn)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as crowd:
        for outcome in [crowd.submit(run, work) for work in works]:
            outcome.result()


@pytest.fixture
def numbers(transactional_db) -> list[int]:
    store_matches([Match(post=said(one, "first"), topics=()) for one in range(10)], now=START)
    return list(range(10))


class TestTwoWhoChangeTheSamePosts:
    def test_lose_nothing_of_what_the_other_writes(self, numbers):
        at_once(
            lambda turn: revise_posts([said(one, f"edit {turn}") for one in numbers]),
            lambda turn: engage([like(turn, one) for one in reversed(numbers)]),
        )

        assert {one["content"] for one in stored()} == {f"edit {ROUNDS - 1}"}
        assert {one["likes"] for one in stored()} == {ROUNDS}

    def test_do_not_wait_for_each_other_when_one_takes_several_steps(self, numbers):
        @transaction.atomic
        def as_the_engine_does(turn: int) -> None:
            posts = [said(numbers[-1], f"edit {turn}")]
            likes = [like(turn, one) for one in numbers[:3]]
            hold_changed(posts, likes, ())
            revise_posts(posts)
            engage(likes)

        at_once(
            as_the_engine_does,
            lambda turn: revise_posts(
                [msgspec.structs.replace(said(one, "first"), views=turn) for one in numbers[:-1]]
                + [msgspec.structs.replace(said(numbers[-1], f"edit {turn}"), views=turn)]
            ),
        )

        assert [one["likes"] for one in stored()[:3]] == [ROUNDS] * 3
        assert {one["views"] for one in stored()} == {ROUNDS - 1}

    def test_give_back_no_word_that_was_taken_back(self, numbers):
        at_once(
            lambda turn: revise_posts([said(one, f"edit {turn}") for one in numbers]),
            lambda turn: forget_posts([Deletion(id=said(turn, "").id)], now=START),
        )

        assert {one["content"] for one in stored()} == {""}


def like(turn: int, number: int) -> Engagement:
    post = said(number, "").id
    return Engagement(id=f"like {turn} of {post}", post=post, kind=Kind.LIKE)
