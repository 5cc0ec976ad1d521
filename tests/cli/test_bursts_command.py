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

    @pytest.mark.parametrize(
        ("header", "row"),
        [
            ("value,timestamp", "{value},{at}"),
            ("Date;Nombre", "{at:%d/%m/%Y %H:%M};{value}"),
            ("time\tbrand\tmentions", "{at:%Y%m%d%H%M%S}\tX\t{value}"),
            ("date,count", "{at:%m/%d/%Y %H:%M},{value}"),
            ("timestamp,value", "{at}+00:00,{value}.4"),
            ("timestamp,value,", '{at},"{value}",'),
            ("timestamp,anything", "{at},{value}"),
        ],
    )
    @pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
    def test_reads_tables_as_people_have_them(self, app, tmp_path, header, row, charset):
        file = tmp_path / "theirs.csv"
        days = [START + timedelta(hours=2 * place) for place in range(len(VALUES))]
        rows = (row.format(at=at, value=value) for at, value in zip(days, VALUES, strict=True))
        file.write_text("\r\n".join([header, *rows]), encoding=charset)

        told = list(csv.DictReader(io.StringIO(run(app, file).stdout)))

        assert [one["alarm"] for one in told[-2:]] == ["1", "0"]

    def test_asks_which_of_several_columns_of_numbers_is_meant(self, app, tmp_path):
        file = tmp_path / "wide.csv"
        file.write_text("timestamp,AAPL,GOOG\n2026-03-02,1,5\n2026-03-03,2,6\n")

        with pytest.raises(BadFile) as asked:
            run(app, file)
        told = run(app, file, "--column", "goog").stdout

        assert "--column" in str(asked.value)
        assert [row["value"] for row in csv.DictReader(io.StringIO(told))] == ["5", "6"]

    def test_follows_the_clocks_of_a_zone_back_in_autumn(self, app, tmp_path):
        file = tmp_path / "october.csv"
        hours = ("01:00", "02:00", "02:00", "03:00")
        file.write_text("timestamp,value\n" + "".join(f"2026-10-25 {at},3\n" for at in hours))

        with pytest.raises(BadRecord, match="Line 4 is not later"):
            run(app, file)
        assert len(run(app, file, "--zone", "Europe/Paris").stdout.splitlines()) == 5

    def test_rings_for_one_in_a_hundred_days_at_most_unless_more_is_asked_for(self, app, tmp_path):
        file = tmp_path / "days.csv"
        counts = np.random.default_rng(8).poisson(20, 400)
        rows = (f"{START + timedelta(days=place)},{count}" for place, count in enumerate(counts))
        file.write_text("timestamp,value\n" + "\n".join(rows))

        few = run(app, file).stdout.count(",1\n")
        many = run(app, file, "--false-alarms-per-week", "0.4").stdout.count(",1\n")

        assert few <= 4 < many

    def test_says_that_decimals_were_rounded(self, app, tmp_path):
        file = tmp_path / "parts.csv"
        file.write_text("timestamp,value\n2026-03-02,1.5\n")

        assert "were rounded" in run(app, file).stderr

    @pytest.mark.parametrize("content", [b"", b"when,how many\n1,2\n", b"timestamp\n"])
    def test_refuses_a_file_without_the_columns(self, app, tmp_path, content):
        file = tmp_path / "bad.csv"
        file.write_bytes(content)

        with pytest.raises(BadFile, match="timestamp,value"):
            run(app, file)

    def test_refuses_a_file_that_is_not_there(self, app, tmp_path):
        with pytest.raises(BadFile, match="There is no file"):
            run(app, tmp_path / "nothing.csv")
