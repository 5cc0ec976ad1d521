"""Carries requests to servers and replies back: patience, limits and address checks, once for all.

What a plug-in need not know: a slow or broken server is asked again with growing pauses; a host
is asked no faster than it bears, in the order sources came; nothing leads inside (CWE-918), not
even by a redirect or a name that changed its address; a reply is never larger than agreed.
"""

import asyncio
import random
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from quivive.listen.unreadable import refused
from quivive.vocabulary.requests import Kind, NoAnswer, Reply, Request
from quivive.wire import refusals
from quivive.wire.folders import carry_folder
from quivive.wire.mailboxes import read_mailbox
from quivive.wire.pace import Pace
from quivive.wire.targets import GuardedThread
from quivive.wire.telegram import read_channel

AGENT = "Quivive/0.1 (crisis room; reads public posts)"
ENOUGH_S = 60.0
"""Seconds a whole reply may take: a server that drips bytes is let go."""

TRIES = 3
LONGEST_WAIT_S = 10.0
"""A longer wait is the host's business: the source sleeps, and its page says until when."""

REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
KEPT_ELSEWHERE = frozenset({"accept", "accept-language", "content-type"})
"""Headers that go along to another host; keys and tokens do not."""


class Courier:
    """One for a process: it knows how each host was last asked.

    Args:
        local_allowed: addresses inside this network may be asked too; the installation's choice.
    """

    def __init__(self, *, local_allowed: bool = False) -> None:
        """Open nothing yet."""
        self._guard = GuardedThread(allowed=local_allowed)
        self._local_allowed = local_allowed
        self._paces: defaultdict[str, Pace] = defaultdict(Pace)
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(20.0, connect=10.0),
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"},
        )

    async def __aenter__(self) -> "Courier":
        self._guard.enter()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._guard.leave()
        await self._client.aclose()

    async def carry(self, request: Request) -> Reply:
        """Ask, patiently, and return what was accepted.

        Raises:
            NoAnswer: with what a person may do about it.
        """
        match request.url.partition(":")[0]:
            case "imaps":
                return await asyncio.to_thread(
                    read_mailbox, request, local_allowed=self._local_allowed
                )
            case "telegram":
                return await read_channel(request)
            case "folder":
                return await asyncio.to_thread(carry_folder, request)
        for attempt in range(1, TRIES + 1):
            try:
                return await self._ask(request)
            except NoAnswer as trouble:
                wait_s = trouble.retry_s or random.uniform(0.5, 1) * 2.0**attempt  # noqa: S311
                if attempt == TRIES or not _passes(trouble, request) or wait_s > LONGEST_WAIT_S:
                    raise
                await asyncio.sleep(wait_s)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, request: Request) -> Reply:
        """Follow redirects by hand, so that each is checked and secrets stay where they belong."""
        for _ in range(MOST_REDIRECTS + 1):
            reply = await self._once(request)
            if reply.status not in REDIRECTS or reply.status in request.accepts:
                return _accepted(reply, request)
            request = _redirected(request, reply)
        raise refusals.astray(request.url)

    async def _once(self, request: Request) -> Reply:
        refusals.check_address(request.url, {"http", "https"})
        pace = self._paces[urlsplit(request.url).netloc]
        try:
            async with pace.turn(), asyncio.timeout(ENOUGH_S), self._reply(request) as answer:
                body = await _body(answer, request)
        except UnicodeEncodeError as trouble:
            raise refusals.odd_key(request.url, trouble) from trouble
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as trouble:
            raise refusals.no_answer(request.url, trouble) from trouble
        headers = {name.lower(): value for name, value in answer.headers.items()}
        pace.learn(headers, now=datetime.now(UTC))
        return Reply(
            status=answer.status_code,
            url=str(answer.url),
            headers=headers,
            body=body,
            at=datetime.now(UTC),
        )

    @asynccontextmanager
    async def _reply(self, request: Request) -> AsyncIterator[httpx.Response]:
        address = httpx.URL(request.url)
        if request.params:
            address = address.copy_merge_params(request.params)
        async with self._client.stream(
            request.method, address, headers=request.headers, content=request.body or None
        ) as answer:
            yield answer
        self._client.cookies.clear()  # nobody is recognised from one question to the next


def _passes(trouble: NoAnswer, request: Request) -> bool:
    """Say whether asking again may help and can do no harm."""
    harmless = request.method in {"GET", "HEAD"}
    return harmless and trouble.kind in {Kind.BROKEN, Kind.UNREACHABLE, Kind.TOO_MANY}


async def _body(answer: httpx.Response, request: Request) -> bytes:
    """Read a body, unpacked, and stop as soon as it is larger than agreed."""
    unpack = _unpacker(answer.headers.get("content-encoding", ""), request.url)
    body = bytearray()
    async for block in answer.aiter_raw():
        while block:
            body += unpack.decompress(block, request.largest_bytes + 1 - len(body))
            if len(body) > request.largest_bytes:
                raise refusals.too_large(request.url, request.largest_bytes)
            block = unpack.unconsumed_tail
    return bytes(body)


class _Plain:
    """Unpacks nothing."""

    unconsumed_tail = b""

    def decompress(self, block: bytes, _most: int, /) -> bytes:
        return block


def _unpacker(packing: str, url: str) -> "zlib._Decompress | _Plain":
    match packing.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip" | "deflate":
            return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    raise refusals.packed(url)


def _redirected(request: Request, reply: Reply) -> Request:
    url = urljoin(reply.url, reply.headers.get("location", ""))
    old, new = urlsplit(reply.url), urlsplit(url)
    if new.scheme not in {"http", "https"} or (old.scheme == "https" and new.scheme == "http"):
        raise refusals.astray(request.url)
    headers = dict(request.headers)
    if new.netloc != old.netloc:
        headers = {name: text for name, text in headers.items() if name.lower() in KEPT_ELSEWHERE}
    method = "GET" if reply.status == 303 else request.method  # noqa: PLR2004 - See Other
    body = request.body if method == request.method else b""
    return msgspec.structs.replace(
        request, url=url, params={}, headers=headers, method=method, body=body
    )


def _accepted(reply: Reply, request: Request) -> Reply:
    if reply.status in request.accepts:
        return reply
    raise refused(request.url, reply.status, retry_s=_retry_s(reply.headers, reply.at))


def _retry_s(headers: Mapping[str, str], now: datetime | None) -> float:
    """Read ``Retry-After``, seconds or a date; 0 when it is absent or nonsense."""
    told = headers.get("retry-after", "").strip()
    if told.isdecimal():
        return min(float(told), 86_400.0)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return 0.0
    if now is None or until.tzinfo is None:
        return 0.0
    return min(max(0.0, (until - now).total_seconds()), 86_400.0)
