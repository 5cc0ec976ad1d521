"""New words tell what the noise is about, without everyday words."""

from quivive.detect.new_words import name_of_medium, new_media, new_words

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

        found = {word.word: word.link for word in new_words(now, BEFORE)}

        assert found["paper.example/eau"]
        assert "paper.example" not in found  # the link says it

    def test_are_sites_too_when_many_pages_of_one_are_shared(self) -> None:
        now = [f"lisez https://paper.example/{page}" for page in "abcd"]

        assert "paper.example" in [word.word for word in new_words(now, BEFORE)]

    def test_are_no_sites_that_only_shorten_links(self) -> None:
        now = [f"lisez https://t.co/{page}" for page in "abcd"]

        assert [word.word for word in new_words(now, BEFORE) if word.link] == []

    def test_leave_out_what_is_as_common_as_ever(self):
        assert new_words(["loyer et charges"] * 5, BEFORE) == []


class TestNewMedia:
    def test_are_those_that_came_with_the_burst(self) -> None:
        usual = [["https://img.example/logo.png"]] * 9
        now = [["https://img.example/logo.png"], *[["https://img.example/fire.jpg?s=2"]] * 4]

        (found,) = new_media(now, usual)

        assert (found.word, found.posts, found.before) == ("fire", 4, 0)
        assert found.places == (1, 2, 3)

    def test_have_one_name_whatever_their_size(self) -> None:
        sizes = (
            "https://x.example/m/Ab1.jpg:large",
            "http://x.example/m/Ab1?format=jpg&name=small",
        )

        assert {name_of_medium(address) for address in sizes} == {"Ab1"}

    def test_are_not_told_apart_by_names_that_tell_nothing(self) -> None:
        one, other = "https://a.example/one/original.jpg", "https://a.example/two/original.jpg"

        assert name_of_medium(one) != name_of_medium(other)
