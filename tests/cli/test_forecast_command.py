"""``quivive forecast``: one answer for one cascade, and mistakes named by their line."""

import json

import pytest
import typer
from typer.testing import CliRunner

from quivive.cli import forecast_command
from quivive.vocabulary.errors import BadFile, BadRecord

POST = "time_s,followers\n0,4000\n"
REPOSTS = [(30 * i, 100 + i) for i in range(1, 200)]


@pytest.fixture
def app():
    app = typer.Typer()
    forecast_command.register(app)
    return app


@pytest.fixture
def ask(app, tmp_path):
    """Write a cascade, ask for its forecast, return what was printed."""

    def ask(text, *words):
        file = tmp_path / "cascade.csv"
        file.write_text(text, encoding="utf-8")
        typed = [str(file), *(str(word) for word in words)]
        return CliRunner().invoke(app, typed, catch_exceptions=False)

    return ask


def rows(reposts):
    return "".join(f"{time_s},{followers}\n" for time_s, followers in reposts)


class TestForecast:
    def test_gives_three_quantiles_of_the_final_size(self, ask):
        told = json.loads(ask(POST + rows(REPOSTS), "--at", 3600, "--json").stdout)

        assert told["at_s"] == 3600
        assert told["observed"] == 120
        assert 120 <= told["final"]["p10"] <= told["final"]["p50"] <= told["final"]["p90"]

    def test_only_counts_once_the_week_is_over(self, ask):
        week = 7 * 86_400

        told = json.loads(ask(POST + rows(REPOSTS), "--at", week, "--json").stdout)

        assert told["final"] == {"p10": 199, "p50": 199, "p90": 199}
        assert "A week is over" in ask(POST + rows(REPOSTS), "--at", week).stdout

    def test_reads_no_row_after_the_age(self, ask):
        whole = ask(POST + rows(REPOSTS), "--at", 900, "--json").stdout
        cut = ask(POST + rows(REPOSTS[:30]), "--at", 900, "--json").stdout

        assert whole == cut

    def test_takes_reposts_in_any_order(self, ask):
        straight = ask(POST + rows(REPOSTS), "--at", 3600, "--json").stdout
        turned = ask(POST + rows(REPOSTS[::-1]), "--at", 3600, "--json").stdout

        assert straight == turned

    def test_takes_reposts_of_the_same_second(self, ask):
        told = json.loads(ask(POST + rows([(5, 10)] * 8), "--at", 60, "--json").stdout)

        assert told["observed"] == 8

    def test_counts_time_from_the_post(self, ask):
        moved = "time_s,followers\n1000,4000\n" + rows([(t + 1000, f) for t, f in REPOSTS])

        told = ask(moved, "--at", 600, "--json").stdout

        assert told == ask(POST + rows(REPOSTS), "--at", 600, "--json").stdout

    @pytest.mark.parametrize("text", ["time_s\n0\n40\n", "time_s,followers\n0,\n40,7\n"])
    def test_goes_without_followers(self, ask, text):
        told = json.loads(ask(text, "--at", 60, "--json").stdout)

        assert told["followers_known"] is False
        assert told["observed"] == 1

    def test_of_a_post_nobody_passed_on_is_an_answer(self, ask):
        told = json.loads(ask(POST, "--at", 0, "--json").stdout)

        assert told["observed"] == 0
        assert told["final"]["p10"] < told["final"]["p90"]

    def test_is_told_in_words(self, ask):
        told = ask(POST + rows(REPOSTS), "--at", 3600).stdout

        assert "Reposts after 1 h: 120." in told
        assert "four times in five" in told


class TestABadCascade:
    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ("-5,10", "Line 3 has a time"),
            ("soon,10", "Line 3 has a time"),
            ("nan,10", "Line 3 has a time"),
            ("inf,10", "Line 3 has a time"),
            ("5,many", "Line 3 has followers"),
            ("5,-1", "Line 3 has followers"),
        ],
    )
    def test_is_named_by_its_line(self, ask, row, told):
        with pytest.raises(BadRecord, match=told):
            ask(POST + row + "\n", "--at", 60)

    def test_must_begin_with_the_post(self, ask):
        with pytest.raises(BadRecord, match="Line 3 is a repost from before the post"):
            ask("time_s,followers\n50,10\n20,10\n", "--at", 60)

    def test_must_hold_the_post(self, ask):
        with pytest.raises(BadFile, match="holds no post"):
            ask("time_s,followers\n", "--at", 60)

    def test_must_have_its_columns(self, ask):
        with pytest.raises(BadFile, match="no column time_s"):
            ask("when,who\n1,2\n", "--at", 60)

    def test_must_exist(self, app, tmp_path):
        with pytest.raises(BadFile, match="There is no file"):
            CliRunner().invoke(
                app, [str(tmp_path / "lost.csv"), "--at", "60"], catch_exceptions=False
            )

    def test_needs_an_age(self, ask):
        assert ask(POST).exit_code == 2
        assert ask(POST, "--at", -1).exit_code == 2
        assert ask(POST, "--at", "nan").exit_code == 2
