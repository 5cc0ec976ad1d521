"""Tests may miss a program of the machine, never in silence."""

from pathlib import Path

import psycopg
import pytest
from tests import needs

pytest_plugins = ["pytester"]


class TestAMissingProgram:
    def test_is_told_with_the_way_to_get_it(self, monkeypatch):
        lost = needs.Program(("no-such-program",), (), "Debian: apt install lost.")
        monkeypatch.setitem(needs.PROGRAMS, "lost", lost)

        with pytest.raises(pytest.skip.Exception) as told:
            needs.need("lost")

        assert "apt install lost" in str(told.value)


class TestRequireAll:
    @pytest.fixture
    def lazy_tests(self, pytester, monkeypatch):
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        pytester.makeconftest('pytest_plugins = ["tests.needs"]')
        pytester.makepyfile(
            test_skips="import pytest\ndef test_one(): pytest.skip('no reason')",
            test_skips_all="import pytest\npytest.skip('no', allow_module_level=True)",
        )
        return pytester

    @pytest.mark.parametrize(("setting", "code"), [("1", 1), ("0", 0)])
    def test_turns_every_skip_into_a_failure(self, lazy_tests, monkeypatch, setting, code):
        monkeypatch.setenv("REQUIRE_ALL", setting)

        result = lazy_tests.runpytest_subprocess("test_skips.py")

        assert result.ret == code

    def test_turns_a_skipped_module_into_a_failure(self, lazy_tests, monkeypatch):
        monkeypatch.setenv("REQUIRE_ALL", "1")

        result = lazy_tests.runpytest_subprocess("test_skips_all.py")

        assert result.ret == pytest.ExitCode.INTERRUPTED


class TestThePrivatePostgresql:
    def test_answers(self, postgresql_url):
        with psycopg.connect(postgresql_url.replace("postgres://", "postgresql://")) as rows:
            answer = rows.execute("select 'éà'").fetchone()

        assert answer == ("éà",)
