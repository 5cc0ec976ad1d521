"""What every source must stand, whoever writes it: this battery finds each file of the folder."""

import pkgutil
import random
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from tests.listen.sources.worlds import NOW, Said, asked, collect, worlds

from quivive.listen import sources as folder
from quivive.listen.sourcing import Ask
from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer, Reply
from quivive.wire.plugins import sources

WORLDS = worlds()

EARLY = NOW - timedelta(minutes=9)
TALK = [
    Said("1", "L'eau est coupée", at=EARLY),
    Said("2", "Toujours pas d'eau, quai Sud", at=EARLY + timedelta(minutes=1)),
    Said("3", "Et l'eau chaude ? <3 & « merci »", at=EARLY + timedelta(minutes=2)),
]
REFUSALS = {
    401: Kind.BAD_KEY,
    403: Kind.FORBIDDEN,
    404: Kind.NOT_FOUND,
    429: Kind.TOO_MANY,
    500: Kind.BROKEN,
    503: Kind.BROKEN,
}


def _file(source):
    return (source.collect or source.take or source.receive).__module__.rpartition(".")[2]


ALL = [
    pytest.param(SimpleNamespace(plug_in=one, world=WORLDS.get(_file(one))), id=_file(one))
    for one in sources().values()
]
PULLED = [one for one in ALL if one.values[0].plug_in.collect]
WITHOUT_JSON = {"feeds", "folder", "mailbox", "telegram", "web_page"}
OF_JSON = [one for one in PULLED if one.id not in WITHOUT_JSON]
SIGNED_IN = [one for one in PULLED if one.id in {"bluesky_search", "reddit"}]


def _run(source, said, **more):
    return collect(source.plug_in, source.world, said, **more)


def _words(page):
    return {post.id: post.content for post in page.posts}


@pytest.mark.parametrize("source", ALL)
class TestEverySource:
    def test_has_a_world_to_be_tried_in(self, source):
        assert source.world, "add tests/listen/sources/worlds/<its file>.py"

    def test_brings_what_is_said_with_its_words_author_and_date(self, source):
        page = _run(source, TALK)

        said = sorted(post.content for post in page.posts)
        assert said == sorted(source.world.words(one.text) for one in TALK)
        assert all(post.attributed_to.is_told and post.network for post in page.posts)
        assert all(EARLY <= post.published <= NOW for post in page.posts)
        assert not page.unread

    def test_gives_a_post_the_same_address_however_often_it_is_read(self, source):
        assert _words(_run(source, TALK)) == _words(_run(source, TALK))

    def test_goes_on_where_it_stopped(self, source):
        first = _run(source, TALK[:2])
        then = _run(source, TALK, cursor=first.cursor)

        assert _words(first).keys() | _words(then).keys() == _words(_run(source, TALK)).keys()

    def test_has_nothing_new_to_say_when_nothing_new_was_said(self, source):
        first = _run(source, TALK)

        again = _run(source, TALK, cursor=first.cursor)

        assert _words(again).keys() <= _words(first).keys()

    def test_hears_the_same_in_any_order(self, source):
        mixed = random.Random(4).sample(TALK, len(TALK))

        assert _words(_run(source, mixed)) == _words(_run(source, TALK))

    def test_survives_a_post_that_comes_twice(self, source):
        assert _words(_run(source, [*TALK, TALK[0]])) == _words(_run(source, TALK))

    def test_gives_an_edited_post_the_address_it_had(self, source):
        before = _run(source, TALK)
        edited = [TALK[0]._replace(text="L'eau est revenue"), *TALK[1:]]

        after = _run(source, edited)

        assert _words(after).keys() == _words(before).keys()
        assert source.world.words("L'eau est revenue") in _words(after).values()

    def test_tells_what_its_author_took_back(self, source):
        before = _run(source, TALK)
        address = _address(before, source, TALK[1])

        after = _run(source, [TALK[0], TALK[1]._replace(deleted=True)], cursor=before.cursor)

        if source.world.deletes:
            assert address in {gone.id for gone in after.deletions}
        assert address not in _words(after)

    @pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "2190-13-45", "yesterday", "-1"])
    def test_survives_a_forged_date(self, source, date):
        forged = Said("9", "Je viens du futur, l'eau aussi", told_date=date)

        page = _run(source, [*TALK, forged])

        assert _words(_run(source, TALK)).items() <= _words(page).items()
        kept = source.world.words(forged.text) in _words(page).values()
        assert page.unread if source.world.quarantine else kept

    def test_survives_a_language_tag_that_is_none(self, source):
        page = _run(source, [one._replace(language="xx-klingon-") for one in TALK])

        assert _words(page) == _words(_run(source, TALK))

    def test_brings_nothing_that_a_database_refuses(self, source):
        page = _run(source, [*TALK, Said("9", "L'eau\0 froide", language="f\0r")])

        assert b"\\u0000" not in msgspec.json.encode([page.posts, page.deletions])
        assert _words(_run(source, TALK)).items() <= _words(page).items()

    def test_survives_silence(self, source):
        page = _run(source, [])

        assert page.posts == page.deletions == page.unread == ()

    def test_says_what_it_needs_costs_and_never_sees(self, source):
        plug_in = source.plug_in

        assert all(one.text for one in (plug_in.title, plug_in.help, plug_in.cost))
        assert plug_in.blind_spots
        assert [plug_in.collect, plug_in.take, plug_in.receive].count(None) == 2
        assert (plug_in.subscribe is None) == (plug_in.take is None)

    def test_asks_for_every_setting_in_words(self, source):
        for field in msgspec.inspect.type_info(source.plug_in.settings).fields:
            ask = (getattr(field.type, "extra", None) or {}).get("ask")
            assert isinstance(ask, Ask), field.name
            assert ask.label.text, field.name

    def test_needs_no_secret_in_an_address(self, source):
        assert not source.world.secret or source.world.secret in str(source.world.settings)
        for address in _addresses(source):
            assert not source.world.secret or source.world.secret not in address


