"""How a stored post was read: shown with its words, and forgotten with them."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.matches import Match as Caught
from quivive.vocabulary.posts import Post
from quivive.vocabulary.sentiments import Leaning, Sentiment
from quivive.web.listen.models import Post as Row
from quivive.web.listen.models import Topic
from quivive.web.listen.worker import forget_posts, revise_posts, store_matches

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
READ = Sentiment(
    language="fr",
    label=Leaning.NEGATIVE,
    negative=0.8,
    neutral=0.15,
    positive=0.05,
    low=0.6,
    high=0.9,
    enquiry=0.7,
    reasons=("lamentable", "<b>"),
)


def post(content: str = "Chauffage lamentable <b> ?", **facts: object) -> Post:
    return Post(
        id="p1",
        network="micro",
        published=START,
        attributed_to=Account(id="u:awa"),
        content=content,
        **facts,
    )


def post_card_of(row: Row, *, may_see_people: bool = True) -> str:
    """A post as English pages show it."""
    values = {"post": row, "may_see_people": may_see_people}
    with translation.override("en"):
        return Template("{% load room %}{% post_card post %}").render(Context(values))


@pytest.fixture
def stored(organisation):
    Topic.objects.create(slug="heat", name="Heating", query="chauffage", created_at=START)

    def store(said: Post) -> Row:
        store_matches([Caught(post=said, topics=("heat",), sentiment=READ)], now=START)
        return Row.objects.get()

    return store


@pytest.mark.django_db
class TestAReading:
    def test_is_shown_with_its_doubt_and_the_words_that_decided(self, stored):
        shown = render_to_string("room/parts/post.html", {"post": stored(post())})

        assert "<q>lamentable</q>" in shown
        assert "<q>&lt;b&gt;</q>" in shown
        assert all(share in shown for share in ("80", "60", "90"))

    def test_is_forgotten_with_the_words_its_author_took_back(self, stored):
        stored(post())

        forget_posts([Deletion(id="p1", deleted_at=START)], now=START)

        assert "lamentable" not in str(Row.objects.get().document)

    def test_leaves_nobody_and_nothing_at_the_tombstone(self, stored):
        awa = Account(id="u:awa", handle="awa", name="Awa B.", summary="Chef", location="Brest")
        said = post(title="My flat is cold", place="Tour Hugo")
        stored(msgspec.structs.replace(said, attributed_to=awa))

        forget_posts([Deletion(id="p1", deleted_at=START)], now=START)

        row = Row.objects.get()
        told = f"{row.document} {row.author.uid} {row.author.handle} {row.author.name}"
        known = ("u:awa", "awa", "Awa B.", "Chef", "Brest", "cold", "Hugo")
        assert [word for word in known if word in told] == []
        assert "an author the room has forgotten" in post_card_of(row)

    def test_of_a_post_already_taken_back_quotes_nothing(self, stored):
        row = stored(post(deleted_at=START - timedelta(hours=1)))

        assert "lamentable" not in str(row.document)

    def test_quotes_nothing_of_words_that_were_edited_away(self, stored):
        stored(post())

        revise_posts([post("Chauffage réparé")])

        assert "lamentable" not in str(Row.objects.get().document)


@pytest.mark.django_db
class TestCounts:
    """R-58: what a network counts goes on changing, so a card says when it was read."""

    def test_say_when_they_were_read(self, stored):
        row = stored(post(likes=3, seen_at=START + timedelta(minutes=2)))

        assert "counts read" in post_card_of(row)
        assert "10:02" in post_card_of(row)

    def test_say_it_anew_when_the_network_says_others(self, stored):
        stored(post(likes=3, seen_at=START + timedelta(minutes=2)))
        revise_posts([post(likes=9, seen_at=START + timedelta(minutes=50))])

        assert "10:50" in post_card_of(Row.objects.get())

    def test_say_nothing_where_a_file_does_not_tell(self, stored):
        assert "counts read" not in post_card_of(stored(post(likes=3)))


@pytest.mark.django_db
class TestLinks:
    """R-58: networks shorten addresses, and a card says where they lead."""

    def test_show_their_target_unless_the_words_do(self, stored):
        shown = post_card_of(
            stored(
                post(
                    "Lisez t.co/xyz et https://b.example/whole",
                    links=("https://www.a.example/story?id=1", "https://b.example/whole"),
                )
            )
        )

        assert 'href="https://www.a.example/story?id=1"' in shown
        assert ">a.example/story?id=1</a>" in shown
        assert shown.count("https://b.example/whole") == 2, "once a link, once its words"

    def test_lead_to_the_web_only(self, stored):
        shown = post_card_of(stored(post(links=("javascript:alert(1)", 'https://x.example/"><b>'))))

        assert "javascript:" not in shown
        assert '"><b>' not in shown

    def test_are_forgotten_with_the_words_their_author_took_back(self, stored):
        stored(post(links=("https://a.example/story",)))
        forget_posts([Deletion(id="p1", deleted_at=START)], now=START)

        assert "a.example" not in post_card_of(Row.objects.get())


@pytest.mark.django_db
class TestReadersWithoutPersonalData:
    """LR-06: a role that does not open personal data reads what is said, not who says it."""

    @pytest.fixture
    def shown(self, stored):
        return post_card_of(
            stored(
                msgspec.structs.replace(
                    post(
                        "Chauffage, @ben.h ? https://site.example/1",
                        url="https://site.example/2",
                        links=("https://site.example/1",),
                    ),
                    attributed_to=Account(id="u:awa", handle="awa_k", name="Awa Koné"),
                )
            ),
            may_see_people=False,
        )

    def test_see_a_pseudonym_that_stays_the_same(self, shown):
        assert re.search(r"<bdi>[^<]* [0-9a-f]{6}</bdi>", shown)
        assert not [name for name in ("awa_k", "Koné", "ben.h") if name in shown]

    def test_get_no_way_to_the_original(self, shown):
        assert "<a " not in shown
