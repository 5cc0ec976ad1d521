"""What people get wrong in a query: each mistake with its place and what to write instead."""

import re
from collections.abc import Sequence

from lark import Token

from quivive.listen.query.tree import And, Node, Or, says_nothing
from quivive.listen.words import LETTERS_FIRST, has_wildcard, parts_of
from quivive.vocabulary.errors import BadQuery
from quivive.vocabulary.messages import Message, say

FIELDS = ("from", "lang")
"""What can stand before a colon."""

DEEPEST = 100
"""How many brackets may stand inside each other: far more than people write."""

_OPERATORS = ("AND", "OR", "NOT", "MINUS")
_LETTERS_OF_LANGUAGE = (2, 3)
_CLOSING = {'"': '"', "“": "”", "«": "»"}


def name_and_value(token: str) -> tuple[str, str]:
    """Split ``from:"ana"`` into ``from`` and ``ana``."""
    name, _, value = token.partition(":")
    if value[:1] in _CLOSING and value:
        value = value[1:-1]
    return name.lower(), value.strip().removeprefix("@")


def empty() -> BadQuery:
    """Nothing was written."""
    return BadQuery(
        say("The query is empty."),
        say('Write at least one word, for example: heating OR "hot water".'),
        line=1,
        column=1,
    )


def check(tokens: Sequence[Token]) -> None:
    """Find the first mistake that shows without regard to the order of operators.

    Raises:
        BadQuery: with its place.
    """
    opened: list[Token] = []
    for token in tokens:
        match token.type:
            case "LPAR":
                opened.append(token)
                if len(opened) > DEEPEST:
                    raise _too_deep(token)
            case "RPAR":
                if not opened:
                    raise _closes_nothing(token)
                opened.pop()
            case "NEWLINE" if opened:
                raise _never_closed(opened[-1])
            case _:
                _check_token(token)
    if opened:
        raise _never_closed(opened[-1])


def misplaced(tokens: Sequence[Token], token: Token) -> BadQuery:
    """Say why reading stopped at ``token``: an operator lacks a side, or brackets are empty."""
    before = [one for one in tokens if (one.start_pos or 0) < (token.start_pos or 0)]
    if token.type == "$END":
        before = list(tokens)
    last = _last_that_speaks(before, token)
    if token.type in ("NOT", "MINUS") and last and last.type in ("NOT", "MINUS"):
        return at(
            token,
            say("Two negations follow each other."),
            say("Keep one of them, or none."),
        )
    if token.type in _OPERATORS:
        return at(
            token,
            say("There is nothing before {operator} to combine.", operator=str(token)),
            say(
                "Write a word before {operator}, or put it in quotation marks to look for "
                "the word itself.",
                operator=str(token),
            ),
        )
    if last and last.type in _OPERATORS:
        return at(
            last,
            say("There is nothing after {operator} to combine.", operator=str(last)),
            say(
                "Write a word after {operator} on the same line, or put it in quotation marks "
                "to look for the word itself.",
                operator=str(last),
            ),
        )
    return at(
        last or token,
        say("There is nothing between these brackets."),
        say("Write a word between them, or delete them."),
    )


def catches_all(text: str, root: Node) -> BadQuery:
    """Nothing to look for, only things to leave out."""
    start = _first_empty(root).start
    return BadQuery(
        say("This only says what to leave out, so it would catch nearly every post."),
        say(
            "Add a word to look for in each part of an OR and on each line, "
            "for example: heating NOT car."
        ),
        line=text.count("\n", 0, start) + 1,
        column=start - text.rfind("\n", 0, start),
    )


def _first_empty(node: Node) -> Node:
    """The first part that looks for nothing."""
    if isinstance(node, And | Or):
        return _first_empty(next(part for part in node.parts if says_nothing(part)))
    return node


def at(token: Token, what: Message, remedy: Message, *, offset: int = 0) -> BadQuery:
    """Build the error for a token, or for a place inside it."""
    return BadQuery(what, remedy, line=token.line or 1, column=(token.column or 1) + offset)


