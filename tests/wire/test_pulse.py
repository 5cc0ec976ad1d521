"""A watchman outside is told each minute that the room lives, and nothing when it does not."""

import pytest
from tests.wire.local_site import Site

from quivive.wire import pulse
from quivive.wire.pulse import Pulse

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def watchman():
    site = Site()
    yield site
    site.close()


def beat(room: Pulse, *, alive: bool = True) -> None:
    if carrier := room.beat(alive=lambda: alive):
        carrier.join()


class TestAPulse:
    def test_is_given_once_a_minute(self, watchman):
        room = Pulse(watchman.say("/room", (200, {}, b"OK")))
        beat(room)
        beat(room)
        assert len(watchman.asked) == 1

        room._due = 0.0
        beat(room)
        assert [path for path, _headers in watchman.asked] == ["/room"] * 2

    def test_stops_with_a_room_that_hears_nothing(self, watchman):
        beat(Pulse(watchman.say("/room", (200, {}, b"OK"))), alive=False)

        assert watchman.asked == []

    def test_that_nobody_takes_is_said_once_and_without_the_secret_address(
        self, watchman, monkeypatch, caplog
    ):
        monkeypatch.setattr(pulse, "EVERY_S", 0.0)
        room = Pulse(watchman.say("/secret", (500, {}, b""), (500, {}, b""), (200, {}, b"")))
        for _ in range(3):
            beat(room)

        (said,) = caplog.messages
        assert "HTTPStatusError" in said
        assert "secret" not in said

    def test_needs_somebody_to_hear_it(self):
        assert Pulse("").beat(alive=lambda: True) is None
