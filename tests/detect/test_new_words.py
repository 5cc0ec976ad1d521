"""New words tell what the noise is about, without everyday words."""

from quivive.detect.new_words import new_words

BEFORE = ["loyer et charges", "le loyer augmente", "charges de loyer"] * 5


class TestNewWords:
    def test_are_those_that_were_not_said_before(self):
        found = new_words(["eau froide au loyer"] * 5, BEFORE)

        assert [word.word for word in found] == ["eau froide"]
        assert found[0].posts == 5

    def test_leave_everyday_words_and_the_query_out(self):
        found = new_words(["avec les Érables dans #ErablesOnGele"] * 4, BEFORE, own=["Érables"])

        assert [word.word for word in found] == ["#erablesongele"]

    def test_need_more_than_two_posts(self):
        assert new_words(["panne"] * 2, BEFORE) == []

    def test_count_a_shouting_post_once(self):
        assert new_words(["panne panne panne panne"], BEFORE) == []

    def test_are_the_commonest_when_there_is_no_past(self):
        found = new_words(
            ["chaudière éteinte", "chaudière, éteinte ?", "éteinte chaudière"] * 2, []
        )

        assert [word.word for word in found] == ["chaudiere", "eteinte"]

    def test_say_which_posts_hold_them(self):
        now = ["loyer", *["de l'eau froide", "charges", "eau froide encore"] * 3]

        (found,) = new_words(now, BEFORE)

        assert (found.word, found.places) == ("eau froide", (1, 3, 4))

    def test_are_links_too_whatever_they_were_shared_with(self):
        now = [f"lisez https://www.Paper.example/eau?from={who}" for who in "abc"]

        assert "paper.example/eau" in [word.word for word in new_words(now, BEFORE)]

    def test_leave_out_what_is_as_common_as_ever(self):
        assert new_words(["loyer et charges"] * 5, BEFORE) == []
