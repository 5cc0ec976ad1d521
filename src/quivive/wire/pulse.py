"""Tells a watchman outside that this room lives: whoever watches here cannot tell of their own end.

A machine that lost its power rings nobody. The watchman, such as healthchecks.io or one of the
organisation's own, expects a sign each minute and rings by itself when none comes.
"""

import logging
import threading
import time
from collections.abc import Callable

import httpx

log = logging.getLogger("quivive.pulse")

EVERY_S = 60.0
PATIENCE_S = 10.0


class Pulse:
    """Asks one address once a minute, beside the work: a watchman who is slow holds nobody up."""

    def __init__(self, url: str) -> None:
        """Begin; without an address nobody is told."""
        self._url = url
        self._due = 0.0
        self._told_of_trouble = False

    def beat(self, *, alive: Callable[[], bool]) -> threading.Thread | None:
        """Give the sign when it is due and ``alive`` says so; return what carries it.

        Args:
            alive: asked only then; a room that hears nothing gives no sign.
        """
        if not self._url or time.monotonic() < self._due:
            return None
        self._due = time.monotonic() + EVERY_S
        if not alive():
            return None
        carrier = threading.Thread(target=self._ask, name="pulse", daemon=True)
        carrier.start()
        return carrier

    def _ask(self) -> None:
        """Ask; the address is a secret, so the log says only what went wrong, and once."""
        try:
            httpx.get(self._url, timeout=PATIENCE_S).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as trouble:
            if not self._told_of_trouble:
                log.warning("The watchman outside was not reached (%s).", type(trouble).__name__)
            self._told_of_trouble = True
        else:
            self._told_of_trouble = False
