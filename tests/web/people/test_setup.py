"""The first visit: whose room this is, asked once."""

import re

import pytest
from django.urls import reverse
from tests.web.conftest import NOW, PASSWORD, STRONG
from tests.web.people.crowd import all_at_once, own_database

from quivive.vocabulary.crises import Role
from quivive.web.people import queries
from quivive.web.people.models import AuditLine, OwnAccount, Person, Place
from quivive.wire.house import setup_code

FAR = {"REMOTE_ADDR": "192.0.2.7"}

ANSWERS = {
    "organisation-name": "Logis de Valdorle",
    "organisation-dwellings": "4200",
    "organisation-time_zone": "Europe/Paris",
    "accounts-TOTAL_FORMS": "2",
    "accounts-INITIAL_FORMS": "0",
    "accounts-0-network": "bluesky",
    "accounts-0-handle": "@logis-valdorle",
    "accounts-0-followers": "812",
    "accounts-1-network": "bluesky",
    "accounts-1-handle": "",
    "places-TOTAL_FORMS": "1",
    "places-INITIAL_FORMS": "0",
    "places-0-name": "Les Érables",
    "places-0-level": "building",
    "basis-basis": "legitimate-interest",
    "basis-purpose": "Hear early.",
    "basis-need": "Calls come late.",
    "basis-expectations": "They write in public.",
    "basis-safeguards": "No profiles.",
    "basis-confirmed": "on",
    "administrator-name": "Emma",
    "administrator-email": "Emma@Valdorle.example",
    "administrator-password": PASSWORD,
    "administrator-again": PASSWORD,
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.DATA = tmp_path
    settings.AFTER_SETUP = "people:profile"


@pytest.mark.django_db
class TestFirstVisit:
    def test_leads_to_the_setup_page(self, browse):
        answer = browse().get("/people/")

        assert answer.headers["Location"] == reverse("people:setup")

    def test_of_a_stranger_asks_for_the_code_of_the_terminal(self, browse):
        answer = browse(**FAR).get(reverse("people:setup"))

        assert "code" in answer.context["form"].fields

    def test_behind_a_proxy_on_this_machine_asks_for_the_code_too(self, browse):
        answer = browse(HTTP_X_FORWARDED_FOR="192.0.2.7").get(reverse("people:setup"))

        assert "code" in answer.context["form"].fields

    def test_with_the_code_typed_in_any_case_goes_on(self, browse, tmp_path):
        browser = browse(**FAR)
        code = setup_code(tmp_path)

        browser.post(reverse("people:setup"), {"code": code.lower().replace("-", " ")})

        assert "organisation" in browser.get(reverse("people:setup")).context

    def test_with_a_wrong_code_is_refused(self, browse):
        answer = browse(**FAR).post(reverse("people:setup"), {"code": "AAAA-AAAA-AAAA"})

        assert answer.status_code == 403
        assert not queries.is_set_up()

    def test_without_the_code_sets_nothing_up(self, browse):
        browse(**FAR).post(reverse("people:setup"), ANSWERS)

        assert not queries.is_set_up()


@pytest.mark.django_db
class TestTheFirstTopic:
    def test_is_suggested_from_what_the_organisation_said(self, browse, settings):
        settings.AFTER_SETUP = "listen:topic-new"
        browser = browse()

        page = browser.post(reverse("people:setup"), ANSWERS, follow=True)

        form = page.context["form"]
        assert page.context["first"]
        assert form["name"].value() == "Logis de Valdorle"
        assert form["query"].value() == '"Logis de Valdorle" OR @logis-valdorle OR "Les Érables"'
        assert page.context["sample_form"]["hashtags"].value() == "logisdevaldorle leserables"


@pytest.mark.django_db
class TestSetupPage:
    def test_gives_the_room_to_the_organisation_and_signs_its_administrator_in(self, browse):
        browser = browse()

        answer = browser.post(reverse("people:setup"), ANSWERS)

        emma = Person.objects.get()
        assert answer.headers["Location"] == reverse("people:profile")
        assert browser.get(reverse("people:people")).status_code == 200
        assert emma.email == "emma@valdorle.example"
        roles = {Role.ADMINISTRATOR, Role.LEAD, Role.MONITOR, Role.FACT_OWNER}
        assert queries.roles_of(emma, now=NOW) == roles
        assert [account.handle for account in OwnAccount.objects.all()] == ["logis-valdorle"]
        assert [place.name for place in Place.objects.all()] == ["Les Érables"]
        assert AuditLine.objects.get().action == "set-up"

    def test_keeps_the_password_as_an_argon2_digest(self, browse, settings):
        settings.PASSWORD_HASHERS = [STRONG]

        browse().post(reverse("people:setup"), ANSWERS)

        assert Person.objects.get().password.startswith("argon2$argon2id$")

    def test_drops_the_code_once_used(self, browse, tmp_path):
        setup_code(tmp_path)

        browse().post(reverse("people:setup"), ANSWERS)

        assert not (tmp_path / "setup.code").exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("basis-confirmed", ""),
            ("basis-safeguards", ""),
            ("organisation-name", ""),
            ("administrator-password", "password1234"),
            ("administrator-again", "something else altogether"),
            ("places-0-name", ""),
            ("accounts-TOTAL_FORMS", "many"),
        ],
    )
    def test_refuses_a_sheet_that_is_not_complete(self, browse, field, value):
        changed = ANSWERS | {field: value, "places-0-level": "town"}

        answer = browse().post(reverse("people:setup"), changed)

        assert answer.status_code == 422
        assert b'aria-invalid="true"' in answer.content or field == "accounts-TOTAL_FORMS"
        assert not queries.is_set_up()

    def test_refuses_a_second_account_on_a_network_that_does_not_say_why(self, browse):
        answer = browse().post(
            reverse("people:setup"), ANSWERS | {"accounts-1-handle": "valdorle-friends"}
        )

        assert b"public purpose" in answer.content
        assert not queries.is_set_up()

    def test_takes_a_second_account_with_a_public_purpose(self, browse):
        why = {"accounts-1-handle": "valdorle-sos", "accounts-1-purpose": "Repairs at night"}

        browse().post(reverse("people:setup"), ANSWERS | why)

        assert OwnAccount.objects.count() == 2

    def test_changes_language_at_once_and_keeps_what_was_typed(self, browse):
        browser = browse(HTTP_ACCEPT_LANGUAGE="en")
        suggested = browser.get(reverse("people:setup")).context["basis"]
        typed = ANSWERS | {"basis-purpose": str(suggested.fields["purpose"].initial)}

        answer = browser.post(reverse("people:setup"), typed | {"language": "fr"})

        assert b'<html lang="fr">' in answer.content
        assert "Les Érables" in answer.content.decode()
        assert "Calls come late." in answer.content.decode()
        assert answer.context["basis"].initial.keys() >= {"need"}
        assert "purpose" not in answer.context["basis"].initial
        assert PASSWORD not in answer.content.decode()
        assert b'<html lang="fr">' in browser.get(reverse("people:setup")).content

    def test_adds_an_empty_row_when_asked(self, browse):
        answer = browse().post(reverse("people:setup"), ANSWERS | {"more": "places"})

        assert [form.initial.get("name") for form in answer.context["places"]] == [
            "Les Érables",
            None,
        ]

    def test_puts_the_keyboard_into_the_row_that_was_added(self, browse):
        page = browse().post(reverse("people:setup"), ANSWERS | {"more": "places"}).content.decode()

        (focused,) = re.findall(r"<input[^>]* autofocus[^>]*>", page)
        assert 'name="places-1-name"' in focused

    def test_puts_the_keyboard_on_what_was_mistaken(self, browse):
        wrong = ANSWERS | {"administrator-again": "another one"}
        page = browse().post(reverse("people:setup"), wrong).content.decode()

        (focused,) = re.findall(r"<input[^>]* autofocus[^>]*>", page)
        assert 'name="administrator-again"' in focused

    def test_is_sent_by_the_key_enter(self, browse):
        """Browsers then press the first button of the form, wherever on the page it stands."""
        page = browse().get(reverse("people:setup")).content.decode()

        first, *others = re.findall(r"<button[^>]*>", page)
        assert 'form="setup"' in first
        assert "name=" not in first
        assert all("name=" in other for other in others[:-1])

    def test_is_gone_once_used(self, browse, organisation):
        answer = browse().post(reverse("people:setup"), ANSWERS)

        assert answer.status_code == 302
        assert Person.objects.count() == 0


