"""Reads a query in full on one post: the truth of its tree, and which clauses made it true."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from quivive.listen.query import And, Field, Node, Not, Or, Words
from quivive.listen.words import Pattern, patterns_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post

Truth: TypeAlias = Callable[[str, Post], bool]
"""``(folded text of the post, the post) -> does it hold``."""

_WORD = re.compile(r"\w+")
_MANY = 16
"""From how many words on it pays to split the post into words."""


def truth_of(node: Node) -> Truth:
    """Turn a tree into a function, so that reading it costs no more than its own questions."""
    match node:
        case Words():
            return _words(node)
        case Field():
            return _field(node)
        case Not():
            part = truth_of(node.part)
            return lambda text, post: not part(text, post)
        case And():
            return _all(tuple(map(truth_of, node.parts)))
        case Or():
            return _either(node)


def authored(post: Post, handle: str) -> bool:
    """Tell whether a folded handle or id names the author."""
    author = post.attributed_to
    return handle in (fold(author.handle or ""), fold(author.id))


@lru_cache(maxsize=20_000)
def expression(pattern: Pattern) -> re.Pattern[str]:
    """Compile a pattern, only once it is needed: few of a watch's patterns ever come close."""
    return re.compile(pattern.source)


def _all(parts: tuple[Truth, ...]) -> Truth:
    def holds(text: str, post: Post) -> bool:
        for part in parts:  # noqa: SIM110  a generator costs more than the test
            if not part(text, post):
                return False
        return True

    return holds


def _any(parts: tuple[Truth, ...]) -> Truth:
    def holds(text: str, post: Post) -> bool:
        for part in parts:  # noqa: SIM110  a generator costs more than the test
            if part(text, post):
                return True
        return False

    return holds


def _either(node: Or) -> Truth:
    """Look a long list of words up in the words of the post, instead of each word in the post."""
    plain = {part: word for part in node.parts if (word := _plain_word(part)) is not None}
    if len(plain) < _MANY:
        return _any(tuple(map(truth_of, node.parts)))
    listed = frozenset(plain.values())
    others = _any(tuple(truth_of(part) for part in node.parts if part not in plain))
    return lambda text, post: not listed.isdisjoint(_WORD.findall(text)) or others(text, post)


def _plain_word(node: Node) -> str | None:
    """The folded word of a leaf that asks for one word and nothing else."""
    patterns = patterns_of(node.text) if isinstance(node, Words) else ()
    if len(patterns) != 1 or not patterns[0].alone:
        return None
    return patterns[0].literal if _WORD.fullmatch(patterns[0].literal) else None


def _words(node: Words) -> Truth:
    tests = tuple(map(_pattern, patterns_of(node.text)))
    return tests[0] if len(tests) == 1 else _any(tests)


def _pattern(pattern: Pattern) -> Truth:
    literal = pattern.literal
    if pattern.alone and pattern.left:
        return lambda text, _post: _stands_in(text, literal)
    if pattern.alone:
        return lambda text, _post: literal in text
    return lambda text, _post: literal in text and bool(expression(pattern).search(text))


def _stands_in(text: str, word: str) -> bool:
    """Tell whether a word stands in the text with no letter on either side."""
    start = text.find(word)
    while start >= 0:
        stop = start + len(word)
        if not (is_letter(text[start - 1 : start]) or is_letter(text[stop : stop + 1])):
            return True
        start = text.find(word, start + 1)
    return False


def is_letter(sign: str) -> bool:
    """Tell whether one character belongs to a word; an underscore does, as in a handle."""
    return sign.isalnum() or sign == "_"


def _field(node: Field) -> Truth:
    if node.name == "from":
        handle = fold(node.value)
        return lambda _text, post: authored(post, handle)
    tag = node.value.lower().replace("_", "-")
    return lambda _text, post: _is_in(post.language or "", tag)


def _is_in(language: str, tag: str) -> bool:
    spoken = language.lower().replace("_", "-")
    return spoken == tag or spoken.startswith(f"{tag}-")
