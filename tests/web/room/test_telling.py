"""A turn of the process that tells people: whatever fails in it, those who wait are told."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from quivive.web.room import worker
from quivive.web.waiting import database

NOW = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)


@pytest.fixture
def turn(monkeypatch):
    """Make a turn of a step that fails and one that goes well; return when the latter was done."""

    def make(fault: Exception) -> list[datetime]:
        done: list[datetime] = []

        def fails(*, now: datetime) -> None:
            raise fault

        def told(*, now: datetime) -> bool:
            done.append(now)
            return True

        monkeypatch.setattr(worker, "STEPS", (fails, told))
        monkeypatch.setattr(database.connections, "close_all", lambda: None)
        return done

    return make


class TestATurnOfTelling:
    def test_is_done_to_its_end_though_a_step_fails_and_says_which(self, turn):
        done = turn(ValueError("a sheet nobody can read"))

        with pytest.raises(ExceptionGroup) as failed:
            worker.tell(now=NOW)

        assert done == [NOW]
        assert "a sheet nobody can read" in str(failed.value.exceptions[0])

    def test_goes_on_though_the_database_refuses_one_step(self, turn, monkeypatch):
        monkeypatch.setattr(database, "answers", lambda: True)
        done = turn(OperationalError("no such column"))

        with pytest.raises(ExceptionGroup):
            worker.tell(now=NOW)

        assert done == [NOW]

    def test_waits_as_a_whole_for_a_database_that_is_away(self, turn, monkeypatch):
        monkeypatch.setattr(database, "answers", lambda: False)
        done = turn(OperationalError("server closed the connection"))

        with pytest.raises(OperationalError):
            worker.tell(now=NOW)

        assert done == []
