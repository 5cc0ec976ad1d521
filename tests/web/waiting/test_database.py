"""A database that went away is told of once, and once more when it is back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from quivive.web.room import worker
from quivive.web.waiting import database

NOW = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)
GONE = OperationalError("connection refused\n\tIs the server running?")


@pytest.fixture
def away(monkeypatch):
    """Say whether the database answers: ``away(True)``; nobody's turns reach it."""
    fault: list[Exception | None] = [None]

    def turn(_engine: object, _now: datetime) -> bool:
        if fault[0] is not None:
            raise fault[0]
        return False

    def choose(error: Exception | None, *, answers: bool = False) -> None:
        fault[0] = error
        monkeypatch.setattr(database, "answers", lambda: answers)

    monkeypatch.setattr(worker, "_do", turn)
    monkeypatch.setattr(database, "is_full", lambda _folder: False)
    monkeypatch.setattr(database.connections, "close_all", lambda: None)
    return choose


class TestADatabaseThatWentAway:
    def test_is_said_once_and_once_more_when_it_is_back(self, away, caplog):
        seen = database.Reachability()
        away(GONE)
        for _ in range(5):
            worker._turn(None, seen)
        away(None)
        for _ in range(5):
            worker._turn(None, seen)

        first, last = caplog.records
        assert first.getMessage().startswith("The database does not answer (connection refused)")
        assert last.getMessage().startswith("The database answers again")
        assert not first.exc_info

    def test_or_whose_disk_is_full_is_said_once_too(self, away, caplog, monkeypatch):
        monkeypatch.setattr(database, "is_full", lambda _folder: True)
        seen = database.Reachability()
        away(OperationalError("database or disk is full"), answers=True)
        for _ in range(5):
            worker._turn(None, seen)

        (said,) = caplog.records
        assert said.getMessage().startswith("The database has no room left on its disk")
        assert not said.exc_info

    def test_says_how_long_it_was_away(self, away, caplog):
        seen = database.Reachability()
        away(GONE)
        seen.explains(GONE, now=NOW)
        seen.turned(now=NOW + timedelta(seconds=90))

        assert caplog.records[-1].getMessage().endswith("after 90 s.")


class TestAFaultOfOurs:
    @pytest.mark.parametrize("fault", [OperationalError("no such table"), KeyError("x")])
    def test_is_told_with_all_its_lines_each_time(self, away, caplog, fault):
        seen = database.Reachability()
        away(fault, answers=True)
        worker._turn(None, seen)
        worker._turn(None, seen)

        assert [bool(one.exc_info) for one in caplog.records] == [True, True]


class TestAsking:
    def test_finds_a_database_that_answers(self, db):
        assert database.answers()
