"""X's filtered stream (docs.x.com/x-api/posts/filtered-stream, read 2026-11)."""

import msgspec
from tests.listen.sources.worlds import World
from tests.listen.sources.worlds.x_search import SECRET, page

from quivive.listen.sources.x_stream import Settings
from quivive.listen.sourcing import Frame


def _frame(said):
    told = page([said])
    message = {"data": told["data"][0], "includes": told["includes"], "matching_rules": []}
    return Frame(data=msgspec.json.encode(message), at=said.at)


def frames(said):
    alive = Frame(data=b"", at=said[0].at) if said else None
    return [*([alive] if alive else []), *(_frame(one) for one in said if not one.deleted)]


WORLD = World(settings=Settings(token=SECRET), frames=frames, secret=SECRET)
