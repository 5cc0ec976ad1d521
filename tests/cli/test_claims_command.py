"""``quivive claims FILE`` gives one JSON object a claim, rumour candidates first."""

import json
from pathlib import Path

from typer.testing import CliRunner

from quivive.cli import build

TEXTS = (
    "The bakery opens at seven",
    "Two people are in hospital after the gas leak in Hugo Tower",
    "Two people in hospital after the gas leak in Hugo Tower?? can anyone confirm",
    "There is no gas leak in Hugo Tower and nobody is in hospital",
)


def said_of(folder: Path, *options: str) -> str:
    file = folder / "posts.ndjson"
    posts = [
        {
            "id": str(number),
            "network": "x",
            "published": f"2026-03-01T08:0{number}:00Z",
            "attributed_to": {"id": f"author {number}"},
            "content": text,
        }
        for number, text in enumerate(TEXTS)
    ]
    file.write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
    told = CliRunner().invoke(build(["claims"]), ["claims", str(file), *options])
    assert told.exit_code == 0, told.output
    return told.output if not options else told.stdout


class TestClaims:
    """The claims of a file ..."""

    def test_come_with_sentence_first_post_and_stance_of_each(self, tmp_path: Path) -> None:
        (line,) = said_of(tmp_path, "--json").splitlines()
        claim = json.loads(line)

        assert claim["claim"] == TEXTS[1]
        assert claim["first_post"] == "1"
        assert claim["rumour"]
        assert {one["id"]: one["stance"] for one in claim["posts"]} == {
            "1": "relays",
            "2": "asks",
            "3": "denies",
        }

    def test_come_with_single_posts_when_all_are_asked_for(self, tmp_path: Path) -> None:
        assert len(said_of(tmp_path, "--json", "--all").splitlines()) == 2

    def test_are_told_in_words_to_people(self, tmp_path: Path) -> None:
        told = said_of(tmp_path)

        assert f"rumour candidate: {TEXTS[1]}" in told
        assert "1 of them stand in a single post and are not listed" in told

    def test_let_no_post_drive_the_terminal(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setattr(f"{__name__}.TEXTS", ("\x1b[2JThe gas\x07 in Hugo Tower leaks",))
        told = said_of(tmp_path, "--all")

        assert "[2JThe gas" in told
        assert not set("\x07\x1b") & set(told)
