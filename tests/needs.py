"""What some tests need from the machine, and what to do where it is missing.

``need("chromium")`` gives the program's path, or skips the test with a sentence that says how to
get it. With ``REQUIRE_ALL=1`` in the environment any skip is a failure, so that CI cannot stay
green by testing less.
"""

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


class Program(NamedTuple):
    """Something a test starts, where it may be, and how to get it."""

    names: tuple[str, ...]
    folders: tuple[str, ...]
    remedy: str


PROGRAMS = {
    "chromium": Program(
        ("chromium", "chromium-browser", "google-chrome", "Google Chrome", "Chromium"),
        (
            "/Applications/Google Chrome.app/Contents/MacOS",
            "/Applications/Chromium.app/Contents/MacOS",
        ),
        "Debian: apt install chromium fonts-dejavu-core; Mac: brew install --cask chromium.",
    ),
    "postgresql": Program(
        ("pg_ctl",),
        ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin"),
        "Debian: apt install postgresql; Mac: brew install postgresql.",
    ),
    "dovecot": Program(
        ("dovecot",),
        ("/usr/sbin", "/opt/homebrew/sbin"),
        "Debian: apt install dovecot-imapd; Mac: brew install dovecot.",
    ),
    "node": Program(("node",), (), "Debian: apt install nodejs npm; Mac: brew install node."),
    "redis": Program(
        ("redis-server",),
        ("/opt/homebrew/bin",),
        "Debian: apt install redis-server; Mac: brew install redis.",
    ),
    "openssl": Program(("openssl",), (), "Debian: apt install openssl; Mac: brew install openssl."),
    "gettext": Program(
        ("xgettext",), (), "Debian: apt install gettext; Mac: brew install gettext."
    ),
}


def find(what: str) -> Path | None:
    """Return the path of a program of :data:`PROGRAMS`, or none where this machine lacks it."""
    program = PROGRAMS[what]
    for name in program.names:
        if found := shutil.which(name):
            return Path(found)
        for folder in program.folders:
            places = sorted(Path("/").glob(f"{folder.lstrip('/')}/{name}"))
            if places:
                return places[-1]
    return None


def need(what: str) -> Path:
    """Return a program's path; skip the test, saying how to get it, where it is missing."""
    found = find(what)
    if found is None:
        pytest.skip(f"{what} is not on this machine. To run this test: {PROGRAMS[what].remedy}")
    return found


def no_skips() -> bool:
    """Tell whether everything must run."""
    return os.environ.get("REQUIRE_ALL") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one where everything must run."""
    report = yield
    return report if hasattr(report, "wasxfail") else _strict(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped module into a failed one where everything must run."""
    return _strict((yield))


def _strict(report: Report) -> Report:
    if report.skipped and no_skips():
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skip. {reason}"
    return report
