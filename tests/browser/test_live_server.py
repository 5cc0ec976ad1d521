"""Live updates of the real server: across a restart, and out of its way when it stops."""

import http.client
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from tests.browser.room_server import RoomServer
from tests.processes import PATIENCE_S

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]), pytest.mark.slow]

NOTE = "from quivive.web.waiting.services import note_change\nnote_change({!r}, '5', now=now)\n"

COLLEAGUES = """
from tests.browser import sample_rows
from quivive.web.people.models import Person, RoleHolding
for number in range(4):
    person = Person.objects.create_user(f"{number}@trois-ponts.example", "x", joined_at=now)
    RoleHolding.objects.create(person=person, role="monitor", given_at=now)
    print(sample_rows.session_of(person))
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, new_room):
    made = RoomServer(new_room(tmp_path_factory.mktemp("room")))
    made.prepare()
    return made


@pytest.fixture
def server(prepared):
    prepared.start()
    yield prepared
    prepared.stop()


@contextmanager
def opened(
    server: RoomServer, after: str = "", session: str = ""
) -> Iterator[http.client.HTTPResponse]:
    """Open a stream, as a browser does that comes back."""
    line = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE_S)
    cookie = f"sessionid={session or server.session}"
    headers = {"Cookie": cookie, "Accept": "text/event-stream"}
    line.request(
        "GET", "/live/", headers={**headers, **({"Last-Event-ID": after} if after else {})}
    )
    with closing(line), line.getresponse() as answer:
        assert answer.status == 200
        assert answer.readline().startswith(b"retry")
        yield answer


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
        with opened(server) as stream:
            server.do(NOTE.format("alert"))
            heard = next_event(stream)
        server.stop()
        server.do(NOTE.format("crisis"))
        server.start()
        with opened(server, after=heard["id"]) as stream:
            missed = next_event(stream)

        assert (heard["event"], missed["event"], missed["data"]) == ("alert", "crisis", "5")

    def test_reaches_fifty_open_pages_and_keeps_no_server_from_answering_or_stopping(self, server):
        team = [server.session, *server.do(COLLEAGUES).split()]
        with ExitStack() as stack:
            streams = [
                stack.enter_context(opened(server, session=session))
                for session in team
                for _ in range(10)
            ]
            server.do(NOTE.format("topic"))

            heard = [next_event(stream) for stream in streams]
            page = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE_S)
            page.request("GET", "/", headers={"Cookie": f"sessionid={server.session}"})
            with closing(page), page.getresponse() as answer:
                assert answer.status == 200

            assert {event["event"] for event in heard} == {heard[0]["event"]}
            assert {event["id"] for event in heard} == {heard[0]["id"]}
            server.stop()  # which would wait for ever if open streams were not closed

    def test_is_closed_to_strangers(self, server):
        with closing(
            http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE_S)
        ) as line:
            line.request("GET", "/live/")
            with line.getresponse() as answer:
                assert answer.status == 403
