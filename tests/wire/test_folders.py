"""A folder people drop files into."""

import os
import time

import pytest

from quivive.vocabulary.requests import Kind, NoAnswer, Request
from quivive.wire import folders
from quivive.wire.folders import carry_folder, dropped


@pytest.fixture
def drop(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIVIVE_DATA", str(tmp_path))
    folder = dropped("calls")

    def drop(name, body=b"eau", *, ago_s=60.0):
        path = folder / name
        path.write_bytes(body)
        os.utime(path, (time.time() - ago_s,) * 2)
        return path

    drop.folder = folder
    return drop


def names():
    return [part.name for part in carry_folder(Request(url="folder:///calls")).parts]


def move(name, to="done", why=b""):
    params = {"name": name, "to": to}
    carry_folder(Request(url="folder:///calls", method="MOVE", params=params, body=why))


class TestADroppedFile:
    def test_is_read_oldest_first(self, drop):
        drop("b.csv", ago_s=90)
        drop("a.csv", ago_s=30)

        assert names() == ["b.csv", "a.csv"]

    def test_is_left_while_it_is_written(self, drop):
        drop("now.csv", ago_s=0)
        drop("half.csv.part")
        drop(".hidden")

        assert names() == []

    def test_is_read_though_its_time_is_still_to_come(self, drop):
        drop("a.csv", ago_s=-3600)

        assert names() == ["a.csv"]

    def test_is_put_away_once_and_overwrites_nothing(self, drop):
        for body in (b"one", b"two"):
            drop("a.csv", body)
            move("a.csv")
        move("a.csv")

        assert names() == []
        done = {path.name: path.read_bytes() for path in (drop.folder / "done").iterdir()}
        assert done == {"a.csv": b"one", "a-2.csv": b"two"}

    def test_lies_in_quarantine_with_the_reason(self, drop):
        drop("a.csv")
        move("a.csv", "quarantine", b"No header.")

        why = drop.folder / "quarantine" / "a.csv.why.txt"
        assert why.read_text() == "No header.\n"

    def test_is_not_read_when_it_is_very_large(self, drop, monkeypatch):
        monkeypatch.setattr(folders, "LARGEST", 2)
        drop("a.csv")

        reply = carry_folder(Request(url="folder:///calls"))
        assert (reply.parts, reply.headers["too-large"]) == ((), "a.csv")


class TestAFolder:
    @pytest.mark.parametrize("name", ["..", "../people", "a/../../b", "/etc", ".ssh", "", "a\nb"])
    def test_never_lies_elsewhere(self, drop, name):
        with pytest.raises(NoAnswer) as refused:
            dropped(name)
        assert refused.value.kind is Kind.SETTINGS

    def test_follows_no_link_that_somebody_dropped(self, drop, tmp_path):
        secret = tmp_path / "secret.key"
        secret.write_text("secret")
        (drop.folder / "a.csv").symlink_to(secret)

        assert names() == []
        move("a.csv")
        assert secret.exists()

    @pytest.mark.parametrize("name", ["../../secret.key", "/etc/passwd"])
    def test_moves_nothing_that_lies_outside(self, drop, tmp_path, name):
        (tmp_path / "secret.key").write_text("secret")

        move(name)

        assert (tmp_path / "secret.key").exists()
        assert list((drop.folder / "done").iterdir()) == []
