"""Feeds and letters are opened; pages and private chats say what they are."""

from datetime import UTC, datetime

import pytest

from quivive.vocabulary.errors import BadFile
from quivive.wire import documents
from quivive.wire.files import look_at, read_posts

LETTER = (
    "From: =?utf-8?q?H=C3=A9l=C3=A8ne?= <helene@a.example>\nTo: office@b.example\n"
    "Subject: Froid\nDate: Tue, 18 Nov 2025 08:00:00 +0100\nMessage-ID: <{number}@a.example>\n\n"
    "Plus de chauffage depuis trois jours.\n"
)
RSS = (
    '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>La Gazette</title><item>'
    "<title>Sans eau chaude</title><link>https://gazette.example/1</link>"
    "<description>&lt;p&gt;Trois jours&lt;/p&gt;</description>"
    "<pubDate>Tue, 18 Nov 2025 08:00:00 +0100</pubDate></item></channel></rss>"
)
MORNING = datetime(2025, 11, 18, 7, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "brought"


def read(path):
    return [post for batch in read_posts(path) for post in batch.posts]


class TestAFeed:
    def test_gives_its_articles(self, path):
        path.write_text(RSS)

        (post,) = read(path)

        assert (post.url, post.network) == ("https://gazette.example/1", "web")
        assert post.content == "Sans eau chaude\n\nTrois jours"
        assert post.published == MORNING
        assert post.attributed_to.name == "La Gazette"


class TestLetters:
    def test_that_cannot_be_read_are_set_aside_and_the_others_go_in(self, path, monkeypatch):
        read_one = documents.read_letter

        def read_some(raw):
            if b"<1@" in raw:
                raise IndexError("nobody foresaw it")
            return read_one(raw)

        monkeypatch.setattr(documents, "read_letter", read_some)
        path.write_text("\n".join(f"From a Tue\n{LETTER.format(number=one)}" for one in range(3)))

        [batch] = read_posts(path)

        assert len(batch.posts) == 2
        assert "Plus de chauffage" in batch.quarantined[0].raw

    @pytest.mark.parametrize("many", [1, 3])
    def test_are_read_one_by_one_or_as_a_mailbox(self, path, many):
        letters = [LETTER.format(number=number) for number in range(many)]
        separated = [f"From helene@a.example Tue Nov 18 08:00:00 2025\n{one}" for one in letters]
        path.write_text(letters[0] if many == 1 else "\n".join(separated))

        posts = read(path)

        assert len({post.id for post in posts}) == many
        assert {post.published for post in posts} == {MORNING}
        assert {post.attributed_to.name for post in posts} == {"Hélène"}
        assert {post.content for post in posts} == {
            "Froid\n\nPlus de chauffage depuis trois jours."
        }

    def test_are_shown_before_they_are_brought(self, path):
        path.write_text(LETTER.format(number=1))

        assert [post.network for post in look_at(path).posts] == ["e-mail"]


class TestWhatHoldsNoPosts:
    @pytest.mark.parametrize(
        "start", ["<!doctype html><html><table>", "<html>", '<?xml version="1.0"?><config/>']
    )
    def test_says_that_it_is_a_page_or_the_like(self, path, start):
        path.write_text(start)

        with pytest.raises(BadFile, match="marked-up"):
            read(path)

    @pytest.mark.parametrize("start", [b"<?a?>", b"<!--a-->", b"<!DOCTYPE a>"])
    def test_is_told_at_once_however_often_it_begins_anew(self, path, start):
        path.write_bytes(start * 60 + b"x")

        with pytest.raises(BadFile):
            list(read_posts(path))

    @pytest.mark.parametrize(
        "line",
        ["05/03/2024, 18:22 - Ana: Plus d'eau", "[05/03/2024, 18:22:11] Ana: Plus d'eau"],
    )
    def test_says_that_it_is_a_private_chat(self, path, line):
        path.write_text(f"{line}\n{line}\n")

        with pytest.raises(BadFile, match="private"):
            read(path)

    def test_is_not_found_in_tables(self, path):
        path.write_text("From,Date,Subject\nana,2025-11-18 07:00,Plus d'eau ce matin\n")

        assert [post.content for post in read(path)] == ["Plus d'eau ce matin"]
