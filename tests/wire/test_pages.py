"""A picture of a page, taken by a real browser that cannot look inside."""

import pytest
from tests.needs import need
from tests.wire.local_site import Site

from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.wire import pages

pytestmark = pytest.mark.enable_socket

HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


def picture(url, **more):
    wanted = {"browser": need("chromium"), "local_allowed": False, **more}
    return pages.picture_of_page(url, **wanted)


class TestAPictureOfAPage:
    def test_shows_what_is_there_with_what_it_loads(self, site):
        site.say("/style.css", (200, {"Content-Type": "text/css"}, b"body { background: #c00 }"))
        body = b"<link rel=stylesheet href=/style.css><h1>L'eau est coup\xc3\xa9e</h1>"
        url = site.say("/post", (200, HTML, body))

        found = picture(url, local_allowed=True)

        assert found.startswith(b"\x89PNG\r\n\x1a\n")
        assert {path for path, _ in site.asked} >= {"/post", "/style.css"}

    def test_is_never_taken_inside_the_house(self, site):
        with pytest.raises(NoAnswer, match="leads into this machine") as refusal:
            picture(site.say("/post", (200, HTML, b"secret")))

        assert refusal.value.kind is Kind.UNSAFE
        assert site.asked == []

    @pytest.mark.parametrize(
        "way",
        [
            b"<script>location = 'http://127.0.0.2:%d/secret'</script>",
            b"<iframe src='http://127.0.0.2:%d/secret'></iframe>",
            b"<img src='http://127.0.0.2:%d/secret'>",
        ],
    )
    def test_is_not_kept_when_a_page_leads_there(self, site, monkeypatch, way):
        monkeypatch.setattr(pages, "is_inside", lambda address: address != "127.0.0.1")
        port = int(site.url.rpartition(":")[2])
        monkeypatch.setattr(pages, "PORTS", frozenset({port}))
        url = site.say("/post", (200, HTML, way % port)).replace("localhost", "127.0.0.1")

        with pytest.raises(NoAnswer, match="leads into this machine"):
            picture(url)

        assert {path for path, _ in site.asked} <= {"/post", "/favicon.ico"}

    def test_is_not_taken_of_files(self, tmp_path):
        (tmp_path / "secret").write_text("secret")

        with pytest.raises(NoAnswer, match="no public address"):
            picture(f"file://{tmp_path}/secret")

    def test_says_when_nobody_answers(self, site):
        port = site.url.rpartition(":")[2]
        site.close()
        with pytest.raises(NoAnswer, match="does not answer"):
            picture(f"http://127.0.0.1:{port}/post", local_allowed=True)


class TestTheBrowser:
    def test_is_one_that_is_there(self):
        assert pages.browser_for("/nowhere/browser") is None
        assert pages.browser_for(str(need("chromium"))) == need("chromium")
