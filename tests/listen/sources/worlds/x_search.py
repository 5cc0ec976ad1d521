"""X's search of recent posts (docs.x.com/x-api/posts/search, read 2026-11)."""

from tests.listen.sources.worlds import World, json_reply

from quivive.listen.sources.x_search import Settings

SECRET = "AAAA-bearer"


def number(said):
    """Return a number that carries the time, as the network's do."""
    return str((int(said.at.timestamp() * 1000) - 1_288_834_974_657 << 22) + int(said.key))


def post(said):
    return {
        "id": number(said),
        "text": said.text,
        "created_at": said.date,
        "author_id": f"7{said.author}",
        "lang": said.language,
        "conversation_id": number(said),
        "public_metrics": {"like_count": 2, "retweet_count": 0, "reply_count": 1},
    }


def page(said):
    authors = sorted({one.author for one in said})
    users = [{"id": f"7{name}", "username": name, "name": name.title()} for name in authors]
    numbers = sorted(map(number, said))
    meta = {"result_count": len(said), **({"newest_id": numbers[-1]} if numbers else {})}
    return {"data": [post(one) for one in said], "includes": {"users": users}, "meta": meta}


def serve(said, request):
    since = request.params.get("since_id", "0")
    known = [one for one in said if not one.deleted and int(number(one)) > int(since)]
    return json_reply(page(known)) if known else json_reply({"meta": {"result_count": 0}})


WORLD = World(settings=Settings(token=SECRET), serve=serve, secret=SECRET)