SET_UP = """
from datetime import UTC, datetime
from quivive.vocabulary.errors import NotAllowed
from quivive.web.people import services
from quivive.web.people.entries import *
from quivive.web.people.models import *

def act(me):
    try:
        services.set_up(
            organisation=OrganisationEntry(name=str(me), language="fr", time_zone="Europe/Paris"),
            basis=BasisEntry(
                basis="consent", purpose="a", need="b", expectations="c", safeguards="d"
            ),
            accounts=[OwnAccountEntry(network="x", handle=str(me))],
            places=[],
            administrator=AdministratorEntry(
                name=str(me), email=f"{me}@valdorle.example", password="neuf-pommes-sur-le-toit"
            ),
            now=datetime(2026, 3, 3, tzinfo=UTC),
        )
    except NotAllowed:
        return "refused"
    return "mine"

def look():
    return [kind.objects.count() for kind in (Organisation, Person, OwnAccount, AuditLine)]
"""


@pytest.mark.slow
class TestPeopleAtOnce:
    @pytest.mark.parametrize("database", ["sqlite", "postgresql"])
    def test_end_with_one_organisation_and_one_administrator(self, tmp_path, database, request):
        url = own_database(database, request)

        outcomes, rows = all_at_once(SET_UP, times=4, folder=tmp_path, database=url)

        assert sorted(outcomes) == ["mine", "refused", "refused", "refused"]
        assert rows == [1, 1, 1, 1]
