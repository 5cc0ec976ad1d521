"""Live updates of the real server: across a restart, and out of its way when it stops."""

import http.client
import time

import pytest

from tests.browser.room_server import RoomServer

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]), pytest.mark.slow]

NOTE = "from quivive.web.waiting.services import note_change\nnote_change({!r}, '5', now=now)\n"


@pytest.fixture
def server(tmp_path):
    made = RoomServer(tmp_path)
    made.prepare()
    made.start()
    yield made
    made.stop()


def opened(server: RoomServer, after: str = "") -> http.client.HTTPResponse:
    """Open a stream, as a browser does that comes back."""
    line = http.client.HTTPConnection("localhost", server.port, timeout=20)
    headers = {"Cookie": f"sessionid={server.session}", "Accept": "text/event-stream"}
    line.request("GET", "/live/", headers={**headers, **({"Last-Event-ID": after} if after else {})})
    answer = line.getresponse()
    assert answer.status == 200
    return answer


def next_event(answer: http.client.HTTPResponse) -> dict[str, str]:
    """Read up to the next event that has an id."""
    event: dict[str, str] = {}
    while line := answer.readline().decode():
        name, _, value = line.strip().partition(": ")
        if name:
            event[name] = value
        elif "id" in event:
            return event
        else:
            event = {}
    return event


class TestTheStream:
    def test_resumes_after_the_server_was_started_again(self, server):
        stream = opened(server)
        stream.readline()
        server.do(NOTE.format("alert"))
        heard = next_event(stream)
        server.stop()
        server.do(NOTE.format("crisis"))
        server.start()

        missed = next_event(opened(server, after=heard["id"]))

        assert (heard["event"], missed["event"], missed["data"]) == ("alert", "crisis", "5")

    def test_does_not_keep_the_server_from_stopping(self, server):
        streams = [opened(server) for _ in range(5)]
        for stream in streams:
            stream.readline()
        time.sleep(1)

        assert server.stop() < 3

    def test_is_closed_to_strangers(self, server):
        server.session = "nobody"
        line = http.client.HTTPConnection("localhost", server.port, timeout=20)
        line.request("GET", "/live/")

        assert line.getresponse().status in (302, 403)
