"""``quivive claims``: what posts of a file claim, and how each of them stands to it."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from quivive.cli.given import given
from quivive.cli.progress import reading, turns
from quivive.cli.speech import gettext as _
from quivive.cli.speech import harmless, moment, spoken
from quivive.detect.claims import Reader, together
from quivive.detect.clusters import Claims
from quivive.vocabulary.claims import FoundClaim, Stance, Standing
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.vocabulary.topics import Topic
from quivive.wire.files import read_posts
from quivive.wire.models import load_encoder, load_languages, load_sentiment, load_stance

TURN = 1_000
"""Posts whose leaning is read at once."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("claims", help=_("Say what posts claim, who denies it and who asks."))(claims)


def claims(
    file: Annotated[Path, typer.Argument(help=_("File of posts."), show_default=False)],
    own: Annotated[
        list[str] | None, typer.Option(help=_("Handle of an account of ours; may be repeated."))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Also what a single post says."))
    ] = False,
    file_format: Annotated[str, typer.Option("--format", help=_("Format of the file."))] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> None:
    """Group the posts of a file by what they claim, rumour candidates first."""
    topic = Topic(
        id="file",
        name="file",
        query="",
        own_accounts=tuple(handle.lstrip("@") for handle in own or []),
    )
    file = given(file)
    with reading(file) as progress:
        known = {
            post.id: post
            for batch in progress.follow(read_posts(file, format=file_format))
            for post in batch.posts
        }
    found = sorted(_found(list(known.values()), topic), key=_rank)
    shown = [one for one in found if everything or one.rumour_at or len(one.standings) > 1]
    for claim in shown:
        typer.echo(_as_line(claim) if as_json else _as_words(claim))
    console = Console(stderr=True, highlight=False)
    console.print(
        _("Posts: {posts}; claims: {claims}; rumour candidates: {rumours}.").format(
            posts=len(known),
            claims=len(found),
            rumours=sum(claim.rumour_at is not None for claim in found),
        )
    )
    if len(shown) < len(found):
        console.print(
            _("{n} of them stand in a single post and are not listed; --all lists them.").format(
                n=len(found) - len(shown)
            )
        )


def _found(posts: list[Post], topic: Topic) -> list[FoundClaim]:
    """Place all posts in the order heard, as the flow does, and gather each claim whole."""
    posts.sort(key=lambda post: (post.heard_at, post.id))
    reader, state = Reader(load_stance(), load_encoder()), Claims()
    sentiments = load_sentiment()
    texts, tags = [post.content for post in posts], [post.language for post in posts]
    home = load_languages().mostly(texts, tags)
    found: list[FoundClaim] = []
    for first in turns(_("Claims"), len(posts), each=TURN):
        its = slice(first, first + TURN)
        turn = posts[its]
        read = sentiments.read(texts[its], tags[its], home=home)
        matches = [
            Match(post=post, topics=(topic.id,), sentiment=sentiment)
            for post, sentiment in zip(turn, read, strict=True)
        ]
        found += reader.take(state, matches, topic)
    return together(found)


def _rank(claim: FoundClaim) -> tuple[bool, int, int, float]:
    """Rumours first, then who are asked about most, then the largest, then the earliest."""
    asked = sum(standing.stance is Stance.ASKS for standing in claim.standings)
    return (claim.rumour_at is None, -asked, -len(claim.standings), claim.first_at.timestamp())


def _counts(claim: FoundClaim) -> dict[str, int]:
    stances = [standing.stance for standing in claim.standings]
    return {stance.value: stances.count(stance) for stance in Stance}


def _as_line(claim: FoundClaim) -> str:
    line = {
        "id": claim.id,
        "claim": claim.sentence,
        "sentence_from": claim.sentence_from,
        "language": claim.language,
        "story": claim.story,
        "first_post": claim.standings[0].post,
        "first_at": claim.first_at,
        "rumour": claim.rumour_at is not None,
        "rumour_at": claim.rumour_at,
        "counts": _counts(claim),
        "posts": [_as_object(standing) for standing in claim.standings],
    }
    return msgspec.json.encode(line).decode()


def _as_object(standing: Standing) -> dict[str, object]:
    return {
        "id": standing.post,
        "at": standing.at,
        "stance": standing.stance,
        "share": standing.share,
        "sourced": standing.sourced,
        "own": standing.own,
        "copy_of": standing.copy_of,
        "reasons": [spoken(reason) for reason in standing.reasons],
    }


def _as_words(claim: FoundClaim) -> str:
    counts = _counts(claim)
    told = _(
        "{relays} relay it, {denies} deny it, {asks} ask, {comments} comment; "
        "first heard at {time}."
    ).format(time=moment(claim.first_at), **counts)
    mark = _("rumour candidate: {claim}") if claim.rumour_at else _("claim: {claim}")
    return f"{mark.format(claim=harmless(claim.sentence))}\n  {told}\n"
