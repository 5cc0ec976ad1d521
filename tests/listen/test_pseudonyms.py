"""Pseudonyms (LR-06): the same name for the same account, and no way back without the key."""

from datetime import UTC, date, datetime

from quivive.listen.pseudonyms import Pseudonyms
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post

ANA = Account(
    id="x:7",
    handle="Ana_Morel",
    name="Ana Morel",
    summary="Tenante du 4e",
    followers=40,
    created=date(2019, 5, 17),
)
POST = Post(
    id="x:99",
    network="x",
    published=datetime(2026, 3, 2, tzinfo=UTC),
    attributed_to=ANA,
    content="Merci @Leo et @Valdorle : ana@mail.example ne répond pas",
    mentions=("@Leo", "@Valdorle"),
    in_reply_to="x:98",
    url="https://x.com/Ana_Morel/status/99",
)
NAMES = Pseudonyms(b"the key of one room")


class TestAHiddenPost:
    def test_names_nobody(self):
        text = str(NAMES.hide(POST))

        for told in ("Ana", "x:7", "Morel", "Leo", "Valdorle", "x:99", "x:98", "Tenante"):
            assert told not in text

    def test_keeps_what_can_be_counted(self):
        hidden = NAMES.hide(POST)

        assert hidden.attributed_to.followers == 40
        assert hidden.attributed_to.created == date(2019, 5, 1), "to the month only"
        assert hidden.published == POST.published
        assert hidden.network == "x"

    def test_keeps_who_speaks_to_whom(self):
        hidden = NAMES.hide(POST)
        answered = NAMES.hide(Post(
            id="x:98", network="x", published=POST.published, attributed_to=ANA, content=""
        ))  # fmt: skip

        assert hidden.in_reply_to == answered.id
        assert hidden.attributed_to.id == answered.attributed_to.id

    def test_leaves_addresses_of_letters_alone(self):
        assert "ana@mail.example" in NAMES.hide(POST).content

    def test_is_another_under_another_key(self):
        other = Pseudonyms(b"the key of another room").hide(POST)

        assert other.attributed_to.id != NAMES.hide(POST).attributed_to.id


class TestAnAccount:
    def test_is_known_by_address_and_by_name_whatever_its_capitals(self):
        lower = Account(id="other", handle="ana_morel")

        assert NAMES.of_account(ANA, "x") & NAMES.of_account(lower, "x")

    def test_of_the_same_name_elsewhere_is_another(self):
        elsewhere = Account(id="other", handle="Ana_Morel")

        assert not NAMES.of_account(ANA, "x") & NAMES.of_account(elsewhere, "mastodon")
