"""Every mistake of a query as people are told of it: the snapshots, and how they are made anew."""

import gettext
from collections.abc import Sequence
from pathlib import Path

import quivive
from quivive.listen.query import parse
from quivive.vocabulary.errors import BadQuery
from quivive.vocabulary.messages import render

LOCALE = Path(quivive.__file__).parent / "locale"
LONGEST = 200
"""Longer queries are left out: nobody would read them in a snapshot."""


def snapshot(language: str) -> Path:
    return Path(__file__).parent / f"told_mistakes.{language}.txt"


def told(language: str, queries: Sequence[str]) -> str:
    return "\n".join(_told(language, query) for query in queries if len(query) < LONGEST)


def _told(language: str, query: str) -> str:
    speech = gettext.translation("django", LOCALE, [language], fallback=language == "en")

    def translate(text: str, plural: str, count: int) -> str:
        return speech.ngettext(text, plural, count) if plural else speech.gettext(text)

    try:
        parse(query)
    except BadQuery as trouble:
        line = query.split("\n")[trouble.line - 1]
        words = (render(trouble.what, translate), render(trouble.remedy, translate))
        return "\n".join((line, " " * (trouble.column - 1) + "^", *words, ""))
    raise AssertionError(f"No mistake in {query!r}.")


if __name__ == "__main__":
    from tests.listen.test_query import MISTAKES

    for language in ("en", "fr"):
        text = told(language, [typed for typed, _place, _remedy in MISTAKES])
        snapshot(language).write_text(text, encoding="utf-8")
