"""Our places: typed or brought as a table, looked at before they count, and taken back."""

import io

import pytest

from quivive.web.people import place_queries as queries
from quivive.web.people import place_services as services
from quivive.web.people.models import AuditLine, Place, PlaceTable
from quivive.web.people.panel_queries import known_to_us

pytestmark = pytest.mark.django_db

TABLE = """nom;ville;département;agence;logements
Les Érables;Villeurbanne;69;Nord;120
Jean Moulin;Bron;69;Est;80
Sans ville;;690;Est;2
"""


def names():
    return sorted(Place.objects.values_list("name", flat=True))


@pytest.fixture
def bring(emma, now):
    def bring(table=TABLE):
        content = table.encode() if isinstance(table, str) else table
        row = services.bring_table(name="parc.csv", table=content, person=emma, now=now)
        return services.take_table(table_id=row.pk, person=emma, now=now), row

    return bring


class TestATable:
    def test_counts_only_once_it_was_looked_at(self, emma, now):
        services.bring_table(name="parc.csv", table=TABLE.encode(), person=emma, now=now)

        assert names() == []

    def test_comes_in_and_keeps_the_line_it_could_not_read(self, bring):
        changed, row = bring()

        row.refresh_from_db()
        assert changed == 2
        assert names() == ["Jean Moulin", "Les Érables"]
        assert [one.line for one in queries.refused_rows(row)] == [4]

    def test_twice_changes_nothing(self, bring):
        bring()
        before = queries.version()

        assert bring()[0] == 0
        assert queries.version() == before

    def test_leaves_what_its_empty_cells_do_not_tell(self, bring):
        bring()
        bring("nom;ville;agence\nLes Érables;Villeurbanne;\n")

        assert Place.objects.get(name="Les Érables").agency == "Nord"

    def test_can_be_taken_back(self, bring, emma, now):
        Place.objects.create(name="Les Érables", level="building", town="Villeurbanne")
        bring()
        change = queries.last_change(emma)
        services.undo_change(change_id=change.pk, person=emma, now=now)

        assert names() == ["Les Érables"]
        assert Place.objects.get().agency == ""
        assert AuditLine.objects.filter(action="places-undone").exists()

    def test_tells_queries_its_agencies(self, bring):
        bring()

        assert known_to_us().agencies == {"Est": ("Jean Moulin",), "Nord": ("Les Érables",)}

    def test_is_known_with_the_language_of_the_room(self, organisation):
        assert known_to_us().language == "fr"


class TestThePages:
    def test_lead_from_the_file_to_the_places(self, browse, emma):
        browser = browse(emma)
        file = io.BytesIO(TABLE.encode())
        file.name = "parc.csv"

        preview = browser.post("/places/bring/", {"table": file}, follow=True)
        assert "There is no department 690." in preview.content.decode()
        number = PlaceTable.objects.get().pk
        browser.post(f"/places/tables/{number}/take/")

        assert names() == ["Jean Moulin", "Les Érables"]
        refused = browser.get(f"/places/tables/{number}/refused.csv").content.decode()
        assert "Sans ville" in refused

    def test_let_columns_be_chosen(self, browse, emma, now):
        row = services.bring_table(name="p.csv", table=b"nom;lieu\nA;Bron\n", person=emma, now=now)
        browse(emma).post(f"/places/tables/{row.pk}/map/", {"name": "nom", "town": "lieu"})

        assert services.take_table(table_id=row.pk, person=emma, now=now) == 1
        assert Place.objects.get().town == "Bron"

    def test_say_why_a_file_is_no_table_of_places(self, browse, emma):
        file = io.BytesIO(b"PK\x03\x04")
        file.name = "parc.xlsx"

        answer = browse(emma).post("/places/bring/", {"table": file})

        assert answer.status_code == 409
        assert "save it as “CSV UTF-8”" in answer.content.decode()

    def test_refuse_the_same_place_twice(self, browse, emma):
        told = {"name": "Les Érables", "level": "building", "town": "Bron"}

        answers = [browse(emma).post("/places/new/", told).status_code for _ in range(2)]

        assert answers == [302, 409]

    def test_read_a_department_by_its_name(self, browse, emma):
        browse(emma).post("/places/new/", {"name": "A", "level": "building", "department": "Rhône"})

        assert Place.objects.get().department == "69"

    def test_change_and_remove(self, browse, emma, bring):
        bring()
        browser, row = browse(emma), Place.objects.get(name="Jean Moulin")

        browser.post(f"/places/{row.pk}/change/", {"name": "La Barre", "level": "building"})
        assert "La Barre" in names()
        browser.post(f"/places/{row.pk}/remove/")
        assert names() == ["Les Érables"]

    def test_give_a_file_that_changes_nothing_when_it_comes_back(self, browse, emma, bring):
        bring()
        for form in ("csv", "xlsx"):
            file = browse(emma).get(f"/places/places.{form}").getvalue()

            assert bring(file)[0] == 0
