"""``quivive match``: the posts of a file that a query catches, and why."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from quivive.cli.given import given
from quivive.cli.progress import reading
from quivive.cli.speech import gettext as _
from quivive.cli.speech import harmless, moment, spoken
from quivive.listen.known import NOTHING_KNOWN, Known, unknown_names
from quivive.listen.matching import compile_watch, explain
from quivive.listen.query import Query, hints, parse
from quivive.vocabulary.errors import BadQuery
from quivive.vocabulary.messages import say_many
from quivive.vocabulary.posts import Post
from quivive.wire.files import read_posts
from quivive.wire.gazetteers import place_finder
from quivive.wire.models import tell_language

_SHOWN = 60
"""Characters of a bad query that are shown on each side of the mistake."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("match", help=_("Show the posts of a file that a query catches."))(match_file)


def match_file(
    query: Annotated[str, typer.Argument(help=_("What to look for."), show_default=False)],
    file: Annotated[Path, typer.Argument(help=_("File of posts."), show_default=False)],
    ids: Annotated[bool, typer.Option("--ids", help=_("Only the ids, one a line."))] = False,
    explained: Annotated[
        bool, typer.Option("--explain", help=_("Say which part of the query matched what."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
    file_format: Annotated[str, typer.Option("--format", help=_("Format of the file."))] = "auto",
) -> None:
    """Match a file; only a post's own words count, so a repost without words never matches."""
    asked = _read(query)
    file = given(file)
    printer = _Printer(asked, ids=ids, explained=explained, as_json=as_json)
    with reading(file) as progress:
        batches = progress.follow(read_posts(file, format=file_format))
        printer.print_all(batch.posts for batch in batches)
    printer.close(quarantined=progress.quarantined)


def pointed(query: str, trouble: BadQuery) -> Text:
    r"""Show the line of a query with a caret under the mistake.

    >>> from quivive.vocabulary.messages import say
    >>> trouble = BadQuery(say("?"), say("?"), line=2, column=5)
    >>> print(pointed("heat\ncar OR OR", trouble))
      car OR OR
          ^
    """
    line = query.split("\n")[trouble.line - 1].replace("\t", " ")
    first = max(0, trouble.column - 1 - _SHOWN)
    before = line[first : trouble.column - 1]
    after = line[trouble.column - 1 : trouble.column + _SHOWN]
    return Text(f"  {harmless(before + after)}\n  {' ' * cell_len(before)}^")


def _read(query: str) -> Query:
    try:
        asked = parse(query)
    except BadQuery as trouble:
        place = _("Line {line}, column {column}:").format(line=trouble.line, column=trouble.column)
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(place)
        console.print(pointed(query, trouble))
        raise
    for hint in (*hints(asked), *unknown_names(asked, NOTHING_KNOWN)):
        Console(stderr=True, highlight=False).print(spoken(hint), style="yellow", markup=False)
    return asked


class _Printer:
    """Prints what matches, in the form that was asked for; a post that comes twice counts once."""

    def __init__(self, query: Query, *, ids: bool, explained: bool, as_json: bool) -> None:
        self._query = query
        self._known = Known(finder=place_finder(), tell=tell_language)
        self._ids = ids
        self._explained = explained
        self._json = as_json
        self._seen: set[int] = set()
        self._posts = 0
        self._out = Console(highlight=False, soft_wrap=True)

    def print_all(self, batches: Iterable[list[Post]]) -> None:
        matcher = compile_watch({"query": self._query}, self._known)
        for posts in batches:
            self._posts += len(posts)
            caught = (posts[index] for index, _topics in matcher.match(posts))
            for post in self._new(caught):
                self._print(post)

    def close(self, *, quarantined: int) -> None:
        """Say how much was read, on standard error."""
        found = say_many(
            "{count} post matched out of {posts}; lines that could not be read: {bad}.",
            "{count} posts matched out of {posts}; lines that could not be read: {bad}.",
            len(self._seen),
            posts=self._posts,
            bad=quarantined,
        )
        Console(stderr=True, highlight=False).print(spoken(found), markup=False)

    def _new(self, posts: Iterable[Post]) -> Iterator[Post]:
        for post in posts:
            key = hash(post.id)
            if key not in self._seen:
                self._seen.add(key)
                yield post

    def _print(self, post: Post) -> None:
        if self._ids:
            sys.stdout.write(harmless(f"{post.id}\n"))
        elif self._json:
            sys.stdout.write(f"{self._as_line(post)}\n")
        else:
            self._show(post)

    def _as_line(self, post: Post) -> str:
        if not self._explained:
            return msgspec.json.encode(post).decode()
        clauses = explain(self._query, post, known=self._known)
        return msgspec.json.encode({**msgspec.to_builtins(post), "clauses": clauses}).decode()

    def _show(self, post: Post) -> None:
        author = post.attributed_to
        name = f"@{author.handle}" if author.handle else author.id
        title = Text(f"{moment(post.published)}  ", style="dim")
        title.append(harmless(name), style="bold not dim")
        title.append(harmless(f"  {post.network}  {post.id}"))
        self._out.print(title)
        for line in harmless(post.content).splitlines():
            self._out.print(f"  {line}", markup=False)
        for clause in explain(self._query, post, known=self._known) if self._explained else ():
            words = ", ".join(clause.words)
            self._out.print(Text(harmless(f"  {clause.text}  ←  {words}"), style="green"))
