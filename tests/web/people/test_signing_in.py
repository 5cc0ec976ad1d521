"""Signing in, being locked out, second factors, forgotten passwords: real requests throughout."""

import json
import re
from datetime import timedelta
from threading import Event
from urllib.parse import urlencode

import pytest
import typer
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axes.models import AccessAttempt
from django.conf import settings as settings_of_django
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.processes import PATIENCE_S, wait_until
from tests.web.conftest import NOW, PASSWORD
from typer.testing import CliRunner

from quivive.cli import let_in_command
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.web.people import services
from quivive.web.people.models import AuditLine

LOGIN = "/account/login/"
HERE, THERE = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "192.0.2.8"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(make_person):
    person = make_person("Lea", Role.LEGAL, password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def try_to(browser, person, password=PASSWORD):
    return browser.post(LOGIN, {"login": person.email, "password": password})


def fail(browser, person, times):
    return [try_to(browser, person, "wrong") for _ in range(times)][-1]


class TestSigningIn:
    def test_opens_the_room_and_is_on_record(self, lea, browse):
        browser = browse(**HERE)

        answer = try_to(browser, lea)

        assert answer.headers["Location"] == "/"
        assert browser.get(reverse("people:audit")).status_code == 200
        line = AuditLine.objects.get()
        assert (line.person, line.action, line.detail) == (
            lea,
            "sign-in",
            {"address": "192.0.2.7"},
        )

    def test_goes_on_to_the_page_that_was_asked_for(self, lea, browse):
        browser = browse()
        sent = browser.get(reverse("people:audit")).headers["Location"]

        answer = browser.post(
            sent, {"login": lea.email, "password": PASSWORD, "next": "/people/audit/"}
        )

        assert sent.startswith(LOGIN)
        assert answer.headers["Location"] == "/people/audit/"

    def test_with_a_wrong_password_is_refused_and_on_record(self, lea, browse):
        answer = fail(browse(**HERE), lea, 1)

        assert answer.status_code == 200
        assert (AuditLine.objects.get().action, AuditLine.objects.get().subject) == (
            "sign-in-refused",
            lea.email,
        )

    def test_never_writes_down_an_unknown_address(self, lea, browse):
        browse().post(LOGIN, {"login": "my-password@typed.here", "password": "x"})

        assert AuditLine.objects.get().subject == ""

    def test_is_refused_to_a_closed_account(self, lea, emma, browse):
        browser = browse()
        try_to(browser, lea)
        services.close_account(by=emma, person_id=lea.pk, now=NOW)

        assert browser.get(reverse("people:audit")).status_code == 302
        assert try_to(browse(), lea).headers.get("Location", "") != "/"

    def test_out_needs_a_button(self, lea, browse):
        browser = browse(lea)

        browser.get(reverse("account_logout"))
        assert browser.get(reverse("people:profile")).status_code == 200

        browser.post(reverse("account_logout"))
        assert browser.get(reverse("people:profile")).status_code == 302
        assert AuditLine.objects.get().action == "sign-out"

    @pytest.mark.parametrize(
        "address", ["/", "/topics/", "/people/", "/api/v1/alerts", "/nowhere/"]
    )
    def test_out_leaves_no_page_in_the_browser(self, lea, browse, address):
        shown = browse(lea).get(address)

        assert "no-store" in shown.headers["Cache-Control"]

    def test_up_is_closed(self, lea, browse):
        assert browse().get("/account/signup/").status_code == 404


class TestLock:
    def test_falls_after_eight_failures_even_for_the_right_password(self, lea, browse):
        browser = browse(**HERE)
        assert fail(browser, lea, 7).status_code == 200

        locked = fail(browser, lea, 1)
        right = try_to(browser, lea)

        assert (locked.status_code, right.status_code) == (429, 429)
        assert "_auth_user_id" not in browser.session

    def test_says_when_it_opens_again_and_keeps_its_word(self, lea, browse):
        browser = browse(**HERE)
        fail(browser, lea, 8)
        first = fail(browser, lea, 1)
        again = fail(browser, lea, 3)

        hour = re.search(rb"<time datetime=\"([^\"]+)\"", first.content)[1]
        assert re.search(rb"<time datetime=\"([^\"]+)\"", again.content)[1] == hour

        AccessAttempt.objects.update(
            attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=16)
        )
        assert try_to(browser, lea).headers["Location"] == "/"

    def test_leaves_other_places_and_other_people_free(self, lea, make_person, browse):
        tom = make_person("Tom", password=PASSWORD)
        fail(browse(**HERE), lea, 8)

        assert try_to(browse(**THERE), lea).status_code == 302
        assert try_to(browse(**HERE), tom).status_code == 302

    def test_cannot_be_dodged_by_capitals_or_another_browser(self, lea, browse):
        for number in range(8):
            browser = browse(HTTP_USER_AGENT=f"browser {number}", **HERE)
            browser.post(LOGIN, {"login": lea.email.upper(), "password": "wrong"})

        assert try_to(browse(**HERE), lea).status_code == 429

    def test_is_on_record_once(self, lea, browse):
        fail(browse(**HERE), lea, 12)

        actions = list(AuditLine.objects.values_list("action", flat=True))
        assert actions.count("sign-in-locked") == 1
        assert actions.count("sign-in-refused") == 7


