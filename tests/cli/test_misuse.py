"""What is typed wrong on the command line: which sentence answers, and what it says to type."""

import pytest

from quivive import cli
from quivive.vocabulary.messages import Message


class TestWhatIsTypedWrong:
    @pytest.fixture
    def answer(self, monkeypatch, capsys):
        def type_in(*words: str) -> tuple[str, str, object]:
            monkeypatch.setattr("sys.argv", ["quivive", *words])
            spoken: list[Message] = []
            monkeypatch.setattr(cli, "spoken", lambda message: spoken.append(message) or "")
            with pytest.raises(SystemExit) as stopped:
                cli.main()
            assert stopped.value.code == 2
            assert capsys.readouterr().out == ""
            what, remedy = spoken
            return what.text, remedy.text, {**what.values, **remedy.values}

        return type_in

    @pytest.mark.parametrize(
        ("typed", "said", "remedy", "values"),
        [
            ("repaly", "There is no command {name}.", "Perhaps: {names}.", {"names": "replay"}),
            (
                "match chauffage",
                "{name} is missing.",
                "{command} --help tells what one may type.",
                {"name": "file"},
            ),
            (
                "match panne de chauffage",
                "These words are too many: {words}.",
                "Several words that belong together, as a query, go between quotes.",
                {"words": "chauffage"},
            ),
            (
                "sentiment --jso x",
                "There is no option {name}.",
                "Perhaps: {names}.",
                {"names": "--json"},
            ),
            (
                "replay x --query",
                "{name} needs a value.",
                "{command} --help tells what one may type.",
                {"name": "--query"},
            ),
            (
                "up --port 99999",
                "This value of {name} is not possible.",
                "At most {number}.",
                {"name": "--port", "number": 65535},
            ),
            (
                "forecast x --at soon",
                "This value of {name} is not possible.",
                "{command} --help tells what one may type.",
                {"name": "--at"},
            ),
        ],
    )
    def test_is_said_in_sentences_that_are_translated(self, answer, typed, said, remedy, values):
        what, what_to_do, told = answer(*typed.split())

        assert (what, what_to_do) == (said, remedy)
        assert told.items() >= values.items()

    def test_is_not_a_file_that_may_not_be_read(self, answer, tmp_path, monkeypatch):
        file = tmp_path / "posts.ndjson"
        file.touch()
        monkeypatch.setattr("os.access", lambda *_args, **_kw: False)

        what, _, values = answer("match", "lift", str(file))

        assert what == "The system does not let us read {name}."
        assert values["name"] == str(file)
