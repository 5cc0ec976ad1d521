"""Exports as workbooks: what a double click shows, and what no spreadsheet may run."""

import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import python_calamine as calamine

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post
from quivive.wire.exports import write_posts, write_rows
from quivive.wire.files import read_posts
from quivive.wire.workbooks import write_workbook

PARIS = ZoneInfo("Europe/Paris")
COLUMNS = {"text": str, "at": datetime, "count": int, "share": float, "sure": bool, "tags": list}
EVENING = datetime(2026, 11, 3, 18, 30, 5, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "table.xlsx"


def cells(path) -> list[list]:
    book = calamine.CalamineWorkbook.from_path(path)
    return book.get_sheet_by_index(0).to_python()


def markup(path) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


class TestWorkbook:
    def test_holds_each_kind_of_cell_as_what_it_is(self, path):
        row = {"text": "déjà 🥶", "at": EVENING, "count": 3, "share": 0.25, "sure": True,
               "tags": ["#eau"]}  # fmt: skip

        assert write_rows([row, {}], COLUMNS, path, "xlsx", zone=PARIS) == 2

        head, told, *empty = cells(path)
        assert head == ["text", "at (Europe/Paris)", "count", "share", "sure", "tags"]
        assert told == ["déjà 🥶", datetime(2026, 11, 3, 19, 30, 5), 3, 0.25, True, '["#eau"]']  # noqa: DTZ001
        assert empty == []

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "{=", "http://", "mailto:"])
    def test_runs_nothing_and_links_nowhere(self, start, path):
        hostile = f"{start}cmd|'/C calc'!A0"

        write_rows([{"text": hostile}], COLUMNS, path, "xlsx")

        assert cells(path)[1][0] == hostile
        assert "<f>" not in markup(path)
        assert "hyperlink" not in markup(path)

    @pytest.mark.parametrize(
        "text", ["<r><f>1</f></r>", "<r></c></r>", "]]>&amp;<", "_x0041_", "\x01\x0b", " two  "]
    )
    def test_takes_no_text_for_markup(self, text, path):
        write_rows([{"text": text}], COLUMNS, path, "xlsx")

        assert cells(path)[1][0].strip() == text.strip()

    def test_cuts_a_text_longer_than_a_cell_holds(self, path):
        write_rows([{"text": "é" * 40_000}], COLUMNS, path, "xlsx")

        assert cells(path)[1][0] == "é" * 32_767

    def test_tells_a_moment_no_spreadsheet_knows_as_text(self, path):
        write_rows([{"at": datetime(1870, 9, 4, tzinfo=UTC)}], COLUMNS, path, "xlsx")

        assert cells(path)[1][1] == "1870-09-04T00:00:00+00:00"

    def test_goes_on_in_another_sheet_where_one_is_full(self, path):
        rows = ({"count": number} for number in range(5))

        assert write_workbook(rows, {"count": int}, path, most_rows=3) == 5

        book = calamine.CalamineWorkbook.from_path(path)
        assert [book.get_sheet_by_name(name).to_python() for name in book.sheet_names] == [
            [["count"], [0], [1]],
            [["count"], [2], [3]],
            [["count"], [4]],
        ]

    def test_is_whole_without_a_row(self, path):
        assert write_rows([], COLUMNS, path, "xlsx") == 0
        assert cells(path)[0][0] == "text"


class TestPosts:
    @pytest.mark.parametrize("zone", [UTC, PARIS, ZoneInfo("America/Martinique")])
    def test_read_back_at_the_same_moment_from_any_zone(self, zone, path):
        post = Post(id="micro:1", network="micro", published=EVENING, content="'=déjà",
                    attributed_to=Account(id="micro:ana"))  # fmt: skip

        write_posts([post], path, "xlsx", zone=zone)

        assert [one.posts for one in read_posts(path)] == [[post]]
