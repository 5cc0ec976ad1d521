"""An old picture told as new (R-27)."""

from quivive.detect.old_media import shown_again

DAY = 86_400.0


class TestAPictureShownAgain:
    def test_is_found_by_its_name_whatever_its_size(self):
        posts = [
            (0.0, ["https://img.example/ph1.jpg?size=small"]),
            (2 * DAY, ["https://img.example/ph1.jpg:large"]),
        ]

        assert shown_again(posts) == [("ph1", 0, (1,))]

    def test_is_not_one_that_goes_round_in_the_same_wave(self):
        assert shown_again([(hour * 3600.0, ["ph1"]) for hour in range(30)]) == []

    def test_is_told_for_each_return_whatever_the_order(self):
        posts = [(4 * DAY, ["ph1"]), (0.0, ["ph1", "ph1"]), (2 * DAY, ["ph1"]), (60.0, ["ph1"])]

        assert shown_again(posts) == [("ph1", 1, (2, 0))]

    def test_comes_latest_first(self):
        posts = [(0.0, ["a", "b"]), (2 * DAY, ["a"]), (3 * DAY, ["b"])]

        assert [one.medium for one in shown_again(posts)] == ["b", "a"]
