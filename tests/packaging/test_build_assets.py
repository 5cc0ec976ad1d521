"""The script that makes the files git does not hold."""

import os
from pathlib import Path

import build_assets
import pytest

BELL = '<!-- by Lucide -->\n<svg\n  width="24"\n>\n  <path d="M1 2" />\n</svg>\n'
CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def icons(tmp_path):
    (tmp_path / "bell.svg").write_text(BELL)
    return tmp_path


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with one sentence to compile, whose front-end files are all in place."""
    monkeypatch.setattr(build_assets, "_front_end", lambda _root: [])
    catalogue = tmp_path / "src/quivive/locale/fr/LC_MESSAGES/django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(f'{CATALOGUE}msgid "Stop"\nmsgstr "Arrêter"\n')
    return tmp_path


class TestTheIconSheet:
    def test_holds_each_icon_once_under_its_name(self, icons):
        sheet = build_assets.icon_sheet(["bell", "bell"], icons)

        assert sheet.count("<symbol") == 1
        assert 'id="bell"' in sheet
        assert '<path d="M1 2" /></symbol>' in sheet

    def test_says_which_line_to_correct_when_lucide_has_no_such_icon(self, icons):
        with pytest.raises(build_assets.CannotBuild, match=r"“bel”.*correct the line"):
            build_assets.icon_sheet(["bel"], icons)


class TestTranslations:
    def test_are_compiled_once(self, checkout):
        first = build_assets.prepare(checkout)
        second = build_assets.prepare(checkout)

        assert first == ["src/quivive/locale/fr/LC_MESSAGES/django.mo"]
        assert second == []

    def test_are_compiled_again_when_a_sentence_changed(self, checkout):
        [compiled] = build_assets.prepare(checkout)
        later = (checkout / compiled).stat().st_mtime + 10
        os.utime((checkout / compiled).with_suffix(".po"), (later, later))

        assert build_assets.prepare(checkout) == [compiled]


class TestTheFrontEndFiles:
    def test_are_those_of_the_lock_file(self):
        lock = (Path(build_assets.__file__).parent / "package-lock.json").read_text()
        packages = {
            "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
            for name in (*build_assets.NPM_FILES, *build_assets.LICENCES)
        }

        assert [name for name in packages if f'"node_modules/{name}"' not in lock] == []
