"""What is particular to Reddit: one session, comments, ceilings, words taken back."""

from datetime import timedelta

import msgspec
from tests.listen.sources.worlds import NOW, Said, asked, drive, json_reply
from tests.listen.sources.worlds.reddit import SECRET, WORLD, listing, thing

from quivive.listen.sources.reddit import SOURCE
from quivive.vocabulary.messages import in_english, render, say
from quivive.vocabulary.requests import Kind, NoAnswer, Reply


def comment(key, text, parent):
    data = {
        "name": f"t1_{key}",
        "created_utc": NOW.timestamp() - 60,
        "author": "leo",
        "author_fullname": "t2_leo",
        "body": text,
        "parent_id": parent,
        "link_id": "t3_1",
        "permalink": f"/r/valdorle/comments/1/_/{key}/",
        "ups": -3,
    }
    return {"kind": "t1", "data": data}


def look(serve, *, cursor="", session="", settings=WORLD.settings):
    exchange = SOURCE.collect(
        msgspec.structs.replace(asked(WORLD, cursor=cursor), session=session, settings=settings)
    )
    return drive(exchange, serve)


class Network:
    """A community whose token may have ended; notes what it was asked."""

    def __init__(self, *, things=(), comments=(), ended=(), closed=()):
        self.things, self.comments = list(things), list(comments)
        self.ended, self.closed, self.paths = set(ended), closed, []

    def __call__(self, request):
        self.paths.append(request.url)
        if request.url.endswith("access_token"):
            return json_reply({"access_token": "fresh"})
        if request.headers["Authorization"].removeprefix("Bearer ") in self.ended:
            return Reply(status=401, url=request.url)
        if any(part in request.url for part in self.closed):
            raise NoAnswer(say("No."), say("Ask."), kind=Kind.FORBIDDEN, status=403)
        if request.url.endswith("/comments"):
            return listing(self.comments)
        return listing(self.things if request.url.endswith("/new") else [])


class TestSession:
    def test_is_opened_once_for_all_lists(self):
        network = Network()

        page = look(network)

        assert sum(path.endswith("access_token") for path in network.paths) == 1
        assert page.session == "fresh"

    def test_is_opened_again_when_it_has_ended(self):
        page = look(Network(ended=["old"]), session="old")

        assert page.session == "fresh"

    def test_keeps_the_secret_in_a_header(self):
        assert SECRET not in "".join(look(Network()).cursor)


class TestComments:
    def test_know_what_they_answer(self):
        page = look(Network(comments=[comment("9", "Pareil ici", "t3_1")]))

        said = page.posts[0]
        assert (said.id, said.in_reply_to) == ("reddit:t1_9", "reddit:t3_1")
        assert said.kind == "comment"
        assert said.likes == 0, "votes against are no likes"

    def test_taken_back_lose_their_words(self):
        page = look(Network(comments=[comment("9", "[deleted]", "t3_1")]))

        assert [gone.id for gone in page.deletions] == ["reddit:t1_9"]


class TestLists:
    def test_that_are_closed_stop_no_other(self):
        page = look(Network(things=[thing(Said("1", "Froid"))], closed=["/comments"]))

        assert [post.content for post in page.posts] == ["Froid"]
        assert page.troubles[0].kind is Kind.FORBIDDEN

    def test_are_read_back_only_to_what_is_known(self):
        first = look(Network(things=[thing(Said("1", "Froid"))]))
        pages = []

        def endless(request):
            if request.url.endswith("access_token"):
                return json_reply({"access_token": "fresh"})
            if not request.url.endswith("/new"):
                return listing([])
            pages.append(request)
            at = NOW - timedelta(minutes=len(pages))
            told = thing(Said(str(100 + len(pages)), "Encore", at=at))
            data = {"children": [told], "after": f"t3_{len(pages)}"}
            return json_reply({"kind": "Listing", "data": data})

        look(endless, cursor=first.cursor)

        assert len(pages) == 6, "five minutes of news, and one older than what is known"

    def test_longer_than_the_network_shows_are_told(self):
        first = look(Network(things=[thing(Said("1", "Froid", at=NOW - timedelta(days=2)))]))

        def flood(request):
            if request.url.endswith("access_token"):
                return json_reply({"access_token": "fresh"})
            if not request.url.endswith("/new"):
                return listing([])
            begin = int(request.params.get("after", "t3_0").removeprefix("t3_"))
            told = [thing(Said(str(begin + one + 1), "Froid")) for one in range(100)]
            data = {"children": told, "after": f"t3_{begin + 100}"}
            return json_reply({"kind": "Listing", "data": data})

        page = look(flood, cursor=first.cursor)

        assert len(page.posts) == 1000
        assert "1000" in render(page.notes[0], in_english).replace(",", "")