class TestSecondFactor:
    @pytest.fixture
    def secret(self, lea):
        secret = generate_totp_secret()
        TOTP.activate(lea, secret)
        return secret

    def code(self, secret):
        counter = next(iter(yield_hotp_counters_from_time()))
        return format_hotp_value(hotp_value(secret, counter))

    def test_is_asked_after_the_password(self, lea, secret, browse):
        browser = browse()

        answer = try_to(browser, lea)

        assert answer.headers["Location"] == reverse("mfa_authenticate")
        assert browser.get(reverse("people:profile")).status_code == 302
        assert not AuditLine.objects.filter(action="sign-in").exists()

    def test_opens_the_room(self, lea, secret, browse):
        browser = browse()
        try_to(browser, lea)

        browser.post(reverse("mfa_authenticate"), {"code": self.code(secret)})

        assert browser.get(reverse("people:profile")).status_code == 200
        assert AuditLine.objects.filter(action="sign-in").exists()

    @pytest.mark.parametrize("page", ["mfa_generate_recovery_codes", "mfa_deactivate_totp"])
    def test_can_be_managed_with_a_button_one_sees(self, lea, secret, browse, page):
        browser = browse()
        try_to(browser, lea)
        browser.post(reverse("mfa_authenticate"), {"code": self.code(secret)})
        browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})

        shown = browser.get(reverse(page)).text

        form = re.search(rf'<form[^>]*action="{reverse(page)}"[^>]*>', shown)[0]
        assert "hidden" not in form
        assert browser.post(reverse(page), follow=True).status_code == 200

    def test_refused_is_on_record_for_whoever_typed_it_knew_the_password(self, lea, secret, browse):
        browser = browse(**HERE)
        try_to(browser, lea)

        browser.post(reverse("mfa_authenticate"), {"code": "000000"})

        line = AuditLine.objects.get()
        assert (line.person, line.action) == (None, "second-factor-refused")
        assert (line.subject, line.detail) == (lea.email, {"address": "192.0.2.7"})

    def test_is_replaced_once_by_a_recovery_code_as_the_page_says(self, lea, secret, browse):
        code = RecoveryCodes.activate(lea).get_unused_codes()[0]
        owner = browse(lea)
        owner.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert code in owner.get(reverse("mfa_view_recovery_codes")).text
        browser = browse(HTTP_ACCEPT_LANGUAGE="en")
        try_to(browser, lea)
        assert "one of your recovery codes" in browser.get(reverse("mfa_authenticate")).text

        browser.post(reverse("mfa_authenticate"), {"code": code})

        assert browser.get(reverse("people:profile")).status_code == 200
        assert "recovery_code_used" in AuditLine.objects.values_list("subject", flat=True)
        again = browse()
        try_to(again, lea)
        again.post(reverse("mfa_authenticate"), {"code": code})
        assert again.get(reverse("people:profile")).status_code == 302

    def test_that_is_lost_is_taken_away_by_an_administrator(
        self, lea, secret, emma, browse, settings
    ):
        settings.MAIL_READY = True
        waiting, office = browse(), browse(emma)
        try_to(waiting, lea)
        assert "authenticator app" in office.get(reverse("people:person", args=[lea.pk])).text

        office.post(reverse("people:drop-second-factors", args=[lea.pk]))

        assert waiting.get(LOGIN, follow=True).status_code == 200  # was sent round in a circle
        assert try_to(waiting, lea).headers["Location"] == "/"
        line = AuditLine.objects.get(action="second-factors-dropped")
        assert (line.person, line.subject) == (emma, lea.email)
        assert mail.outbox[0].to == [lea.email]
        assert "Emma" in mail.outbox[0].body

    def test_of_ones_own_is_not_taken_away_without_being_asked_who_one_is(self, emma, browse):
        TOTP.activate(emma, generate_totp_secret())

        answer = browse(emma).post(reverse("people:drop-second-factors", args=[emma.pk]))

        assert answer.status_code == 422
        assert Authenticator.objects.filter(user=emma).exists()

    def test_is_kept_unreadable(self, lea, secret):
        assert secret not in str(Authenticator.objects.get().data)
        assert mfa_adapter().decrypt(Authenticator.objects.get().data["secret"]) == secret


