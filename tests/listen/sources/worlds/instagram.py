"""Instagram's posts that tag us (developers.facebook.com/docs/instagram-platform, read 2026-11)."""

from tests.listen.sources.worlds import World, json_reply

from quivive.listen.sources.instagram import Settings

SECRET = "EAAB-token"


def media(said):
    return {
        "id": f"1790{said.key}",
        "caption": said.text,
        "permalink": f"https://www.instagram.com/p/{said.key}/",
        "timestamp": said.told_date or said.at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "username": said.author,
        "comments_count": 0,
    }


def serve(said, request):
    tags = request.url.endswith("/tags")
    return json_reply({"data": [media(one) for one in said if tags and not one.deleted]})


WORLD = World(settings=Settings(account="17841", token=SECRET), serve=serve, secret=SECRET)
