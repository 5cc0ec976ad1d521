"""How words of a query are found in the folded text of a post.

A word is a run of letters, digits and underscores. Between the words of a phrase a post may have
any spaces and signs. ``*`` stands for any letters or none, ``?`` for exactly one.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from quivive.vocabulary.folding import fold, fold_each, readings
from quivive.vocabulary.posts import Post

SEPARATOR = "\0"
"""Stands between the parts of a post's text that no phrase may join; never in the text itself."""

BORDER = "\1"
"""Stands between the texts of two posts; never in them."""

LETTERS_FIRST = re.compile(r"[#@]?\w\w")
"""How a word with wildcards must begin: anything shorter stands for half the dictionary."""

LONE_WILDCARD = re.compile(r"(?<!\S)[*?]+(?!\S)")
"""Wildcards between spaces: people mean a whole word by them, which they do not stand for."""

_PART = re.compile(r"(?:(?<!\w)[#@](?=\w))?[\w*?]+")
_WILDCARDS = re.compile(r"[*?]+")
_HASHTAG = re.compile(r"#(?<!\w#)(\w+)")  # begins with its sign: it runs over every post
_LONGER_TAG = re.compile(r"#[a-zß-öø-ÿ]*+\w")
"""A hashtag that is more than small letters, so that it may have somewhere to be cut."""
_TAG_WORD = re.compile(r"[^\W_]+")


class Literal(msgspec.Struct, frozen=True, gc=False):
    """A run of characters in a folded text; ``left`` and ``right`` say where a word must end."""

    text: str
    left: bool
    right: bool


class Pattern(msgspec.Struct, frozen=True, gc=False):
    """One way to find some words.

    Attributes:
        literals: what the folded text must hold, whatever else: one for each word.
        alone: the only literal is all there is to find.
        source: the whole as a regular expression over folded text.
    """

    literals: tuple[Literal, ...]
    alone: bool
    source: str


def has_wildcard(text: str) -> bool:
    """Tell whether a text holds ``*`` or ``?``."""
    return "*" in text or "?" in text


def is_letter(sign: str) -> bool:
    """Tell whether one character belongs to a word; an underscore does, as in a handle."""
    return sign.isalnum() or sign == "_"


def parts_of(text: str) -> list[str]:
    """Split into words with their wildcards; signs and emoji count when there is no word.

    >>> parts_of("L’eau  chaud*, #Érables")
    ['l', 'eau', 'chaud*', '#erables']
    >>> parts_of("🔥"), parts_of("...")
    (['🔥'], [])
    """
    return _parts(fold(text))


@lru_cache(maxsize=50_000)
def patterns_of(text: str) -> tuple[Pattern, ...]:
    """Every way to find a text: one, or several when it has inclusive writing."""
    return tuple(_pattern(_parts(reading)) for reading in readings(text))


def texts_of(posts: Sequence[Post]) -> list[str]:
    """Return what each post says, folded: its words, then its hashtags, in every reading.

    A repost without words of its own says nothing.
    """
    return fold_each(words_of(posts), between=SEPARATOR)


def words_of(posts: Sequence[Post]) -> list[str]:
    """Return the same before folding."""
    return [_own_words(post) for post in posts]


def source_of(part: str) -> str:
    """One word with its wildcards as a regular expression over folded text."""
    return rf"{_first_expression(part)}(?!\w)"


def is_in_pattern(pattern: Pattern, folded: str) -> bool:
    """Tell whether a folded text meets a pattern."""
    return _searching(pattern.source)(folded) is not None


@lru_cache(maxsize=20_000)
def _searching(source: str) -> Callable[[str], re.Match[str] | None]:
    """Compile what a watch asks for again and again: a large one has more than ``re`` keeps."""
    return re.compile(source).search


def spoken(text: str) -> str:
    """Add a text once more with its hashtags opened, if that changes it.

    >>> spoken("Aux #LesErables").split(SEPARATOR)
    ['Aux #LesErables', 'Aux Les Erables']
    """
    first = text.find("#")
    if first < 0 or not _LONGER_TAG.search(text, first):
        return text
    opened = _HASHTAG.sub(_opened, text)
    return text if opened == text else f"{text}{SEPARATOR}{opened}"


