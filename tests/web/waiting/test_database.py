"""A database that went away is told of once, and once more when it is back."""

import os
import subprocess
import sys
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

    def test_or_that_another_program_holds_is_said_once_too(self, away, caplog):
        seen = database.Reachability()
        away(OperationalError("database is locked"), answers=True)
        for _ in range(5):
            worker._turn(None, seen)

        (said,) = caplog.records
        assert said.getMessage().startswith("The database is held by another program")
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


TURNS = """
import sys
import django
django.setup()
from django.db import connection
from quivive.web.room import worker
from quivive.web.waiting.database import Reachability

def look(_engine, _now):
    connection.cursor().execute("SELECT 1")
    return True

worker._do, seen = look, Reachability()
for _ in sys.stdin:
    print(worker._turn(None, seen), flush=True)
"""
"""The loop of each part of a room, a turn for each line; a turn does no more than ask something."""


class TestAServerThatStopsUnderARunningRoom:
    def test_is_told_once_and_taken_up_again(self, postgresql):
        with subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", TURNS],
            env={**os.environ, "DATABASE_URL": postgresql.url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as room:

            def turn() -> str:
                room.stdin.write("\n")
                room.stdin.flush()
                return room.stdout.readline().strip()

            before = turn()
            postgresql.stop()
            away = [turn() for _ in range(3)]
            postgresql.start()
            after = [turn() for _ in range(2)]
            _, told = room.communicate()

        assert (before, away, after) == ("True", ["False"] * 3, ["True"] * 2)
        gone, back = told.splitlines()
        assert gone.startswith("The database does not answer (")
        assert back.startswith("The database answers again")
