"""Inviting people, giving roles, closing accounts, keys for programs."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from tests.web.conftest import NOW

from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.web.people import queries, services
from quivive.web.people.entries import OwnAccountEntry
from quivive.web.people.models import ApiToken, AuditLine, Organisation, OwnAccount, Person

pytestmark = pytest.mark.django_db


class TestInvitation:
    def invite(self, browser):
        return browser.post(
            reverse("people:invite"), {"name": "Gil", "email": "Gil@x.example", "language": "en"}
        )

    def test_gives_a_link_that_sets_the_password_once(self, emma, browse):
        shown = self.invite(browse(emma)).content.decode()
        path = re.search(r'value="http://[^/]+([^"]+)"', shown)[1]
        browser = browse()
        form = browser.get(path, follow=True).redirect_chain[-1][0]
        fresh = "dix-poires-sous-le-porche"

        browser.post(form, {"password1": fresh, "password2": fresh})

        assert Person.objects.get(name="Gil").check_password(fresh)
        assert browser.get(reverse("people:profile")).status_code == 200
        assert b"password1" not in browse().get(path, follow=True).content

    def test_is_mailed_where_mail_works(self, emma, browse, settings):
        settings.MAIL_READY = True

        self.invite(browse(emma))

        assert mail.outbox[0].to == ["gil@x.example"]
        assert "/account/password/reset/key/" in mail.outbox[0].body

    def test_speaks_the_language_of_whoever_is_invited(self, emma, browse, settings):
        settings.MAIL_READY = True
        own = {"name": "Gil", "email": "gil@x.example", "language": "fr"}

        page = browse(emma).post(reverse("people:invite"), own).content.decode()

        assert mail.outbox[0].body.startswith("Bonjour Gil")
        assert "It was sent by e-mail as well" in page

    def test_says_when_the_mail_server_did_not_take_it(self, emma, browse, settings, monkeypatch):
        settings.MAIL_READY = True

        def refuse(*_):
            raise ConnectionRefusedError

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)

        page = self.invite(browse(emma)).content.decode()

        assert "could not be sent by e-mail" in page
        assert "/account/password/reset/key/" in page

    def test_is_refused_for_somebody_who_is_here(self, emma, browse):
        self.invite(browse(emma))

        assert self.invite(browse(emma)).status_code == 422
        assert Person.objects.filter(email="gil@x.example").count() == 1


class TestRoles:
    def test_are_chosen_by_a_person_never_by_the_list(self, emma, dan, browse):
        page = browse(emma).post(reverse("people:give-role", args=[dan.pk]), {"role": ""})

        assert page.status_code == 422
        assert not dan.holdings.exists()

    def test_that_open_no_page_yet_are_not_offered(self, emma, dan, browse):
        page = browse(emma).get(reverse("people:person", args=[dan.pk])).content.decode()

        assert '<option value="partner">' in page
        assert '<option value="ambassador">' not in page

    def test_stay_chosen_when_something_is_missing(self, emma, dan, browse):
        page = browse(emma).post(reverse("people:give-role", args=[dan.pk]), {"role": "partner"})

        assert page.status_code == 422
        assert '<option value="partner" selected' in page.content.decode()

    def test_are_given_and_taken_on_the_page(self, emma, dan, browse):
        browser = browse(emma)
        browser.post(
            reverse("people:give-role", args=[dan.pk]), {"role": "monitor", "deputy": "on"}
        )
        given = queries.roles_of(dan, now=NOW)
        deputy = dan.holdings.get().deputy
        browser.post(reverse("people:take-role", args=[dan.pk, "monitor"]))

        assert (given, deputy) == ({Role.MONITOR}, True)
        assert queries.roles_of(dan, now=NOW) == frozenset()
        assert list(AuditLine.objects.values_list("action", flat=True)) == [
            "role-given",
            "role-taken",
        ]

    def test_of_a_partner_need_an_end(self, emma, dan):
        with pytest.raises(NotAllowed, match="last day"):
            services.give_role(by=emma, person_id=dan.pk, role=Role.PARTNER, now=NOW)

    def test_end_by_themselves(self, emma, dan):
        end = NOW + timedelta(days=2)
        partner = {"role": Role.PARTNER, "expires_at": end, "agreement": "C-12"}
        services.give_role(by=emma, person_id=dan.pk, **partner, now=NOW)

        assert queries.roles_of(dan, now=end - timedelta(seconds=1)) == {Role.PARTNER}
        assert queries.roles_of(dan, now=end) == frozenset()

    def test_last_through_the_day_chosen(self, emma, dan, browse):
        browse(emma).post(
            reverse("people:give-role", args=[dan.pk]),
            {"role": "partner", "until": "2098-05-01", "agreement": "C-12"},
        )

        assert dan.holdings.get().expires_at.isoformat() == "2098-05-01T22:00:00+00:00"


class TestLastAdministrator:
    @pytest.mark.parametrize("act", ["take", "close", "expire"])
    def test_stays(self, act, emma):
        acts = {
            "take": lambda: services.take_role(
                by=emma, person_id=emma.pk, role=Role.ADMINISTRATOR, now=NOW
            ),
            "close": lambda: services.close_account(by=emma, person_id=emma.pk, now=NOW),
            "expire": lambda: services.give_role(
                by=emma,
                person_id=emma.pk,
                role=Role.ADMINISTRATOR,
                expires_at=NOW + timedelta(days=1),
                now=NOW,
            ),
        }

        with pytest.raises(NotAllowed, match="somebody else administrator first"):
            acts[act]()

        assert queries.roles_of(emma, now=NOW + timedelta(days=9)) == {Role.ADMINISTRATOR}

    def test_may_go_once_there_is_another(self, emma, ben):
        services.give_role(by=emma, person_id=ben.pk, role=Role.ADMINISTRATOR, now=NOW)
        services.close_account(by=ben, person_id=emma.pk, now=NOW)

        assert queries.roles_of(emma, now=NOW) == frozenset()


class TestClosedAccount:
    def test_is_out_at_once_and_can_come_back(self, emma, ana, browse):
        browser = browse(ana)
        services.close_account(by=emma, person_id=ana.pk, now=NOW)
        out = browser.get(reverse("people:profile")).status_code
        services.reopen_account(by=emma, person_id=ana.pk, now=NOW)

        assert out == 302
        assert (
            browse(Person.objects.get(pk=ana.pk)).get(reverse("people:profile")).status_code == 200
        )


class TestOwnSettings:
    def test_change_language_at_once(self, dan, browse):
        browser = browse(dan)
        browser.post(
            reverse("people:profile"),
            {"name": "Dan", "language": "fr", "time_zone": "Indian/Reunion", "phone": ""},
        )

        page = browser.get(reverse("people:profile")).content

        assert b'<html lang="fr">' in page
        assert AuditLine.objects.get().detail == {"changed": ["language", "time_zone"]}


class TestOwnAccounts:
    def test_need_a_purpose_from_the_second_on(self, emma):
        first = OwnAccountEntry(network="x", handle="@valdorle")
        services.add_own_account(by=emma, account=first, now=NOW)

        with pytest.raises(NotAllowed, match="public purpose"):
            services.add_own_account(
                by=emma, account=OwnAccountEntry(network="x", handle="happy-tenant"), now=NOW
            )
        services.add_own_account(
            by=emma,
            account=OwnAccountEntry(network="x", handle="valdorle-sos", purpose="Repairs"),
            now=NOW,
        )

        assert OwnAccount.objects.count() == 2

    def test_are_added_and_removed_on_the_page(self, emma, browse):
        browser = browse(emma)
        browser.post(
            reverse("people:add-own-account"), {"account-network": "x", "account-handle": "@us"}
        )
        row = OwnAccount.objects.get()
        browser.post(reverse("people:remove-own-account", args=[row.pk]))

        assert (row.handle, OwnAccount.objects.count()) == ("us", 0)


class TestOrganisationSheet:
    def test_is_changed_by_somebody_who_confirms_the_basis_anew(self, emma, browse):
        sheet = {
            "organisation-name": "Logis du Val",
            "organisation-time_zone": "Europe/Paris",
            "basis-basis": "consent",
            "basis-purpose": "a",
            "basis-need": "b",
            "basis-expectations": "c",
            "basis-safeguards": "d",
        }
        browser = browse(emma)
        refused = browser.post(reverse("people:settings"), sheet)
        browser.post(reverse("people:settings"), sheet | {"basis-confirmed": "on"})

        row = Organisation.objects.get()
        assert refused.status_code == 422
        assert (row.name, row.basis_confirmed_by) == ("Logis du Val", emma)

    def test_without_a_basis_forbids_the_watch(self, organisation):
        allowed = queries.may_watch()
        Organisation.objects.update(legal_basis="")

        assert (allowed, queries.may_watch()) == (True, False)


class TestToken:
    @pytest.fixture
    def raw(self, ana):
        return services.make_token(
            person=ana,
            name="export",
            scopes=["read"],
            expires_at=NOW + timedelta(days=30),
            now=NOW,
        )

    def test_speaks_for_its_owner_within_its_scope(self, raw, ana):
        assert queries.person_for_token(raw, "read", NOW) == ana
        assert queries.person_for_token(raw, "write", NOW) is None
        assert queries.person_for_token(raw + "x", "read", NOW) is None

    def test_is_not_kept(self, raw):
        assert raw not in str(ApiToken.objects.values().get())

    def test_ends_by_itself(self, raw):
        assert queries.person_for_token(raw, "read", NOW + timedelta(days=31)) is None

    def test_ends_when_revoked_or_its_owner_is_out(self, raw, ana, emma):
        other = services.make_token(person=ana, name="b", scopes=["read"], expires_at=None, now=NOW)
        services.revoke_token(person=ana, token_id=ApiToken.objects.get(name="export").pk, now=NOW)
        services.close_account(by=emma, person_id=ana.pk, now=NOW)

        assert queries.person_for_token(raw, "read", NOW) is None
        assert queries.person_for_token(other, "read", NOW) is None

    def test_of_somebody_else_cannot_be_revoked(self, raw, ben, browse):
        browse(ben).post(reverse("people:revoke-token", args=[ApiToken.objects.get().pk]))

        assert ApiToken.objects.get().revoked_at is None

    def test_notes_its_use_once_an_hour(self, raw):
        for minutes in (0, 30, 90):
            services.person_using_token(raw=raw, scope="read", now=NOW + timedelta(minutes=minutes))

        assert ApiToken.objects.get().last_used_at == NOW + timedelta(minutes=90)

    def test_is_shown_once_on_the_page(self, ana, browse):
        browser = browse(ana)

        made = browser.post(
            reverse("people:tokens"), {"name": "n", "scopes": ["read"], "days": "30"}
        ).content.decode()

        raw = re.search(r"qv_[\w-]{43}", made)[0]
        assert queries.person_for_token(raw, "read", NOW) == ana
        assert raw not in browser.get(reverse("people:tokens")).content.decode()

    def test_needs_a_known_scope(self, ana):
        with pytest.raises(NotAllowed):
            services.make_token(person=ana, name="n", scopes=["all"], expires_at=None, now=NOW)
