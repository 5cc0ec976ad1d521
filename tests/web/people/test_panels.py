"""Panels: public functions only, asked for in queries, rung for, and counted on the sheet."""

import pytest

from quivive.assess.heard import ActorRole
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import BadFile
from quivive.web.listen.models import Topic
from quivive.web.listen.queries import watched_topics
from quivive.web.people import panel_queries as queries
from quivive.web.people import panel_services as services
from quivive.web.people.models import OwnAccount, Panel, PanelMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(cleo, now):
    number = services.save_panel(
        name="Presse", role="local-media", rings=True, person=cleo, now=now
    )
    services.save_member(
        panel_id=number, network="bluesky", handle="@Gazette", name="La Gazette", person=cleo,
        now=now,
    )  # fmt: skip
    return number


class TestAPanel:
    def test_is_known_to_queries(self, press):
        assert queries.known_to_us().panels == {"Presse": ("Gazette",)}

    def test_tells_the_sheet_what_an_account_is(self, press):
        assert queries.public_roles() == {("bluesky", "gazette"): ActorRole.LOCAL_MEDIA}

    def test_rings_on_every_topic_unless_told_not_to(self, press, cleo, now):
        Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=now)

        assert "Gazette" in str(watched_topics()[0].rules)

        services.save_panel(
            panel_id=press, name="Presse", role="local-media", rings=False, person=cleo, now=now
        )
        assert "Gazette" not in str(watched_topics()[0].rules)

    def test_holds_public_functions_and_nobody_else(self, browse, cleo):
        answer = browse(cleo).post("/panels/new/", {"name": "Râleurs", "role": "tenant"})

        assert answer.status_code == 422
        assert not Panel.objects.exists()


class TestATableOfAccounts:
    def bring(self, press, cleo, now, table):
        content = table.encode() if isinstance(table, str) else table
        return services.bring_members(panel_id=press, table=content, person=cleo, now=now)

    def test_comes_in_once_however_often_it_is_brought(self, press, cleo, now):
        table = "network;handle;name\nbluesky;@ana;Ana\nmastodon;leo@town.example;Léo\n"

        for _ in range(2):
            assert self.bring(press, cleo, now, table).members == 2

        assert PanelMember.objects.count() == 3

    def test_tells_each_bad_line_and_takes_the_others(self, press, cleo, now):
        table = "network,handle,last_contact_on\nbluesky,,\nx,ana,yesterday\nx,leo,2026-02-01\n"

        brought = self.bring(press, cleo, now, table)

        assert brought.members == 1
        assert [line for line, _why in brought.refused] == [2, 3]

    def test_is_refused_when_it_is_no_such_table(self, press, browse, cleo):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("a.csv", b"\x00\xff\x00")

        answer = browse(cleo).post(f"/panels/{press}/bring/", {"table": file})

        assert answer.status_code == 409
        assert b"columns network and handle" in answer.content

    def test_goes_out_as_it_comes_in(self, press, browse, cleo, now):
        for form in ("csv", "xlsx"):
            table = browse(cleo).get(f"/panels/{press}/members.{form}").getvalue()

            assert self.bring(press, cleo, now, table).members == 1
        assert PanelMember.objects.count() == 1

    def test_may_be_written_in_french(self, press, cleo, now):
        table = "Réseau;Compte;Nom;Dernier contact\nx;leo;Léo;2 mars 2026\nx;lea;Léa;02/03/2026\n"

        self.bring(press, cleo, now, table)

        contacts = PanelMember.objects.filter(network="x").values_list("last_contact_on", flat=True)
        assert {day.isoformat() for day in contacts} == {"2026-03-02"}

    def test_names_an_account_once_and_forgets_nothing_of_it(self, press, cleo, now):
        table = (
            "Compte;Réseau;Nom;Contact;Dernier échange\n"
            "@Voisins;facebook;Voisins;01 99 00 12 34;2026-01-12\n"
            "voisins;Facebook;Nos voisins;;\n"
        )

        assert self.bring(press, cleo, now, table).members == 1

        kept = PanelMember.objects.get(network="facebook")
        assert (kept.handle, kept.name, kept.contact) == (
            "Voisins",
            "Nos voisins",
            "01 99 00 12 34",
        )
        assert str(kept.last_contact_on) == "2026-01-12"

    def test_tells_the_columns_it_has_no_place_for(self, press, cleo, now):
        brought = self.bring(press, cleo, now, "network,handle,Humeur\nx,leo,fâché\n")

        assert brought.unread == ("Humeur",)

    @pytest.mark.parametrize(
        ("rows", "why"), [('x,"' + "a" * 140_000, "quotation mark"), ("x,a\n" * 5_001, "lines")]
    )
    def test_is_refused_when_it_is_too_long_and_told_why(self, press, cleo, now, rows, why):
        with pytest.raises(BadFile, match=why):
            self.bring(press, cleo, now, f"network,handle\n{rows}")

    def test_that_is_a_broken_workbook_is_refused_with_a_reason(self, press, browse, cleo):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("a.xlsx", b"PK\x03\x04rubbish")

        answer = browse(cleo).post(f"/panels/{press}/bring/", {"table": file})

        assert answer.status_code == 409
        assert b"damaged" in answer.content


class TestThePages:
    def test_show_make_change_and_remove(self, press, browse, cleo):
        browser = browse(cleo)

        made = browser.post("/panels/new/", {"name": "Élus", "role": "elected", "rings": "on"})
        browser.post(f"{made['Location']}members/", {"network": "x", "handle": "maire"})
        page = browser.get(made["Location"]).content.decode()
        listing = browser.get("/panels/").content.decode()

        assert "@<bdi>maire</bdi>" in page
        assert "Presse" in listing
        assert "Élus" in listing
        browser.post(f"{made['Location']}remove/")
        assert list(Panel.objects.values_list("name", flat=True)) == ["Presse"]

    def test_show_our_own_accounts_too_and_give_all_as_one_table(
        self, press, browse, make_person, now
    ):
        OwnAccount.objects.create(network="x", handle="logis", followers=900)
        lead = make_person("Lea", Role.LEAD)

        listing = browse(lead).get("/panels/").content.decode()
        answer = browse(lead).get("/panels/register.csv")
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

        assert "@<bdi>logis</bdi>" in listing
        assert lines[1:] == [",own,x,logis,,,,", "Presse,local-media,bluesky,Gazette,La Gazette,,,"]
