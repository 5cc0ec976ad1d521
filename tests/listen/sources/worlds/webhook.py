"""A telephone system that sends what callers say, in our own form."""

import msgspec
from tests.listen.sources.worlds import NOW, World

from quivive.listen.sources.webhook import Settings, call_of

SECRET = "a-secret-that-nobody-guesses"


def record(said):
    gone = {"deleted_at": said.date} if said.deleted else {}
    return {
        "id": f"https://calls.example/{said.key}",
        "network": "phone",
        "published": said.date,
        "language": said.language,
        "attributed_to": {"id": f"https://calls.example/people/{said.author}"},
        "content": said.text,
        **gone,
    }


def calls(said):
    there = [record(one) for one in said if not one.deleted]
    return [call_of(SECRET, msgspec.json.encode(there), now=NOW)]


WORLD = World(settings=Settings(secret=SECRET), calls=calls, secret=SECRET)