class TestLettingInFromTheMachine:
    """For a room in which no administrator can sign in any more."""

    def let_in(self, monkeypatch, *words):
        monkeypatch.setattr(let_in_command, "open_house", lambda _data: None)
        app = typer.Typer()
        let_in_command.register(app)
        return CliRunner().invoke(app, [*words, "--json"])

    def test_makes_a_link_and_takes_the_second_factor_away(self, lea, browse, monkeypatch):
        TOTP.activate(lea, generate_totp_secret())

        told = json.loads(self.let_in(monkeypatch, lea.email, "--no-second-factor").stdout)
        browser = browse()
        path = told["link"].removeprefix(settings_of_django.BASE_URL)
        form = browser.get(path, follow=True).redirect_chain[-1][0]
        fresh = "dix-poires-sous-le-porche"
        browser.post(form, {"password1": fresh, "password2": fresh})

        assert browser.get(reverse("people:profile")).status_code == 200
        assert told["second_factors_dropped"] is True
        lines = AuditLine.objects.filter(person=None, detail={"command": "let-in"})
        actions = lines.values_list("action", flat=True)
        assert set(actions) == {"second-factors-dropped", "link-made"}

    def test_leaves_the_second_factor_unless_asked(self, lea, monkeypatch):
        TOTP.activate(lea, generate_totp_secret())

        told = json.loads(self.let_in(monkeypatch, lea.email.upper()).stdout)

        assert told["second_factors_dropped"] is False
        assert Authenticator.objects.filter(user=lea).exists()

    def test_knows_nobody_else(self, lea, monkeypatch):
        refused = self.let_in(monkeypatch, "who@valdorle.example").exception

        assert isinstance(refused, NotAllowed)


class TestKeys:
    @pytest.mark.parametrize(
        ("language", "says"),
        [
            ("fr", ["Clé d’accès", "pas encore utilisée", "Ajoutée le"]),
            ("en", ["Passkey", "not used yet", "Added on"]),
        ],
    )
    def test_are_listed_in_the_readers_language(self, lea, browse, language, says):
        credential = {"clientExtensionResults": {"credProps": {"rk": True}}}
        Authenticator.objects.create(
            user=lea,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Telephone", "credential": credential},
        )
        lea.language = language
        lea.save()

        shown = browse(lea).get(reverse("mfa_list_webauthn")).text

        assert [words for words in says if words not in shown] == []
        assert "Not used" not in shown


PAGES = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "account_logout",
    "account_reauthenticate",
]


class TestEveryAnswer:
    @pytest.mark.parametrize(
        "address", ["/", "/static/room/js/chart.js", "/nothing/", "/api/v1/topics", "/live/"]
    )
    def test_carries_the_strict_policy_for_content(self, address, organisation, browse):
        answer = browse().get(address)
        answer.close()

        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


