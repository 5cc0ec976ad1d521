"""Makes searches for a network out of topics' queries: never narrower than the query itself.

Of each query the words are taken of which a post must hold at least one; the network is asked for
those, and every post found then meets the whole query.
"""

from collections.abc import Iterable, Sequence

from quivive.listen.query import And, Field, Node, Not, Or, Words, parse
from quivive.listen.sourcing import Search
from quivive.vocabulary.capabilities import Capabilities, Operator
from quivive.vocabulary.topics import Topic


def searches_for(topics: Sequence[Topic], can: Capabilities) -> tuple[Search, ...]:
    """Return the searches that find all that the topics could match; each text once.

    >>> heating = Topic(id="heating", name="Heating", query='(panne OR "eau froide") office')
    >>> [one.text for one in searches_for([heating], Capabilities(operators={Operator.PHRASE}))]
    ['office']
    """
    if not can.searches:
        return ()
    found: dict[str, Search] = {}
    for topic in topics:
        wanted = _wanted(parse(topic.query).root) or ()
        for text in _joined([_text(word, can) for word in wanted], can):
            found.setdefault(text, Search(topic.id, text))
    return tuple(found.values())


def _wanted(node: Node) -> frozenset[str] | None:
    """The words of which a matching post holds at least one; None when nothing is sure."""
    match node:
        case Words():
            return frozenset({node.text})
        case Field() | Not():
            return None
        case Or():
            parts = [_wanted(part) for part in node.parts]
            some = [part for part in parts if part is not None]
            return frozenset().union(*some) if len(some) == len(parts) else None
        case And():
            sure = [found for part in node.parts if (found := _wanted(part)) is not None]
            return min(sure, key=_vague) if sure else None


def _vague(words: frozenset[str]) -> tuple[int, int]:
    """Fewer searches first; then the longer words, which are rarer."""
    return len(words), -min(map(len, words))


def _text(word: str, can: Capabilities) -> str:
    bare = word.strip() if Operator.PREFIX in can.operators else word.strip().rstrip("*")
    if bare.startswith("#") and Operator.HASHTAG not in can.operators:
        bare = bare.removeprefix("#")
    return f'"{bare}"' if " " in bare and Operator.PHRASE in can.operators else bare


def _joined(texts: Iterable[str], can: Capabilities) -> list[str]:
    """Lay words together into as few searches as the network's bounds allow."""
    words = sorted(filter(None, texts))
    if Operator.ANY not in can.operators:
        return words
    sign = f" {can.any_sign} "
    together: list[list[str]] = []
    for word in words:
        fits = together and (not can.most or len(together[-1]) < can.most)
        if fits and (not can.longest or len(sign.join([*together[-1], word])) <= can.longest):
            together[-1].append(word)
        else:
            together.append([word])
    return [sign.join(group) for group in together]
