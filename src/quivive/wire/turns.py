"""Drives a pull source: its requests out through the courier, replies back in, until its page."""

from typing import Protocol

import msgspec

from quivive.listen.sourcing import Asked, Page, Source
from quivive.vocabulary.requests import NoAnswer, Reply, Request

MOST_REQUESTS = 500
"""A turn that asks for more has lost its way."""


class Carrier(Protocol):
    """Whoever brings a request to its server."""

    async def carry(self, request: Request) -> Reply:
        """Return the reply, or raise NoAnswer."""
        ...


async def turn(plug_in: Source, asked: Asked[msgspec.Struct], carrier: Carrier) -> Page:
    """Take one turn of a pull source.

    Raises:
        NoAnswer: what the plug-in did not catch.
    """
    assert plug_in.collect is not None
    exchange = plug_in.collect(asked)
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
    raise RuntimeError(f"{plug_in.kind} asked {MOST_REQUESTS} times without an end")
