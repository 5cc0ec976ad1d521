"""A town hall's site: each thing said is a page of its own (HTML Living Standard)."""

from html import escape

from tests.listen.sources.worlds import NOW, World

from quivive.listen.sources.web_page import Settings
from quivive.vocabulary.requests import NOT_CHANGED, Reply

BEFORE = (
    "La mairie informe les habitants de la commune que les services techniques sont passés ce "
    "matin dans les immeubles du quai, et qu’une réponse sera donnée à toutes les familles."
)
AFTER = (
    "Pour toute question, les agents de la ville sont à votre écoute du lundi au vendredi dans "
    "les locaux de la mairie, et par téléphone aux heures habituelles de tous les services."
)


def page(text, *, menu="Accueil"):
    body = "".join(f"<p>{escape(part)}</p>" for part in (BEFORE, text, AFTER)) if text else ""
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Mairie</title></head><body>"
        f"<nav><a href='/'>{menu}</a> <a href='/x'>Contact</a></nav>{body}</body></html>"
    ).encode()


def serve(said, request):
    if request.url.endswith("/robots.txt"):
        return Reply(status=404, url=request.url, at=NOW)
    here = [one for one in said if request.url.endswith(f"/{one.key}") and not one.deleted]
    body = page(here[-1].text if here else "")
    tag = f'"{hash(body)}"'
    if request.headers.get("If-None-Match") == tag:
        return Reply(status=NOT_CHANGED, url=request.url, at=NOW)
    headers = {"content-type": "text/html; charset=utf-8", "etag": tag}
    return Reply(url=request.url, body=body, headers=headers, at=NOW)


WORLD = World(
    settings=Settings(pages=tuple(f"https://town.example/{key}" for key in "1239")),
    serve=serve,
    words=lambda text: f"Mairie\n\n{BEFORE}\n\n{' '.join(text.split())}\n\n{AFTER}",
)
