"""The settings of every source, as people fill them in: pictures for the documentation.

``SHOTS=docs/images/sources`` writes them there; without it none is made.
"""

import os
from pathlib import Path

import pytest
from tests.browser.test_looks import browser, opened, server  # noqa: F401  fixtures
from tests.browser.visitor import violations

from quivive.wire.plugins import sources

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]), pytest.mark.slow]

FOLDER = os.environ.get("SHOTS")
ENDINGS = {"en": "", "fr": ".fr"}


class TestTheSettingsOfEverySource:
    @pytest.mark.parametrize("language", ENDINGS)
    def test_can_be_filled_in_by_everybody(self, browser, server, language):  # noqa: F811
        page = opened(browser, server, width=1280, theme="light", language=language)
        page.goto(f"{server.url}/listen/sources/", wait_until="load")
        page.locator("details[data-menu] > summary").click()
        page.locator(f'button[name="language"][value="{language}"]').click()
        page.locator(f'html[lang="{language}"]').wait_for()

        for kind in sources():
            page.goto(f"{server.url}/listen/sources/new/{kind}/", wait_until="load")
            form = page.locator("#source-form")
            if FOLDER:
                form.screenshot(path=Path(FOLDER) / f"{kind}{ENDINGS[language]}.png")
            assert form.locator("label").count() > 1
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

        assert page.complaints == []
        assert violations(page) == []
        page.context.close()
