"""Reddit's listings of a community (reddit.com/dev/api, read 2026-11)."""

from tests.listen.sources.worlds import World, json_reply

from quivive.listen.sources.reddit import Settings

SECRET = "secret-of-the-app"


def thing(said):
    return {
        "kind": "t3",
        "data": {
            "name": f"t3_{said.key}",
            "created_utc": written(said),
            "author": said.author,
            "author_fullname": f"t2_{said.author}",
            "title": "Quai Sud",
            "selftext": "[deleted]" if said.deleted else said.text,
            "subreddit": "valdorle",
            "permalink": f"/r/valdorle/comments/{said.key}/quai_sud/",
            "ups": 3,
            "num_comments": 1,
        },
    }


def written(said):
    """Return seconds, or what a damaged answer holds in their place."""
    return said.told_date or said.at.timestamp()


def listing(things):
    return json_reply({"kind": "Listing", "data": {"children": things, "after": None}})


def serve(said, request):
    if request.url.endswith("access_token"):
        return json_reply({"access_token": "token", "expires_in": 86400})
    if not request.url.endswith("/new"):
        return listing([])
    newest_first = sorted(said, key=lambda one: one.at, reverse=True)
    return listing([thing(one) for one in newest_first])


WORLD = World(
    settings=Settings(client_id="abc", client_secret=SECRET, communities=("valdorle",)),
    serve=serve,
    deletes=True,
    secret=SECRET,
)
