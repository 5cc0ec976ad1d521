"""Reads a query: lark does the grammar, :mod:`mistakes` says what is wrong when it cannot."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedToken, v_args
from lark.lark import PostLex

from quivive.listen.query import mistakes
from quivive.listen.query.grammar import GRAMMAR
from quivive.listen.query.tree import And, Field, Node, Not, Or, Query, Words, says_nothing


def parse(text: str) -> Query:
    r"""Read a query.

    Raises:
        BadQuery: it cannot be read, or would catch everything; with line and column.

    >>> str(parse('chauffage ET (panne OU "eau froide") SAUF radiateur'))
    'chauffage (panne OR "eau froide") -radiateur'
    >>> str(parse("heating\nboiler AND NOT car"))
    'heating OR boiler -car'
    """
    if not text.strip():
        raise mistakes.empty()
    lark = _lark()
    try:
        root: Node = lark.parse(text)  # type: ignore[assignment]
    except UnexpectedToken as trouble:
        raise mistakes.misplaced(list(lark.lex(text)), trouble.token) from None
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
        start, end = _span(token)
        return Words(text=str(token), start=start, end=end)

    @v_args(inline=True)
    def phrase(self, token: Token) -> Words:
        start, end = _span(token)
        return Words(text=str(token)[1:-1].strip(), start=start, end=end)

    @v_args(inline=True)
    def field(self, token: Token) -> Field:
        start, end = _span(token)
        name, value = mistakes.name_and_value(token)
        return Field(name=name, value=value, start=start, end=end)

    def negated(self, found: list[Any]) -> Node:
        operator, part = found
        return Not(part=part, start=operator.start_pos, end=part.end)

    def both(self, found: list[Any]) -> Node:
        return _joined(And, found)

    def either(self, found: list[Any]) -> Node:
        return _joined(Or, found)

    def start(self, found: list[Any]) -> Node:
        return _joined(Or, found)


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
