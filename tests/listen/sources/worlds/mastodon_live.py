"""A Mastodon server's stream (docs.joinmastodon.org/methods/streaming, read 2026-11)."""

import msgspec
from tests.listen.sources.worlds import World
from tests.listen.sources.worlds.mastodon import SECRET, status

from quivive.listen.sources.mastodon_live import Settings
from quivive.listen.sourcing import Frame


def _frame(said):
    if said.deleted:
        return Frame(event="delete", data=status(said)["id"].encode(), at=said.at)
    return Frame(event="update", data=msgspec.json.encode(status(said)), at=said.at)


def frames(said):
    return [_frame(one) for one in said]


WORLD = World(
    settings=Settings(server="social.example", token=SECRET),
    frames=frames,
    deletes=True,
    secret=SECRET,
)
