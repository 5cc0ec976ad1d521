"""Stories begin, grow and fade, and nobody says how many there are."""

from quivive.detect.stories import FADES_S, Stories, join


def heard(stories: Stories, name: str, text: str, at: float) -> str:
    return join(stories, name, frozenset(text.split()), at)


class TestStories:
    """Two events that are talked about at once ..."""

    def test_become_two_stories(self) -> None:
        stories = Stories()
        flood = [heard(stories, f"f{n}", f"flood river town water {n}", n) for n in range(20)]
        fire = [
            heard(stories, f"g{n}", f"fire forest smoke hill {n + 20}", 20 + n) for n in range(20)
        ]

        assert set(flood) == {"f0"}
        assert set(fire) == {"g0"}

    def test_are_not_joined_for_a_word_that_hardly_any_of_their_posts_hold(self) -> None:
        stories = Stories()
        for number in range(20):
            heard(stories, f"f{number}", f"flood river town water people{number}", number)

        assert heard(stories, "match", "match goal team people7", 30) == "match"

    def test_are_joined_more_easily_while_they_are_all_the_talk(self) -> None:
        stories = Stories()
        for number in range(60):
            heard(stories, f"f{number}", f"flood river{number % 3} town{number % 3}", number)
        alone = heard(stories, "late", "town0 shelter open", 60)
        for number in range(60):
            heard(stories, f"g{number}", "fire forest smoke hill", 61 + number)

        assert alone == "f0"
        assert heard(stories, "later", "town1 shelter closed", 130) == "later"

    def test_keep_their_names_when_others_begin(self) -> None:
        stories = Stories()
        for number in range(20):
            heard(stories, f"f{number}", "flood river town water", number)
        for number in range(50):
            heard(stories, f"x{number}", f"other{number} thing{number}", 20 + number)

        assert heard(stories, "last", "river flood water", 100) == "f0"

    def test_are_over_when_nobody_joined_for_a_week(self) -> None:
        stories = Stories()
        for number in range(20):
            heard(stories, f"f{number}", "flood river town water", number)

        assert heard(stories, "new", "flood river town water", FADES_S + 100) == "new"
