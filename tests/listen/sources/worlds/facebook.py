"""Facebook's page feed (developers.facebook.com/docs/graph-api, read 2026-11)."""

from tests.listen.sources.worlds import World, json_reply

from quivive.listen.sources.facebook import Settings

SECRET = "EAAB-page-token"


def thing(said):
    return {
        "id": f"100_{said.key}",
        "message": said.text,
        "created_time": said.told_date or said.at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "from": {"id": f"9{said.author}", "name": said.author.title()},
        "permalink_url": f"https://www.facebook.com/valdorle/posts/{said.key}",
    }


def serve(said, request):
    on_page = request.url.endswith("/feed")
    return json_reply({"data": [thing(one) for one in said if on_page and not one.deleted]})


WORLD = World(settings=Settings(page="valdorle", token=SECRET), serve=serve, secret=SECRET)
