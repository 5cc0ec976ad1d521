"""Pages that change: what came and what went, and nothing of the menus around it."""

import msgspec
import pytest
from tests.listen.sources.worlds import NOW, asked, drive
from tests.listen.sources.worlds.web_page import WORLD, page

from quivive.listen.sources.web_page import SOURCE, Settings
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer, Reply

ADDRESS = "https://town.example/1"
ONE = msgspec.structs.replace(asked(WORLD), settings=Settings(pages=(ADDRESS,)))


def look(body, cursor="", *, robots=b"", every_line=False):
    seen = []

    def answer(request):
        seen.append(request)
        if request.url.endswith("/robots.txt"):
            return Reply(body=robots, url=request.url, at=NOW)
        return Reply(body=body, url=request.url, headers={"content-type": "text/html"}, at=NOW)

    settings = Settings(pages=(ADDRESS,), every_line=every_line)
    turn = msgspec.structs.replace(ONE, settings=settings, cursor=cursor)
    return drive(SOURCE.collect(turn), answer), seen


class TestAPage:
    def test_tells_what_came_and_what_went(self):
        first, _ = look(page("L’eau est coupée jusqu’à lundi."))
        then, _ = look(page("L’eau est coupée jusqu’à mardi."), first.cursor)

        [post] = then.posts
        assert post.content == (
            "Mairie\n\n− L’eau est coupée jusqu’à lundi.\n+ L’eau est coupée jusqu’à mardi."
        )
        assert post.id.startswith(f"{ADDRESS}#changed-")

    @pytest.mark.parametrize("typed", ["town hall", "http://[x", "town.example/1"])
    def test_that_has_no_address_is_asked_as_it_was_typed(self, typed):
        settings = Settings(pages=(typed,))
        told = NoAnswer(say("no"), say("no"), kind=Kind.SETTINGS)
        seen = []

        def refuse(request):
            seen.append(request.url)
            raise told

        with pytest.raises(NoAnswer):
            drive(SOURCE.collect(msgspec.structs.replace(ONE, settings=settings)), refuse)
        assert seen == [typed]

    def test_says_nothing_when_only_its_menu_changes(self):
        first, _ = look(page("L’eau est coupée.", menu="Accueil"))
        then, _ = look(page("L’eau est coupée.", menu="12 nouvelles"), first.cursor)

        assert then.posts == ()

    def test_counts_signatures_where_short_lines_are_watched(self):
        first, _ = look(b"<html><body><div>120 signatures</div></body></html>", every_line=True)
        then, _ = look(
            b"<html><body><div>1 204 signatures</div></body></html>", first.cursor, every_line=True
        )

        assert "+ 1 204 signatures" in then.posts[0].content

    def test_is_the_same_change_however_often_it_is_read(self):
        first, _ = look(page("Lundi, les travaux."))
        once, _ = look(page("Mardi, les travaux."), first.cursor)
        again, _ = look(page("Mardi, les travaux."), first.cursor)

        assert once.posts[0].id == again.posts[0].id

    def test_that_is_empty_for_a_moment_is_not_a_change(self):
        first, _ = look(page("Lundi, les travaux."))
        empty, _ = look(b"<html><body>Wait</body></html>", first.cursor)
        back, _ = look(page("Lundi, les travaux."), empty.cursor)

        assert (empty.posts, back.posts) == ((), ())
        assert "no text" in empty.notes[0].text

    def test_is_read_in_its_own_alphabet(self):
        body = (
            page("L'été, à la mairie, déjà la forêt brûlée.").decode().replace("utf-8", "latin-1")
        )
        encoded = body.replace("’", "'").encode("latin-1")

        first, _ = look(encoded)

        assert "déjà la forêt brûlée" in first.posts[0].content

    def test_is_not_read_where_the_site_asks_programs_to_stay_away(self):
        with pytest.raises(NoAnswer) as refused:
            look(page("x"), robots=b"User-agent: *\nDisallow: /1\n")

        assert refused.value.kind is Kind.FORBIDDEN

    def test_asks_for_the_rules_once_a_day(self):
        first, seen = look(page("Lundi, les travaux."))
        _, again = look(page("Lundi, les travaux."), first.cursor)

        assert [len(seen), len(again)] == [2, 1]
