"""Bluesky's search (``app.bsky.feed.searchPosts``, docs.bsky.app, read 2026-11)."""

from tests.listen.sources.worlds import World, json_reply
from tests.listen.sources.worlds.bluesky_jetstream import record

from quivive.listen.sources.bluesky_search import Settings

SECRET = "abcd-efgh-ijkl"


def _view(said):
    return {
        "uri": f"at://did:plc:{said.author}/app.bsky.feed.post/3k{said.key}",
        "cid": "bafyrei",
        "author": {"did": f"did:plc:{said.author}", "handle": f"{said.author}.example"},
        "record": record(said),
        "likeCount": 1,
        "indexedAt": said.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }


def serve(said, request):
    if request.url.endswith("createSession"):
        return json_reply({"accessJwt": "jwt", "did": "did:plc:room"})
    known = [_view(one) for one in said if not one.deleted]
    since = request.params["since"]
    return json_reply({"posts": [one for one in known if one["indexedAt"] >= since]})


WORLD = World(settings=Settings(handle="room.example", password=SECRET), serve=serve, secret=SECRET)