@pytest.mark.parametrize("source", PULLED)
class TestEverySourceThatAsks:
    @pytest.mark.parametrize("status", REFUSALS)
    def test_leaves_a_refusal_to_the_host(self, source, status):
        def refuse(_request):
            raise NoAnswer(say("No."), say("Later."), kind=REFUSALS[status], status=status)

        with pytest.raises(NoAnswer) as refused:
            _run(source, TALK, serve=refuse)
        assert refused.value.kind is REFUSALS[status]

    @pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99])
    def test_takes_no_half_words_from_an_answer_cut_short(self, source, share):
        whole = _words(_run(source, TALK))

        def cut(request):
            reply = source.world.serve(TALK, request)
            body = reply.body[: int(len(reply.body) * share)]
            parts = tuple(
                msgspec.structs.replace(part, body=part.body[: int(len(part.body) * share)])
                for part in reply.parts
            )
            return msgspec.structs.replace(reply, body=body, parts=parts)

        try:
            page = _run(source, TALK, serve=cut)
        except NoAnswer:
            return
        assert _words(page).items() <= whole.items()

    @pytest.mark.parametrize(
        ("whole", "odd"), [(b"[{", b"[null,{"), (b"?", rb"?\ud83d"), (b"?", rb"?\udc4d")]
    )
    def test_loses_nothing_but_the_record_that_is_odd(self, source, whole, odd):
        def serve(request):
            reply = source.world.serve(TALK, request)
            return msgspec.structs.replace(reply, body=reply.body.replace(whole, odd))

        assert _words(_run(source, TALK, serve=serve)).keys() == _words(_run(source, TALK)).keys()

    @pytest.mark.parametrize("body", [b"[]", b"null", b"<html>Sorry</html>", b"{}", b"\xff\xfe"])
    def test_survives_an_answer_of_another_kind(self, source, body):
        def other(request):
            reply = source.world.serve(TALK, request)
            return msgspec.structs.replace(reply, body=body, parts=())

        try:
            page = _run(source, TALK, serve=other)
        except Trouble:
            return
        assert _words(page).items() <= _words(_run(source, TALK)).items()


@pytest.mark.parametrize("source", OF_JSON)
class TestEverySourceThatAsksForJson:
    @pytest.mark.parametrize(
        ("body", "why"),
        [
            (b"", "answers with nothing at all"),
            (b"<!doctype html><title>Maintenance</title>", "answers with a web page"),
            (b'{"data": [{"id": "1', "breaks off before its end"),
            (b'"later"', "cannot be read"),
        ],
    )
    def test_says_what_came_where_data_were_asked_for(self, source, body, why):
        def other(request):
            return Reply(body=body, url=request.url, at=NOW)

        try:
            troubles = _run(source, TALK, serve=other).troubles
        except NoAnswer as refused:
            troubles = (refused,)
        assert troubles
        assert all(why in one.what.text for one in troubles)


@pytest.mark.parametrize("source", SIGNED_IN)
class TestEverySourceThatSignsIn:
    def test_leaves_a_refusal_in_a_new_session_to_the_host(self, source):
        def refuse(request):
            reply = source.world.serve(TALK, request)
            if request.method == "POST":
                return reply
            if 401 in request.accepts:
                return msgspec.structs.replace(reply, status=401, body=b"{}")
            raise NoAnswer(say("No."), say("Later."), kind=Kind.BAD_KEY, status=401)

        try:
            [trouble] = {one.kind for one in _run(source, TALK, serve=refuse).troubles}
        except NoAnswer as refused:
            trouble = refused.kind
        assert trouble is Kind.BAD_KEY


def _addresses(source):
    if source.plug_in.is_called:
        return []
    if source.plug_in.is_stream:
        return [source.plug_in.subscribe(asked(source.world)).url]
    seen = []

    def note(request):
        seen.append(request.url + str(request.params))
        return source.world.serve(TALK, request)

    _run(source, TALK, serve=note)
    return seen


def _address(page, source, said):
    return next(post.id for post in page.posts if post.content == source.world.words(said.text))


def test_every_file_of_the_folder_is_tried():
    assert {info.name for info in pkgutil.iter_modules(folder.__path__)} == {
        _file(one) for one in sources().values()
    }
    assert set(WORLDS) == {_file(one) for one in sources().values()}
