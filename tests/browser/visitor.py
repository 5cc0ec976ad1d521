"""Somebody at a browser: reads and presses by the words of her language, and looks closely."""

import os
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

SHOTS = Path(__file__).parent / "shots"
PATIENCE_MS = 120_000
"""A shared machine may be slow; nothing here measures time."""

expect.set_options(timeout=PATIENCE_MS)  # five seconds otherwise

QUIET_CHROMIUM = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => drawn()))"
"""Waits until the browser draws."""

AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"]}
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""Rules of axe that compute colours, most of what a look costs."""


def pictured(page: Page, name: str, faults: Sequence[str]) -> None:
    """Keep a picture of the whole page where something is wrong, or where one asks for it.

    Drawing a long page once more takes seconds.
    """
    if faults or os.environ.get("PICTURES") == "1":
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def violations(page: Page, *, colours: bool = True) -> list[str]:
    """Return what axe finds wrong, with the elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    look = "options => axe.run(document, options).then(seen => seen.violations)"
    rules = {rule: {"enabled": colours} for rule in OF_COLOURS}
    found = page.evaluate(look, AXE_OPTIONS | {"rules": rules})
    return [f"{one['id']}: {[node['html'] for node in one['nodes']][:3]}" for one in found]


def covered(page: Page) -> list[str]:
    """Return what lies under something else at the top of a page; fixed bars may cover."""
    look = """() => {
      scrollTo(0, 0);
      const faults = [];
      const seen = { opacityProperty: true, visibilityProperty: true };
      const forEyes = one => {
        for (; one; one = one.parentElement)
          if (getComputedStyle(one).clipPath !== "none") return false;
        return true;
      };
      const told = "main :is(a, button, input, summary, h1, h2, h3, p, td)";
      for (const one of document.querySelectorAll(told)) {
        const box = one.getClientRects()[0];
        if (!box || box.top > innerHeight || box.width < 4 || box.height < 4) continue;
        if (!one.checkVisibility(seen)) continue;
        const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        if (!over || over.contains(one) || one.contains(over)) continue;
        const bar = over.closest("nav.main, .act-bar");
        if (bar && getComputedStyle(bar).position === "fixed") continue;
        if (!forEyes(one)) continue;
        if (one.labels && [...one.labels].some(label => label.contains(over))) continue;
        faults.push(`${one.outerHTML.slice(0, 90)} is under ${over.outerHTML.slice(0, 90)}`);
      }
      return faults;
    }"""
    return [f"covered: {one}" for one in page.evaluate(look)]


def cut(page: Page) -> list[str]:
    """Return the menus that reach over the edge of their card, which cuts them."""
    look = """async () => {
      const faults = [];
      for (const menu of document.querySelectorAll("main details[data-menu]")) {
        if (!menu.checkVisibility()) continue;
        const placed = new Promise(done => menu.addEventListener("toggle", done, { once: true }));
        menu.open = true;
        await placed;
        const sheet = menu.querySelector(".menu-sheet").getBoundingClientRect();
        const card = (menu.closest(".card") ?? document.body).getBoundingClientRect();
        if (sheet.left < card.left - 1 || sheet.right > card.right + 1)
          faults.push(menu.innerText.slice(0, 40));
        const folded = new Promise(done => menu.addEventListener("toggle", done, { once: true }));
        menu.open = false;
        await folded;
      }
      return faults;
    }"""
    return [f"cut: {one}" for one in page.evaluate(look)]


class Visitor:
    """One browser window in one language.

    Attributes:
        complaints: what the browser wrote to its console.
        clicks: how often she pressed something with the mouse.
    """

    def __init__(
        self, browser: Browser, url: str, *, language: str, width: int = 1280, theme: str = "light"
    ) -> None:
        self.url = url
        self.language = language
        self.width, self.theme = width, theme
        self.complaints: list[str] = []
        self.clicks = 0
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale={"fr": "fr-FR", "en": "en-GB"}[language],
            color_scheme=theme,
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.tab()

    def tab(self) -> Page:
        """Open one more tab of the same window."""
        page = self.context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def close(self) -> None:
        self.context.close()

    def turns(self, width: int, theme: str) -> None:
        """Turn the device, or go from day to night, with the page open."""
        self.width, self.theme = width, theme
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=theme)
        self.page.evaluate(DRAWN)

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    # --- words ----------------------------------------------------------------------------------
    def word(self, english: str) -> str:
        """Return a sentence of the pages as this visitor reads it."""
        with translation.override(self.language):
            said = translation.gettext(english)
        assert self.language == "en" or said != english, f"Not in French: {english}"
        return said

    def button(self, english: str, *, within: Locator | None = None, exact: bool = True) -> Locator:
        return (within or self.page).get_by_role("button", name=self.word(english), exact=exact)

    def link(self, english: str, *, exact: bool = True) -> Locator:
        return self.page.get_by_role("link", name=self.word(english), exact=exact)

    def labelled(self, english: str, *, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_label(self.word(english), exact=True)

    def part(self, english: str) -> Locator:
        """Find the part of the page under a heading."""
        return self.page.get_by_role("region", name=self.word(english), exact=True)

    # --- acts -----------------------------------------------------------------------------------
    def press(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def go(self, path: str) -> None:
        self.page.goto(self.url + path, wait_until="load")

    def sees(self, english: str, *, page: Page | None = None) -> None:
        """Wait until a heading says it."""
        heading = (page or self.page).get_by_role("heading", name=self.word(english))
        expect(heading.first).to_be_visible(timeout=PATIENCE_MS)

    def looks(self, name: str, *, page: Page | None = None) -> None:
        """Look closely: the page has no accessibility violation and the browser no complaint.

        Colours are one in both languages; they are looked at in French.
        """
        page = page or self.page
        page.wait_for_load_state("load")
        page.evaluate(DRAWN)
        faults = [*violations(page, colours=self.language == "fr"), *self.complaints]
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            faults.append("scrolls sideways")
        pictured(page, f"first-hour-{name}-{self.language}", faults)
        assert (name, faults) == (name, [])
