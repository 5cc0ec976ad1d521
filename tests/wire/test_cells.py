"""No cell of a CSV is run by a spreadsheet, however it cuts the line, and nothing is lost by it."""

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.wire.cells import guarded, unguarded
from quivive.wire.exports import write_rows

TEXTS = st.text(alphabet="=+-@;'\"|(!a \t\r\n", max_size=12)
FORMULA = re.compile(r"""[ \t"]*(?:=|[+\-@][^,]*(?:[(|]|'!))""")  # a comma ends no formula well


class TestAGuardedCell:
    @settings(deadline=None)
    @given(TEXTS)
    def test_is_read_back_as_it_was(self, text):
        assert unguarded(guarded(text)) == text

    @settings(deadline=None)
    @given(st.lists(TEXTS, min_size=1, max_size=3))
    def test_is_no_formula_where_semicolons_part_the_columns(self, cells):
        line = io.StringIO()
        csv.writer(line).writerow(["https://net.example/1", *map(guarded, cells)])

        parts = re.split(r"[;\r\n]", line.getvalue())

        assert [part for part in parts[1:] if FORMULA.match(part)] == []

    @pytest.mark.parametrize(
        "text", ["So cold ;-)", "Thanks!\n@ana hello!\n- first\n- second", "a = b; c+d; e-f"]
    )
    def test_looks_as_it_was_when_it_is_none(self, text):
        assert guarded(text) == text

    def test_is_what_every_export_writes(self, tmp_path):
        cells = {"text": "Cold;=HYPERLINK(1)", "tags": ["x;=1"]}
        write_rows([cells], {"text": str, "tags": list}, tmp_path / "x.csv", "csv")

        written = (tmp_path / "x.csv").read_text()

        assert ";=" not in written
        assert written.count(";'=") == 2
