"""``quivive replay``: run the whole flow on past posts and print what would have rung."""

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console

from quivive.cli.given import given
from quivive.cli.progress import reading
from quivive.cli.speech import gettext as _
from quivive.cli.speech import harmless, moment, spoken
from quivive.cli.zones import known_zone
from quivive.detect.claims import Reader
from quivive.engines.local import replay
from quivive.flow.steps import Outcome
from quivive.flow.talk import Talk, read
from quivive.flow.watch import watch_for
from quivive.listen.known import Known
from quivive.vocabulary.matches import Match
from quivive.vocabulary.signals import KIND_NAMES, Signal
from quivive.vocabulary.topics import AlertRule, RuleKind, Topic
from quivive.wire.files import read_posts
from quivive.wire.gazetteers import place_finder
from quivive.wire.models import load_encoder, load_sentiment, load_stance, tell_language


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "replay", help=_("Run the whole flow on past posts: what would have rung, and when?")
    )(replay_file)


def replay_file(
    file: Annotated[Path, typer.Argument(help=_("File of posts."), show_default=False)],
    query: Annotated[str, typer.Option(help=_("What to watch."), show_default=False)],
    speed: Annotated[
        float, typer.Option(help=_("Simulated seconds a second; 0 runs as fast as it can."), min=0)
    ] = 0,
    own: Annotated[
        list[str] | None, typer.Option(help=_("Handle of an account of ours; may be repeated."))
    ] = None,
    severe: Annotated[
        list[str] | None, typer.Option(help=_("Word that rings at every mention; may be repeated."))
    ] = None,
    followers: Annotated[
        int | None, typer.Option(help=_("Audience from which an author rings."), min=1)
    ] = None,
    false_alarms_per_week: Annotated[
        float, typer.Option(help=_("False alarms a week you accept."), min=0.001, max=50)
    ] = 0.1,
    file_format: Annotated[str, typer.Option("--format", help=_("Format of the file."))] = "auto",
    zone: Annotated[str, typer.Option(help=_("Zone people live by."), callback=known_zone)] = "UTC",
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> None:
    """Replay a file with a simulated clock."""
    topic = Topic(
        id="replay",
        name="replay",
        query=query,
        rules=tuple(_rules(severe or [], followers, false_alarms_per_week)),
        own_accounts=tuple(handle.lstrip("@") for handle in own or []),
    )
    known = Known(finder=place_finder(), zone=ZoneInfo(zone), tell=tell_language)
    watch = watch_for([topic], load_sentiment(), known)
    file = given(file)
    with reading(file) as progress:
        batches = (batch.posts for batch in progress.follow(read_posts(file, format=file_format)))
        sink = Printer(topic, as_json=as_json, speed=speed)
        replay(batches, watch=watch, sink=sink)
    sink.close(quarantined=progress.quarantined)


def _rules(
    severe: list[str], followers: int | None, false_alarms_per_week: float
) -> list[AlertRule]:
    rules = [AlertRule(kind=RuleKind.BURST, false_alarms_per_week=false_alarms_per_week)]
    if severe:
        rules.append(AlertRule(kind=RuleKind.SEVERE_WORD, words=tuple(severe)))
    if followers:
        rules.append(AlertRule(kind=RuleKind.INFLUENTIAL_AUTHOR, followers=followers))
    return rules


class Printer:
    """A sink that prints signals as they are found, at the chosen pace."""

    def __init__(self, topic: Topic, *, as_json: bool, speed: float) -> None:
        """Start with nothing seen."""
        self._topic, self._talk = topic, Talk()
        self._reader = Reader(load_stance(), load_encoder())
        self._json = as_json
        self._speed = speed
        self._ids: set[int] = set()
        self._clock: datetime | None = None
        self._signals = 0
        self._out = Console(highlight=False, soft_wrap=True)

    def fresh(self, matches: Sequence[Match]) -> list[Match]:
        """Return each post once, however often the file holds it."""
        first = []
        for match in matches:
            key = hash(match.post.id)
            if key not in self._ids:
                self._ids.add(key)
                first.append(match)
        return first

    def keep(self, outcome: Outcome) -> None:
        """Print what changed, and what posts say of it, in the order found."""
        said = read(self._talk, outcome.matches, topic=self._topic, reader=self._reader)
        for signal in sorted([*outcome.signals, *said.signals], key=lambda one: one.found_at):
            self._wait_until(signal.found_at)
            self._signals += 1
            self._print(signal)

    def close(self, *, quarantined: int) -> None:
        """Say how much was read, on standard error."""
        Console(stderr=True, highlight=False).print(
            _(
                "Posts matched: {posts}; signals: {signals}; lines that could not be read: {bad}."
            ).format(posts=len(self._ids), signals=self._signals, bad=quarantined)
        )

    def _wait_until(self, found_at: datetime) -> None:
        if self._speed and self._clock is not None:
            time.sleep(max(0.0, (found_at - self._clock).total_seconds() / self._speed))
        self._clock = found_at

    def _print(self, signal: Signal) -> None:
        if self._json:
            typer.echo(msgspec.json.encode(as_line(signal)))
            return
        rang = moment(signal.rang_at) if signal.rang_at else _("rang nobody")
        self._out.print(
            f"[bold]{spoken(KIND_NAMES[signal.kind])}[/]  {rang}  "
            + _("onset {onset}, severity {severity}").format(
                onset=moment(signal.onset), severity=signal.severity
            )
        )
        self._out.print(f"  {spoken(signal.reason)}", markup=False)
        if first := " ".join(signal.evidence[:5]):
            self._out.print(f"  {harmless(first)}", style="dim", markup=False)


def as_line(signal: Signal) -> dict[str, object]:
    """Return a signal as the JSON object scripts rely on."""
    return {**msgspec.to_builtins(signal), "reason": spoken(signal.reason)}
