"""A process that hangs is told from one that works."""

import pytest

from quivive.wire.heartbeat import HEARD_AT, TOO_LONG_S, Listener, beat


@pytest.fixture
def listener(monkeypatch):
    opened = Listener()
    monkeypatch.setenv(HEARD_AT, str(opened.far))
    yield opened
    opened.close()


class TestAProcess:
    def test_goes_on_for_as_long_as_it_beats(self, listener):
        for minute in range(60):
            beat()
            assert not listener.hangs(now_s=60.0 * minute)

    def test_hangs_when_it_beat_and_beats_no_more(self, listener):
        beat()
        assert not listener.hangs(now_s=0.0)

        assert not listener.hangs(now_s=TOO_LONG_S)
        assert listener.hangs(now_s=TOO_LONG_S + 1)

    def test_that_never_beats_is_left_alone(self, listener):
        assert not listener.hangs(now_s=10 * TOO_LONG_S)

    def test_is_not_held_up_by_somebody_who_does_not_listen(self, listener):
        for _ in range(100_000):
            beat()

        assert not listener.hangs(now_s=0.0)

    def test_beats_for_nobody_where_it_was_started_alone(self, monkeypatch):
        monkeypatch.delenv(HEARD_AT, raising=False)

        beat()
