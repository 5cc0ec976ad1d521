"""A rehearsed crisis unfolds live, from a quiet room to a scored threat, without loading again."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect, sync_playwright
from tests.browser import town_talk
from tests.browser.house import House
from tests.browser.visitor import PATIENCE_MS, QUIET_CHROMIUM, Visitor
from tests.needs import need

LONGER_THAN_ANYONE_LOOKS_MIN = 24 * 60
"""At ninety times the speed it lasts a quarter of an hour: a slow machine still sees new posts."""

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]), pytest.mark.slow]


@pytest.fixture
def visitor():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=list(QUIET_CHROMIUM)
        )
        visitor = Visitor(browser, "", language="en")
        yield visitor
        browser.close()


@pytest.fixture
def demo(tmp_path, new_room, monkeypatch):
    """A room that is told a story; it stops by itself when the test is over."""
    monkeypatch.setenv("LANGUAGE", "en")
    story = tmp_path / "story.ndjson"
    begun = datetime(2025, 11, 18, 18, 0, tzinfo=UTC)
    story.write_text(
        town_talk.posts(begun, "en", goes_on_min=LONGER_THAN_ANYONE_LOOKS_MIN), "utf-8"
    )
    told = ("--demo", "--story", str(story), "--query", '"Trois Ponts"', "--speed", "90")
    house = House(new_room(tmp_path / "house"), more=told)
    house.start()
    yield house
    house.stop()


class TestARehearsal:
    def test_unfolds_from_a_quiet_room_to_a_scored_crisis(self, visitor, demo):
        visitor.url = demo.url
        signs_in(visitor, demo.said())
        page = visitor.page
        page.evaluate("window.neverLoadedAgain = true")

        door = visitor.link("Open the alert").first
        expect(door).to_be_visible(timeout=3 * PATIENCE_MS)
        visitor.sees("Something is going on")
        assert page.evaluate("window.neverLoadedAgain") is True

        door.click()
        page.wait_for_url("**/detect/alert/**")
        expect(page.get_by_role("heading", level=1)).to_contain_text("usual")
        visitor.press(visitor.button("Open a crisis"))
        visitor.sees("What only people can say")
        page.evaluate("window.neverLoadedAgain = true")
        severity = visitor.part("Severity")
        expect(severity.get_by_text("/ 100")).to_be_visible(timeout=2 * PATIENCE_MS)
        count = visitor.page.get_by_role("heading", name=re.compile("^Posts"))
        before = number_in(count.inner_text())
        expect(count).not_to_have_text(re.compile(rf"\b{before}\b"), timeout=2 * PATIENCE_MS)
        assert page.evaluate("window.neverLoadedAgain") is True
        assert visitor.complaints == []


def signs_in(visitor: Visitor, said: str) -> None:
    """Sign in as the terminal says."""
    told = re.search(r"Sign in as (\S+) with the password (\S+)", said)
    assert told, said
    visitor.go("/account/login/")
    visitor.labelled("E-mail address").fill(told[1])
    visitor.labelled("Password").fill(told[2])
    visitor.button("Sign in").click()
    visitor.page.wait_for_url(f"{visitor.url}/")


def number_in(words: str) -> str:
    return re.sub(r"\D", "", words)
