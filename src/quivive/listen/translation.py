"""Says a query in the words of a network's own search, and what that search cannot say.

A translation is never narrower than the query where the network allows: what it cannot express is
left out and decided here, post by post. Where leaving it out would find nothing at all, the posts
of that branch are out of the network's reach, and the translation says so.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice, product

import msgspec

from quivive.listen.query import And, Field, Near, Node, Not, Or, Query, Sentence, Words
from quivive.listen.query.values import several
from quivive.listen.words import has_wildcard, parts_of
from quivive.vocabulary.capabilities import Capabilities, Operator
from quivive.vocabulary.folding import readings
from quivive.vocabulary.messages import Message, say

MOST_SEARCHES = 200
"""More searches than this would use up any network's patience."""


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a query that a network cannot be asked for.

    Attributes:
        text: as typed.  start, end: characters of the query it spans.
        missed: posts are out of reach; otherwise only more posts come than the query wants.
        why: one sentence.
    """

    text: str
    start: int
    end: int
    missed: bool
    why: Message


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """Searches that together find what a query wants, as far as the network can."""

    searches: tuple[str, ...]
    lost: tuple[Lost, ...]


class _Branch(msgspec.Struct, frozen=True):
    """Things that all must hold: what is asked for, and what is left out."""

    asked: tuple[str, ...]
    refused: tuple[str, ...] = ()


def translate(query: Query, can: Capabilities) -> Translation:
    """Turn a query into searches within what a network can do.

    >>> from quivive.listen.query import parse
    >>> can = Capabilities(operators=frozenset({Operator.ALL, Operator.PHRASE}))
    >>> found = translate(parse('gaz (fuite OR "eau froide") followers:>9'), can)
    >>> found.searches, [lost.text for lost in found.lost]
    (('gaz fuite', 'gaz "eau froide"'), ['followers:>9'])
    """
    if not can.searches:
        return Translation(searches=(), lost=())
    speaker = _Speaker(query, can)
    branches = speaker.branches(query.root)
    texts = [speaker.text(branch) for branch in branches if branch.asked]
    kept = [text for text in dict.fromkeys(texts) if not can.longest or len(text) <= can.longest]
    if len(kept) < len(set(texts)):
        speaker.lose(query.root, _TOO_LONG, missed=True)
    if any(not branch.asked for branch in branches):
        speaker.lose(query.root, _NOTHING_LEFT, missed=True)
    return Translation(searches=tuple(_joined(kept, can)), lost=tuple(speaker.lost))


_TOO_LONG = say(
    "A search of this network cannot be so long: posts of this part are not looked for."
)
_NOTHING_LEFT = say(
    "Nothing is left to ask this network for in one branch of the query: its posts are not looked "
    "for. Add a word to the branch."
)
_TOO_MANY = say("This needs more searches than the network allows; those beyond are not made.")
_APART = say("The network looks for the words anywhere in the post; their distance is judged here.")
_NO_FIELD = say("The network cannot be asked for this; it is judged here on what comes in.")
_NO_NOT = say("The network cannot leave this out; it is left out here.")
_NO_FORM = say(
    "The network only finds the word as it stands here, or not at all: its other forms are missed."
)
_NO_PHRASE = say(
    "The network looks for the words apart from each other; the phrase is judged here."
)
_ONLY_TAGS = say("The network can only be asked for hashtags.")

_BY_TAG = say("The network goes by its own tag: posts that it tags wrongly are not looked for.")

_FIELDS = {
    "from": Operator.AUTHOR,
    "mention": Operator.MENTION,
    "lang": Operator.LANGUAGE,
    "link": Operator.LINK,
}
_PLAIN = {"hashtag": "#{}", "emoji": "{}", "title": "{}", "text": "{}"}


class _Speaker:
    """Walks through a tree and notes what is lost on the way."""

    def __init__(self, query: Query, can: Capabilities) -> None:
        self._query = query
        self._can = can
        self.lost: list[Lost] = []

    def lose(self, node: Node, why: Message, *, missed: bool = False) -> None:
        text = self._query.text[node.start : node.end]
        one = Lost(text=text, start=node.start, end=node.end, missed=missed, why=why)
        if one not in self.lost:
            self.lost.append(one)

    def branches(self, node: Node) -> list[_Branch]:  # noqa: PLR0911  one a kind
        """Return ways to hold, of which a matching post meets one; an empty one asks nothing."""
        match node:
            case Or():
                return self._few(node, [one for part in node.parts for one in self.branches(part)])
            case And():
                return self._all(node, node.parts)
            case Near():
                self.lose(node, _APART)
                return self._all(node, (node.left, node.right))
            case Sentence():
                self.lose(node, _APART)
                return [_Branch(one.asked) for one in self.branches(node.part)]
            case Not():
                return [self._without(node)]
            case Words():
                return [_Branch(asked) for asked in self._words(node)]
            case Field():
                return [_Branch(asked) for asked in self._field(node)]

    def _all(self, node: Node, parts: Sequence[Node]) -> list[_Branch]:
        """Every way to choose one way of each part; the one rarest part alone without ALL."""
        found = [self.branches(part) for part in parts]
        if Operator.ALL not in self._can.operators:
            sure = [some for some in found if all(one.asked for one in some)]
            return min(sure, key=_vague) if sure else [_Branch(())]
        chosen = islice(product(*found), MOST_SEARCHES + 1)
        return self._few(node, [_merged(ways) for ways in chosen])

    def _few(self, node: Node, found: list[_Branch]) -> list[_Branch]:
        if len(found) > MOST_SEARCHES:
            self.lose(node, _TOO_MANY, missed=True)
        return found[:MOST_SEARCHES]

    def _without(self, node: Not) -> _Branch:
        """Leave out only what the network finds in just the same way as we do."""
        part = node.part
        if isinstance(part, Words) and Operator.NOT in self._can.operators and _is_plain(part):
            forms = self._words(part)[0]
            if len(forms) == 1:
                return _Branch((), forms)
        self.lose(node, _NO_NOT)
        return _Branch(())

    def _words(self, node: Words) -> list[tuple[str, ...]]:
        if node.edits:
            self.lose(node, _NO_FORM, missed=True)
        if has_wildcard(node.text) and not self._takes_wildcard(node.text):
            self.lose(node, _NO_FORM, missed=True)
            stem = node.text.rstrip("*")
            return [()] if has_wildcard(stem) else [self._spoken(node, stem)]
        if node.apart:
            self.lose(node, _APART)
            return [tuple(parts_of(node.text))]
        forms = readings(node.text)
        texts = [node.text] if len(forms) == 1 else list(forms)
        return [self._spoken(node, text) for text in texts]

    def _takes_wildcard(self, text: str) -> bool:
        sound = Operator.PREFIX in self._can.operators
        return sound and not has_wildcard(text.removesuffix("*")) and " " not in text

    def _spoken(self, node: Words | Field, text: str) -> tuple[str, ...]:
        text = text.strip()
        operators = self._can.operators
        if operators <= {Operator.HASHTAG, Operator.ANY}:
            if text.startswith("#"):
                return (text,)
            self.lose(node, _ONLY_TAGS, missed=node is self._query.root)
            return ()
        if text.startswith("#") and Operator.HASHTAG not in operators:
            text = text.removeprefix("#")
        if len(text.split()) == 1:
            return (text,)
        if Operator.PHRASE in operators:
            return (f'"{text}"',)
        self.lose(node, _NO_PHRASE)
        words = tuple(text.split())
        return words if Operator.ALL in operators else (max(words, key=len),)

    def _field(self, node: Field) -> list[tuple[str, ...]]:
        values = several(node.value)
        if node.name in _PLAIN and not has_wildcard(node.value):
            return [self._spoken(node, _PLAIN[node.name].format(node.value.lstrip("#")))]
        if _FIELDS.get(node.name) not in self._can.operators:
            self.lose(node, _NO_FIELD)
            return [()]
        if node.name == "lang":
            self.lose(node, _BY_TAG, missed=True)
        prefix = self._prefixes()[node.name]
        return [(f"{prefix}{one}",) for one in values]

    def _prefixes(self) -> dict[str, str]:
        can = self._can
        return {
            "from": can.author_prefix,
            "lang": can.language_prefix,
            "mention": "@",
            "link": "url:",
        }

    def text(self, branch: _Branch) -> str:
        without = [f"{self._can.not_sign}{one}" for one in branch.refused]
        return " ".join(dict.fromkeys([*branch.asked, *without]))


def _is_plain(node: Words) -> bool:
    special = node.edits or node.apart or has_wildcard(node.text)
    return not special and len(readings(node.text)) == 1


def _merged(ways: Iterable[_Branch]) -> _Branch:
    ways = tuple(ways)
    return _Branch(
        tuple(one for way in ways for one in way.asked),
        tuple(one for way in ways for one in way.refused),
    )


def _vague(branches: Sequence[_Branch]) -> tuple[int, int]:
    """Fewer searches first; then the longer words, which are rarer."""
    return len(branches), -min(len(" ".join(one.asked)) for one in branches)


def _joined(texts: Sequence[str], can: Capabilities) -> list[str]:
    """Lay searches together with OR as far as the network's bounds allow."""
    if Operator.ANY not in can.operators or len(texts) < 2:  # noqa: PLR2004
        return list(texts)
    shown: Callable[[str], str] = str
    if Operator.GROUPS in can.operators:
        shown = _bracketed
    elif any(" " in text and not text.startswith('"') for text in texts):
        return list(texts)
    sign, groups = f" {can.any_sign} ", [[shown(texts[0])]]
    for text in map(shown, texts[1:]):
        longer = [*groups[-1], text]
        fits = not can.most or sum(len(one.split()) for one in longer) <= can.most
        if fits and (not can.longest or len(sign.join(longer)) <= can.longest):
            groups[-1] = longer
        else:
            groups.append([text])
    return [sign.join(group) for group in groups]


def _bracketed(text: str) -> str:
    alone = " " not in text or (text.startswith('"') and text.count('"') == 2)  # noqa: PLR2004
    return text if alone else f"({text})"
