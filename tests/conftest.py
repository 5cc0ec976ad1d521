"""What every test folder shares: see the modules named here."""

import os

import hypothesis
import pytest
from django.utils import timezone, translation

if os.environ.get("REQUIRE_ALL"):  # a landing fails for what it changed; other runs may find more
    hypothesis.settings.load_profile("ci")

pytest_plugins = [
    "tests.needs",
    "tests.mailserver",
    "tests.rooms",
    "tests.postgresql",  # asks rooms for their tables
    "tests.web.mailbox",
    "tests.wire.time_authority",
]


A_FEW_S = 10
"""What a file marked ``slow`` takes that does not say more."""


@pytest.fixture(autouse=True)
def _nobody_read_before() -> None:
    """Begin in the house's language and hours, not in those of the page that the last test read."""
    translation.deactivate()
    timezone.deactivate()


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes ``--numprocesses auto`` starts: many tests wait for others."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no processor waits at the end for another's last file.

    A file's tests run on one processor (``make test``), for they share a room or a browser. Tests
    that empty the database stay last, where pytest-django puts them.
    """
    items.sort(key=_seconds, reverse=True)


def _seconds(item: pytest.Item) -> int:
    """Return roughly what a test's file takes, as its mark says; nothing where it says none."""
    slow, database = item.get_closest_marker("slow"), item.get_closest_marker("django_db")
    empties = database is not None and bool(database.kwargs.get("transaction"))
    if slow is None or empties:
        return 0
    return int(slow.kwargs.get("seconds", A_FEW_S))
