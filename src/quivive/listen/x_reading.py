"""What the two sources of X share: the settings of its budget, and how its pages are read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec

from quivive.listen.formats import x_v2
from quivive.listen.records import Record
from quivive.listen.sourcing import Read, asks, read_each, soundly_dated
from quivive.listen.spending import Price, Spent
from quivive.vocabulary.capabilities import Capabilities, Operator
from quivive.vocabulary.messages import say

API = "https://api.x.com/2/tweets/search"

FIELDS = {
    "tweet.fields": "author_id,conversation_id,created_at,entities,geo,lang,note_tweet,"
    "public_metrics,referenced_tweets",
    "expansions": "author_id,geo.place_id,referenced_tweets.id,referenced_tweets.id.author_id",
    "place.fields": "country,full_name",
    "user.fields": "created_at,description,location,name,profile_image_url,public_metrics,"
    "username,verified",
}
"""Asked of every page: what :mod:`quivive.listen.formats.x_v2` reads."""

CAPABILITIES = Capabilities(
    operators=frozenset(
        {
            Operator.ALL,
            Operator.ANY,
            Operator.NOT,
            Operator.GROUPS,
            Operator.PHRASE,
            Operator.HASHTAG,
            Operator.AUTHOR,
            Operator.MENTION,
            Operator.LANGUAGE,
            Operator.LINK,
        }
    ),
    longest=512,
)

COST = say(
    "Paid by what is read: about half a cent a post and a cent an author (August 2026). The meter "
    "stops before your budget is exceeded."
)


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """The token, and what may be spent."""

    token: Annotated[
        str,
        asks(
            say("Bearer token"),
            say("console.x.com: your app, Keys and tokens. Buy credits there."),
            secret=True,
        ),
    ]
    dollars_a_month: Annotated[
        float,
        asks(
            say("Budget, in dollars a month"),
            say("Set the same limit in X’s console: what is counted here is our own account."),
        ),
        msgspec.Meta(ge=1),
    ] = 10.0
    post_price: Annotated[
        float, asks(say("Price of a post, in dollars")), msgspec.Meta(ge=0.0001)
    ] = 0.005
    author_price: Annotated[
        float, asks(say("Price of an author, in dollars")), msgspec.Meta(ge=0.0)
    ] = 0.01

    @property
    def price(self) -> Price:
        """What the meter counts with."""
        return Price(post=self.post_price, author=self.author_price, month=self.dollars_a_month)


class Answer(msgspec.Struct):
    """A page of the search, or one message of the stream."""

    data: Any = None
    includes: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    errors: list[Record] = []


def headers(settings: Budget) -> dict[str, str]:
    """Return what signs a request."""
    return {"Authorization": f"Bearer {settings.token}"}


def paid(so_far: Spent, answer: Answer, price: Price) -> Spent:
    """Count what an answer cost: every post and author in it, those that came along included."""
    return so_far.read(
        price,
        posts=len(_rows(answer.data)) + len(_rows(answer.includes.get("tweets"))),
        authors=len(_rows(answer.includes.get("users"))),
    )


def posts_of(answer: Answer, now: datetime) -> Read:
    """Read the posts of an answer."""
    page = {"data": _rows(answer.data), "includes": answer.includes}
    records = [soundly_dated(one, "created_at", now) for one in x_v2.FORMAT.split(page)]
    return read_each(records, x_v2.FORMAT.posts)


def _rows(told: Any) -> Sequence[Any]:
    rows = told if isinstance(told, list) else [told]
    return [row for row in rows if isinstance(row, dict)]
