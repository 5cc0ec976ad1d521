"""A mailbox people write to (RFC 5322, read 2026-11)."""

from email.utils import format_datetime

from tests.listen.sources.worlds import NOW, World

from quivive.listen.sources.mailbox import Settings
from quivive.vocabulary.requests import Part, Reply


def letter(said):
    date = said.told_date or format_datetime(said.at)
    return (
        f"From: {said.author.title()} <{said.author}@town.example>\r\n"
        f"Message-ID: <{said.key}@town.example>\r\nDate: {date}\r\nSubject: Quai Sud\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Language: {said.language}\r\n\r\n"
        f"{said.text}\r\n-- \r\n06 00 00 00 00\r\n"
    ).encode()


def serve(said, request):
    after = int(request.params.get("after") or 0)
    here = sorted((int(one.key), letter(one)) for one in said if not one.deleted)
    new = [(number, body) for number, body in here if number > after]
    last = str(max([after, *(number for number, _body in new)]))
    return Reply(
        url=request.url,
        parts=tuple(Part(name=str(number), body=body, size=len(body)) for number, body in new),
        headers={"validity": "1", "last": last},
        at=NOW,
    )


WORLD = World(
    settings=Settings(server="imap.example", user="ecoute@town.example", password="pass-of-box"),
    serve=serve,
    words=lambda text: f"Quai Sud\n\n{text}",
    secret="pass-of-box",
)
