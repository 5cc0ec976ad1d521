"""A Mastodon server's hashtag timeline (docs.joinmastodon.org/methods/timelines, read 2026-11)."""

from html import escape

from tests.listen.sources.worlds import World, json_reply

from quivive.listen.sources.mastodon import Settings

SECRET = "token-of-ana"


def status(said):
    return {
        "id": f"1140000000000000{said.key}",
        "uri": f"https://social.example/users/{said.author}/statuses/{said.key}",
        "url": f"https://social.example/@{said.author}/{said.key}",
        "created_at": said.date,
        "content": f"<p>{escape(said.text)}</p>",
        "language": said.language,
        "account": {
            "id": "1",
            "acct": said.author,
            "url": f"https://social.example/@{said.author}",
            "uri": f"https://social.example/users/{said.author}",
            "followers_count": 40,
        },
        "tags": [{"name": "eau"}],
    }


def serve(said, request):
    known = [status(one) for one in said if not one.deleted]
    after = request.params.get("min_id", "")
    return json_reply([one for one in known if one["id"] > after])


WORLD = World(
    settings=Settings(servers=("social.example",), hashtags=("eau",), token=SECRET),
    serve=serve,
    secret=SECRET,
)
