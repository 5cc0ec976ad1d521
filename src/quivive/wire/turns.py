"""Drives an exchange: requests out through the courier, replies back in, until there is a page."""

from typing import Protocol

from quivive.listen.sourcing import Exchange, Page
from quivive.vocabulary.requests import NoAnswer, Reply, Request

MOST_REQUESTS = 500
"""A turn that asks for more has lost its way."""


class Carrier(Protocol):
    """Whoever brings a request to its server."""

    async def carry(self, request: Request) -> Reply:
        """Return the reply, or raise NoAnswer."""
        ...


async def turn(exchange: Exchange, carrier: Carrier) -> Page:
    """Carry a plug-in's requests and bring it the replies, until it has its page.

    Raises:
        NoAnswer: what the plug-in did not catch.
    """
    try:
        request = next(exchange)
        for _ in range(MOST_REQUESTS):
            try:
                reply = await carrier.carry(request)
            except NoAnswer as trouble:
                request = exchange.throw(trouble)
            else:
                request = exchange.send(reply)
    except StopIteration as end:
        page: Page = end.value
        return page
    raise RuntimeError(f"A source asked {MOST_REQUESTS} times without an end")
