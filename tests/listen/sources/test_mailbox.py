"""Signing in to a mailbox without a password, with tokens of Google and Microsoft (2026-11)."""

from datetime import timedelta
from urllib.parse import parse_qs

import msgspec
import pytest
from tests.listen.sources.worlds import NOW, Said, asked, drive, json_reply
from tests.listen.sources.worlds.mailbox import WORLD

from quivive.listen.sources.mailbox import SOURCE, Settings
from quivive.listen.unreadable import refused
from quivive.vocabulary.requests import Kind, NoAnswer

SETTINGS = Settings(
    server="imap.example", user="ecoute@town.example", password="pasted", sign_in="microsoft",
    client="our-app",
)  # fmt: skip


class Provider:
    """Changes refresh tokens, and shows the mailbox to whom it gave one."""

    def __init__(self):
        self.exchanged, self.opened = [], []

    def __call__(self, request):
        if request.url.startswith("imaps:"):
            self.opened.append((request.secret, request.params["sign-in"]))
            return WORLD.serve([Said("1", "L'eau est coupée")], request)
        form = {name: one for name, [one] in parse_qs(request.body.decode()).items()}
        self.exchanged.append(form["refresh_token"])
        assert (form["grant_type"], form["client_id"]) == ("refresh_token", "our-app")
        number = len(self.exchanged)
        return json_reply({
            "access_token": f"open-{number}", "expires_in": 3600, "refresh_token": f"next-{number}",
        })  # fmt: skip


def read(provider, *, settings=SETTINGS, session="", now=NOW):
    turn = msgspec.structs.replace(asked(WORLD, now=now), settings=settings, session=session)
    return drive(SOURCE.collect(turn), provider)


class TestTheServer:
    @pytest.mark.parametrize(
        "typed", ["imap.example", " imap.example ", "imaps://imap.example/", "https://imap.example"]
    )
    def test_is_understood_as_people_paste_it(self, typed):
        settings = msgspec.structs.replace(SETTINGS, server=typed, sign_in="password")
        addresses = []

        def serve(request):
            addresses.append(request.url)
            return WORLD.serve([], request)

        read(serve, settings=settings)

        assert addresses == ["imaps://ecoute%40town.example@imap.example/INBOX"]


class TestSigningInWithoutAPassword:
    def test_changes_the_pasted_token_for_one_that_opens(self):
        provider = Provider()

        assert len(read(provider).posts) == 1
        assert (provider.exchanged, provider.opened) == (["pasted"], [("open-1", "XOAUTH2")])

    def test_goes_on_with_it_until_it_ends_and_then_with_the_newest(self):
        provider = Provider()
        first = read(provider)
        then = read(provider, session=first.session, now=NOW + timedelta(minutes=50))
        read(provider, session=then.session, now=NOW + timedelta(minutes=59))

        assert provider.exchanged == ["pasted", "next-1"]
        assert [token for token, _ in provider.opened] == ["open-1", "open-1", "open-2"]

    def test_says_when_the_token_is_no_longer_taken(self):
        def refuse(request):
            raise refused(request.url, 400)

        with pytest.raises(NoAnswer, match="does not take the refresh token") as trouble:
            read(refuse)

        assert trouble.value.kind is Kind.BAD_KEY

    def test_says_what_is_missing(self):
        with pytest.raises(NoAnswer, match="client id"):
            read(Provider(), settings=msgspec.structs.replace(SETTINGS, client=""))
