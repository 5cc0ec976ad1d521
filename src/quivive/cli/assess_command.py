"""``quivive assess``: the three-axis sheet for the posts of a file that a query catches."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quivive.assess import AssessSettings, Heard, Organisation, assess
from quivive.assess.heard import critical_of
from quivive.assess.onsets import critical_times, first_onset, usual_per_hour
from quivive.cli.given import given
from quivive.cli.progress import reading
from quivive.cli.speech import gettext as _
from quivive.cli.speech import moment, spoken
from quivive.listen.known import Known
from quivive.listen.matching import compile_watch
from quivive.listen.query import parse
from quivive.listen.whereabouts import Finder
from quivive.vocabulary.assessments import Assessment, Axis, HumanInputs, Indicator, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.places import Place, PlaceKind, Scope, Told, scope_for
from quivive.vocabulary.posts import Post
from quivive.wire.files import read_posts
from quivive.wire.gazetteers import place_finder
from quivive.wire.models import load_languages, load_sentiment, tell_language
from quivive.wire.rubrics import read_rubric

_BAR = 20
"""Characters of a full bar."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("assess", help=_("How dangerous is it, and why? The three-axis sheet."))(
        assess_file
    )


def assess_file(
    file: Annotated[Path, typer.Argument(help=_("File of posts."), show_default=False)],
    query: Annotated[str, typer.Option(help=_("What to look for."), show_default=False)],
    at: Annotated[
        str | None, typer.Option(help=_("Moment of the sheet (ISO 8601); else the last post's."))
    ] = None,
    onset: Annotated[
        str | None, typer.Option(help=_("When it began (ISO 8601); else it is estimated."))
    ] = None,
    harm: Annotated[
        float | None, typer.Option(help=_("Harm at stake, 0 to 1."), min=0, max=1)
    ] = None,
    threat: Annotated[
        ThreatType | None, typer.Option("--type", help=_("What kind of threat it is."))
    ] = None,
    claim_status: Annotated[
        ClaimStatus | None, typer.Option(help=_("How far the claim has been checked."))
    ] = None,
    own: Annotated[
        list[str] | None, typer.Option(help=_("Handle of an account of ours; may be repeated."))
    ] = None,
    own_followers: Annotated[
        int | None, typer.Option(help=_("Audience of our accounts."), min=0)
    ] = None,
    dwellings: Annotated[int | None, typer.Option(help=_("Homes we manage."), min=0)] = None,
    building: Annotated[
        list[str] | None, typer.Option(help=_("Name of a residence of ours; may be repeated."))
    ] = None,
    town: Annotated[
        list[str] | None, typer.Option(help=_("Name of a town of ours; may be repeated."))
    ] = None,
    department: Annotated[
        list[str] | None, typer.Option(help=_("Name of a department of ours; may be repeated."))
    ] = None,
    baseline: Annotated[
        float | None, typer.Option(help=_("Usual critical posts an hour; else guessed."), min=0)
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(help=_("File of weights and thresholds (TOML); else the program's own.")),
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help=_("Format of the file."))] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help=_("Print one JSON object."))] = False,
) -> None:
    """Assess a file; what only people can say is asked for in the sheet, never invented."""
    numbers = read_rubric(given(settings)) if settings else AssessSettings()
    organisation = Organisation(
        own_followers=own_followers,
        dwellings=dwellings,
        own_accounts=tuple(own or ()),
        buildings=tuple(building or ()),
        towns=tuple(town or ()),
        departments=tuple(department or ()),
    )
    finder = _finder(organisation)
    heard = _hear(_caught(given(file), query, file_format, finder), finder)
    now = _moment(at) if at else max(each.post.published for each in heard)
    times = critical_times(heard, now=now, organisation=organisation)
    usual = usual_per_hour(times, numbers) if baseline is None else baseline
    sheet = assess(
        heard,
        now=now,
        onset=_onset(onset, heard, times, usual),
        organisation=organisation,
        inputs=HumanInputs(harm=harm, type=threat, claim_status=claim_status),
        baseline_per_hour=usual,
        settings=numbers,
    )
    if as_json:
        sys.stdout.write(f"{msgspec.json.encode(_plain(sheet)).decode()}\n")
    else:
        _show(sheet)


def _finder(organisation: Organisation) -> Finder:
    """Find places as the room does: ours as they were named, and all that everybody knows."""
    named = {
        PlaceKind.RESIDENCE: organisation.buildings,
        PlaceKind.TOWN: organisation.towns,
        PlaceKind.DEPARTMENT: organisation.departments,
    }
    ours = tuple(
        Place(kind=kind, name=name, ours=True) for kind, names in named.items() for name in names
    )
    return place_finder(ours)


