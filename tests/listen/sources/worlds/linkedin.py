"""LinkedIn's comments under a post (learn.microsoft.com/linkedin, read 2026-11)."""

from tests.listen.sources.worlds import World, json_reply

from quivive.listen.sources.linkedin import Settings

SECRET = "AQX-token"


def post(said):
    written = said.told_date or int(said.at.timestamp() * 1000)
    return {
        "id": f"urn:li:share:{said.key}",
        "author": "urn:li:organization:2414183",
        "commentary": said.text,
        "publishedAt": written,
    }


def serve(said, request):
    ours = "/posts?" in request.url
    return json_reply({"elements": [post(one) for one in said if ours and not one.deleted]})


WORLD = World(settings=Settings(organization="2414183", token=SECRET), serve=serve, secret=SECRET)
