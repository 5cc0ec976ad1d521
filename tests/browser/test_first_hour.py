"""The first hour of a new room in real Chromium: from setup to a crisis being worked on."""

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Locator, Page, expect, sync_playwright
from tests.browser import town_talk
from tests.browser.house import House
from tests.browser.visitor import PATIENCE_MS, QUIET_CHROMIUM, Visitor
from tests.needs import need

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]),
    pytest.mark.slow(seconds=130),
]

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST_IMAGE = 400_000
"""Bytes; a README should open at once."""

EMAIL = "camille@trois-ponts.example"
PASSWORD = "trois-ponts-à-l’aube"
ORGANISATION = {"fr": "Coopérative des Trois Ponts", "en": "Trois Ponts Co-operative"}
QUERY = '"Trois Ponts" OR #TroisPonts'
CLAIM = {
    "fr": "La coopérative a débranché les détecteurs de gaz de la tour C",
    "en": "The co-operative switched off the gas detectors of tower C",
}
NOTE = {
    "fr": "Appel au gardien : les pompiers sont devant la tour C depuis dix minutes.",
    "en": "Called the caretaker: firefighters have been at tower C for ten minutes.",
}
ON_IT = {"fr": "J’appelle le gardien de la tour C", "en": "Calling the caretaker of tower C"}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=list(QUIET_CHROMIUM)
        )
        yield browser
        browser.close()


@pytest.fixture(params=["fr", "en"])
def visitor(request, browser, tmp_path, new_room):
    house = House(new_room(tmp_path / "house"))
    house.start()
    visitor = Visitor(browser, house.url, language=request.param)
    yield visitor
    visitor.close()
    house.stop()


class TestTheFirstHour:
    def test_goes_from_the_setup_page_to_a_crisis_being_worked_on(self, visitor, tmp_path):
        sets_the_room_up(visitor)
        tries_a_query_on_a_small_table(visitor, tmp_path)
        lookout = visitor.tab()
        lookout.goto(visitor.url, wait_until="load")
        lookout.evaluate("window.neverLoadedAgain = true")

        brings_two_weeks_of_posts(visitor, tmp_path)
        hears_it_ring(visitor, lookout)
        acknowledges_by_keyboard(visitor)
        opens_a_crisis(visitor)
        answers_what_else_rings(visitor)
        says_what_only_people_know(visitor)
        works(visitor)
        reads_the_situation_report(visitor)
        signs_out_and_in_again(visitor)

        pictures(visitor)


def sets_the_room_up(visitor: Visitor) -> None:
    visitor.go("/")
    page = visitor.page
    name = {"fr": "Français", "en": "English"}[visitor.language]
    page.get_by_role("button", name=name, exact=True).click()
    visitor.sees("Make this room yours")
    visitor.looks("setup")
    page.set_viewport_size({"width": 360, "height": 780})
    visitor.press(visitor.button("Set up the room"))
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    visitor.complaints.clear()  # the browser notes the 422 of the answer
    visitor.looks("setup-mistakes")
    page.set_viewport_size({"width": 1280, "height": 900})
    visitor.labelled("Name of the organisation").fill(ORGANISATION[visitor.language])
    visitor.labelled("Homes you let").fill("1200")
    visitor.labelled("Account name").fill("@trois-ponts")
    visitor.labelled("Name of the place").fill("Tour C")
    visitor.labelled("Your name").fill("Camille Orsini")
    visitor.labelled("Your e-mail address").fill(EMAIL)
    visitor.labelled("Password").fill(PASSWORD)
    visitor.labelled("Password, once more").fill(PASSWORD)
    confirmed = "I have read this, it is true for our organisation, and I confirm it."
    visitor.labelled(confirmed).check()
    visitor.labelled("Password, once more").press("Enter")
    visitor.sees("What do you want to hear first?")


