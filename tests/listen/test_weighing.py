"""What each part of a query does on posts, and the words that would find more."""

from datetime import UTC, datetime

import pytest

from quivive.listen.query import parse
from quivive.listen.weighing import weigh, widenings
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post


def said(*contents: str) -> list[Post]:
    return [
        Post(
            id=str(number),
            network="n",
            published=datetime(2026, 1, 1, tzinfo=UTC),
            attributed_to=Account(id="a"),
            content=content,
        )
        for number, content in enumerate(contents)
    ]


def weights(query: str, *contents: str) -> dict[str, tuple[int | None, int | None]]:
    _caught, found = weigh(parse(query), said(*contents))
    return {one.text: (one.removes, one.brings) for one in found}


class TestAPart:
    def test_removes_the_posts_that_would_come_without_it(self):
        found = weights("gaz fuite -radio", "gaz fuite", "gaz", "gaz", "gaz fuite radio", "fuite")

        assert found["fuite"] == (2, 0)
        assert found["-radio"] == (1, 0)
        assert found["gaz"] == (1, 0)

    def test_brings_the_posts_that_come_by_it_alone(self):
        found = weights("gaz OR fuite\n#feu", "gaz", "gaz fuite", "fuite", "#feu", "eau")

        assert found == {"gaz": (0, 1), "fuite": (0, 1), "#feu": (0, 1)}

    def test_is_weighed_inside_brackets_too(self):
        found = weights("gaz (fuite OR odeur)", "gaz fuite", "gaz odeur", "gaz odeur", "gaz")

        assert found["fuite OR odeur"] == (1, 0)
        assert found["odeur"] == (0, 2)

    def test_is_shown_as_it_was_typed_and_how_deep_it_lies(self):
        _caught, found = weigh(parse('"eau froide" -(foot (a1 OR b1)) OR gaz'), said("gaz"))

        assert [(one.text, one.depth) for one in found] == [
            ('"eau froide" -(foot (a1 OR b1))', 0),
            ('"eau froide"', 1),
            ("-(foot (a1 OR b1))", 1),
            ("foot", 2),
            ("a1 OR b1", 2),
            ("a1", 3),
            ("b1", 3),
            ("gaz", 0),
        ]

    @pytest.mark.parametrize(
        ("query", "part"),
        [
            ("(gaz OR eau) fuite OR feu", "(gaz OR eau) fuite"),
            ("(gaz OR eau) (fuite OR feu) OR a1", "(gaz OR eau) (fuite OR feu)"),
            ("( (gaz eau) OR fuite ) feu OR a1", "( (gaz eau) OR fuite ) feu"),
        ],
    )
    def test_has_all_the_brackets_it_began_with(self, query, part):
        _caught, found = weigh(parse(query), said("gaz"))

        assert found[0].text == part

    def test_of_what_is_left_out_works_the_other_way(self):
        found = weights("gaz -(radio OR jeu)", "gaz radio", "gaz jeu", "gaz jeu", "gaz")

        assert found["radio"] == (1, 0)
        assert found["jeu"] == (2, 0)

    def test_without_which_nothing_is_looked_for_has_no_weight(self):
        assert weights("gaz -radio", "gaz")["gaz"] == (None, None)

    def test_is_not_every_one_of_a_very_long_list(self):
        caught, found = weigh(parse(" OR ".join(f"w{n}" for n in range(9_000))), said("w8999"))

        assert caught == (0,)
        assert len(found) <= 2


class TestAWideningWord:
    POSTS = said(
        *(f"Panne de chauffage, les radiateurs sont glacés #LesErables {n}" for n in range(12)),
        *(f"Les radiateurs sont glacés au bâtiment {n}" for n in range(4)),
        *(f"Le marché de Noël ouvre samedi {n}" for n in range(20)),
        *(f"Les travaux du pont avancent {n}" for n in range(20)),
    )

    def found(self, query: str) -> dict[str, tuple[int, int]]:
        asked = parse(query)
        caught, _ = weigh(asked, self.POSTS)
        words = widenings(asked, self.POSTS, caught)
        return {one.word: (one.met, one.adds) for one in words}

    def test_stands_in_caught_posts_and_would_bring_others(self):
        found = self.found("chauffage")

        assert found["radiateurs"] == (12, 4)
        assert found["glacés"] == (12, 4)

    def test_is_neither_a_common_word_nor_one_that_brings_nothing(self):
        assert not {"les", "panne", "#LesErables", "marché"} & self.found("chauffage").keys()

    def test_is_not_one_that_the_query_names(self):
        assert "radiateurs" not in self.found("chauffage radiateurs")
        assert "glacés" not in self.found('chauffage -"glacés hier"')

    def test_is_not_guessed_from_one_text_that_many_repeat(self):
        elsewhere = [f"Merci pour elle {n}" for n in range(9)]
        posts = said(*["Merci à la gardienne, elle aide"] * 12, *elsewhere)
        asked = parse("gardienne")

        assert widenings(asked, posts, weigh(asked, posts)[0]) == ()

    def test_is_not_guessed_from_a_post_or_two(self):
        posts = said("gaz fuite", "fuite", "eau", "eau")

        assert widenings(parse("gaz"), posts, [0]) == ()
        assert widenings(parse("gaz"), posts, []) == ()
