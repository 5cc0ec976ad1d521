"""Reads a query in full on one post: the truth of its tree, and which clauses made it true."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeAlias

from quivive.listen.facts import fact_of, sign_of
from quivive.listen.known import NOT_STORED, NOTHING_KNOWN, Known, Stored
from quivive.listen.positions import holds_in, is_close, places_of, sentences, stretches
from quivive.listen.query import And, Field, Near, Node, Not, Or, Sentence, Words
from quivive.listen.words import Pattern, is_letter, parts_of, patterns_of
from quivive.vocabulary.posts import Post


class Said:
    """What a post says, ready to be asked: its folded text, the words of it, and the post.

    Attributes:
        text: folded.
        spaced: its words between blanks, with one before the first and one after the last.
        listed: its words, each once, as soon as somebody listed them.
    """

    __slots__ = ("listed", "post", "spaced", "stored", "text")

    def __init__(self, text: str, spaced: str, post: Post, stored: Stored = NOT_STORED) -> None:
        """Keep what is said."""
        self.text, self.spaced, self.post, self.stored = text, spaced, post, stored
        self.listed: frozenset[str] | None = None

    def list_words(self) -> frozenset[str]:
        """Return the words, each once: whoever asks for many of them asks these from then on."""
        if self.listed is None:
            self.listed = frozenset(self.spaced.split())
        return self.listed


FEW = 8
"""Words that are looked for in a text one by one: listing all of its words would take longer."""

Truth: TypeAlias = Callable[[Said], bool]

_WORD = re.compile(r"\w+")


def said_by(post: Post, text: str, stored: Stored = NOT_STORED) -> Said:
    """Prepare a post with its folded text."""
    return Said(text, f" {' '.join(_WORD.findall(text))} ", post, stored)


def truth_of(node: Node, known: Known = NOTHING_KNOWN) -> Truth:  # noqa: PLR0911  one a kind
    """Turn a tree into a function, so that reading it costs no more than its own questions."""
    match node:
        case Words():
            return _words(node)
        case Field():
            return _field(node, known)
        case Near():
            return _near(node)
        case Sentence():
            return _sentence(node)
        case Not():
            part = truth_of(node.part, known)
            return lambda said: not part(said)
        case And():
            return _both(node.parts, partial(truth_of, known=known))
        case Or():
            return _either(node.parts, partial(truth_of, known=known))


def _field(node: Field, known: Known) -> Truth:
    fact = fact_of(node, known)
    if node.name not in ("hashtag", "emoji"):
        return lambda said: fact(said.post, said.stored)
    runs = tuple(way.literals[0].text for way in patterns_of(sign_of(node)))

    def holds(said: Said) -> bool:
        """Read the post itself only when its folded text, which is at hand, holds the sign."""
        for run in runs:
            if run in said.text:
                return fact(said.post, said.stored)
        return False

    return holds


def _both(parts: Sequence[Node], read: Callable[[Node], Truth]) -> Truth:
    """All words that must be there are looked up at once, before anything that takes longer."""
    words = frozenset().union(*map(_sure_words, parts))
    asked = _by_dearness((part for part in parts if _plain_word(part) is None), read)
    if words:
        asked = (_all_of(words), *asked)
    if len(asked) == 1:
        return asked[0]

    def hold(said: Said) -> bool:
        for part in asked:  # noqa: SIM110  a generator costs more than the question
            if not part(said):
                return False
        return True

    return hold


def _either(parts: Sequence[Node], read: Callable[[Node], Truth]) -> Truth:
    words = {part: _plain_word(part) for part in parts}
    asked = _by_dearness((part for part, word in words.items() if word is None), read)
    if plain := frozenset(filter(None, words.values())):
        asked = (_any_of(plain), *asked)
    if len(asked) == 1:
        return asked[0]

    def holds(said: Said) -> bool:
        for part in asked:  # noqa: SIM110  a generator costs more than the question
            if part(said):
                return True
        return False

    return holds


def _by_dearness(parts: Iterable[Node], read: Callable[[Node], Truth]) -> tuple[Truth, ...]:
    return tuple(map(read, sorted(parts, key=_dearness)))


def _all_of(words: frozenset[str]) -> Truth:
    """Ask for all of some words."""
    spaced = tuple(f" {word} " for word in words)

    def all_there(said: Said) -> bool:
        if said.listed is not None or len(spaced) > FEW:
            return words <= said.list_words()
        for word in spaced:  # noqa: SIM110  a generator costs more than the question
            if word not in said.spaced:
                return False
        return True

    return all_there


def _any_of(words: frozenset[str]) -> Truth:
    """Ask for any of some words."""
    spaced = tuple(f" {word} " for word in words)

    def any_there(said: Said) -> bool:
        if said.listed is not None or len(spaced) > FEW:
            return not words.isdisjoint(said.list_words())
        for word in spaced:  # noqa: SIM110  a generator costs more than the question
            if word in said.spaced:
                return True
        return False

    return any_there


def _dearness(node: Node) -> int:
    """Tell how long a part takes, roughly: what is cheap may spare what is dear."""
    match node:
        case Words():
            return 2 if node.edits or node.apart else 0
        case Not():
            return _dearness(node.part)
        case And() | Or():
            return max(map(_dearness, node.parts))
        case Field():
            return 3 if node.name == "lang" else 1
        case Near() | Sentence():
            return 2


def _plain_word(node: Node) -> str | None:
    if not isinstance(node, Words) or node.edits or node.apart:
        return None
    patterns = patterns_of(node.text)
    if len(patterns) != 1 or not patterns[0].alone:
        return None
    (literal,) = patterns[0].literals
    return literal.text if literal.right and _WORD.fullmatch(literal.text) else None


def _words(node: Words) -> Truth:
    word = _plain_word(node)
    if word is not None:
        return _all_of(frozenset([word]))
    if node.edits:
        return _fuzzy(parts_of(node.text)[0], node.edits)
    if node.apart:
        return _near(node)
    truths = tuple(map(_pattern, patterns_of(node.text)))
    return truths[0] if len(truths) == 1 else lambda said: any(one(said) for one in truths)


def _fuzzy(word: str, edits: int) -> Truth:
    return lambda said: any(
        is_close(word, other, edits)
        for other in said.list_words()
        if -edits <= len(other) - len(word) <= edits
    )


def _near(node: Near | Words) -> Truth:
    places = places_of(node)
    hold = _necessary(node)
    return lambda said: hold(said) and any(any(places(piece)) for piece in stretches(said.text))


def _sentence(node: Sentence) -> Truth:
    holds = holds_in(node.part)
    hold = _necessary(node.part)
    return lambda said: hold(said) and any(holds(piece) for piece in sentences(said.text))


def _necessary(node: Node) -> Truth:
    """Ask the cheap question first: are the words there at all, wherever they stand?"""
    match node:
        case Near():
            return _both((node.left, node.right), _necessary)
        case And():
            return _both(node.parts, _necessary)
        case Or():
            return _either(node.parts, _necessary)
        case Words(apart=0):
            return _words(node)
        case _:
            return _all_of(_sure_words(node))


def _sure_words(node: Node) -> frozenset[str]:
    """Return words that a text has to hold for a tree to be true of it; not all there are."""
    match node:
        case Words(edits=0):
            patterns = patterns_of(node.text)
            return _whole_words(patterns[0]) if len(patterns) == 1 else frozenset()
        case Near():
            return _sure_words(node.left) | _sure_words(node.right)
        case Sentence():
            return _sure_words(node.part)
        case And():
            return frozenset().union(*map(_sure_words, node.parts))
        case _:
            return frozenset()


def _whole_words(pattern: Pattern) -> frozenset[str]:
    texts = {one.text for one in pattern.literals if one.left and one.right}
    return frozenset(text for text in texts if _WORD.fullmatch(text))


def _pattern(pattern: Pattern) -> Truth:
    if not pattern.alone:
        return _phrase(pattern)
    literal = pattern.literals[0]
    if literal.left:
        return lambda said: _stands_in(said.text, literal.text, whole=literal.right)
    return lambda said: literal.text in said.text


def _phrase(pattern: Pattern) -> Truth:
    """Look at the order of words only when all are there; compile no earlier than that."""
    all_there = _all_of(_whole_words(pattern))
    search: Callable[[str], object] | None = None

    def holds(said: Said) -> bool:
        nonlocal search
        if not all_there(said):
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
