"""X, live: posts that speak of the topics as they are written, paid by what is read.

``/2/tweets/search/stream`` and its ``/rules`` as in https://docs.x.com/x-api/posts/filtered-stream
(read 2026-11). Our rules carry our tag; those of other programs on the same app are left alone.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec

from quivive.listen.records import Record
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Frame,
    Page,
    Source,
    Subscription,
    as_json,
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
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.requests import Reply, Request

STREAM = f"{API}/stream"
TAG = "quivive"

CREATED = 201

FEWEST = 20
"""Posts that must still be affordable for the stream to be opened, or left open."""


class Settings(Budget, frozen=True, kw_only=True):
    """The token, and what may be spent."""


class _Rule(msgspec.Struct):
    value: str
    tag: str = ""
    id: str = ""


class _Rules(msgspec.Struct):
    data: list[_Rule] = []
    errors: list[Record] = []


def _prepare(asked: Asked[Settings]) -> Exchange:
    """Have the network listen for just what the topics look for. Raises NoAnswer without money."""
    price = asked.settings.price
    so_far = spent(asked.quota, now=asked.now)
    if affordable(so_far, price) < FEWEST:
        raise used_up(price, now=asked.now)
    known = as_json((yield _about_rules(asked.settings)), _Rules).data
    ours = {rule.value: rule.id for rule in known if rule.tag == TAG}
    wanted = {search.text for search in asked.searches}
    notes: tuple[Message, ...] = ()
    if old := [number for value, number in ours.items() if value not in wanted]:
        yield _about_rules(asked.settings, {"delete": {"ids": old}})
    if new := sorted(wanted - ours.keys()):
        rules = [{"value": value, "tag": TAG} for value in new]
        reply = yield _about_rules(asked.settings, {"add": rules})
        notes = _refused(as_json(reply, _Rules).errors)
    return Page(quota=meter(so_far, price, now=asked.now), notes=notes)


def _about_rules(settings: Settings, change: object = None) -> Request:
    return Request(
        url=f"{STREAM}/rules",
        method="POST" if change else "GET",
        headers={**headers(settings), "Content-Type": "application/json"},
        body=msgspec.json.encode(change) if change else b"",
        accepts=(200, CREATED),
    )


def _refused(errors: Sequence[Record]) -> tuple[Message, ...]:
    return tuple(
        say(
            "X refuses to listen for “{rule}”: {reason}",
            rule=str(one.get("value", ""))[:200],
            reason=str(one.get("details") or one.get("title") or "")[:200],
        )
        for one in errors
    )


def _subscribe(asked: Asked[Settings]) -> Subscription:
    return Subscription(
        url=f"{STREAM}?{urlencode(FIELDS)}", headers=headers(asked.settings), lines=True
    )


def _take(asked: Asked[Settings], frame: Frame) -> Page:
    """Read one post, and count what it cost; an empty line only says that the line is alive."""
    if not frame.data.strip():
        return Page()
    answer = as_json(Reply(body=frame.data, url=STREAM), Answer)
    if answer.data is None:
        return Page(notes=_broken_off(answer.errors))
    price = asked.settings.price
    so_far = paid(spent(asked.quota, now=asked.now), answer, price)
    read = posts_of(answer, asked.now)
    return Page(
        posts=read.posts,
        unread=read.unread,
        quota=meter(so_far, price, now=asked.now),
        ends=affordable(so_far, price) < FEWEST,
    )


def _broken_off(errors: Sequence[Record]) -> tuple[Message, ...]:
    reasons = [str(one.get("detail") or one.get("title") or "")[:200] for one in errors]
    return tuple(say("X says: {reason}", reason=reason) for reason in reasons if reason)


SOURCE = Source(
    kind="x-stream",
    network="x",
    title=say("X (live)"),
    help=say(
        "Hears posts that speak of your topics within seconds. An app of X with credits is needed."
    ),
    cost=COST,
    blind_spots=(
        say("X: what is written while the connection is down is not sent again; search as well."),
        say("X: once the budget of the month is used up, nothing is seen until the next."),
        say("X: a post that its author took back is not announced to us."),
    ),
    settings=Settings,
    capabilities=CAPABILITIES,
    prepare=_prepare,
    subscribe=_subscribe,
    take=_take,
)
