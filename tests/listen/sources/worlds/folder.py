"""A folder into which somebody drops one file of posts in our own form."""

import msgspec
from tests.listen.sources.worlds import NOW, World
from tests.listen.sources.worlds.webhook import record

from quivive.listen.sources.folder import Settings
from quivive.vocabulary.requests import Part, Reply


def serve(said, request):
    lines = b"\n".join(msgspec.json.encode(record(one)) for one in said if not one.deleted)
    parts = (Part(name="calls.ndjson", body=lines, size=len(lines)),) if lines else ()
    return Reply(url=request.url, parts=parts, headers={"folder": "/dropped/calls"}, at=NOW)


WORLD = World(settings=Settings(folder="calls"), serve=serve, quarantine=True)
