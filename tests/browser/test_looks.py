"""What happens on the room's pages while one looks: ``test_every_page`` looks at each of them."""

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.browser.room_server import RoomServer
from tests.browser.visitor import PATIENCE_MS, QUIET_CHROMIUM, violations
from tests.needs import need

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]), pytest.mark.slow]

WIDTHS = {360: 780, 1280: 900}


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_room):
    need("chromium")
    made = RoomServer(new_room(tmp_path_factory.mktemp("room")))
    made.prepare("ringing")
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


def opened(
    browser: Browser, server: RoomServer, *, width: int, theme: str, language: str = "fr"
) -> Page:
    """Open a window, signed in; what the browser complains of gathers in ``page.complaints``."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=theme,
        locale=language,
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "sessionid", "value": server.session, "url": server.url}])
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


class TestTheLookout:
    def test_shows_what_changed_without_being_loaded_again(self, browser, server):
        page = opened(browser, server, width=1280, theme="light")
        page.goto(server.url, wait_until="load")
        topic = page.locator(".topic-name a").first
        topic.focus()

        server.do(
            "from quivive.web.listen.models import Source\n"
            "from quivive.web.waiting.services import note_change\n"
            "Source.objects.update_or_create(name='Fil de la presse', defaults={'kind': 'x'})\n"
            "note_change('lookout', now=now)\n"
        )

        page.get_by_text("Fil de la presse").wait_for()
        expect(topic).to_be_focused()
        page.context.close()


class TestTheLanguageSwitch:
    def test_turns_the_room_into_english_and_back(self, browser, server):
        page = opened(browser, server, width=1280, theme="light")
        page.goto(server.url, wait_until="load")
        page.locator("details[data-menu] > summary").click()
        page.locator('button[name="language"][value="en"]').click()

        page.get_by_role("heading", name="Lookout", exact=True).wait_for()
        assert violations(page) == []
        page.locator("details[data-menu] > summary").click()
        page.locator('button[name="language"][value="fr"]').click()
        page.locator('html[lang="fr"]').wait_for()
        page.context.close()


class TestTheKeyboard:
    def test_skips_to_the_content_or_to_what_rings_and_opens_the_menu(self, browser, server):
        page = opened(browser, server, width=1280, theme="light")
        page.goto(server.url, wait_until="load")

        page.keyboard.press("Tab")
        expect(page.locator("a.skip[href='#content']")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("a.skip[href='#ringing']")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#ringing")).to_be_focused()
        page.locator("a.skip[href='#content']").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#content")).to_be_focused()
        page.locator("details[data-menu] > summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".menu-sheet")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".menu-sheet")).to_be_hidden()
        page.context.close()


class TestLettersTwiceAsLarge:
    @pytest.mark.parametrize("path", ["/", "/listen/topics/new/"])
    def test_leave_nothing_beside_the_screen_of_a_telephone(self, browser, server, path):
        page = opened(browser, server, width=360, theme="light")
        page.goto(f"{server.url}{path}", wait_until="load")

        page.evaluate("document.documentElement.style.fontSize = '200%'")

        assert page.evaluate("document.documentElement.scrollWidth") == min(WIDTHS)
        page.context.close()


class TestTheThemeSwitch:
    def test_goes_before_the_device_and_is_kept(self, browser, server):
        page = opened(browser, server, width=1280, theme="light")
        page.goto(server.url, wait_until="load")
        page.locator("details[data-menu] > summary").click()
        page.locator('[data-theme-choice] button[value="dark"]').click()

        page.reload(wait_until="load")

        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
        page.context.close()


class TestATopicsForm:
    def test_tries_the_query_while_one_types(self, browser, server):
        page = opened(browser, server, width=1280, theme="light")
        page.goto(f"{server.url}/listen/topics/new/", wait_until="load")

        page.locator("#id_query").press_sequentially("gardienne", delay=20)
        page.locator("#trial mark").first.wait_for()
        page.locator("#id_query").press_sequentially(" AND (", delay=20)
        page.locator("#trial .mistake").wait_for()

        assert violations(page) == []
        page.context.close()

    def test_hears_what_was_typed_and_chosen_before_its_scripts_came(
        self, browser, server, tmp_path
    ):
        table = tmp_path / "calls.csv"
        table.write_text("text,date\nUn lapin bleu,2026-11-20\n", "utf-8")
        page = opened(browser, server, width=1280, theme="light")
        held = []
        page.route("**/htmx*.js", lambda route: held.append(route))
        with page.expect_request("**/htmx*.js"):
            page.goto(f"{server.url}/listen/topics/new/", wait_until="commit")

        page.locator("#id_query").fill("lapin")
        page.locator("#sample-file").set_input_files(table)
        for one in held:
            one.continue_()

        page.locator("#tried-on option:checked", has_text="calls.csv").wait_for(state="attached")
        page.locator("#trial mark", has_text="lapin").wait_for()
        page.context.close()

    def test_underlines_a_mistake_where_it_stands_after_emoji_and_other_lines(
        self, browser, server
    ):
        page = opened(browser, server, width=1280, theme="light")
        page.goto(f"{server.url}/listen/topics/new/", wait_until="load")

        page.locator("#id_query").fill("gardienne 👨‍👩‍👧\n🔥🔥 تدفئة OR OR eau")
        page.locator("#trial .mistake").wait_for()

        expect(page.locator(".paint .wrong")).to_have_text(["OR"])
        assert page.locator(".paint .wrong").evaluate(
            "one => one.parentElement.textContent.indexOf('OR OR') + 3 === [...one.parentElement"
            ".childNodes].slice(0, [...one.parentElement.childNodes].indexOf(one))"
            ".reduce((sum, node) => sum + node.textContent.length, 0)"
        )
        expect(page.locator("#trial mark")).to_have_text("OR")
        page.context.close()


class TestAPasskey:
    def test_that_does_not_answer_is_told(self, browser, server):
        context = browser.new_context(locale="en")
        page = context.new_page()
        page.goto(server.url.replace("127.0.0.1", "localhost") + "/account/login/")
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        telephone = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": telephone})

        page.locator("#passkey_login").click()

        expect(page.locator("[data-toasts]")).to_contain_text("No key answered")
        context.close()


class TestTheKeysOfTheInbox:
    def test_can_be_turned_off(self, browser, server):
        page = opened(browser, server, width=1280, theme="light")
        page.goto(f"{server.url}/respond/", wait_until="load")
        page.keyboard.press("?")
        page.locator("#keys-work").uncheck()
        assert violations(page) == []
        page.keyboard.press("Escape")

        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_hidden()
        page.reload(wait_until="load")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_hidden()

        page.locator('button[data-open="keys"]').click()
        page.locator("#keys-work").check()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.context.close()


class TestANoteThatIsNotKeptYet:
    def test_outlives_a_press_on_something_else(self, browser, server):
        server.do("from quivive.web.respond.worker import take_in\ntake_in(now=now)")
        page = opened(browser, server, width=1280, theme="light")
        page.goto(f"{server.url}/respond/", wait_until="load")
        page.locator("#queue a[data-case]").first.click()
        page.locator("#note").fill("Je regarde")

        with page.expect_navigation(wait_until="load"):
            page.locator("form[action$='/lock/'] button").click()
        expect(page.locator("#note")).to_have_value("Je regarde")

        with page.expect_navigation(wait_until="load"):
            page.locator("[data-note] button").click()
        expect(page.locator("#case-talk")).to_contain_text("Je regarde")
        expect(page.locator("#note")).to_have_value("")
        page.context.close()


class TestWithoutScript:
    def test_filters_and_navigation_still_work(self, browser, server):
        context = browser.new_context(java_script_enabled=False, locale="fr")
        context.add_cookies([{"name": "sessionid", "value": server.session, "url": server.url}])
        page = context.new_page()
        page.goto(f"{server.url}/signals/")

        page.locator("#f-kind").select_option("burst")
        page.locator("form.filters button").click()

        page.wait_for_url("**kind=burst**")
        context.close()


class TestTheQueryEditor:
    def test_completes_with_the_keyboard_alone(self, browser, server):
        page = opened(browser, server, width=1280, theme="light", language="fr")
        page.goto(server.url + "/listen/topics/chauffage/edit/", wait_until="load")
        query = page.locator('textarea[name="query"]')
        choices = page.locator(f"#{query.get_attribute('aria-controls')}")
        query.fill("")

        query.press_sequentially("lan")
        choices.wait_for()
        query.press("ArrowDown")
        picked = page.locator(f"#{query.get_attribute('aria-activedescendant')}")
        expect(picked).to_have_attribute("aria-selected", "true")
        assert violations(page) == []
        query.press("Enter")
        expect(query).to_have_value("lang:")

        query.press("Escape")
        choices.wait_for(state="hidden")
        query.press("Control+ ")
        choices.wait_for()
        query.press("Escape")
        query.press("Tab")
        expect(query).to_have_value("lang:")
        expect(query).not_to_be_focused()
        assert page.complaints == []
        page.context.close()
