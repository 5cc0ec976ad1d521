"""What a query that can be read may not mean as it was meant."""

from collections.abc import Iterator

from quivive.listen.query.tree import And, Field, Node, Not, Or, Query, Words
from quivive.vocabulary.messages import Message, say

_OPERATORS = ("and", "et", "or", "ou", "not", "sauf")


def hints(query: Query) -> tuple[Message, ...]:
    """Return one sentence for each operator that was typed in small letters.

    >>> from quivive.vocabulary.messages import in_english, render
    >>> from quivive.listen.query.parser import parse
    >>> [render(hint, in_english) for hint in hints(parse("heating or boiler"))]
    ['The word or is looked for; write OR in capitals to combine.']
    """
    typed = dict.fromkeys(query.text[leaf.start : leaf.end] for leaf in _leaves(query.root))
    return tuple(
        say(
            "The word {word} is looked for; write {operator} in capitals to combine.",
            word=word,
            operator=word.upper(),
        )
        for word in typed
        if word.lower() in _OPERATORS
    )


def _leaves(node: Node) -> Iterator[Words | Field]:
    match node:
        case Words() | Field():
            yield node
        case Not():
            yield from _leaves(node.part)
        case And() | Or():
            for part in node.parts:
                yield from _leaves(part)
