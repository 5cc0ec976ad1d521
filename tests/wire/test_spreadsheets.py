"""Workbooks are read as they are: nobody has to save a table as CSV first."""

import io
import struct
import zipfile
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED as DEFLATED

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.vocabulary.errors import BadFile
from quivive.wire import sheet_reader
from quivive.wire.archives import USUAL, Limits
from quivive.wire.files import look_at, read_posts


def at(minute: int) -> datetime:
    """Return a moment as spreadsheets know it: without a zone."""
    return datetime(2026, 11, 3, 18, minute, tzinfo=UTC).replace(tzinfo=None)


HEADER = ["Date", "Auteur", "Texte"]
ROWS = [
    [at(30), "ana", "Plus d'eau chaude ; rien, encore"],
    [at(31), "ben", "=A1 ?"],
]


def workbook(sheets: dict[str, list[list]]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    write = sheet.write_string if isinstance(cell, str) else sheet.write
                    write(at, column, cell)
    return held.getvalue()


_END = 0xFFFFFFFE
"""Ends a chain of sectors, as Excel wrote its files before 2007."""


def old_excel(following: int) -> bytes:
    """Return such a file of three sectors: its head, what follows which, an empty directory."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<10I", 0, 1, 1, 0, 4_096, _END, 0, _END, 0, 0)
    chains = struct.pack("<2I", 0xFFFFFFFD, following)
    return head.ljust(512, b"\xff") + chains.ljust(512, b"\xff") + bytes(512)


def open_document(rows: list[list[str]]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{spaces}:office:1.0"'
        f' xmlns:table="{spaces}:table:1.0" xmlns:text="{spaces}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="1">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{spaces}:manifest:1.0"/>'
        )
        archive.writestr("content.xml", content)
    return held.getvalue()


def changed(data: bytes, part: str, old: bytes, new: bytes, name: str = "") -> bytes:
    """Return a workbook in which one part was changed by hand, as programs do."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as one, zipfile.ZipFile(held, "w", DEFLATED) as other:
        for entry in one.namelist():
            meant = entry.endswith(part)
            body = one.read(entry)
            other.writestr(
                name if meant and name else entry, body.replace(old, new) if meant else body
            )
    return held.getvalue()


def with_rows(rows: str) -> bytes:
    """Return a workbook of one sheet with these rows."""
    return changed(workbook({"1": []}), "sheet1.xml", b"<sheetData/>",
                   f"<sheetData>{rows}</sheetData>".encode())  # fmt: skip


def read(data: bytes, tmp_path, limits: Limits = USUAL):
    path = tmp_path / "posts"
    path.write_bytes(data)
    posts, aside, trouble = [], [], None
    try:
        for batch in read_posts(path, limits=limits):
            posts += batch.posts
            aside += batch.quarantined
    except BadFile as stopped:
        trouble = stopped
    return posts, aside, trouble


class TestASpreadsheet:
    def test_gives_its_rows_as_posts(self, tmp_path):
        posts, aside, trouble = read(workbook({"Suivi": [HEADER, *ROWS]}), tmp_path)

        assert [post.content for post in posts] == [row[2] for row in ROWS]
        assert posts[0].published == datetime(2026, 11, 3, 18, 30, tzinfo=UTC)
        assert posts[0].attributed_to.handle == "ana"
        assert (aside, trouble) == ([], None)

    def test_may_come_from_libreoffice(self, tmp_path):
        rows = [HEADER, ["03/11/2026 18:30", "ana", "Plus d'eau"]]

        posts, _, trouble = read(open_document(rows), tmp_path)

        assert [post.content for post in posts] == ["Plus d'eau"]
        assert trouble is None

    def test_may_have_titles_above_its_table(self, tmp_path):
        rows = [["Export du 12/11/2026"], [], ["Agence", "Nord"], [*HEADER, "a", "b"], *ROWS]

        posts, _, _ = read(workbook({"Suivi": rows}), tmp_path)

        assert len(posts) == 2

    def test_tells_how_far_it_got(self, tmp_path):
        path = tmp_path / "table.xlsx"
        rows = [[at(30), "ana", "Plus d'eau depuis ce matin. " * 100]] * 300
        path.write_bytes(workbook({"Suivi": [HEADER, *rows]}))

        far = [batch.read_bytes for batch in read_posts(path, batch=50)]

        assert far == sorted(far)
        assert len(set(far)) > 2
        assert far[-1] == path.stat().st_size

    def test_sets_a_bad_row_aside_with_its_place(self, tmp_path):
        rows = [HEADER, ROWS[0], ["hier", "ben", "Rien"], ROWS[1]]

        posts, (bad,), _ = read(workbook({"Suivi": rows}), tmp_path)

        assert len(posts) == 2
        assert (bad.member, bad.line) == ("Suivi", 3)

    def test_is_read_sheet_by_sheet_and_says_which_it_could_not(self, tmp_path):
        sheets = {
            "Lisez-moi": [["Bonjour", "Merci"], ["a", "b"]],
            "Mars": [HEADER, *ROWS],
            "Vide": [],
        }

        posts, _, trouble = read(workbook(sheets), tmp_path)

        assert len(posts) == 2
        assert "Bonjour" in str(trouble)

    def test_is_looked_at_before_it_is_brought_in(self, tmp_path):
        path = tmp_path / "suivi.xlsx"
        path.write_bytes(workbook({"Suivi": [HEADER, *ROWS]}))

        look = look_at(path)

        assert look.header == tuple(HEADER)
        assert look.posts

    def test_does_not_take_rounded_numbers_for_addresses(self, tmp_path):
        rows = [["id", *HEADER], *([5.36831867329466369e17, *row] for row in ROWS)]

        posts, _, _ = read(workbook({"Suivi": rows}), tmp_path)

        assert len({post.id for post in posts}) == 2

    def test_is_refused_when_it_unpacks_to_too_much(self, tmp_path):
        data = workbook({"Suivi": [HEADER, *(ROWS * 500)]})

        posts, _, trouble = read(data, tmp_path, Limits(workbook_bytes=20_000))

        assert posts == []
        assert "CSV UTF-8" in trouble.remedy.text

    @pytest.mark.parametrize(
        "far",
        [
            '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
            "<row r='1048576'><x:c s='1' r = 'XFD1048576'><v>2</v></x:c></row>",
            '<row r="1048576">' + "<c><v>2</v></c>" * 200 + "</row>",
            '<row r="4000000000"><c r="A4000000000"><v>2</v></c></row>',
            '<row r="2"><c s="' + " " * 2_100_000 + '" r="XFD1048576"><v>2</v></c></row>',
        ],
    )
    def test_is_refused_when_its_corners_lie_too_far_apart(self, far, tmp_path):
        near = '<row r="1"><c r="A1"><v>1</v></c></row>'

        posts, _, trouble = read(with_rows(near + far), tmp_path)

        assert isinstance(trouble, BadFile)
        assert posts == []

    def test_may_be_styled_far_beyond_its_table(self, tmp_path):
        plain = workbook({"1": [HEADER, *ROWS]})
        styled = changed(
            plain, "sheet1.xml", b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>',
        )  # fmt: skip

        posts, _, trouble = read(styled, tmp_path)

        assert (len(posts), trouble) == (2, None)

    def test_is_refused_in_the_kind_whose_places_cannot_be_counted(self, tmp_path):
        binary = changed(workbook({"1": [HEADER]}), "xl/workbook.xml", b"", b"", "xl/workbook.bin")

        assert isinstance(read(binary, tmp_path)[2], BadFile)

    def test_is_refused_when_it_is_no_spreadsheet(self, tmp_path):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("[Content_Types].xml", "<x/>")
            archive.writestr("word/document.xml", "<x/>")

        for data in (held.getvalue(), bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600):
            _, _, trouble = read(data, tmp_path)

            assert "CSV UTF-8" in trouble.remedy.text

    def test_is_refused_when_many_cells_repeat_one_long_text(self, tmp_path, monkeypatch):
        monkeypatch.setattr(sheet_reader, "MOST_MEMORY_BYTES", 300 << 20)
        cells = "<row><c t='s'><v>0</v></c></row>" * 20_000
        held = workbook({"1": [["x" * 30_000]]})
        row = b'<row r="1" spans="1:1"><c r="A1" t="s"><v>0</v></c></row>'

        posts, _, trouble = read(changed(held, "sheet1.xml", row, cells.encode()), tmp_path)

        assert posts == []
        assert "asks for more memory" in str(trouble)

    @pytest.mark.parametrize(
        ("following", "bytes_left", "told"),
        [
            pytest.param(_END, 1_100, "or it is damaged", id="cut in its directory"),
            pytest.param(1, 1_536, "or is damaged", id="a chain of sectors that bites its tail"),
        ],
    )
    def test_of_old_excel_that_is_damaged_is_said_to_be(
        self, following, bytes_left, told, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(sheet_reader, "MOST_MEMORY_BYTES", 300 << 20)

        posts, _, trouble = read(old_excel(following)[:bytes_left], tmp_path)

        assert posts == []
        assert told in str(trouble)

    @settings(deadline=None, max_examples=60)
    @given(at=st.integers(0, 6_000), byte=st.integers(0, 255))
    def test_damaged_never_breaks_the_import(self, at, byte, tmp_path_factory):
        data = bytearray(workbook({"Suivi": [HEADER, *ROWS]}))
        data[at % len(data)] = byte

        read(bytes(data), tmp_path_factory.mktemp("damaged"))
