"""What is particular to YouTube: units of the day, comments under what was found, channels."""

from datetime import UTC, datetime, timedelta

import msgspec
from tests.listen.sources.worlds import NOW, Said, asked, drive, json_reply
from tests.listen.sources.worlds.youtube import SECRET, WORLD, video

from quivive.listen.sources.youtube import SOURCE, Settings
from quivive.vocabulary.messages import in_english, render, say
from quivive.vocabulary.requests import Kind, NoAnswer

VIDEO = Said("1", "La chaufferie du quai Sud", at=NOW - timedelta(hours=2))


def comment(key, text, at, parent=None):
    snippet = {
        "publishedAt": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "textOriginal": text,
        "authorDisplayName": "@ana",
        "authorChannelId": {"value": "UCana"},
        "likeCount": 4,
        **({"parentId": parent} if parent else {}),
    }
    return {"id": key, "snippet": snippet}


def thread(key, text, at, answers=()):
    snippet = {"videoId": "v1", "topLevelComment": comment(key, text, at)}
    return {"id": key, "snippet": snippet, "replies": {"comments": list(answers)}}


class Network:
    """YouTube with one video; notes what it was asked."""

    def __init__(self, threads=(), broken=()):
        self.threads, self.broken, self.asked = list(threads), broken, []

    def __call__(self, request):
        what = request.url.rpartition("/")[2]
        self.asked.append((what, request.params))
        if what in self.broken:
            raise NoAnswer(say("No."), say("Later."), kind=Kind.FORBIDDEN, status=403)
        if what == "search":
            return WORLD.serve([VIDEO], request)
        if what == "channels":
            return json_reply({"items": [{"id": "UCvaldorle"}]})
        if what == "playlistItems":
            item = video(VIDEO)
            snippet = {**item["snippet"], "resourceId": {"videoId": "v1"}}
            return json_reply({"items": [{"id": "item", "snippet": snippet}]})
        newest_first = sorted(
            self.threads,
            key=lambda one: one["snippet"]["topLevelComment"]["snippet"]["publishedAt"],
            reverse=True,
        )
        return json_reply({"items": newest_first})


def turn(network, *, settings=WORLD.settings, cursor="", quota=None, now=NOW):
    exchange = SOURCE.collect(
        msgspec.structs.replace(
            asked(WORLD, cursor=cursor, now=now), settings=settings, quota=quota
        )
    )
    return drive(exchange, network)


class TestComments:
    def test_are_read_under_a_video_that_was_found(self):
        told = thread("c1", "Il fait 14 °C chez moi", NOW - timedelta(hours=1))

        page = turn(Network([told]))

        found = {post.id: post for post in page.posts}
        said = found["https://www.youtube.com/watch?v=v1&lc=c1"]
        assert said.content == "Il fait 14 °C chez moi"
        assert said.in_reply_to == said.conversation == "https://www.youtube.com/watch?v=v1"
        assert said.kind == "comment"
        assert said.likes == 4
        assert said.attributed_to.id == "https://www.youtube.com/channel/UCana"

    def test_hang_under_the_comment_they_answer(self):
        answer = comment("c2", "Chez nous aussi", NOW, parent="c1")

        page = turn(Network([thread("c1", "Froid", NOW - timedelta(hours=1), [answer])]))

        found = {post.content: post for post in page.posts}
        assert found["Chez nous aussi"].in_reply_to == found["Froid"].id

    def test_that_cannot_be_read_stop_nothing_else(self):
        page = turn(Network(broken=["commentThreads"]))

        assert [post.content for post in page.posts] == [VIDEO.text]
        assert page.troubles[0].kind is Kind.FORBIDDEN


class TestChannels:
    def test_are_looked_up_by_name_once(self):
        settings = Settings(key=SECRET, channels=("@valdorle",))
        network = Network()

        page = turn(network, settings=settings)
        turn(network, settings=settings, cursor=page.cursor)

        assert [what for what, _params in network.asked].count("channels") == 1
        uploads = [params for what, params in network.asked if what == "playlistItems"]
        assert uploads[0]["playlistId"] == "UUvaldorle"


class TestUnits:
    def test_are_counted_call_by_call(self):
        page = turn(Network())

        assert page.quota.used == 100 + 1
        assert page.quota.resets_at == datetime(2026, 3, 3, 8, tzinfo=UTC)

    def test_are_never_exceeded(self):
        network = Network()
        settings = Settings(key=SECRET, units_a_day=150)
        first = turn(network, settings=settings)

        page = turn(network, settings=settings, cursor=first.cursor, quota=first.quota)

        assert page.quota.used <= 150
        assert [what for what, _params in network.asked].count("search") == 1
        assert "used up" in render(page.notes[0], in_english)

    def test_are_full_again_after_midnight_of_the_pacific(self):
        network = Network()
        settings = Settings(key=SECRET, units_a_day=150)
        first = turn(network, settings=settings)

        tomorrow = NOW + timedelta(days=1)
        page = turn(network, settings=settings, quota=first.quota, now=tomorrow)

        assert page.quota.used == 100 + 1
        assert not page.notes
