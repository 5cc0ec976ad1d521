"""``quivive replay FILE --query Q --json`` gives one JSON object a signal, in order of time."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from quivive.cli import build
from quivive.vocabulary.errors import BadQuery

START = datetime(2026, 3, 2, tzinfo=UTC)
STORM = START + timedelta(days=6, hours=10)

ORDINARY = [
    (START + timedelta(hours=hour), "the heating works again in our tower")
    for hour in range(0, 6 * 24, 5)
]
CALM = [
    (at + timedelta(minutes=9), "what a fine sky over the bridge tonight") for at, _ in ORDINARY
]
CRY = (STORM - timedelta(hours=1), "the heating smells of gas")
LOUD = [
    (STORM + timedelta(minutes=2 * number), f"no heating since this morning, flat {number}")
    for number in range(40)
]


def replayed(folder: Path, *options: str, lines: str = "") -> Result:
    file = folder / "posts.ndjson"
    posts = [
        {
            "id": str(number),
            "network": "x",
            "published": at.isoformat(),
            "attributed_to": {"id": f"author {number}"},
            "content": text,
        }
        for number, (at, text) in enumerate(sorted([*ORDINARY, *CALM, CRY, *LOUD]))
    ]
    file.write_text("\n".join([*map(json.dumps, posts), lines]), encoding="utf-8")
    return CliRunner().invoke(
        build(["replay"]), ["replay", str(file), "--query", "heating", *options]
    )


def signals_of(told: Result) -> list[dict[str, Any]]:
    assert told.exit_code == 0, told.output
    return [json.loads(line) for line in told.stdout.splitlines()]


class TestReplay:
    """A replay ..."""

    def test_rings_within_an_hour_of_the_storm_and_dates_its_beginning(
        self, tmp_path: Path
    ) -> None:
        signals = signals_of(replayed(tmp_path, "--json"))
        burst = next(one for one in signals if one["kind"] == "burst")

        assert STORM < datetime.fromisoformat(burst["rang_at"]) < STORM + timedelta(hours=1)
        assert abs(datetime.fromisoformat(burst["onset"]) - STORM) < timedelta(minutes=90)
        assert "people wrote in" in burst["reason"]

    def test_rings_at_a_severe_word_at_once(self, tmp_path: Path) -> None:
        signals = signals_of(replayed(tmp_path, "--json", "--severe", "gas"))
        severe = next(one for one in signals if one["kind"] == "severe-word")

        assert datetime.fromisoformat(severe["rang_at"]) == CRY[0]

    def test_names_each_kind_as_people_do(self, tmp_path: Path) -> None:
        told = replayed(tmp_path, "--severe", "gas").stdout

        assert "severe word  " in told
        assert "severe-word" not in told

    def test_lets_no_post_drive_the_terminal(self, tmp_path: Path) -> None:
        said = {
            "id": "\x1b]0;title\x07",
            "network": "x",
            "published": STORM.isoformat(),
            "attributed_to": {"id": "eve", "handle": "\x1b[2Jeve"},
            "content": "the heating smells of gas \x9b31m",
        }
        told = replayed(tmp_path, "--severe", "gas", lines=json.dumps(said)).stdout

        assert "[2Jeve" in told
        assert not set("\x07\x1b\x9b") & set(told)

    def test_rings_more_rarely_where_fewer_false_alarms_are_accepted(self, tmp_path: Path) -> None:
        keen, calm = (
            [
                datetime.fromisoformat(one["rang_at"])
                for one in signals_of(
                    replayed(tmp_path, "--json", "--false-alarms-per-week", accepted)
                )
                if one["kind"] == "burst"
            ]
            for accepted in ("10", "0.001")
        )

        assert keen[0] < min([*calm, STORM + timedelta(hours=1)])

    def test_says_what_it_read_and_what_it_could_not(self, tmp_path: Path) -> None:
        told = replayed(tmp_path, lines='{"id": "broken"')

        assert "lines that could not be read: 1" in told.stderr
        assert f"Posts matched: {len(ORDINARY) + len(LOUD) + 1}" in told.stderr

    def test_refuses_a_query_it_cannot_read(self, tmp_path: Path) -> None:
        told = replayed(tmp_path, "--query", "heating AND (")

        assert isinstance(told.exception, BadQuery)
