"""Reads a query: lark does the grammar, :mod:`mistakes` says what is wrong when it cannot."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec
from lark import Lark, Token, Transformer, UnexpectedToken, v_args
from lark.lark import PostLex

from quivive.listen.query import mistakes
from quivive.listen.query.fields import FIELDS, Takes
from quivive.listen.query.grammar import GRAMMAR
from quivive.listen.query.tree import (
    And,
    Field,
    Near,
    Node,
    Not,
    Or,
    Query,
    Sentence,
    Words,
    says_nothing,
)


def parse(text: str) -> Query:
    r"""Read the query of a topic.

    Raises:
        BadQuery: it cannot be read, would catch everything, or asks for what is only known of
            stored posts; with line and column.

    >>> str(parse('chauffage ET (panne OU "eau froide") SAUF radiateur'))
    'chauffage (panne OR "eau froide") -radiateur'
    >>> str(parse("heating\nboiler AND NOT car"))
    'heating OR boiler -car'
    """
    return _read(text, stored=False)


def parse_search(text: str) -> Query:
    """Read a search among stored posts: it may also ask what became of them.

    Raises:
        BadQuery: it cannot be read, or would find everything; with line and column.

    >>> str(parse_search("boiler status:open"))
    'boiler status:open'
    """
    return _read(text, stored=True)


def _read(text: str, *, stored: bool) -> Query:
    if not text.strip():
        raise mistakes.empty()
    lark = _lark()
    try:
        root: Node = lark.parse(text)  # type: ignore[assignment]
    except UnexpectedToken as trouble:
        raise mistakes.misplaced(list(lark.lex(text)), trouble.token) from None
    mistakes.check_tree(text, root, stored=stored)
    if says_nothing(root):
        raise mistakes.catches_all(text, root)
    return Query(text=text, root=root)


@cache
def _lark() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", postlex=_Mistakes(), transformer=_Growing())


class _Mistakes(PostLex):
    """Looks at the terminals before the parser does.

    Its name for those of mistakes keeps lark from dropping them, as no rule accepts them.
    """

    always_accept = ("LONE_MINUS", "UNCLOSED", "UNOPENED")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        tokens = list(stream)
        mistakes.check(tokens)
        return iter(tokens)


class _Growing(Transformer[Token, Node]):
    """Builds the tree while lark reads, so that no depth of nesting needs recursion."""

    @v_args(inline=True)
    def word(self, token: Token) -> Words:
        return Words(str(token), *_span(token))

    @v_args(inline=True)
    def fuzzy(self, token: Token) -> Words:
        text, _, edits = token.rpartition("~")
        return Words(text, *_span(token), edits=int(edits))

    @v_args(inline=True)
    def phrase(self, token: Token) -> Words:
        return Words(str(token)[1:-1].strip(), *_span(token))

    @v_args(inline=True)
    def loose(self, token: Token) -> Words:
        text, _, apart = token.rpartition("~")
        return Words(text[1:-1].strip(), *_span(token), apart=int(apart))

    @v_args(inline=True)
    def field(self, token: Token) -> Field:
        name, value = mistakes.name_and_value(token)
        return Field(name, value, *_span(token))

    @v_args(inline=True)
    def scope(self, token: Token, part: Node) -> Node:
        name = token[:-1].lower()
        if name not in FIELDS:
            return Field(name, "", token.start_pos or 0, part.end)
        if _lists(name, part):
            listed = ",".join(one.text.strip(",") for one in _words(part))
            return Field(name, listed, token.start_pos or 0, part.end)
        return _scoped(name, part, token)

    @v_args(inline=True)
    def sentence(self, token: Token, part: Node) -> Sentence:
        return Sentence(part, token.start_pos or 0, part.end + 1)

    def near(self, found: list[Any]) -> Node:
        left, *others = found
        for operator, right in zip(others[::2], others[1::2], strict=True):
            name, _, apart = operator.partition("/")
            ordered = name == "ONEAR"
            left = Near(left, right, int(apart), ordered, left.start, right.end)
        return left  # type: ignore[no-any-return]

    def negated(self, found: list[Any]) -> Node:
        operator, part = found
        return Not(part=part, start=operator.start_pos, end=part.end)

    def both(self, found: list[Any]) -> Node:
        return _joined(And, found)

    def either(self, found: list[Any]) -> Node:
        return _joined(Or, found)

    def start(self, found: list[Any]) -> Node:
        return _joined(Or, found)


def _lists(name: str, part: Node) -> bool:
    """Tell whether the brackets of a field hold a list with commas, which means OR."""
    kind = FIELDS.get(name)
    if kind is None or kind.takes in (Takes.WORDS, Takes.RAW):
        return False
    return all(
        isinstance(one, Words) for one in (part.parts if isinstance(part, And) else (part,))
    ) and any("," in one.text for one in _words(part))


def _words(part: Node) -> tuple[Words, ...]:
    parts = part.parts if isinstance(part, And) else (part,)
    return tuple(one for one in parts if isinstance(one, Words))


def _scoped(name: str, node: Node, scope: Token) -> Node:
    """Give the field of the brackets to each word within them."""
    match node:
        case Words(edits=0, apart=0):
            return Field(name, node.text.removeprefix("@"), node.start, node.end)
        case Not():
            return msgspec.structs.replace(node, part=_scoped(name, node.part, scope))
        case And() | Or():
            parts = tuple(_scoped(name, part, scope) for part in node.parts)
            return msgspec.structs.replace(node, parts=parts)
        case _:
            raise mistakes.not_in_field(scope, name)


def _joined(kind: Callable[..., And | Or], found: list[Any]) -> Node:
    parts: list[Node] = []
    for one in found:
        if isinstance(one, Token):
            continue
        parts.extend(one.parts if type(one) is kind else (one,))
    if len(parts) == 1:
        return parts[0]
    return kind(parts=tuple(parts), start=parts[0].start, end=parts[-1].end)


def _span(token: Token) -> tuple[int, int]:
    assert token.start_pos is not None
    assert token.end_pos is not None
    return token.start_pos, token.end_pos