def _last_that_speaks(before: Sequence[Token], token: Token) -> Token | None:
    """The token before, line breaks left out unless the mistake is on the next line."""
    if token.type in _OPERATORS:
        return before[-1] if before else None
    return next((one for one in reversed(before) if one.type != "NEWLINE"), None)


def _check_token(token: Token) -> None:
    match token.type:
        case "WORD":
            _check_words(token, str(token))
        case "PHRASE":
            _check_words(token, str(token)[1:-1])
        case "FIELD":
            _check_field(token)
        case "UNCLOSED":
            raise at(
                token,
                say("The quotation mark opened here is never closed on this line."),
                say("Write {mark} after the last word of the phrase.", mark=_CLOSING[token[0]]),
            )
        case "UNOPENED":
            raise at(
                token,
                say("This quotation mark closes nothing."),
                say("Delete it, or open the phrase before its first word."),
            )
        case "LONE_MINUS":
            raise at(
                token,
                say("The minus sign stands alone."),
                say("Write it right before the word to leave out, as in -car, or delete it."),
            )


def _check_words(token: Token, words: str) -> None:
    parts = parts_of(words)
    if not parts:
        if any(sign in words for sign in "*?"):
            raise _too_wide(token, words)
        raise at(
            token,
            say("There is no word or sign to look for in {words}.", words=str(token)),
            say("Write a word, a hashtag or an emoji here, or delete this."),
        )
    for part in parts:
        if has_wildcard(part) and not LETTERS_FIRST.match(part):
            raise _too_wide(token, part)


def _too_wide(token: Token, part: str) -> BadQuery:
    """Point at the wildcard itself, as far as the word can be found again in what was typed."""
    runs = re.finditer(r"[#@]?[\w*?]+", token)
    short = [run for run in runs if has_wildcard(run[0]) and not LETTERS_FIRST.match(run[0])]
    offset = short[0].start() + len(re.split(r"[*?]", short[0][0])[0]) if short else 0
    return at(
        token,
        say("{part} stands for far too many words.", part=part),
        say("Write at least two letters before the first * or ?, as in heat*."),
        offset=offset,
    )


def _check_field(token: Token) -> None:
    name, value = name_and_value(token)
    if name not in FIELDS:
        raise at(
            token,
            say("There is no field called {name}.", name=name),
            say(
                "The fields are {fields}. To look for the words themselves, put them in "
                "quotation marks.",
                fields=", ".join(f"{field}:" for field in FIELDS),
            ),
        )
    if not value:
        raise at(
            token,
            say("{name}: is not followed by anything.", name=name),
            say(
                "Write its value right after the colon, without a space, as in {example}.",
                example="lang:fr" if name == "lang" else "from:ana",
            ),
        )
    if name == "lang" and not _is_language(value):
        raise at(
            token,
            say("{value} is not the code of a language.", value=value),
            say("Write two or three letters, as in lang:fr or lang:pt-BR."),
        )
    if name == "from" and has_wildcard(value):
        raise at(
            token,
            say("from: takes one whole handle, and {value} is not one.", value=value),
            say("Write the handle without * or ?; join several with OR."),
        )


def _is_language(value: str) -> bool:
    first, *others = value.replace("_", "-").split("-")
    rest = all(one.isascii() and one.isalnum() for one in others)
    return first.isascii() and first.isalpha() and len(first) in _LETTERS_OF_LANGUAGE and rest


def _too_deep(token: Token) -> BadQuery:
    return at(
        token,
        say("More than {deepest} brackets are open at once here.", deepest=DEEPEST),
        say("Split the query over several lines: each line is searched on its own."),
    )


def _closes_nothing(token: Token) -> BadQuery:
    return at(
        token,
        say("This bracket closes nothing."),
        say("Delete it, or write ( where the group begins."),
    )


def _never_closed(token: Token) -> BadQuery:
    return at(
        token,
        say("The bracket opened here is never closed on this line."),
        say("Write ) where the group ends, or delete this bracket."),
    )
