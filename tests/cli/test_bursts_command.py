"""``quivive bursts``: a row out for each row in, and mistakes named by their line."""

import csv
import io
import json
from datetime import datetime, timedelta

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from quivive.cli import bursts_command
from quivive.vocabulary.errors import BadFile, BadRecord

START = datetime(2026, 3, 2, 21, 42, 53)  # noqa: DTZ001  series rarely tell their zone
VALUES = [*np.random.default_rng(5).poisson(20, 300).tolist(), 500, 520]


@pytest.fixture
def app():
    app = typer.Typer()
    bursts_command.register(app)
    return app


@pytest.fixture
def series(tmp_path):
    file = tmp_path / "series.csv"
    rows = (f"{START + timedelta(minutes=5 * i)},{value}" for i, value in enumerate(VALUES))
    file.write_text("timestamp,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def run(app, *words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


class TestBursts:
    def test_answers_each_row_with_its_own_cells(self, app, series):
        rows = list(csv.DictReader(io.StringIO(run(app, series).stdout)))

        assert list(rows[0]) == ["timestamp", "value", "expected", "score", "alarm"]
        assert [int(row["value"]) for row in rows] == VALUES
        assert rows[0]["timestamp"] == str(START)
        assert [row["alarm"] for row in rows[-2:]] == ["1", "0"]

    def test_says_the_same_in_json(self, app, series):
        lines = [json.loads(line) for line in run(app, series, "--json").stdout.splitlines()]

        assert len(lines) == len(VALUES)
        assert lines[-2]["alarm"] == 1
        assert lines[-2]["value"] == 500

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ("2026-03-02 21:50,many", "no number"),
            ("2026-03-02 21:50,-3", "no count"),
            ("2026-03-02 21:50,inf", "no number"),
            ("yesterday,3", "no date"),
            ("2026-03-02 21:50", "too few cells"),
            ("2026-03-02 21:40,3", "not later"),
        ],
    )
    def test_names_the_line_at_fault(self, app, tmp_path, row, fault):
        file = tmp_path / "bad.csv"
        file.write_text(f"timestamp,value\n2026-03-02 21:45,3\n{row}\n", encoding="utf-8")

        with pytest.raises(BadRecord, match=f"Line 3 .*{fault}"):
            run(app, file)

    @pytest.mark.parametrize("cell", ["", "NaN", "null"])
    def test_takes_an_empty_cell_for_a_row_nobody_counted(self, app, tmp_path, cell):
        file = tmp_path / "gap.csv"
        file.write_text(f"timestamp,value\n2026-03-02 21:45,3\n2026-03-02 21:50,{cell}\n")

        rows = list(csv.DictReader(io.StringIO(run(app, file).stdout)))

        assert rows[1]["value"] == cell
        assert rows[1]["alarm"] == "0"

    @pytest.mark.parametrize("content", [b"", b"when,how many\n1,2\n", b"timestamp\n"])
    def test_refuses_a_file_without_the_columns(self, app, tmp_path, content):
        file = tmp_path / "bad.csv"
        file.write_bytes(content)

        with pytest.raises(BadFile, match="timestamp,value"):
            run(app, file)

    def test_refuses_a_file_that_is_not_there(self, app, tmp_path):
        with pytest.raises(BadFile, match="There is no file"):
            run(app, tmp_path / "nothing.csv")