def _opened(tag: re.Match[str]) -> str:
    words = opened_tag(tag[1])
    return words if " " in words else tag[0]


def opened_tag(tag: str) -> str:
    """Cut a hashtag into its words: at capitals, underscores, and where digits begin or end.

    >>> opened_tag("HLMLyon2026"), opened_tag("les_Érables"), opened_tag("panne")
    ('HLM Lyon 2026', 'les Érables', 'panne')
    """
    return _remembered(tag) if len(tag) <= LONGEST_REMEMBERED else _open(tag)


def _open(tag: str) -> str:
    return " ".join(_TAG_WORD.findall("".join(map(_marked, f" {tag}", tag, f"{tag[1:]} "))))


_remembered = lru_cache(maxsize=10_000)(_open)
LONGEST_REMEMBERED = 60
"""Signs of a hashtag that is remembered with its words: strangers choose how long theirs are."""


def _marked(before: str, sign: str, after: str) -> str:
    """Put a mark before a sign that begins a word."""
    turns = before.isdecimal() != sign.isdecimal()
    rises = sign.isupper() and (not before.isupper() or after.islower())
    return f"_{sign}" if turns or rises else sign


def is_silent(post: Post) -> bool:
    """Tell whether a post only repeats another, without a word of its own."""
    return post.repost_of is not None and not post.content.strip()


def _own_words(post: Post) -> str:
    words = post.content
    if post.repost_of is not None and not words.strip():
        return ""
    if SEPARATOR in words or BORDER in words:
        words = _harmless(words)
    if "#" in words:
        words = spoken(words)
    if post.title:
        words = f"{spoken(_harmless(post.title))}{SEPARATOR}{words}"
    if not post.hashtags:
        return words
    tags = " #".join([tag.lstrip("#") for tag in post.hashtags])
    opened = [cut for tag in post.hashtags if " " in (cut := opened_tag(tag.lstrip("#")))]
    return SEPARATOR.join([words, f"#{tags}", *opened])


def _harmless(text: str) -> str:
    return text.replace(SEPARATOR, " ").replace(BORDER, " ")


def _parts(folded: str) -> list[str]:
    parts = [part for part in _PART.findall(folded) if part.strip("*?#@")]
    if parts or has_wildcard(folded):
        return parts
    signs = "".join(folded.split())
    return [signs] if any(unicodedata.category(sign)[0] == "S" for sign in signs) else []


def _pattern(parts: list[str]) -> Pattern:
    first = parts[0]
    if len(parts) == 1 and not re.search(r"\w", first):
        sign = Literal(first, left=False, right=False)
        return Pattern((sign,), alone=True, source=re.escape(first))
    literals = tuple(map(_literal, parts))
    gap = rf"[^\w{SEPARATOR}]+"
    source = gap.join((_first_expression(first), *map(_expression, parts[1:])))
    alone = len(parts) == 1 and first.rstrip("*") == literals[0].text
    return Pattern(literals, alone=alone, source=rf"{source}(?!\w)")


def _literal(part: str) -> Literal:
    """The longest run without wildcards, and whether the word begins and ends with it."""
    runs = _WILDCARDS.split(part)
    longest = max(range(len(runs)), key=lambda index: len(runs[index]))
    return Literal(runs[longest], left=longest == 0, right=longest == len(runs) - 1)


def _first_expression(part: str) -> str:
    """Look behind only after the first letters are found: searching for them is much faster."""
    head = re.escape(_WILDCARDS.split(part)[0])
    return rf"{head}(?<!\w{head}){_with_wildcards(part)[len(head) :]}"


def _expression(part: str) -> str:
    return rf"(?<!\w){_with_wildcards(part)}" if part[0] in "#@" else _with_wildcards(part)


def _with_wildcards(part: str) -> str:
    """Take the first place where each run but the last can stand, and never come back to it.

    That finds the same words, and keeps a query with many stars from taking for ever.
    """
    first, *others = [re.escape(run).replace(r"\?", r"\w") for run in part.split("*")]
    if not others:
        return first
    *between, last = others
    return first + "".join(rf"(?>\w*?{run})" for run in between if run) + rf"\w*{last}"