def tries_a_query_on_a_small_table(visitor: Visitor, folder: Path) -> None:
    """A new room has no post: one brings a small table without leaving, and sees what is caught."""
    expect(visitor.labelled("Name")).to_have_value(ORGANISATION[visitor.language])
    either = {"fr": "OU", "en": "OR"}[visitor.language]
    expect(visitor.labelled("Query")).to_have_value(re.compile(rf" {either} @trois-ponts"))
    table = folder / "appels.csv"
    table.write_text(town_talk.calls(datetime.now(UTC), visitor.language), "utf-8")
    visitor.labelled("Query").fill('"Trois Ponts"')
    visitor.labelled("A file of posts").set_input_files(table)
    trial = visitor.part("What it would catch")
    tried_on = visitor.labelled("Try it on").locator("option:checked")
    expect(tried_on).to_have_text(table.name, timeout=PATIENCE_MS)
    expect(trial.locator("mark").first).to_have_text("Trois Ponts", timeout=PATIENCE_MS)
    visitor.looks("first-topic")
    visitor.labelled("Query").fill("")
    visitor.labelled("Query").press_sequentially('"Trois Ponts', delay=15)
    expect(trial.locator(".mistake")).to_be_visible(timeout=PATIENCE_MS)
    visitor.looks("topic-mistake")
    visitor.labelled("Query").fill(QUERY)
    expect(trial.locator("mark").first).to_have_text("Trois Ponts", timeout=PATIENCE_MS)
    visitor.looks("topic-preview")
    visitor.press(visitor.button("Save"))
    page = visitor.page
    expect(
        page.get_by_role("heading", name=ORGANISATION[visitor.language], level=1)
    ).to_be_visible()
    visitor.go("/listen/imports/")
    page.get_by_role("link", name=table.name, exact=True).click()
    visitor.sees("First posts as they will be read")
    visitor.looks("import-mapping")


def brings(visitor: Visitor, file: Path) -> None:
    visitor.go("/listen/imports/")
    visitor.labelled("Drop files here, or choose them").set_input_files(file)
    visitor.clicks += 1
    visitor.button("Look at the file").dblclick()  # as people do, who double-click everything
    visitor.sees("First posts as they will be read")


def brings_two_weeks_of_posts(visitor: Visitor, folder: Path) -> None:
    file = folder / "two-weeks.ndjson"
    file.write_text(town_talk.posts(datetime.now(UTC), visitor.language), "utf-8")
    brings(visitor, file)
    visitor.looks("import-preview")
    visitor.press(visitor.button("Read the file"))
    done = visitor.page.get_by_role("heading", name=visitor.word("done"), exact=True)
    expect(done).to_be_visible(timeout=PATIENCE_MS)
    visitor.looks("import-done")
    visitor.go("/listen/imports/")
    brought = visitor.page.get_by_role("link", name=file.name, exact=True)
    expect(brought).to_have_count(1)


def hears_it_ring(visitor: Visitor, lookout: Page) -> None:
    """The tab that was open all the time shows it by itself."""
    burst = lookout.locator(".ringing-banner", has_text="15 min")  # unanswered posts ring too
    door = burst.get_by_role("link", name=visitor.word("Open the alert"), exact=True).first
    expect(door).to_be_visible(timeout=2 * PATIENCE_MS)
    assert lookout.evaluate("window.neverLoadedAgain") is True
    visitor.sees("Something is going on", page=lookout)
    visitor.looks("lookout-ringing", page=lookout)
    visitor.page.close()
    visitor.page = lookout
    visitor.clicks = 0
    visitor.press(door)
    with suppress(BrowserError):  # the banner may have been drawn anew under the finger
        lookout.wait_for_url("**/detect/alert/**", timeout=PATIENCE_MS / 4)
    if "/detect/alert/" not in lookout.url:
        door.click()


def acknowledges_by_keyboard(visitor: Visitor) -> None:
    visitor.sees("Posts that show it")
    heading = visitor.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("15 min")
    visitor.looks("alert")
    tabs_to(visitor, visitor.button("With a comment"))
    with visitor.page.expect_response(visitor.page.url):  # news comes in; one stays where one is
        visitor.page.evaluate("htmx.trigger(document.body, 'live-alert')")
    expect(visitor.page.locator(".htmx-request, .htmx-swapping")).to_have_count(0)
    expect(visitor.button("With a comment")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    dialog = visitor.page.get_by_role("dialog", name=visitor.word("I am on it"))
    tabs_to(visitor, visitor.labelled("Comment", within=dialog))
    visitor.page.keyboard.type(ON_IT[visitor.language])
    visitor.looks("alert-comment")
    tabs_to(visitor, visitor.button("Acknowledge", within=dialog))
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_text(ON_IT[visitor.language]).first).to_be_visible()


def tabs_to(visitor: Visitor, what: Locator) -> None:
    """Reach something with the Tab key alone; one sees where one is."""
    focused = "here => here === document.activeElement"
    for _ in range(60):
        if what.evaluate(focused):
            break
        visitor.page.keyboard.press("Tab")
    assert what.evaluate(focused)
    shown = "here => getComputedStyle(here).outlineStyle + getComputedStyle(here).boxShadow"
    assert what.evaluate(shown) != "nonenone"


