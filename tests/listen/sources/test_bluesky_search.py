"""Bluesky search: one session while it lasts, fair turns, the ceiling said aloud."""

from datetime import timedelta

import msgspec
from tests.listen.sources.worlds import NOW, Said, asked, collect, json_reply
from tests.listen.sources.worlds.bluesky_search import WORLD, serve

from quivive.listen.sources import bluesky_search
from quivive.listen.sourcing import Search
from quivive.vocabulary.requests import Reply

SOURCE = bluesky_search.SOURCE


def asked_by(said, *, answer):
    seen = []

    def note(request):
        seen.append(request)
        return answer(request)

    page = collect(SOURCE, WORLD, said, serve=note)
    return page, seen


class TestBlueskySearch:
    def test_signs_in_again_when_its_session_has_ended(self):
        ended = iter([True])

        def answer(request):
            if request.headers.get("Authorization") == "Bearer old" and next(ended, False):
                return Reply(status=401, url=request.url)
            return serve([Said("1", "eau")], request)

        turn = SOURCE.collect(_asked(session="old"))
        page, urls = _drive(turn, answer)

        assert [url.rsplit(".", 1)[1] for url in urls] == [
            "searchPosts",
            "createSession",
            "searchPosts",
        ]
        assert (len(page.posts), page.session) == (1, "jwt")

    def test_does_not_sign_in_while_its_session_lasts(self):
        page, urls = _drive(
            SOURCE.collect(_asked(session="jwt")), lambda one: serve([Said("1", "eau")], one)
        )

        assert [url.rsplit(".", 1)[1] for url in urls] == ["searchPosts"]
        assert page.session == "jwt"

    def test_says_aloud_that_the_ceiling_was_reached(self, monkeypatch):
        monkeypatch.setattr(bluesky_search, "CEILING", 3)
        flood = [Said(str(number), f"eau {number}") for number in range(3)]

        def answer(request):
            reply = serve(flood, request)
            return reply if "Session" in request.url else _with_cursor(reply)

        page, _ = asked_by(flood, answer=answer)

        assert "at most" in page.notes[0].text

    def test_lets_no_loud_topic_starve_a_quiet_one(self):
        flood = [Said(str(number), f"eau {number}") for number in range(100)]
        searches = (Search(topic="loud", text="eau"), Search(topic="quiet", text="ascenseur"))
        asked_for = []

        def answer(request):
            if "Session" in request.url:
                return serve([], request)
            asked_for.append(request.params["q"])
            if request.params["q"] == "eau":
                return _with_cursor(serve(flood, request))
            return serve([Said("9", "ascenseur")], request)

        turn = SOURCE.collect(msgspec.structs.replace(_asked(session=""), searches=searches))
        page, _urls = _drive(turn, answer)

        assert asked_for == ["eau"] * bluesky_search.PAGES + ["ascenseur"]
        assert "ascenseur" in {post.content for post in page.posts}
        assert page.more

    def test_shows_what_the_network_leaves_us(self):
        left = {
            "ratelimit-limit": "3000",
            "ratelimit-remaining": "2900",
            "ratelimit-reset": "1772452900",
        }

        def answer(request):
            reply = serve([Said("1", "eau")], request)
            return msgspec.structs.replace(reply, headers={**reply.headers, **left})

        page, _ = _drive(SOURCE.collect(_asked(session="jwt")), answer)

        assert (page.quota.used, page.quota.limit) == (100, 3000)

    def test_forgets_nothing_because_the_network_once_did_not_show_it(self):
        turn = msgspec.structs.replace(_asked(session="jwt"), followed=("at://did:plc:ana/x/1",))
        once, _ = _drive(SOURCE.collect(turn), _shows_nothing)
        twice, _ = _drive(
            SOURCE.collect(msgspec.structs.replace(turn, cursor=once.cursor)), _shows_nothing
        )

        assert once.deletions == ()
        assert [gone.id for gone in twice.deletions] == ["at://did:plc:ana/x/1"]

    def test_goes_on_searching_when_kept_posts_cannot_be_read_again(self):
        def answer(request):
            if "getPosts" in request.url:
                return Reply(body=b"{}", url=request.url)
            return serve([Said("1", "eau")], request)

        turn = msgspec.structs.replace(_asked(session="jwt"), followed=("at://did:plc:ana/x/1",))
        page, _ = _drive(SOURCE.collect(turn), answer)

        assert (len(page.posts), len(page.troubles), page.deletions) == (1, 1, ())

    def test_hears_a_post_when_the_network_took_it_in_whatever_its_date(self):
        forged = Said("1", "eau", at=NOW - timedelta(minutes=2), told_date="1999-01-01T00:00:00Z")

        page, _ = asked_by([forged], answer=lambda request: serve([forged], request))

        assert page.posts[0].heard_at == NOW - timedelta(minutes=2)


def _shows_nothing(request):
    return json_reply({"posts": []}) if "getPosts" in request.url else serve([], request)


def _with_cursor(reply):
    return json_reply({**msgspec.json.decode(reply.body), "cursor": "next"})


def _asked(*, session):
    return msgspec.structs.replace(asked(WORLD), session=session)


def _drive(turn, answer):
    urls = []
    request = next(turn)
    try:
        while True:
            urls.append(request.url)
            request = turn.send(answer(request))
    except StopIteration as end:
        return end.value, urls
