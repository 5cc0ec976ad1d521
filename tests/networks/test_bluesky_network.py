"""The whole Bluesky network with its index: searched, followed and heard by our source."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from tests.processes import wait_until

from quivive.listen.sources.bluesky_search import SOURCE, Settings
from quivive.listen.sourcing import Asked, Search
from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.wire.courier import Courier
from quivive.wire.turns import turn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    # The SDK's own habits are not ours to mend.
    pytest.mark.filterwarnings("ignore"),
]


class Listener:
    """Asks as the collector does, turn by turn, and remembers where it was."""

    def __init__(self, port, word, **more):
        self.settings = Settings(
            handle="cleo.test",
            server=f"http://localhost:{port}",
            **{"password": "pommes-9", **more},
        )
        self.searches = (Search(topic="lift", text=word),)
        self.cursor = self.session = ""

    def turn(self, *followed):
        asked = Asked(
            settings=self.settings,
            now=datetime.now(UTC),
            cursor=self.cursor,
            session=self.session,
            searches=self.searches,
            followed=followed,
        )

        async def ask():
            async with Courier(local_allowed=True) as courier:
                return await turn(SOURCE.collect(asked), courier)

        page = asyncio.run(ask())
        self.cursor, self.session = page.cursor, page.session
        return page

    def until(self, holds, *followed):
        """Ask until a page has it: the network's index takes a moment."""

        def asked():
            self.page = self.turn(*followed)
            return self.page if holds(self.page) else None

        return wait_until(asked, told=lambda: self.page)


@pytest.fixture
def word():
    """A word nobody else says."""
    return f"ascenseur{uuid4().hex[:10]}"


@pytest.fixture
def listener(server, town, word):
    return Listener(server, word)


def ids(posts):
    return {post.id for post in posts}


class TestTheSearch:
    def test_finds_what_speaks_of_a_topic_with_its_author(self, listener, town, word):
        wanted = town.say("ana", f"Le {word} est en panne")
        town.say("ben", "Beau temps sur le port")

        [post] = listener.until(lambda page: page.posts).posts

        assert (post.id, post.attributed_to.handle) == (wanted, "ana.test")
        assert listener.turn().session == listener.session != ""

    def test_says_when_the_password_is_wrong(self, server, town, word):
        with pytest.raises(NoAnswer) as refused:
            Listener(server, word, password="sept-poires").turn()

        assert refused.value.kind is Kind.BAD_KEY


class TestAKeptPost:
    def test_is_followed_with_its_counts_and_what_answers_it(self, listener, town, word):
        said = town.say("ana", f"Le {word} est en panne")
        ref = town.ref("ana", said)
        answer = town.say("ben", "Depuis quand ?", to=ref)
        town.like("ben", ref)
        town.repost("cleo", said, ref=ref)
        town.say("cleo", "Incroyable", quoting=ref)

        def complete(page):
            counted = [(p.likes, p.reposts, p.replies, p.quotes) for p in page.again]
            return counted and min(counted[0]) >= 1

        listener.until(complete, said)
        fresh = Listener(listener.settings.server.rpartition(":")[2], word)
        page = fresh.until(lambda page: ids(page.around) >= {answer}, said)

        [post] = page.again
        assert (post.likes, post.reposts, post.quotes) == (1, 1, 1)
        assert {post.in_reply_to for post in page.around if post.id == answer} == {said}
        assert said not in ids(page.around)
        assert fresh.turn(said).around == ()  # nothing new was answered

    def test_is_forgotten_once_it_is_missing_twice(self, listener, town, word):
        said = town.say("ana", f"Le {word} est en panne")
        listener.until(lambda page: page.again, said)

        town.take_back("ana", said)
        listener.until(lambda page: not page.again, said)
        page = listener.turn(said)

        assert [gone.id for gone in page.deletions] == [said]


class TestOurOwnAccount:
    def test_hears_what_is_addressed_to_it(self, server, town, word):
        ours = Listener(server, word, addressed=True)
        said = town.say("cleo", "Bonjour à tous")
        ours.until(lambda page: page.again, said)  # of a post it does not know yet it tells nobody
        town.like("ben", town.ref("cleo", said))
        answer = town.say("ben", "Et mon chauffage ?", to=town.ref("cleo", said))

        page = ours.until(lambda page: answer in ids(page.around))

        assert {post.content for post in page.around if post.id == answer} == {"Et mon chauffage ?"}
