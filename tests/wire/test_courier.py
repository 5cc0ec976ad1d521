"""The courier at a real server: patient with the slow, careful with the large, never led inside."""

import asyncio
import gzip
import socket
import time

import pytest
from tests.wire.local_site import Site

from quivive.listen.sourcing import Subscription
from quivive.vocabulary.requests import Kind, NoAnswer, Request
from quivive.wire import courier, pace
from quivive.wire.courier import Courier
from quivive.wire.streams import frames

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(pace, "GAP_S", 0.0)
    monkeypatch.setattr(courier.random, "uniform", lambda _low, _high: 0.005)


def carry(*requests, local_allowed=True):
    async def run():
        async with Courier(local_allowed=local_allowed) as one:
            return [await one.carry(request) for request in requests]

    return asyncio.run(run())[-1]


def refused(request, **more):
    with pytest.raises(NoAnswer) as trouble:
        carry(request, **more)
    return trouble.value


class TestACourier:
    def test_brings_a_reply_with_its_headers(self, site):
        url = site.say("/feed", (200, {"ETag": '"1"'}, b"words"))

        reply = carry(Request(url=url, params={"q": "eau & froid"}, headers={"X-Key": "k"}))

        assert (reply.body, reply.headers["etag"]) == (b"words", '"1"')
        assert site.asked[0][0] == "/feed?q=eau+%26+froid"
        assert site.asked[0][1]["X-Key"] == "k"

    def test_asks_a_broken_server_again(self, site):
        url = site.say("/feed", (503, {}, b""), (500, {}, b""), (200, {}, b"words"))

        assert carry(Request(url=url)).body == b"words"

    def test_gives_up_in_the_end_and_says_so(self, site):
        url = site.say("/feed", (500, {}, b""))

        trouble = refused(Request(url=url))

        assert trouble.kind is Kind.BROKEN
        assert len(site.asked) == 3

    def test_never_repeats_what_is_no_question(self, site):
        url = site.say("/feed", (500, {}, b""))

        refused(Request(url=url, method="POST"))

        assert len(site.asked) <= 1

    def test_waits_as_long_as_it_is_asked_to(self, site):
        url = site.say("/feed", (429, {"Retry-After": "1"}, b""), (200, {}, b"words"))
        began = time.monotonic()

        carry(Request(url=url))

        assert time.monotonic() - began >= 1

    def test_leaves_a_long_wait_to_the_host(self, site):
        url = site.say("/feed", (429, {"Retry-After": "3600"}, b""))

        trouble = refused(Request(url=url))

        assert (trouble.kind, trouble.retry_s) == (Kind.TOO_MANY, 3600)
        assert len(site.asked) == 1

    @pytest.mark.parametrize(
        ("status", "kind"),
        [(401, Kind.BAD_KEY), (403, Kind.FORBIDDEN), (404, Kind.NOT_FOUND), (418, Kind.SETTINGS)],
    )
    def test_asks_once_what_only_a_person_can_mend(self, site, status, kind):
        url = site.say("/feed", (status, {}, b""))

        assert refused(Request(url=url)).kind is kind
        assert len(site.asked) == 1

    def test_stops_reading_what_is_too_large(self, site):
        url = site.say("/feed", (200, {}, b"x" * 50_000))

        assert refused(Request(url=url, largest_bytes=40_000)).kind is Kind.SETTINGS

    def test_stops_unpacking_what_is_too_large(self, site):
        bomb = gzip.compress(b"\0" * 30_000_000)
        url = site.say("/feed", (200, {"Content-Encoding": "gzip"}, bomb))

        assert refused(Request(url=url, largest_bytes=1_000_000)).kind is Kind.SETTINGS

    def test_unpacks_what_is_packed(self, site):
        url = site.say("/feed", (200, {"Content-Encoding": "gzip"}, gzip.compress(b"words" * 99)))

        assert carry(Request(url=url)).body == b"words" * 99

    def test_lets_a_server_go_that_drips(self, site, monkeypatch):
        monkeypatch.setattr(courier, "ENOUGH_S", 0.3)

        def drip(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            for _ in range(1000):
                try:
                    handler.wfile.write(b"x")
                except OSError:
                    return
                time.sleep(0.1)

        trouble = refused(Request(url=site.say("/feed", drip)))

        assert trouble.kind is Kind.UNREACHABLE

    def test_says_that_an_answer_broke_off(self, site):
        def break_off(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b"half")
            handler.close_connection = True

        assert refused(Request(url=site.say("/feed", break_off))).kind is Kind.UNREACHABLE

    @pytest.mark.parametrize(
        "url", ["file:///etc/hosts", "news.example/feed", "gopher://a.example"]
    )
    def test_asks_only_addresses_of_the_web(self, url):
        assert refused(Request(url=url)).kind is Kind.SETTINGS

    def test_forgets_cookies_between_two_questions(self, site):
        url = site.say("/feed", (200, {"Set-Cookie": "who=ana"}, b""))

        carry(Request(url=url), Request(url=url))

        assert "Cookie" not in site.asked[1][1]


class TestACourierNearPrivateAddresses:
    @pytest.mark.parametrize(
        "url", ["http://localhost:9/feed", "http://127.0.0.1:9/", "http://[::1]:9/"]
    )
    def test_never_goes_inside(self, url):
        assert refused(Request(url=url), local_allowed=False).kind is Kind.UNSAFE

    def test_never_follows_a_redirect_inside(self, site, monkeypatch):
        # The first server may be asked, as if it were public; where it points may not.
        monkeypatch.setattr(
            "quivive.wire.targets.is_inside", lambda address: address.startswith("127.0.0.2")
        )
        url = site.say("/feed", (302, {"Location": "http://127.0.0.2:9/keys"}, b""))

        assert refused(Request(url=url), local_allowed=False).kind is Kind.UNSAFE

    def test_keeps_its_key_from_another_host(self, site):
        other = site.say("/other", (200, {}, b"words")).replace("localhost", "127.0.0.1")
        url = site.say("/feed", (302, {"Location": other}, b""))

        carry(Request(url=url, headers={"Authorization": "Bearer k", "Accept": "text/xml"}))

        assert "Authorization" not in site.asked[1][1]
        assert site.asked[1][1]["Accept"] == "text/xml"

    def test_tires_of_redirects_without_end(self, site):
        url = site.say("/feed", (302, {"Location": "/feed"}, b""))

        assert refused(Request(url=url)).kind is Kind.SETTINGS
        assert len(site.asked) == 6

    def test_lets_its_thread_go_afterwards(self, site):
        from quivive.wire import targets

        refused(Request(url="http://127.0.0.1:9/"), local_allowed=False)

        assert not getattr(targets._thread, "guarded", False)


ODD_ADDRESSES = (
    *("http://[", "http://a\0b/", "http://xn--/", f"http://{'a' * 300}/", "http://../"),
    *("http://192.0.2.1:99999/", "http://é.example:abc/", "https:///", "file:///etc/passwd"),
)


class TestANameNobodyHas:
    def test_is_told_apart_from_a_server_that_is_silent(self, monkeypatch):
        def unknown(*_told, **_more):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)

        trouble = refused(Request(url="https://nowhere.example/"))

        assert trouble.what.text == "Nothing is found under the name {host}."
        assert trouble.kind is Kind.UNREACHABLE


class TestWhatPeoplePaste:
    @pytest.mark.parametrize("url", ODD_ADDRESSES)
    def test_is_told_to_be_no_address_whatever_it_is(self, url):
        for asking in (_asked_once(Request(url=url)), _streamed(Subscription(url=url))):
            with pytest.raises(NoAnswer) as told:
                asyncio.run(asking)
            assert "no address of the web" in told.value.what.text

    @pytest.mark.parametrize("key", ["a\u00a0", "“a”", "\u202eab"])
    def test_is_told_to_be_no_key_when_it_holds_a_sign_none_has(self, key):
        url, headers = "https://example.invalid/", {"Authorization": f"Bearer {key}"}

        for asking in (
            _asked_once(Request(url=url, headers=headers)),
            _streamed(Subscription(url=url, headers=headers)),
        ):
            with pytest.raises(NoAnswer) as told:
                asyncio.run(asking)
            assert "a sign that no key has" in told.value.what.text
            assert key not in str(told.value)


async def _asked_once(request):
    async with Courier() as courier:
        await courier.carry(request)


async def _streamed(subscription):
    async for _frame in frames(subscription):
        pass
