"""What people get wrong in the signs of a query: each with its place and what to write."""

import re
from collections.abc import Sequence

from lark import Token

from quivive.listen.query.tree import And, Node, Or, Sentence, says_nothing
from quivive.listen.query.tree_mistakes import NO_DISTANCE, check_tree, place
from quivive.listen.words import LETTERS_FIRST, LONE_WILDCARD, has_wildcard, parts_of
from quivive.vocabulary.errors import BadQuery
from quivive.vocabulary.messages import Message, say

__all__ = [
    "at",
    "catches_all",
    "check",
    "check_tree",
    "empty",
    "misplaced",
    "name_and_value",
    "not_in_field",
]

DEEPEST = 100
"""How many brackets may stand inside each other: far more than people write."""

SHORTEST_FUZZY = {1: 4, 2: 6}
"""Letters a word needs before so many of them may differ: shorter ones become any word."""

MOST_APART = 100
_MOST_DIGITS = 9
"""Digits of a number that is read at all."""
MOST_IN_ROW = 20
"""How many NEAR may follow each other."""

_OPERATORS = ("AND", "OR", "NOT", "MINUS", "NEAR")
_IN_A_ROW = ("NEAR", "WORD", "PHRASE", "FUZZY", "LOOSE", "LPAR", "RPAR", "OR")
_CLOSING = {'"': '"', "“": "”", "«": "»"}


def name_and_value(token: str) -> tuple[str, str]:
    """Split ``from:"ana"`` into ``from`` and ``ana``; ``raw:`` keeps its value as it is."""
    name, _, value = token.partition(":")
    if value[:1] in _CLOSING and value:
        value = value[1:-1]
    name = name.lower()
    return name, value if name == "raw" else value.strip().removeprefix("@")


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
    row = 0
    for token in tokens:
        row = row + (token.type == "NEAR") if token.type in _IN_A_ROW else 0
        if row > MOST_IN_ROW:
            raise _too_long_a_row(token)
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
    if token.type in ("NOT", "MINUS") and last and last.type == "NEAR":
        return at(token, *NO_DISTANCE)
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
    line, column = place(text, _first_empty(root).start)
    return BadQuery(
        say("This only says what to leave out, so it would catch nearly every post."),
        say(
            "Add a word to look for in each part of an OR and on each line, "
            "for example: heating NOT car."
        ),
        line=line,
        column=column,
    )


def _first_empty(node: Node) -> Node:
    """The first part that looks for nothing."""
    if isinstance(node, And | Or):
        return _first_empty(next(part for part in node.parts if says_nothing(part)))
    return _first_empty(node.part) if isinstance(node, Sentence) else node


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
            _check_phrase(token, str(token)[1:-1])
        case "FUZZY":
            _check_fuzzy(token)
        case "LOOSE":
            _check_loose(token)
        case "NEAR":
            _check_near(token)
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


def _check_phrase(token: Token, words: str) -> None:
    _check_words(token, words)
    if alone := LONE_WILDCARD.search(words):
        raise at(
            token,
            say("In a phrase, {sign} stands for letters of a word, not for a word.", sign=alone[0]),
            say(
                "Delete it, and write after the phrase how many words may stand between, as in "
                '"cold water"~1.'
            ),
            offset=1 + alone.start(),
        )


def _check_fuzzy(token: Token) -> None:
    word, _, edits = token.rpartition("~")
    if edits not in ("0", "1", "2"):
        raise at(
            token,
            say("The sign ~ after a word takes the number of letters that may differ: 0, 1 or 2."),
            say("Write {word}~1, or delete the sign.", word=word),
            offset=len(word),
        )
    shortest = SHORTEST_FUZZY.get(int(edits), 1)
    if len(word) < shortest:
        raise at(
            token,
            say("{part} stands for far too many words.", part=str(token)),
            say(
                "A word needs {letters} letters before {edits} of them may differ.",
                letters=shortest,
                edits=edits,
            ),
            offset=len(word),
        )


def _check_loose(token: Token) -> None:
    phrase, _, apart = token.rpartition("~")
    _check_phrase(token, phrase[1:-1])
    if not apart or _is_too_far(apart):
        raise _distance(token, f"{phrase}~5", offset=len(phrase))
    if len(parts_of(phrase[1:-1])) < 2:  # noqa: PLR2004
        raise at(
            token,
            say("A distance is between words, and this phrase has only one."),
            say("Write a second word, or delete the sign ~ and its number."),
            offset=len(phrase),
        )


def _check_near(token: Token) -> None:
    name, _, apart = token.partition("/")
    if not apart or _is_too_far(apart):
        raise _distance(token, f"{name}/5", offset=len(name))


def _is_too_far(apart: str) -> bool:
    return len(apart) > _MOST_DIGITS or int(apart) > MOST_APART


def _distance(token: Token, example: str, *, offset: int) -> BadQuery:
    return at(
        token,
        say("No more than {most} other words may stand between.", most=MOST_APART)
        if token[-1].isdecimal()
        else say("Here a number is missing: how many other words may stand between, 0 to 100."),
        say("Write for example {example}.", example=example),
        offset=offset,
    )


def not_in_field(token: Token, name: str) -> BadQuery:
    """Something stands in the brackets of a field that has no place there."""
    return at(
        token,
        say(
            "The brackets of {name} may only hold words, phrases and AND, OR, NOT.", name=f"{name}:"
        ),
        say("Close the bracket earlier, and write the rest after it."),
    )


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


def _too_deep(token: Token) -> BadQuery:
    return at(
        token,
        say("More than {deepest} brackets are open at once here.", deepest=DEEPEST),
        say("Split the query over several lines: each line is searched on its own."),
    )


def _too_long_a_row(token: Token) -> BadQuery:
    return at(
        token,
        say("More than {most} distances follow each other here.", most=MOST_IN_ROW),
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
