"""Checks the severity sheet: formulas against the worked scenario, and time on 10,000 posts (R-09).

The scenario and the table come from one author and share the formulas: a check that the page was
read right, never a validation. Run: ``python bench/assess.py [folder of the scenario]``.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from quivive.assess import Heard, Organisation, assess
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.assessments import Assessment, Axis, HumanInputs, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.posts import Post

PARIS = "+01:00"
ONSET = datetime.fromisoformat(f"2025-11-18T18:12{PARIS}")
FLARE = datetime.fromisoformat(f"2025-11-20T12:34{PARIS}")
TABLE = (
    ("2025-11-18T18:16", 28.2, "24-35", 1, "50/2/22", 2, "-"),
    ("2025-11-18T18:35", 47.7, "42-53", 2, "61/28/46", 7, "2.1"),
    ("2025-11-18T18:45", 64.9, "60-70", 3, "61/74/63", 11, "2.1"),
    ("2025-11-18T19:15", 59.3, "55-65", 3, "61/80/43", 15, "1.2"),
    ("2025-11-18T19:30", 62.0, "58-68", 3, "69/74/45", 14, "1.1"),
    ("2025-11-18T20:30", 60.0, "56-66", 3, "70/84/31", 3, "0.4"),
    ("2025-11-18T21:00", 51.3, "47-56", 2, "68/56/29", 1, "0.6"),
    ("2025-11-18T22:00", 41.2, "38-47", 2, "64/26/27", 1, "-"),
    ("2025-11-20T12:46", 45.1, "40-50", 2, "66/29/33", 4, "2.1"),
    ("2025-11-20T12:58", 61.1, "56-65", 3, "67/70/48", 6, "1.9"),
)
"""Moment, score, interval, level, axes, critical posts in the hour, R: as printed in the page."""


def scenario(folder: Path) -> None:
    """Print the printed sheet beside ours, with labels' stance and plausible human inputs."""
    if not (folder / "scenario.ndjson").exists():
        print(f"The scenario is not in {folder}: this part is left out.")
        return
    labels = json.loads((folder / "scenario_labels.json").read_text("utf-8"))["posts"]
    lines = (folder / "scenario.ndjson").read_bytes().splitlines()
    posts = [msgspec.convert(json.loads(line) | {"media": []}, Post) for line in lines]
    heard = [Heard(post=p, critical=float(labels[p.id]["critical"])) for p in posts]
    print("moment            theirs                          ours")
    for moment, score, interval, level, axes, hour, again in TABLE:
        now = datetime.fromisoformat(f"{moment}{PARIS}")
        sheet = _sheet(heard, now)
        theirs = f"{score} [{interval}] L{level} {axes} n={hour} R={again}"
        print(f"{moment[5:]}  {theirs:42} {_told(sheet)}")


def _sheet(heard: list[Heard], now: datetime) -> Assessment:
    onset = FLARE if now >= FLARE else ONSET
    return assess(
        heard,
        now=now,
        onset=onset,
        organisation=Organisation(
            own_followers=2150,
            own_accounts=("valdorle_habitat",),
            buildings=("résidence des Érables",),
            towns=("Valdorle",),
            departments=("Orle",),
        ),
        inputs=_inputs(now),
        baseline_per_hour=0.08,
    )


def _inputs(now: datetime) -> HumanInputs:
    """What a team would have said at that moment; the page does not print it."""
    harm = 0.75 if now >= ONSET + timedelta(minutes=19) else 0.5
    checked = now >= datetime.fromisoformat(f"2025-11-18T20:48{PARIS}")
    kind = ThreatType.BROKEN_PROMISE if now >= FLARE else ThreatType.TECHNICAL_FAILURE
    if now >= FLARE:
        return HumanInputs(harm=0.5, type=kind, claim_status=ClaimStatus.TRUE)
    status = ClaimStatus.FALSE if checked else ClaimStatus.UNVERIFIED
    return HumanInputs(harm=harm, type=kind, claim_status=status)


def _told(sheet: Assessment) -> str:
    axes = "/".join(f"{sheet.axes[axis]:.0f}" for axis in Axis)
    again = "-" if sheet.reproduction is None else f"{sheet.reproduction:.1f}"
    return (
        f"{sheet.score:.1f} [{sheet.low:.0f}-{sheet.high:.0f}] L{sheet.level.value} "
        f"{axes} R={again} {sheet.trend}"
    )


def speed(count: int = 10_000) -> None:
    """Time one whole sheet over ``count`` posts, three quarters of them inside two hours."""
    now = datetime(2026, 1, 10, 12, tzinfo=UTC)
    heard = [_made(n, now) for n in range(count)]
    times = [_timed(heard, now) for _ in range(3)]
    print(f"{count:,} posts: {min(times):.3f} s for one sheet (best of 3; first {times[0]:.3f} s).")


def _timed(heard: list[Heard], now: datetime) -> float:
    begun = time.perf_counter()
    assess(
        heard,
        now=now,
        onset=now - timedelta(hours=6),
        organisation=Organisation(own_followers=2000, towns=("Sourceville",)),
        inputs=HumanInputs(),
        baseline_per_hour=1.0,
    )
    return time.perf_counter() - begun


def _made(n: int, now: datetime) -> Heard:
    who = (n * 7919) % 2500
    ago = (n * 104_729) % 7200 if n % 4 else (n * 104_729) % 21_600
    answered = f"m:{n // 3}" if n % 5 == 0 and n else None
    return Heard(
        post=Post(
            id=f"m:{n}",
            network="made",
            published=now - timedelta(seconds=ago),
            attributed_to=Account(id=f"a:{who}", handle=f"somebody_{who}", followers=who),
            content="Toujours pas d'eau chaude ce matin, c'est une honte et personne ne répond.",
            in_reply_to=answered,
            place="Sourceville",
        ),
        critical=(n % 10) / 10,
    )


if __name__ == "__main__":
    scenario(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/knowledge"))
    speed()
