"""The railroad pictures of the query language, drawn from its grammar.

After a change of the grammar: ``python -m tests.the_map.grammar_pictures``.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lark
import railroad
from lark import Lark, Tree

from quivive.listen.query.grammar import GRAMMAR

FOLDER = Path(__file__).parents[2] / "docs" / "images" / "query"

WORDS = {
    "en": {
        "start": "query", "line": "line", "both": "branch", "clause": "clause",
        "close": "distance", "atom": "part", "NEWLINE": "new line", "WORD": "word",
        "FUZZY": "word~1", "PHRASE": "“phrase”", "LOOSE": "“phrase”~5", "FIELD": "field:value",
        "SCOPE": "field:", "MINUS": "-", "SENTENCE": "SENTENCE", "NEAR": "NEAR/n | ONEAR/n",
    },
    "fr": {
        "start": "requête", "line": "ligne", "both": "branche", "clause": "clause",
        "close": "distance", "atom": "partie", "NEWLINE": "nouvelle ligne", "WORD": "mot",
        "FUZZY": "mot~1", "PHRASE": "«\u00a0expression\u00a0»",
        "LOOSE": "«\u00a0expression\u00a0»~5", "FIELD": "champ:valeur", "SCOPE": "champ:",
        "MINUS": "-", "SENTENCE": "SENTENCE", "NEAR": "NEAR/n | ONEAR/n",
    },
}  # fmt: skip
"""What each rule and sign is called in a picture; all others are words that are typed as such."""

TYPED = {"MINUS", "SENTENCE", "NEAR", "SCOPE"}
"""Signs that are typed as they are shown."""

STYLE = """
svg { background: none; }
path { stroke: #0b6370; stroke-width: 2; fill: none; }
text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; text-anchor: middle; fill: #14201d; }
rect { stroke: #84908b; stroke-width: 1; fill: #f6f7f4; }
.terminal rect { fill: #dfeff0; stroke: #0b6370; }
.non-terminal text { font-style: italic; }
@media (prefers-color-scheme: dark) {
  path { stroke: #64cbd5; } text { fill: #e9efec; }
  rect { stroke: #6f7d78; fill: #1d2423; } .terminal rect { fill: #12343a; stroke: #64cbd5; }
}
"""  # noqa: E501


def pictures(language: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the SVG of each rule, in the order of the grammar."""
    for rule in _rules():
        name, expansions = str(rule.children[0]).lstrip("?"), rule.children[-1]
        diagram = railroad.Diagram(_drawn(expansions, WORDS[language]))
        file = io.StringIO()
        diagram.writeStandalone(file.write, STYLE)
        yield name, file.getvalue()


def path_of(name: str, language: str) -> Path:
    return FOLDER / f"{name}{'' if language == 'en' else f'.{language}'}.svg"


def _rules() -> list[Tree[Any]]:
    """Read the rules of the grammar with lark's own grammar of grammars."""
    rules = GRAMMAR[: re.search(r"^[A-Z]+[.]\d", GRAMMAR, re.MULTILINE).start()]
    grammars = Path(lark.__file__).parent / "grammars"
    reader = Lark.open(str(grammars / "lark.lark"), parser="lalr", maybe_placeholders=False)
    return list(reader.parse(rules + "\n").find_data("rule"))[::-1]


def _drawn(node: Any, words: dict[str, str]) -> railroad.DiagramItem:
    if not isinstance(node, Tree):
        raise AssertionError(f"Nothing draws {node!r} yet.")
    parts = [child for child in node.children if isinstance(child, Tree)]
    match node.data:
        case "expansions":
            drawn = [_drawn(part, words) for part in parts]
            return drawn[0] if len(drawn) == 1 else railroad.Choice(0, *drawn)
        case "alias":
            return _drawn(parts[0], words)
        case "expansion":
            return railroad.Sequence(*(_drawn(part, words) for part in parts))
        case "expr":
            return _repeated(_drawn(parts[0], words), str(node.children[-1]))
        case "name":
            return _named(str(node.children[0]), words)
        case "literal":
            return railroad.Terminal(str(node.children[0]).strip('"'))
    raise AssertionError(f"Nothing draws {node.data} yet.")


def _repeated(item: railroad.DiagramItem, sign: str) -> railroad.DiagramItem:
    return {
        "?": railroad.Optional,
        "*": railroad.ZeroOrMore,
        "+": railroad.OneOrMore,
    }[sign](item)


def _named(name: str, words: dict[str, str]) -> railroad.DiagramItem:
    label = words.get(name)
    if label is None:
        return railroad.Choice(0, *map(railroad.Terminal, _spellings(name)))
    if name in TYPED:
        return railroad.Choice(0, *map(railroad.Terminal, label.split(" | ")))
    return railroad.NonTerminal(label)


def _spellings(name: str) -> list[str]:
    """The words a terminal of the grammar stands for."""
    found = re.search(rf"^{name}[.]\d+: /\(\?:([A-Z|]+)\)", GRAMMAR, re.MULTILINE)
    assert found, f"Say in WORDS what {name} is called."
    return found[1].split("|")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for language in WORDS:
        for name, drawing in pictures(language):
            path_of(name, language).write_text(drawing, encoding="utf-8")
