"""A newspaper's RSS feed (RSS 2.0, https://www.rssboard.org/rss-specification, read 2026-11)."""

from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.listen.sources.worlds import NOW, World

from quivive.listen.sources.feeds import Settings
from quivive.vocabulary.requests import NOT_CHANGED, Reply


def _item(said):
    date = said.told_date or format_datetime(said.at, usegmt=True)
    return (
        f"<item><guid>https://news.example/{said.key}</guid>"
        f"<link>https://news.example/{said.key}</link>"
        f"<title>{escape(said.author)}</title><pubDate>{escape(date)}</pubDate>"
        f"<description>{escape(said.text)}</description></item>"
    )


def serve(said, request):
    items = "".join(_item(one) for one in said if not one.deleted)
    language = said[0].language if said else "fr"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>Le Quai</title><language>{language}</language>{items}</channel></rss>"
    )
    tag = f'"{hash(text)}"'
    if request.headers.get("If-None-Match") == tag:
        return Reply(status=NOT_CHANGED, url=request.url, at=NOW)
    headers = {"content-type": "application/rss+xml", "etag": tag}
    return Reply(url=request.url, body=text.encode(), headers=headers, at=NOW)


WORLD = World(
    settings=Settings(feeds=("https://news.example/feed.xml",)),
    serve=serve,
    words=lambda text: f"ana\n\n{text}",
)
