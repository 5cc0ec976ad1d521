"""``quivive assess`` on a small file."""

import json

import pytest
import typer
from typer.testing import CliRunner

from quivive.cli import assess_command
from quivive.vocabulary.errors import BadFile, BadRecord

WORDS = ("C'est une honte, toujours pas de chauffage !", "Chauffage en panne, quel mépris.")


@pytest.fixture
def file(tmp_path):
    lines = [
        json.dumps(
            {
                "id": f"p{n}",
                "network": "example",
                "published": f"2026-01-01T18:0{n}:00Z",
                "attributed_to": {"id": f"example:{n}", "handle": f"voisin_{n}", "followers": 50},
                "content": WORDS[n % 2],
            }
        )
        for n in range(6)
    ]
    repost = {
        "id": "r1",
        "network": "example",
        "published": "2026-01-01T18:07:00Z",
        "attributed_to": {"id": "example:ana"},
        "content": "",
        "repost_of": "p1",
    }
    path = tmp_path / "posts.ndjson"
    path.write_text("\n".join([*lines, json.dumps(repost)]), encoding="utf-8")
    return path


def run(*words):
    app = typer.Typer()
    assess_command.register(app)
    return CliRunner().invoke(app, [str(word) for word in words])


def e3(file, *more) -> float:
    """How far from us it is spoken of, as the sheet weighs it."""
    found = json.loads(run(file, "--query", "chauffage OR radiateur", "--json", *more).stdout)
    return next(one for one in found["indicators"] if one["code"] == "e3")["value"]


class TestPlaces:
    @pytest.fixture
    def far(self, file):
        """The same posts, of which some name a town in their words alone."""
        told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for line in told[:3]:
            line["content"] += " Je vous écris de Marseille."
        path = file.with_name("far.ndjson")
        path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
        return path

    def test_are_read_in_the_words_of_posts_as_the_room_does(self, file, far):
        assert e3(far, "--town", "Lille") > e3(file, "--town", "Lille")

    def test_of_ours_are_near(self, far):
        assert e3(far, "--town", "Marseille") < e3(far, "--town", "Lille")

    def test_can_be_asked_for_in_the_query(self, far):
        found = run(far, "--query", "chauffage place:Marseille", "--json")

        assert len(json.loads(found.stdout)["indicators"][0]["evidence"]) <= 3


class TestAssess:
    def test_prints_the_fields_scripts_rely_on(self, file):
        found = json.loads(run(file, "--query", "chauffage", "--json").stdout)

        assert {
            "level",
            "score",
            "low",
            "high",
            "axes",
            "indicators",
            "explanation",
            "blind_spots",
        } <= set(found)
        assert set(found["axes"]) == {"nature", "influence", "extent"}
        assert found["low"] <= found["score"] <= found["high"]
        assert sum(each["points"] for each in found["indicators"]) == pytest.approx(
            found["score"], abs=0.2
        )

    def test_counts_wordless_reposts_of_what_matches(self, file):
        found = json.loads(run(file, "--query", "chauffage", "--json").stdout)

        ratio = next(each for each in found["indicators"] if each["code"] == "e2")
        assert "r1" in ratio["evidence"]

    def test_asks_what_only_people_can_say(self, file):
        asked = json.loads(run(file, "--query", "chauffage", "--json").stdout)
        told = json.loads(
            run(
                file,
                "--query",
                "chauffage",
                "--json",
                "--harm",
                "1",
                "--type",
                "rumour",
                "--claim-status",
                "unverified",
            ).stdout
        )

        assert asked["missing"] == ["harm", "type", "claim_status"]
        assert told["missing"] == []
        assert told["level"] >= 3

    def test_looks_no_further_than_the_moment(self, file):
        early = run(file, "--query", "chauffage", "--json", "--at", "2026-01-01T18:01:30+00:00")

        assert "p2" not in early.stdout

    def test_shows_a_table_to_people(self, file):
        done = run(file, "--query", "chauffage")

        assert done.exit_code == 0
        assert "█" in done.stdout

    def test_says_when_nothing_matches(self, file):
        trouble = run(file, "--query", "ascenseur").exception

        assert isinstance(trouble, BadFile)
        assert "make it wider" in str(trouble)

    def test_refuses_a_moment_without_a_zone(self, file):
        trouble = run(file, "--query", "chauffage", "--at", "2026-01-01T18:00").exception

        assert isinstance(trouble, BadRecord)
        assert "2026-01-31T18:30:00+01:00" in str(trouble)


class TestNumbersOfOnesOwn:
    def sheet(self, file, tmp_path, text):
        numbers = tmp_path / "rubric.toml"
        numbers.write_text(text, encoding="utf-8")
        return run(file, "--query", "chauffage", "--json", "--settings", numbers)

    def test_change_the_score_and_are_cited(self, file, tmp_path):
        text = 'version = "ours-2"\n[axes]\nnature = 1.0\ninfluence = 0.0\nextent = 0.0\n'
        ours = json.loads(self.sheet(file, tmp_path, text).stdout)
        plain = json.loads(run(file, "--query", "chauffage", "--json").stdout)

        assert ours["score"] == pytest.approx(plain["axes"]["nature"], abs=0.1)
        assert "version ours-2." in ours["explanation"]

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("leave_h = 4", "no version"),
            ('version = "1"\nleave = 4', "no number called leave"),
            ('version = "1"\n[axes]\nmood = 1.0', "no number called mood"),
            ('version = "1"\n[axes]\nnature = 0.9', "three axes must add up"),
            ('version = "1"\nleave_h = "four"', "not what it should be"),
            ("version = ", "not TOML"),
        ],
    )
    def test_that_make_no_sheet_are_told_apart(self, file, tmp_path, text, why):
        trouble = self.sheet(file, tmp_path, text).exception

        assert isinstance(trouble, BadFile)
        assert why in trouble.what.text.format(**trouble.what.values)