def opens_a_crisis(visitor: Visitor) -> None:
    visitor.press(visitor.button("Open a crisis"))
    visitor.sees("What only people can say")
    assert visitor.clicks <= 3
    visitor.looks("crisis-new")


def answers_what_else_rings(visitor: Visitor) -> None:
    """One story may ring twice as it grows; each bell wants an answer."""
    room = visitor.page.url
    bells = visitor.link("Open the alert")
    while bells.count():  # of a page as the server drew it
        bells.first.click()
        visitor.button("I am on it").click()
        expect(visitor.button("I am on it")).to_have_count(0)
        visitor.page.goto(room, wait_until="load")


def says_what_only_people_know(visitor: Visitor) -> None:
    questions = visitor.part("What only people can say")
    visitor.labelled("3 · health or safety possibly at stake", within=questions).check()
    visitor.labelled("The claim, in one sentence").fill(CLAIM[visitor.language])
    visitor.labelled("Status of the claim").select_option(label=visitor.word("being checked"))
    visitor.labelled("Kind of threat").select_option(label=visitor.word("a rumour"))
    visitor.press(visitor.button("Keep the answers"))
    severity = visitor.part("Severity")
    expect(severity.get_by_text("/ 100")).to_be_visible(timeout=2 * PATIENCE_MS)
    for axis in ("Nature", "Influence", "Extent"):
        named = severity.get_by_role("heading", name=axis_name(visitor, axis))
        expect(named).to_be_visible(timeout=PATIENCE_MS)
    expect(visitor.page.get_by_text(CLAIM[visitor.language]).first).to_be_visible()


def axis_name(visitor: Visitor, english: str) -> re.Pattern[str]:
    """Two of the axes have the same name in both languages."""
    with translation.override(visitor.language):
        return re.compile(f"^{translation.gettext(english)}")


def works(visitor: Visitor) -> None:
    """Somebody leads; a task done, a line of the log, the next state."""
    visitor.press(visitor.button("Nobody leads: I do"))
    expect(visitor.button("Nobody leads: I do")).to_have_count(0)
    tasks = visitor.part("Tasks")
    done = tasks.get_by_role("button", name=re.compile(f"^{visitor.word('Done')}"))
    expect(done.first).to_be_visible()
    before = done.count()
    visitor.press(done.first)
    expect(done).to_have_count(before - 1)
    log = visitor.part("Log")
    visitor.labelled("Write a line", within=log).fill(NOTE[visitor.language])
    visitor.press(visitor.button("Write", within=log))
    expect(log.get_by_text(NOTE[visitor.language])).to_be_visible()
    visitor.press(visitor.button("Change the state"))
    dialog = visitor.page.get_by_role("dialog", name=visitor.word("Change the state"))
    visitor.looks("crisis-state")
    visitor.press(dialog.locator("button[name=to][value=confirmed]"))
    expect(visitor.page.get_by_text(visitor.word("confirmed"), exact=True).first).to_be_visible()
    visitor.looks("crisis")


def reads_the_situation_report(visitor: Visitor) -> None:
    room = visitor.page.url
    visitor.press(visitor.link("Situation report"))
    visitor.sees("What we do not know")
    expect(visitor.page.get_by_text(NOTE[visitor.language]).first).to_be_visible()
    visitor.looks("report")
    visitor.page.goto(room, wait_until="load")


def signs_out_and_in_again(visitor: Visitor) -> None:
    room = visitor.page.url
    menu = visitor.page.locator("summary", has_text="Camille Orsini")
    menu.click()
    visitor.press(visitor.button("Sign out"))
    visitor.page.wait_for_url(re.compile("/account/"))
    visitor.page.goto(room, wait_until="load")
    visitor.sees("Sign in")
    visitor.looks("sign-in")
    visitor.labelled("E-mail address").fill(EMAIL)
    visitor.labelled("Password").fill(PASSWORD)
    visitor.press(visitor.button("Sign in"))
    visitor.page.wait_for_url(room)
    visitor.sees("Severity")


def pictures(visitor: Visitor) -> None:
    """Make the images of the README where one asks for it (``UPDATE_IMAGES=1``)."""
    if os.environ.get("UPDATE_IMAGES") != "1":
        return
    ending = "" if visitor.language == "en" else f".{visitor.language}"
    for name, path, height in (("room", visitor.page.url, 1340), ("lookout", visitor.url, 860)):
        visitor.page.set_viewport_size({"width": 1280, "height": height})
        visitor.page.goto(path, wait_until="load")
        image = IMAGES / f"{name}{ending}.png"
        image.parent.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=image)
        assert image.stat().st_size < LARGEST_IMAGE
