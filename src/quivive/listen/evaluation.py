"""Reads a query in full on one post: the truth of its tree, and which clauses made it true."""

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from quivive.listen.query import And, Field, Node, Not, Or, Words
from quivive.listen.words import Pattern, patterns_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post


class Said(msgspec.Struct, frozen=True, gc=False):
    """What a post says, ready to be asked: its folded text, the words of it, and the post."""

    text: str
    words: frozenset[str]
    post: Post


Truth: TypeAlias = Callable[[Said], bool]

_WORD = re.compile(r"\w+")


def said_by(post: Post, text: str) -> Said:
    """Prepare a post with its folded text."""
    return Said(text, frozenset(_WORD.findall(text)), post)


def truth_of(node: Node) -> Truth:
    """Turn a tree into a function, so that reading it costs no more than its own questions."""
    match node:
        case Words():
            return _words(node)
        case Field():
            return _field(node)
        case Not():
            part = truth_of(node.part)
            return lambda said: not part(said)
        case And():
            return _both(node)
        case Or():
            return _either(node)


def is_letter(sign: str) -> bool:
    """Tell whether one character belongs to a word; an underscore does, as in a handle."""
    return sign.isalnum() or sign == "_"


def _both(node: And) -> Truth:
    """All plain words are looked up at once, before anything that takes longer."""
    plain, others = _split(node.parts)
    if not others:
        return lambda said: plain <= said.words

    def hold(said: Said) -> bool:
        if not plain <= said.words:
            return False
        for part in others:  # noqa: SIM110  a generator costs more than the question
            if not part(said):
                return False
        return True

    return hold


def _either(node: Or) -> Truth:
    plain, others = _split(node.parts)
    if not others:
        return lambda said: not plain.isdisjoint(said.words)

    def holds(said: Said) -> bool:
        if not plain.isdisjoint(said.words):
            return True
        for part in others:  # noqa: SIM110  a generator costs more than the question
            if part(said):
                return True
        return False

    return holds


def _split(parts: Iterable[Node]) -> tuple[frozenset[str], tuple[Truth, ...]]:
    """Set the parts apart that ask for one plain word."""
    plain: set[str] = set()
    others: list[Truth] = []
    for part in parts:
        word = _plain_word(part)
        if word is None:
            others.append(truth_of(part))
        else:
            plain.add(word)
    return frozenset(plain), tuple(others)


def _plain_word(node: Node) -> str | None:
    patterns = patterns_of(node.text) if isinstance(node, Words) else ()
    if len(patterns) != 1 or not patterns[0].alone:
        return None
    (literal,) = patterns[0].literals
    return literal.text if literal.right and _WORD.fullmatch(literal.text) else None


def _words(node: Words) -> Truth:
    word = _plain_word(node)
    if word is not None:
        return lambda said: word in said.words
    truths = tuple(map(_pattern, patterns_of(node.text)))
    return truths[0] if len(truths) == 1 else lambda said: any(one(said) for one in truths)


def _pattern(pattern: Pattern) -> Truth:
    if not pattern.alone:
        return _phrase(pattern)
    literal = pattern.literals[0]
    if literal.left:
        return lambda said: _stands_in(said.text, literal.text, whole=literal.right)
    return lambda said: literal.text in said.text


def _phrase(pattern: Pattern) -> Truth:
    """Look at the order of words only when all are there; compile no earlier than that."""
    texts = {one.text for one in pattern.literals if one.left and one.right}
    words = frozenset(text for text in texts if _WORD.fullmatch(text))
    search: Callable[[str], object] | None = None

    def holds(said: Said) -> bool:
        nonlocal search
        if not words <= said.words:
            return False
        search = search or re.compile(pattern.source).search
        return search(said.text) is not None

    return holds


def _stands_in(text: str, word: str, *, whole: bool) -> bool:
    """Tell whether a word begins with ``word``, or is it."""
    start = text.find(word)
    while start >= 0:
        stop = start + len(word)
        if not is_letter(text[start - 1 : start]) and not (
            whole and is_letter(text[stop : stop + 1])
        ):
            return True
        start = text.find(word, start + 1)
    return False


def _field(node: Field) -> Truth:
    if node.name == "from":
        handle = fold(node.value)
        return lambda said: _authored(said.post, handle)
    tag = node.value.lower().replace("_", "-")
    return lambda said: _is_in(said.post.language or "", tag)


def _is_in(language: str, tag: str) -> bool:
    spoken = language.lower().replace("_", "-")
    return spoken == tag or spoken.startswith(f"{tag}-")


def _authored(post: Post, handle: str) -> bool:
    author = post.attributed_to
    return handle in (fold(author.handle or ""), fold(author.id))
