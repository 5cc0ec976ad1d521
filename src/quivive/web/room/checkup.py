"""How the room itself fares: whether it listens, can tell people, and kept its audit log whole."""

from collections.abc import Iterator
from datetime import datetime

from quivive.vocabulary.messages import Message, say, say_many
from quivive.web.coordinate.alerting_queries import nobody_told
from quivive.web.listen.mishaps import mishaps
from quivive.web.listen.source_queries import source_lines
from quivive.web.people.queries import check_audit_chain, is_set_up
from quivive.web.room.queries import lookout
from quivive.wire.checkup import Finding, State


def check_room(*, now: datetime) -> Iterator[Finding]:
    """Look at the room; one that nobody set up has nothing more to tell."""
    if not is_set_up():
        what = say("Nobody has set this room up yet.")
        remedy = say("Start it with quivive up, and open the address it prints.")
        yield Finding(about="set-up", state=State.WARN, what=what, remedy=remedy)
        return
    yield _listening(now)
    for one in mishaps(now=now):
        yield _finding("mishap", one.what, one.remedy)
    yield _telling(now)
    yield from _sources(now)
    yield _audit()


def _finding(
    about: str, what: Message, remedy: Message | None = None, *, state: State = State.WARN
) -> Finding:
    return Finding(about=about, state=state if remedy else State.FINE, what=what, remedy=remedy)


def _listening(now: datetime) -> Finding:
    page = lookout(span="24h", now=now)
    if not page.rows:
        return _finding("topics", say("No topic is watched."), say("Make one on the page Topics."))
    if not page.blind:
        count = page.watched
        what = say_many("{count} topic is watched.", "{count} topics are watched.", count)
        return _finding("listening", what)
    return _finding(
        "listening",
        say("The room does not listen: its engine stands still."),
        say("Start it with quivive up; if it runs, look at what it printed."),
        state=State.BAD,
    )


def _telling(now: datetime) -> Finding:
    silence = nobody_told(now)
    if silence is None:
        return _finding("quiet-hours", say("Somebody can be told at any hour."))
    begins, ends = (moment.isoformat() for moment in silence)
    return _finding(
        "quiet-hours",
        say("From {begins} to {ends} everybody is in quiet hours.", begins=begins, ends=ends),
        say("Agree on one person whose way stays open."),
    )


def _sources(now: datetime) -> Iterator[Finding]:
    lines = [line for line in source_lines(now=now) if line.row.stopped_at is None]
    if not lines:
        what = say("No live source: only files and what people saw come in.")
        yield _finding("sources", what, say("Add one on the page Sources."))
    for line in lines:
        about, name = f"source-{line.row.pk}", line.row.name
        if line.row.trouble:
            what = say("The source {name} does not answer.", name=name)
            yield _finding(about, what, say("Open it on the page Sources: it says why."))
        elif line.health.silent:
            what = say("The source {name} answers, but has brought nothing for long.", name=name)
            yield _finding(about, what, say("Try it on the page Sources."))
        else:
            yield _finding(about, say("The source {name} fares well.", name=name))


def _audit() -> Finding:
    chain = check_audit_chain()
    if chain.ok:
        return _finding("audit", say("The audit log is whole: {lines} lines.", lines=chain.lines))
    return _finding(
        "audit",
        say("The audit log was changed after line {lines}.", lines=chain.lines),
        say("Keep a copy of this database as it is, and find out who could write to it."),
        state=State.BAD,
    )
