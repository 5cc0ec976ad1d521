"""Feeds: what stands at an address that is none."""

from datetime import UTC, datetime

import pytest

from quivive.listen.sources.feeds import read_feed
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

    @pytest.mark.parametrize("body", ["", "hello", b"%PDF-1.4 <html>", '{"hello": "world"}'])
    def test_is_told_apart_from_what_is_neither(self, body):
        assert "cannot be read" in told(body)
