"""Long-lived connections at a real WebSocket server, and what is kept of them."""

import asyncio

import pytest
from tests.listen.sources.worlds import NOW, Said
from tests.listen.sources.worlds.bluesky_jetstream import WORLD
from websockets.asyncio.server import serve

from quivive.listen.sourcing import OPENED, Asked, Page, Subscription
from quivive.web.listen.collecting import take_all
from quivive.wire.plugins import sources
from quivive.wire.streams import frames

pytestmark = pytest.mark.enable_socket


async def _heard(*said: str) -> list:
    async def speak(connection):
        for words in said:
            await connection.send(words)
        await connection.wait_closed()

    async with serve(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        stream = frames(Subscription(url=f"ws://127.0.0.1:{port}"))
        heard = [await anext(stream) for _ in range(1 + len(said))]
        await stream.aclose()
    return heard


class TestAStream:
    def test_says_that_it_hears_before_anybody_speaks(self):
        [opened] = asyncio.run(_heard())

        assert (opened.event, opened.data) == (OPENED, b"")

    def test_brings_what_is_said_in_order(self):
        _opened, *heard = asyncio.run(_heard("eau", "feu"))

        assert [frame.data for frame in heard] == [b"eau", b"feu"]


class TestWhatIsKeptOfAStream:
    def test_is_from_where_on_we_hear_although_nobody_spoke_yet(self):
        page = self.take(*asyncio.run(_heard()), begins="7")

        assert page == Page(cursor="7")

    def test_never_goes_back_to_the_beginning(self):
        page = self.take(*asyncio.run(_heard()), begins="7", cursor="1772452500000000")

        assert page.cursor == "1772452500000000"

    def test_is_resumed_live_from_the_moment_of_asking(self):
        jetstream = sources()["bluesky-jetstream"]
        began = jetstream.subscribe(Asked(settings=WORLD.settings, now=NOW)).begins

        page = self.take(*WORLD.frames([Said("1", "eau", at=NOW)]), begins=began)

        assert int(page.cursor) >= int(began) == NOW.timestamp() * 1e6

    def take(self, *heard, begins, cursor=""):
        asked = Asked(settings=WORLD.settings, now=NOW, cursor=cursor)
        return take_all(sources()["bluesky-jetstream"], asked, list(heard), begins=begins)
