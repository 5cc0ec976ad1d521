"""YouTube's search for videos (developers.google.com/youtube/v3/docs/search/list, read 2026-11)."""

from tests.listen.sources.worlds import World, json_reply

from quivive.listen.sources.youtube import Settings

SECRET = "AIza-key"


def video(said):
    return {
        "kind": "youtube#searchResult",
        "id": {"kind": "youtube#video", "videoId": f"v{said.key}"},
        "snippet": {
            "publishedAt": said.date,
            "channelId": f"UC{said.author}",
            "channelTitle": said.author.title(),
            "title": "Quai Sud",
            "description": said.text,
        },
    }


def serve(said, request):
    if request.url.endswith("/search"):
        since = request.params["publishedAfter"]
        found = [one for one in said if not one.deleted and (one.told_date or one.date >= since)]
        return json_reply({"items": [video(one) for one in found]})
    return json_reply({"items": []})


WORLD = World(settings=Settings(key=SECRET), serve=serve, secret=SECRET)
