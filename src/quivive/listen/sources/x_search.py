"""X: recent posts that speak of the topics, paid by what is read.

``GET /2/tweets/search/recent`` as in https://docs.x.com/x-api/posts/search (read 2026-11): the last
seven days, ten to a hundred posts a page.
"""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from quivive.listen.records import tweet_time
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Page,
    Read,
    Source,
    as_json,
    asks,
    read_cursor,
    write_cursor,
)
from quivive.listen.spending import affordable, meter, spent, used_up
from quivive.listen.x_reading import (
    API,
    CAPABILITIES,
    COST,
    FIELDS,
    Answer,
    Budget,
    headers,
    paid,
    posts_of,
)
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import NoAnswer, Reply, Request

FEWEST, MOST = 10, 100
"""Posts a page: the network gives no fewer and no more."""

PAGES = 5
"""Pages a search and turn."""

FIRST = timedelta(hours=6)
"""How far back the first look goes: a longer one would spend a small budget at once."""

REACH = timedelta(days=6, hours=20)
"""The network refuses to look back further than seven days."""

BAD_REQUEST = 400


class Settings(Budget, frozen=True, kw_only=True):
    """The token, what may be spent, and how often one looks."""

    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 10


class _Mark(msgspec.Struct, omit_defaults=True):
    """How far one search was read.

    Attributes:
        newest: number of the newest post read.
        page, coming: where an unfinished search goes on, and what ``newest`` becomes after it.
    """

    newest: str = ""
    page: str = ""
    coming: str = ""


class _Turn:
    """What one turn reads and spends."""

    def __init__(self, asked: Asked[Settings]) -> None:
        self.asked = asked
        self.price = asked.settings.price
        self.marks = read_cursor(asked.cursor, dict[str, _Mark]) or {}
        self.spent = spent(asked.quota, now=asked.now)
        self.reads: list[Read] = []
        self.troubles: list[NoAnswer] = []

    def search(self, text: str) -> Generator[Request, Reply, None]:
        """Read one search on. Raises NoAnswer when the budget is used up."""
        mark = self.marks.setdefault(text, _Mark())
        trial = self.asked.trial
        for _ in range(1 if trial else PAGES):
            size = min(FEWEST if trial else MOST, affordable(self.spent, self.price))
            if size < FEWEST:
                raise used_up(self.price, now=self.asked.now)
            reply = yield Request(
                url=f"{API}/recent",
                params=_params(text, mark, size, self.asked.now),
                headers=headers(self.asked.settings),
            )
            answer = as_json(reply, Answer)
            self.spent = paid(self.spent, answer, self.price)
            self.reads.append(posts_of(answer, self.asked.now))
            numbers = (str(answer.meta.get("newest_id") or ""), mark.coming, mark.newest)
            mark.coming = max(numbers, key=lambda number: (len(number), number))
            mark.page = str(answer.meta.get("next_token") or "")
            if not mark.page:
                mark.newest, mark.coming = mark.coming, ""
                return

    def page(self) -> Page:
        """Lay together what was read."""
        texts = [one.text for one in self.asked.searches]
        kept = {text: self.marks[text] for text in texts if text in self.marks}
        return Page(
            posts=tuple({post.id: post for read in self.reads for post in read.posts}.values()),
            unread=tuple(bad for read in self.reads for bad in read.unread),
            cursor=write_cursor(kept),
            quota=meter(self.spent, self.price, now=self.asked.now),
            more=any(mark.page for mark in kept.values()),
            troubles=tuple(self.troubles),
        )


def _collect(asked: Asked[Settings]) -> Exchange:
    """Read each search on; what was read before the budget ends is kept, and the end is told."""
    turn = _Turn(asked)
    for search in asked.searches[:1] if asked.trial else asked.searches:
        try:
            yield from turn.search(search.text)
        except NoAnswer as trouble:
            if trouble.status != BAD_REQUEST and not turn.reads:
                raise
            turn.troubles.append(trouble)
            if trouble.status != BAD_REQUEST:
                break
    if turn.troubles and not turn.reads:
        raise turn.troubles[0]
    page = turn.page()
    return msgspec.structs.replace(page, more=page.more and not turn.troubles)


def _params(text: str, mark: _Mark, size: int, now: datetime) -> dict[str, str]:
    params = {"query": text, "max_results": str(size), **FIELDS}
    if mark.page:
        params["next_token"] = mark.page
    written = tweet_time(mark.newest) if mark.newest else None
    if written and written > now - REACH:
        return {**params, "since_id": mark.newest}
    since = now - (REACH if mark.newest else FIRST)
    return {**params, "start_time": since.strftime("%Y-%m-%dT%H:%M:%SZ")}


SOURCE = Source(
    kind="x-search",
    network="x",
    title=say("X (search)"),
    help=say(
        "Looks for your topics among the posts of the last seven days, every few minutes. An app "
        "of X with credits is needed."
    ),
    cost=COST,
    blind_spots=(
        say("X: only posts of public accounts of the last seven days are found."),
        say("X: once the budget of the month is used up, nothing is seen until the next."),
        say("X: a post that its author took back is not announced to us."),
    ),
    settings=Settings,
    capabilities=CAPABILITIES,
    collect=_collect,
    every_s=600,
)
