"""A public channel, as ``wire/telegram.py`` tells of it (core.telegram.org/api, read 2026-11)."""

from tests.listen.sources.worlds import World, json_reply

from quivive.listen.sources.telegram import Settings

SECRET = "1BVtsOK-session"


def message(said):
    return {"id": int(said.key), "date": said.date, "text": said.text, "views": 12}


def serve(said, request):
    after = int(request.params["after"])
    known = [one for one in said if not one.deleted and int(one.key) > after]
    channel = {"id": 5, "name": "valdorle", "title": "Valdorle infos", "subscribers": 900}
    return json_reply({"channel": channel, "messages": [message(one) for one in known]})


WORLD = World(
    settings=Settings(api_id=7, api_hash="hash", session=SECRET, channels=("@valdorle",)),
    serve=serve,
    secret=SECRET,
)
