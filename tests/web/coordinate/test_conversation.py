"""A stream puts replies under what they answer, and people in need before large audiences."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from quivive.web.coordinate.conversation import DEEPEST, helped_first, threaded

START = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    uid: str
    minute: int
    content: str = ""
    in_reply_to: str = ""
    own: bool = False
    plea: float = 0.0

    @property
    def published(self) -> datetime:
        return START + timedelta(minutes=self.minute)


class TestAThread:
    def test_puts_replies_under_what_they_answer_in_order_of_time(self):
        posts = [Said("c", 3, in_reply_to="a"), Said("b", 2, in_reply_to="a"), Said("a", 1)]

        assert threaded(posts) == [("a", 0), ("b", 1), ("c", 1)]

    def test_shows_a_reply_to_something_unseen_by_itself(self):
        assert threaded([Said("b", 2, in_reply_to="elsewhere")]) == [("b", 0)]

    def test_goes_no_deeper_than_a_phone_can_show(self):
        posts = [Said(str(at), at, in_reply_to=str(at - 1)) for at in range(8)]

        assert max(depth for _, depth in threaded(posts)) == DEEPEST

    def test_survives_posts_that_answer_themselves_or_each_other(self):
        posts = [
            Said("a", 1, in_reply_to="b"),
            Said("b", 2, in_reply_to="a"),
            Said("c", 3, in_reply_to="c"),
        ]

        assert sorted(uid for uid, _ in threaded(posts)) == ["a", "b", "c"]


class TestWhoIsHelpedFirst:
    def test_is_who_needs_it_then_who_has_waited_longest(self):
        posts = [
            Said("crowd", 0, "Une honte pour la ville"),
            Said("asks", 1, "C’est vrai ?"),
            Said("cold", 3, "Seule avec mon bébé, sans chauffage"),
            Said("colder", 2, "Ma mère est seule et a froid"),
            Said("gas", 4, "Odeur de gaz au 3e"),
            Said("unusual", 5, "La dalle a un trou et le gamin est en dessous", plea=0.8),
        ]

        order = [post.uid for post in helped_first(posts, answered=())]

        assert order == ["gas", "colder", "cold", "unusual", "asks", "crowd"]

    def test_is_last_once_we_answered(self):
        posts = [Said("gas", 1, "Odeur de gaz"), Said("asks", 2, "C’est vrai ?")]

        assert [post.uid for post in helped_first(posts, {"gas"})] == ["asks", "gas"]