class TestPagesOfSigningIn:
    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_run_under_the_strict_policy_for_content(self, name, language, lea, browse):
        browser = browse(HTTP_ACCEPT_LANGUAGE=language)
        lea.language = language
        lea.save()
        if name not in PAGES[:3]:
            try_to(browser, lea)
            browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})

        answer = browser.get(reverse(name))

        assert answer.status_code == 200
        page = answer.content.decode()
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
        for script in re.findall(r"<script([^>]*)>", page):
            assert " src=" in script or 'type="application/json"' in script
        assert f'<html lang="{language}">' in page


class TestForgottenPassword:
    def test_is_told_plainly_where_no_mail_can_be_sent(self, organisation, browse, settings):
        settings.MAIL_READY = False

        page = browse(HTTP_ACCEPT_LANGUAGE="en").get(reverse("account_reset_password")).content

        assert b"cannot send e-mail" in page

    def test_is_replaced_by_a_link_that_works_once(self, lea, browse, settings):
        settings.MAIL_READY = True
        browse().post(reverse("account_reset_password"), {"email": lea.email})
        wait_until(lambda: mail.outbox)
        assert mail.outbox[0].subject.startswith("[Qui-vive] ")
        assert (
            "the crisis room at" in mail.outbox[0].body
            or "la salle de crise" in mail.outbox[0].body
        )
        link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", mail.outbox[0].body)[1]
        browser = browse()
        form = browser.get(link, follow=True).redirect_chain[-1][0]
        fresh = "dix-poires-sous-le-porche"

        browser.post(form, {"password1": fresh, "password2": fresh})

        assert try_to(browse(), lea, fresh).headers["Location"] == "/"
        assert b"password1" not in browse().get(link, follow=True).content

    def test_lets_nobody_wait_for_the_mail_server_of_a_known_address(
        self, lea, browse, settings, monkeypatch
    ):
        settings.MAIL_READY = True
        answered, sent = Event(), Event()

        def send(_letter):
            answered.wait(PATIENCE_S)
            sent.set()

        monkeypatch.setattr("django.core.mail.EmailMessage.send", send)

        browse().post(reverse("account_reset_password"), {"email": lea.email})

        assert not sent.is_set()
        answered.set()
        wait_until(sent.is_set)

    def test_says_the_same_to_strangers(self, lea, browse, settings):
        settings.MAIL_READY = True
        answer = browse().post(reverse("account_reset_password"), {"email": "who@valdorle.example"})

        assert answer.headers["Location"] == reverse("account_reset_password_done")
        assert mail.outbox == []


class TestAFormThatIsSentWhenTheSessionHasEnded:
    ADDRESS = "/listen/topics/new/"
    ENGLISH = {"accept-language": "en"}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("came_from", "next_page"),
        [
            ("http://testserver/topics/heating/?span=7d", "/topics/heating/?span=7d"),
            ("https://elsewhere.example/topics/", "/"),
            ("", "/"),
        ],
    )
    def test_leads_back_to_the_page_it_stood_on(self, lea, client, came_from, next_page):
        answer = client.post(self.ADDRESS, {"name": "x"}, headers={"referer": came_from})

        assert answer.headers["Location"] == f"{LOGIN}?{urlencode({'next': next_page}, safe='/')}"

    def test_says_that_nothing_of_it_was_kept(self, lea, client):
        answer = client.post(self.ADDRESS, {"name": "x"}, follow=True, headers=self.ENGLISH)

        assert "Your session had ended" in answer.content.decode()

    def test_gives_back_what_was_typed_and_no_password(self, lea, client):
        typed = {"words": "The lift <b>stands</b> still", "password": "a phrase of four"}

        answer = client.post(self.ADDRESS, typed, headers=self.ENGLISH)

        page = answer.content.decode()
        assert answer.status_code == 401
        assert "The lift &lt;b&gt;stands&lt;/b&gt; still" in page
        assert "a phrase of four" not in page
        assert f'href="{LOGIN}?next=/"' in page

    def test_or_from_before_one_signed_in_again_is_refused_in_our_own_words(self, lea):
        browser = Client(enforce_csrf_checks=True)

        answer = browser.post(self.ADDRESS, {"name": "x"}, headers=self.ENGLISH)

        assert answer.status_code == 403
        assert "This page is from before you signed in" in answer.content.decode()
