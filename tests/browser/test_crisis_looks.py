"""How the alert's page, the crisis room and the settings of alerting look, in both languages."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.browser.room_server import RoomServer
from tests.browser.test_looks import opened
from tests.browser.visitor import DRAWN, QUIET_CHROMIUM, pictured, violations
from tests.needs import need

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]),
    pytest.mark.slow(seconds=130),
]

PREPARE = """
import json, warnings
warnings.simplefilter("ignore")
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from tests.browser import crisis_rows, sample_rows
now = timezone.now()
person = sample_rows.people(now)
first = crisis_rows.told(now, person)
second = crisis_rows.again(first, now)
room = crisis_rows.crisis(first, person, now)
bare = crisis_rows.bare(person, now)
print(json.dumps([sample_rows.session_of(person), second.pk, room.pk, bare.pk]))
"""
PAGES = {
    "alert": "/detect/alert/{alert}/",
    "room": "/coordinate/{room}/",
    "room-help": "/coordinate/{room}/?order=help",
    "room-new": "/coordinate/{bare}/",
    "report": "/coordinate/{room}/report/",
    "crises": "/coordinate/",
    "contacts": "/coordinate/contacts/",
    "escalation": "/coordinate/escalation/",
}
LOOKS = [
    (360, "light", "fr"),
    (360, "dark", "en"),
    (1280, "dark", "fr"),
    (1280, "light", "en"),
]


class Room(RoomServer):
    """The real server with a crisis in it."""

    ids: dict[str, int]
    language = "fr"

    def prepare(self, *_states: str) -> None:
        """Make the rows."""
        self.session, alert, room, bare = json.loads(self.run(PREPARE))
        self.ids = {"alert": alert, "room": room, "bare": bare}

    def address(self, name: str) -> str:
        """Return where a page is."""
        return self.url + PAGES[name].format(**self.ids)


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_room):
    need("chromium")
    made = Room(new_room(tmp_path_factory.mktemp("crisis")))
    made.prepare()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=list(QUIET_CHROMIUM)
        )
        yield browser
        browser.close()


def speak(server: Room, language: str) -> None:
    """Let the reader read another language."""
    if server.language == language:
        return
    server.language = language
    server.do(
        "from quivive.web.people.queries import Person\n"
        f"Person.objects.filter(email__startswith='camille').update(language={language!r})\n"
    )


def visit(browser: Browser, server: Room, name: str, **look: object) -> Page:
    """Open a page and wait until it is drawn."""
    speak(server, str(look["language"]))
    page = opened(browser, server, **look)
    look_at(page, server, name)
    return page


def look_at(page: Page, server: Room, name: str) -> None:
    """Go to a page and wait until it is drawn."""
    page.goto(server.address(name), wait_until="load")
    page.evaluate(DRAWN)


class TestEachPage:
    @pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
    def test_is_open_to_everybody_at_every_width_hour_and_language(
        self, browser, server, width, theme, language
    ):
        """Colours are one in both languages; they are looked at in French, by day and by night."""
        wrong = {}
        speak(server, language)
        page = opened(browser, server, width=width, theme=theme, language=language)
        for name in PAGES:
            look_at(page, server, name)
            found = [*page.complaints, *violations(page, colours=language == "fr")]
            if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
                found.append("scrolls sideways")
            pictured(page, f"{name}-{language}-{width}-{theme}", found)
            if found:
                wrong[name] = found
            page.complaints.clear()
        page.context.close()

        assert wrong == {}


def written(server: Room, words: str) -> None:
    """Let somebody else write a line of the log."""
    server.do(
        "from quivive.web.people.queries import Person\n"
        "from quivive.web.coordinate import services\n"
        "mona = Person.objects.get(email__startswith='mona')\n"
        f"services.write_note(crisis_id={server.ids['room']}, words={words!r},"
        " person=mona, now=now)\n"
    )


class TestTheRoom:
    def test_shows_what_others_do_and_keeps_what_one_types_and_has_opened(self, browser, server):
        page = visit(browser, server, "room", width=1280, theme="light", language="en")
        page.locator("#term-e1 > summary").click()
        page.fill("#id_words", "We call the gas company")
        written(server, "Fourth floor is warm again")
        server.do(
            "from quivive.web.coordinate import services\n"
            "from quivive.web.people.queries import Person\n"
            "camille = Person.objects.get(email__startswith='camille')\n"
            f"services.set_inputs(crisis_id={server.ids['room']}, changes={{'harm': 1.0}},"
            " person=camille, roles=(), now=now)\n"
        )

        page.locator("#hour").get_by_text("Yes, it is confirmed.").wait_for()
        expect(page.locator("#id_words")).to_have_value("We call the gas company")
        expect(page.locator("#term-e1[open]")).to_have_count(1)

        page.fill("#id_words", "")
        report = page.get_by_role("link", name="Situation report")
        report.focus()
        written(server, "Boiler restarted")
        page.locator("#log").get_by_text("Boiler restarted").wait_for()
        expect(report).to_be_focused()
        expect(page.locator("#course .uplot canvas")).to_have_count(1)
        page.context.close()

    def test_is_worked_in_by_keyboard(self, browser, server):
        page = visit(browser, server, "room", width=1280, theme="light", language="en")
        page.get_by_role("button", name="Change the state").focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog", name="Change the state").wait_for()
        page.keyboard.press("Escape")

        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("[data-open=state]")).to_be_focused()
        page.context.close()

    def test_stays_where_one_was_after_a_press(self, browser, server):
        page = visit(browser, server, "room", width=360, theme="light", language="en")
        button = page.locator("#tasks li:not(.done) button", has_text="I take it").last
        task = button.locator("xpath=ancestor::li").get_attribute("id")
        button.scroll_into_view_if_needed()
        before = page.evaluate("scrollY")

        with page.expect_navigation(wait_until="load"):
            button.press("Enter")

        assert before > 1000
        expect(page.locator(f"#{task} :focus")).to_have_count(1)
        assert abs(page.evaluate("scrollY") - before) < 200
        page.context.close()

    @pytest.mark.parametrize("name", ["room", "alert", "crises"])
    def test_opens_dialogs_and_reasons_that_are_open_to_everybody(self, browser, server, name):
        page = visit(browser, server, name, width=360, theme="dark", language="en")
        for opener in page.locator("button[data-open]").all():
            opener.click()
            said = opener.get_attribute("data-open")
            found = violations(page)
            pictured(page, f"{name}-dialog-{said}-en-360-dark", found)
            assert found == []
            page.keyboard.press("Escape")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.context.close()

    def test_works_without_script(self, browser, server):
        speak(server, "en")
        context = browser.new_context(java_script_enabled=False, locale="en")
        context.add_cookies([{"name": "sessionid", "value": server.session, "url": server.url}])
        page = context.new_page()
        page.goto(server.address("room"))
        page.fill("#decision-words", "We wait for the technician")
        page.fill("#decision-known", "Cause unknown")
        page.get_by_role("button", name="Keep the decision").click()

        page.locator("#log").get_by_text("We wait for the technician").wait_for()
        context.close()


class TestTheAlert:
    def test_opens_the_room_in_one_press(self, browser, server):
        page = visit(browser, server, "alert", width=360, theme="light", language="en")
        page.locator("#open-room").click()

        page.locator("#hour").wait_for()
        assert "/coordinate/" in page.url
        page.context.close()
