"""Long-lived connections at a real WebSocket server, and what is kept of them."""

import asyncio

import pytest
from tests.listen.sources.worlds import NOW, Said, x_stream
from tests.listen.sources.worlds.bluesky_jetstream import WORLD
from websockets.asyncio.server import serve

from quivive.listen.sourcing import OPENED, Asked, Page, Subscription
from quivive.vocabulary.requests import Kind, NoAnswer
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


class TestAStreamOfLines:
    def test_brings_each_line_and_its_signs_of_life(self):
        _opened, *heard = asyncio.run(_lines(b'{"data": 1}\r\n\r\n{"data": 2}\r\n'))

        assert [frame.data for frame in heard] == [b'{"data": 1}', b"", b'{"data": 2}']

    def test_says_when_the_door_stays_shut(self):
        with pytest.raises(NoAnswer) as refused:
            asyncio.run(_lines(b"", status="401 Unauthorized"))

        assert refused.value.kind is Kind.BAD_KEY

    def test_is_not_taken_from_a_web_page(self):
        with pytest.raises(NoAnswer, match="answers with a web page"):
            asyncio.run(_lines(b"<html>", status="200 OK\r\nContent-Type: text/html"))


async def _lines(body: bytes, *, status: str = "200 OK") -> list:
    async def speak(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        asked = Subscription(url=f"http://127.0.0.1:{port}/", lines=True)
        return [frame async for frame in frames(asked)]


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

    def test_counts_what_was_spent_frame_by_frame(self):
        plug_in, world = sources()["x-stream"], x_stream.WORLD
        asked = Asked(settings=world.settings, now=NOW)
        some = world.frames([Said("1", "eau"), Said("2", "feu"), Said("3", "gaz")])

        page = take_all(plug_in, asked, some)

        assert page.quota.used == pytest.approx(3 * (0.005 + 0.01))
        assert not page.ends

    def take(self, *heard, begins, cursor=""):
        asked = Asked(settings=WORLD.settings, now=NOW, cursor=cursor)
        return take_all(sources()["bluesky-jetstream"], asked, list(heard), begins=begins)
