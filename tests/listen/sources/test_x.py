"""What is particular to X: a budget that is never exceeded, and rules that follow the topics."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.listen.sources.worlds import NOW, Said, asked, drive, json_reply
from tests.listen.sources.worlds.x_search import SECRET, WORLD, page
from tests.listen.sources.worlds.x_stream import WORLD as LIVE
from tests.listen.sources.worlds.x_stream import frames

from quivive.listen.sources import x_search, x_stream
from quivive.listen.sourcing import Search
from quivive.vocabulary.messages import in_english, render, say
from quivive.vocabulary.requests import Kind, NoAnswer

TALK = [Said(str(one), f"Panne {one}", author=f"a{one}") for one in range(1, 9)]


def search(serve=None, *, quota=None, settings=WORLD.settings, texts=("eau",), now=NOW, cursor=""):
    turn = msgspec.structs.replace(
        asked(WORLD, now=now, cursor=cursor),
        settings=settings,
        quota=quota,
        searches=tuple(Search("water", text) for text in texts),
    )
    return drive(
        x_search.SOURCE.collect(turn), serve or (lambda request: WORLD.serve(TALK, request))
    )


def poor(dollars):
    return x_search.Settings(token=SECRET, dollars_a_month=dollars)


class TestAPostWithAPlace:
    def test_is_asked_for_and_read(self):
        def serve(request):
            assert "geo" in request.params["tweet.fields"].split(",")
            assert "geo.place_id" in request.params["expansions"].split(",")
            told = page(TALK[:1])
            told["data"][0]["geo"] = {"place_id": "0123"}
            told["includes"]["places"] = [{"id": "0123", "full_name": "Brest, France"}]
            return json_reply(told)

        assert [post.place for post in search(serve).posts] == ["Brest, France"]


class TestTheBudget:
    def test_counts_posts_and_authors(self):
        first = search()

        assert first.quota.used == pytest.approx(8 * 0.005 + 8 * 0.01)
        assert first.quota.limit == 10
        assert first.quota.resets_at == datetime(2026, 4, 1, tzinfo=UTC)

    def test_is_hardly_touched_by_a_test(self):
        asked_for = []

        def serve(request):
            asked_for.append((request.params["query"], request.params["max_results"]))
            return WORLD.serve(TALK, request)

        turn = msgspec.structs.replace(
            asked(WORLD), searches=(Search("a", "eau"), Search("b", "gaz")), trial=True
        )
        drive(x_search.SOURCE.collect(turn), serve)

        assert asked_for == [("eau", "10")]

    def test_is_never_exceeded_however_much_there_is_to_read(self):
        def flood(request):
            size = int(request.params["max_results"])
            some = [Said(str(n), "Panne", author=f"a{n}") for n in range(size)]
            told = page(some)
            told["meta"]["next_token"] = "more"
            return json_reply(told)

        found = search(flood, settings=poor(2.0))
        while not found.troubles:
            assert found.quota.used <= 2.0
            found = search(flood, settings=poor(2.0), quota=found.quota, cursor=found.cursor)

        assert 1.0 < found.quota.used <= 2.0
        assert found.troubles[0].retry_s > 3600
        with pytest.raises(NoAnswer, match="used up"):
            search(flood, settings=poor(2.0), quota=found.quota, cursor=found.cursor)

    def test_says_so_when_it_is_used_up_and_keeps_what_was_read(self):
        first = search(settings=poor(1.0))
        almost = msgspec.structs.replace(first.quota, used=0.6)

        def one_page(request):
            told = page(TALK)
            told["meta"]["next_token"] = "more"
            return json_reply(told)

        found = search(one_page, settings=poor(1.0), quota=almost)

        assert found.posts
        assert not found.more
        assert "used up" in render(found.troubles[0].what, in_english)

    def test_begins_anew_with_the_month(self):
        full = msgspec.structs.replace(search().quota, used=10.0)

        with pytest.raises(NoAnswer, match="used up"):
            search(quota=full)
        assert search(quota=full, now=NOW + timedelta(days=31)).quota.used < 1

    def test_survives_other_settings(self):
        full = msgspec.structs.replace(search().quota, used=9.9)

        with pytest.raises(NoAnswer, match="used up"):
            search(quota=full, settings=poor(8.0), cursor="")


class TestSearches:
    def test_that_the_network_refuses_stop_no_other(self):
        def picky(request):
            if request.params["query"] == "(":
                raise NoAnswer(say("No."), say("Mend."), kind=Kind.SETTINGS, status=400)
            return WORLD.serve(TALK, request)

        found = search(picky, texts=("(", "eau"))

        assert len(found.posts) == 8
        assert found.troubles[0].status == 400

    def test_look_back_a_few_hours_at_first_and_then_from_the_newest(self):
        params = []

        def note(request):
            params.append(request.params)
            return WORLD.serve(TALK, request)

        first = search(note)
        search(note, cursor=first.cursor)

        assert params[0]["start_time"] == "2026-03-02T06:00:00Z"
        assert params[1]["since_id"]
        assert "start_time" not in params[1]

    def test_do_not_ask_beyond_the_seven_days_the_network_has(self):
        params = []

        def note(request):
            params.append(request.params)
            return json_reply({"meta": {"result_count": 0}})

        first = search()
        search(note, cursor=first.cursor, now=NOW + timedelta(days=9))

        assert "since_id" not in params[0]
        assert params[0]["start_time"] == "2026-03-04T16:00:00Z"


class Rules:
    """The rules of an app of X."""

    def __init__(self, **tagged):
        self.rules = [
            {"id": str(at), "value": value, "tag": tag}
            for at, (value, tag) in enumerate(tagged.items())
        ]
        self.changes = []

    def __call__(self, request):
        if request.method == "GET":
            return json_reply({"data": self.rules} if self.rules else {"meta": {}})
        change = msgspec.json.decode(request.body)
        self.changes.append(change)
        bad = [one for one in change.get("add", []) if one["value"] == "("]
        return json_reply(
            {"errors": [{"value": one["value"], "details": "unbalanced"} for one in bad]}
        )


def prepare(rules, *texts, quota=None):
    turn = msgspec.structs.replace(
        asked(LIVE), searches=tuple(Search("water", text) for text in texts), quota=quota
    )
    return drive(x_stream.SOURCE.prepare(turn), rules)


class TestRules:
    def test_follow_the_topics(self):
        rules = Rules(eau="quivive", gaz="quivive")

        prepare(rules, "eau", "froid")

        assert rules.changes == [
            {"delete": {"ids": ["1"]}},
            {"add": [{"value": "froid", "tag": "quivive"}]},
        ]

    def test_of_other_programs_are_left_alone(self):
        rules = Rules(chats="another")

        prepare(rules, "eau")

        assert rules.changes == [{"add": [{"value": "eau", "tag": "quivive"}]}]

    def test_that_are_refused_are_told(self):
        told = prepare(Rules(), "(")

        assert "unbalanced" in render(told.notes[0], in_english)

    def test_are_not_even_asked_for_without_money(self):
        full = msgspec.structs.replace(search().quota, used=9.9)

        with pytest.raises(NoAnswer, match="used up"):
            prepare(Rules(), "eau", quota=full)


class TestTheStream:
    def test_hangs_up_before_the_budget_is_exceeded(self):
        frame = frames(TALK[:1])[1]
        quota, heard = None, 0
        while True:
            turn = msgspec.structs.replace(
                asked(LIVE),
                settings=x_stream.Settings(token=SECRET, dollars_a_month=3),
                quota=quota,
            )
            told = x_stream.SOURCE.take(turn, frame)
            quota, heard = told.quota, heard + 1
            if told.ends:
                break

        assert 1.0 < quota.used < 3.0
        assert heard == pytest.approx(quota.used / 0.015, abs=1)

    def test_is_read_line_by_line(self):
        assert x_stream.SOURCE.subscribe(asked(LIVE)).lines