def _caught(file: Path, query: str, file_format: str, finder: Finder) -> list[Post]:
    """Posts that the query catches, with the wordless reposts of those, each once."""
    matcher = compile_watch({"query": parse(query)}, Known(finder=finder, tell=tell_language))
    posts: dict[str, Post] = {}
    reposts: list[Post] = []
    with reading(file) as progress:
        for batch in progress.follow(read_posts(file, format=file_format)):
            found = matcher.match(batch.posts)
            posts |= {batch.posts[index].id: batch.posts[index] for index, _topics in found}
            reposts += [post for post in batch.posts if post.repost_of]
    posts |= {post.id: post for post in reposts if post.repost_of in posts}
    if not posts:
        raise BadFile(
            say("No post of {name} matches the query.", name=file.name),
            say("Try it with `quivive match`, and make it wider."),
        )
    return list(posts.values())


def _hear(posts: list[Post], finder: Finder) -> list[Heard]:
    """Read how each text leans and where it speaks of; a post without words stays unknown."""
    told = [post for post in posts if post.content.strip()]
    texts, tags = [post.content for post in told], [post.language for post in told]
    authors = [post.attributed_to.id for post in told]
    home = load_languages().mostly(texts, tags)
    read = load_sentiment().read(texts, tags, authors, home)
    critical = {
        post.id: critical_of(how.label, how.negative) for post, how in zip(told, read, strict=True)
    }
    return [
        Heard(post=post, critical=critical.get(post.id), scope=_scope(post, finder))
        for post in posts
    ]


def _scope(post: Post, finder: Finder) -> Scope | None:
    scopes: dict[Told, Scope] = {}
    for one in finder.find(post):
        scopes[one.told] = min(one.scope, scopes.get(one.told, one.scope))
    return scope_for(scopes, tagged=bool(post.place))


def _onset(
    given: str | None, heard: list[Heard], times: list[datetime], per_hour: float
) -> datetime:
    if given:
        return _moment(given)
    return first_onset(times, per_hour) or min(each.post.published for each in heard)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadRecord(
            say("{given} is not a moment with its zone.", given=text),
            say("Write it like 2026-01-31T18:30:00+01:00."),
        )
    return found


def _plain(sheet: Assessment) -> dict[str, object]:
    """The sheet for programs: field names are stable, sentences are in the user's language."""
    return {
        "at": sheet.at,
        "level": int(sheet.level),
        "level_name": sheet.level.name.lower().replace("_", "-"),
        "score": round(sheet.score, 1),
        "low": round(sheet.low, 1),
        "high": round(sheet.high, 1),
        "axes": {axis.value: round(value, 1) for axis, value in sheet.axes.items()},
        "indicators": [_indicator(each) for each in sheet.indicators],
        "explanation": _joined(sheet.explanation),
        "floors": [spoken(each) for each in sheet.floors],
        "missing": list(sheet.missing),
        "blind_spots": [spoken(each) for each in sheet.blind_spots],
        "level_above": round(sheet.level_above, 3),
        "reproduction": sheet.reproduction,
        "reproduction_sd": sheet.reproduction_sd,
        "trend": sheet.trend,
        "growth": sheet.growth,
        "relays": sheet.relays,
        "top3": sheet.top3,
        "doubling_min": sheet.doubling_min,
    }


def _indicator(one: Indicator) -> dict[str, object]:
    return {
        "code": one.code,
        "axis": one.axis.value,
        "value": round(one.value, 3),
        "weight": one.weight,
        "sd": round(one.sd, 3),
        "points": round(one.points, 2),
        "explanation": spoken(one.explanation),
        "assumed": one.assumed,
        "evidence": list(one.evidence),
    }


def _joined(sentences: Iterable[Message]) -> str:
    return " ".join(spoken(sentence) for sentence in sentences)


def _show(sheet: Assessment) -> None:
    out = Console(highlight=False)
    out.print(f"[bold]{spoken(sheet.explanation[0])}[/]  {moment(sheet.at)}")
    table = Table(box=None, pad_edge=False)
    for name in (_("term"), "", _("points"), _("why")):
        table.add_column(name, justify="right" if name == _("points") else "left")
    for axis in Axis:
        table.add_row(
            f"[bold]{_AXES[axis]}[/]", _bar(sheet.axes[axis] / 100), f"{sheet.axes[axis]:.0f}/100"
        )
        for one in (each for each in sheet.indicators if each.axis is axis):
            mark = "?" if one.assumed else " "
            table.add_row(
                f" {one.code}{mark}",
                _bar(one.value),
                f"{one.points:.1f}",
                Text(spoken(one.explanation)),
            )
    out.print(table)
    for sentence in (*sheet.floors, *sheet.explanation[1 + _SAID :]):
        out.print(spoken(sentence), markup=False)
    out.print(_("What it cannot see:"))
    for spot in sheet.blind_spots:
        out.print(f"  {spoken(spot)}", style="dim", markup=False)


_SAID = 9
"""Sentences of the explanation that the table already shows."""

_AXES = {Axis.NATURE: _("Nature"), Axis.INFLUENCE: _("Influence"), Axis.EXTENT: _("Extent")}


def _bar(share: float) -> str:
    full = round(_BAR * share)
    return "█" * full + "·" * (_BAR - full)
