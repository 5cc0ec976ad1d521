"""A list of residences from any tool: read by its headings, bad lines with a reason."""

import csv

import pytest

from quivive.listen.residences import decoded, read
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import in_english, render
from quivive.wire.gazetteers import load_atlas

TABLE = """Nom de la résidence;Commune;Code postal;Agence;Nb logements;Surnoms
Les Érables;Villeurbanne;69100;Nord;120;les zérables, la barre
Jean Moulin;Bron;69500;Est;1 200;
"""


def table(text, columns=None):
    return read(text, load_atlas(), columns)


def refused(lines, head="name;town;department;homes"):
    (one,) = table(f"{head}\n{lines}\n").refused
    return one.line, render(one.what, in_english)


class TestATable:
    def test_is_read_by_its_headings(self):
        first, second = table(TABLE).entries

        assert (first.name, first.town, first.department, first.agency, first.homes) == (
            "Les Érables", "Villeurbanne", "69", "Nord", 120,
        )  # fmt: skip
        assert first.other_names == ("les zérables", "la barre")
        assert second.homes == 1200

    def test_may_be_mapped_by_hand(self):
        found = table("A;B\nLes Érables;Bron\n", {"name": "A", "town": "B"})

        assert [(one.name, one.town) for one in found.entries] == [("Les Érables", "Bron")]

    def test_of_a_spreadsheet_may_be_in_its_old_encoding(self):
        assert "Érables" in decoded("Les Érables".encode("cp1252"))

    @pytest.mark.parametrize("content", [b"PK\x03\x04workbook", b"a\0b"])
    def test_is_no_workbook(self, content):
        with pytest.raises(BadFile, match="CSV"):
            decoded(content)

    @pytest.mark.parametrize("longest_for_others", [131_072, 2**24])
    def test_whose_quotation_mark_is_never_closed_is_refused(self, longest_for_others):
        before = csv.field_size_limit(longest_for_others)
        try:
            with pytest.raises(BadFile, match="quotation mark"):
                table('nom;ville\n"Les Érables;Bron\n' + "Jean Moulin;Bron\n" * 9_000)
        finally:
            csv.field_size_limit(before)

    @pytest.mark.parametrize("text", ["", "Prix;Surface\n1;2\n"])
    def test_without_names_is_refused(self, text):
        with pytest.raises(BadFile, match="names a place"):
            table(text)


class TestABadLine:
    @pytest.mark.parametrize(
        ("line", "why"),
        [
            (";Bron;69;1", "The name of the place is missing."),
            ("Les Érables;Bron;69;many", "many is no number of homes."),
            ("Les Érables;Bron;690;1", "There is no department 690."),
            ("Les Érables;Bron;38;1", "There is no town Bron in the department 38."),
            ("Les Érables;Bron;69;1;more", "This line has more cells than there are headings."),
        ],
    )
    def test_is_kept_with_its_reason(self, line, why):
        assert refused(line) == (2, why)

    def test_says_what_an_earlier_line_said_otherwise(self):
        assert refused("A;Bron;69;1\nA;Bron;69;2") == (
            3,
            "Line 2 names this place already, and says otherwise.",
        )

    def test_leaves_the_others(self):
        found = table("name;homes\nA;x\nB;2\n\nB;2\n")

        assert [one.name for one in found.entries] == ["B"]
        assert [one.raw for one in found.refused] == ["A,x"]
