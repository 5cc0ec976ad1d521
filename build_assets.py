"""Prepare the generated files that git does not hold: front-end files, icons, translations.

Three ways lead here: ``make run`` calls it, the wheel's build hook calls it, and anyone may type
``python build_assets.py``. It does nothing when nothing changed, and it takes every front-end file
from npm's lock file, so that no page ever asks another site for anything.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

NPM_FILES = {
    "@picocss/pico/css/pico.min.css": "pico.min.css",
    "uplot/dist/uPlot.min.css": "uPlot.min.css",
    "uplot/dist/uPlot.iife.min.js": "uPlot.iife.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "idiomorph/dist/idiomorph-ext.min.js": "idiomorph-ext.min.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
}
"""Path under ``node_modules`` → name in the static folder's ``vendor``."""

LICENCES = (
    "@picocss/pico/LICENSE.md",
    "uplot/LICENSE",
    "htmx.org/LICENSE",
    "idiomorph/LICENSE",
    "@fontsource-variable/inter/LICENSE",
    "lucide-static/LICENSE",
)


class CannotBuild(Exception):
    """Something a person has to put right first; the message says what and how."""


def main() -> None:
    """Prepare everything and say what was made."""
    try:
        made = prepare(Path(__file__).resolve().parent)
    except CannotBuild as trouble:
        raise SystemExit(str(trouble)) from None
    for name in made:
        sys.stderr.write(f"made {name}\n")


def prepare(root: Path) -> list[str]:
    """Bring the generated files of a checkout (or of an unpacked source archive) up to date.

    Returns:
        What had to be made, relative to ``root``; empty when all was in place.
    """
    return [str(path.relative_to(root)) for path in (*_front_end(root), *_translations(root))]


def _front_end(root: Path) -> list[Path]:
    """Copy the front-end files and draw the icon sheet, unless the stamp says it was done."""
    room = root / "src" / "quivive" / "web" / "room"
    vendor = room / "static" / "vendor"
    stamp = vendor / "stamp.txt"
    wanted = _digest(root / "package-lock.json", room / "icons.txt", root / "build_assets.py")
    if stamp.exists() and stamp.read_text() == wanted:
        return []
    modules = _node_modules(root)
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for source, name in NPM_FILES.items():
        shutil.copyfile(modules / source, vendor / name)
    names = (room / "icons.txt").read_text().split()
    (vendor / "icons.svg").write_text(icon_sheet(names, modules / "lucide-static" / "icons"))
    (vendor / "LICENSES.txt").write_text(
        "\n\n".join(f"== {name} ==\n\n{(modules / name).read_text()}" for name in LICENCES)
    )
    stamp.write_text(wanted)
    return [vendor]


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def icon_sheet(names: list[str], icons: Path) -> str:
    """Draw all icons into one file; a page shows one with ``<use href="…/icons.svg#bell">``.

    Raises:
        CannotBuild: a name that Lucide does not have.
    """
    symbols = []
    for name in sorted(set(names)):
        try:
            drawing = (icons / f"{name}.svg").read_text()
        except FileNotFoundError:
            raise CannotBuild(
                f"icons.txt names “{name}”, and Lucide has no such icon. "
                "Look the name up on lucide.dev/icons and correct the line."
            ) from None
        inner = re.sub(r"\s+", " ", drawing[drawing.index(">", drawing.index("<svg")) + 1 :])
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
            f"{inner.replace('</svg>', '').strip()}</symbol>"
        )
    sheet = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{sheet}\n</svg>\n'


def _node_modules(root: Path) -> Path:
    """Install what package-lock.json names; running nobody's install scripts."""
    modules = root / "node_modules"
    stamp = modules / ".quivive-stamp"
    wanted = _digest(root / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return modules
    npm, environment = _npm(root)
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], root, environment)
    stamp.write_text(wanted)
    return modules


def _npm(root: Path) -> tuple[str, dict[str, str]]:
    """Find npm, or take Node from its Python wheel so that Python alone is enough."""
    beside = Path(sys.executable).parent
    environment = {**os.environ}
    if not (shutil.which("npm") and shutil.which("node")):
        environment["PATH"] = f"{beside}{os.pathsep}{environment.get('PATH', '')}"
        if not (beside / "npm").exists():
            wheel = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
            _run([*wheel, "-r", "requirements-node.txt"], root, environment)
    npm = shutil.which("npm", path=environment.get("PATH"))
    if npm is None:
        raise CannotBuild(
            "npm is missing and its Python wheel gave none for this machine. "
            "Install Node 20 or later, then run the same command again."
        )
    return npm, environment


def _run(command: list[str], root: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own command, no input from outside
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotBuild(
            f"“{' '.join(command)}” failed:\n{done.stdout}{done.stderr}\n"
            "Check the connection to the package registries, then run the same command again."
        )


def _translations(root: Path) -> list[Path]:
    """Compile each catalogue of sentences that is newer than its compiled form."""
    made = []
    for catalogue in sorted((root / "src" / "quivive" / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = catalogue.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
            continue
        _compile(catalogue, compiled)
        made.append(compiled)
    return made


def _compile(catalogue: Path, compiled: Path) -> None:
    from babel.messages import mofile, pofile  # a source archive needs no Babel

    with catalogue.open("rb") as sentences:
        translated = pofile.read_po(sentences, locale=catalogue.parent.parent.name)
    with compiled.open("wb") as file:
        mofile.write_mo(file, translated)


if __name__ == "__main__":
    main()
