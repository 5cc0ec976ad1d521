"""Feeds: what stands at an address that is none."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.listen.sources.worlds import Said, asked, drive
from tests.listen.sources.worlds.feeds import WORLD, serve

from quivive.listen.sources.feeds import SOURCE, Settings, read_feed
from quivive.listen.sourcing import Page
from quivive.vocabulary.messages import in_english, render
from quivive.vocabulary.requests import NoAnswer, Reply

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PAGE = "<!DOCTYPE html>\n<html><head><title>Le Quai</title>{head}</head><body>Bonjour</body></html>"


def told(body: str | bytes) -> str:
    """Read an answer that is no feed; return what people are told."""
    sent = body if isinstance(body, bytes) else body.encode()
    reply = Reply(status=200, url="https://quai.example/news/?x=1", headers={}, body=sent, at=NOW)
    with pytest.raises(NoAnswer) as trouble:
        read_feed(reply, network="press", now=NOW)
    return " ".join(render(one, in_english) for one in (trouble.value.what, trouble.value.remedy))


class TestAWebPageInsteadOfAFeed:
    @pytest.mark.parametrize(
        ("link", "feed"),
        [
            (
                '<link rel="alternate" type="application/rss+xml" href="/RSS.xml?a=1&amp;b=2">',
                "https://quai.example/RSS.xml?a=1&b=2",
            ),
            (
                "<LINK HREF='atom' TYPE='application/atom+xml' REL=alternate>",
                "https://quai.example/news/atom",
            ),
        ],
    )
    def test_leads_to_the_feed_that_it_names(self, link, feed):
        said = told(PAGE.format(head=f'<link rel="icon" href="/i.png">{link}'))

        assert "is a web page, not a feed." in said
        assert said.endswith(f"instead: {feed}")

    def test_that_names_none_says_where_to_look(self):
        assert "Look for “RSS” on that page" in told(PAGE.format(head=""))

    @pytest.mark.parametrize(
        "body", ["hello", b"%PDF-1.4 <html>", '{"hello": "world"}', "<!---->" * 60 + "x"]
    )
    def test_is_told_apart_from_what_is_neither(self, body):
        assert "cannot be read" in told(body)

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            ("", "answers with nothing at all"),
            ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id"', "breaks off"),
            ("<rss version='2.0'><channel><item><title>Eau</title>", "breaks off"),
        ],
    )
    def test_is_told_apart_from_one_that_ends_too_early(self, body, why):
        assert why in told(body)


class TestAFeedThatWasNotReadForLong:
    """A feed shows its last articles alone."""

    def look(self, articles: range, *, cursor: str = "") -> Page:
        """Read the feed when it shows these articles of an hour each."""
        now = NOW + timedelta(hours=articles.stop)
        shown = [
            Said(key=str(hour), author="ana", text="eau", at=NOW + timedelta(hours=hour))
            for hour in articles
        ]
        exchange = SOURCE.collect(asked(WORLD, cursor=cursor, now=now))
        return drive(exchange, lambda request: serve(shown, request))

    def test_says_between_which_hours_articles_may_be_missing(self):
        before = self.look(range(10))

        after = self.look(range(20, 30), cursor=before.cursor)

        assert before.notes == ()
        (note,) = after.notes
        assert note.values["begin"] == (NOW + timedelta(hours=9)).isoformat()
        assert note.values["end"] == (NOW + timedelta(hours=20)).isoformat()

    def test_goes_on_saying_so_for_a_day(self):
        late = self.look(range(20, 30), cursor=self.look(range(10)).cursor)
        later = self.look(range(25, 35), cursor=late.cursor)

        assert len(later.notes) == 1
        assert self.look(range(30, 55), cursor=later.cursor).notes == ()

    def test_says_nothing_where_it_still_shows_what_was_known(self):
        assert self.look(range(9, 19), cursor=self.look(range(10)).cursor).notes == ()

    def test_says_nothing_of_a_feed_that_shows_little(self):
        assert self.look(range(20, 23), cursor=self.look(range(10)).cursor).notes == ()


DAMAGED = [
    b"<rss version='2.0'><channel><item><title>&#x110000;</title></item></channel></rss>",
    b"<?xml version='1.0' encoding='UTF-\xa7'?><rss version='2.0'><channel></channel></rss>",
    b"<?xml version='1.\xff0' encoding='UTF-\x008'?><rss version='2.0'><channel/></rss>",
]


class TestADamagedFeed:
    @pytest.mark.parametrize("body", DAMAGED)
    def test_stops_no_other(self, body):
        feeds = ("https://a.example/feed", "https://b.example/feed")
        both = WORLD._replace(settings=Settings(feeds=feeds))

        def answer(request):
            if request.url.startswith("https://a."):
                return Reply(url=request.url, headers={}, body=body, at=NOW)
            return serve([Said("1", "L'eau")], request)

        page = drive(SOURCE.collect(asked(both)), answer)

        assert [post.id for post in page.posts] == ["https://news.example/1"]

    def test_costs_only_the_article_that_is_odd(self):
        items = b'[{"id": "1", "content_text": "eau"}, {"id": "2", "url": {}}, 7]'
        body = b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + items + b"}"
        reply = Reply(url="https://quai.example/feed.json", headers={}, body=body, at=NOW)

        read = read_feed(reply, network="press", now=NOW, address=reply.url)

        assert [post.content for post in read.posts] == ["eau"]
        assert len(read.unread) == 2
