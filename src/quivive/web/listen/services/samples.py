"""Real posts to try a query on, fetched from a network that anybody may ask."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import msgspec

from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import NoAnswer
from quivive.web.listen.services.imports import bring_file
from quivive.web.listen.services.sources import ask_once
from quivive.web.people.models import Person
from quivive.wire.plugins import sources

ELSEWHERE = say("Try another hashtag, another server, or a file.")


def bring_sample(*, server: str, hashtags: Sequence[str], person: Person, now: datetime) -> int:
    """Fetch the newest posts of some hashtags from a Mastodon server; keep them as a brought file.

    It waits with the other files: to try queries on, to be read into the room, or to be stopped.

    Raises:
        Trouble: the server refused, or has no post with these hashtags.
    """
    values = {"servers": (server,), "hashtags": tuple(hashtags)}
    try:
        page = ask_once(sources()["mastodon"], values, now=now)
    except NoAnswer as trouble:
        raise Trouble(trouble.what, ELSEWHERE) from trouble
    if not page.posts:
        what = say("{server} has no public post with these hashtags.", server=server)
        raise Trouble(what, ELSEWHERE)
    encode = msgspec.json.Encoder().encode
    lines = b"".join(encode(post) + b"\n" for post in page.posts)
    name = f"mastodon-{'-'.join(hashtags)[:60]}.ndjson"
    return bring_file(name=name, content=BytesIO(lines), person=person, now=now)
