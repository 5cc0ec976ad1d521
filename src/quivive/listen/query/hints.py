"""What a query that can be read may not mean as it was meant, or what it will cost."""

import re
from collections.abc import Iterator, Sequence

from quivive.listen.query.tree import Or, Query, Words, leaves
from quivive.vocabulary.messages import Message, say, say_many

_OPERATORS = ("and", "et", "or", "ou", "not", "sauf")
_ELSEWHERE = re.compile(
    r"(?:ADJ|PRE|WITHIN|O?NEAR|PROCHE)/?\d+f?|W/\d+|XOR|ANDNOT|NON|SANS|SENTENCE|[|+]+|!\w+|~\d+"
)
"""Operators of other programs, and ours beside their brackets: here they are words to look for."""

_SHORT = 4
"""A name of so few letters is often a word or the name of something else."""


def hints(query: Query) -> tuple[Message, ...]:
    """Return one sentence for each operator in small letters, or of another program.

    >>> from quivive.vocabulary.messages import in_english, render
    >>> from quivive.listen.query.parser import parse
    >>> [render(hint, in_english) for hint in hints(parse("heating or boiler"))]
    ['The word or is looked for; write OR in capitals to combine.']
    """
    typed = dict.fromkeys(query.text[leaf.start : leaf.end] for leaf in leaves(query.root))
    small = (word for word in typed if word.lower() in _OPERATORS)
    elsewhere = (word for word in typed if _ELSEWHERE.fullmatch(word))
    return (
        *(
            say(
                "The word {word} is looked for; write {operator} in capitals to combine.",
                word=word,
                operator=word.upper(),
            )
            for word in small
        ),
        *(
            say(
                "The word {word} is looked for: what combines here is AND, OR, NOT, NEAR/5 and "
                "ONEAR/5.",
                word=word,
            )
            for word in elsewhere
        ),
    )


def ambiguities(query: Query) -> tuple[Message, ...]:
    """Return a warning for branches that are a single word, and one for very short ones.

    >>> from quivive.vocabulary.messages import in_english, render
    >>> from quivive.listen.query.parser import parse
    >>> [render(one, in_english) for one in ambiguities(parse("orange OR #GelOrange"))][0][:33]
    'orange alone may catch other thin'
    """
    branches = query.root.parts if isinstance(query.root, Or) else (query.root,)
    alone = dict.fromkeys(
        one.text for one in branches if isinstance(one, Words) and one.text.isalpha()
    )
    long = [word for word in alone if len(word) > _SHORT]
    short = [word for word in alone if len(word) <= _SHORT]
    return (*_alone(long), *_too_short(short))


def _alone(words: Sequence[str]) -> Iterator[Message]:
    if words:
        yield say_many(
            "{words} alone may catch other things of the same name: add a second word, a place or "
            "what to leave out, as in Orange (network OR outage) -fruit.",
            "{words}: each alone may catch other things of the same name. Add a second word, a "
            "place or what to leave out, as in Orange (network OR outage) -fruit.",
            len(words),
            words=", ".join(words),
        )


def _too_short(words: Sequence[str]) -> Iterator[Message]:
    if words:
        yield say_many(
            "{words} is so short that it is surely also something else: write a phrase, or add "
            "words that must stand near it, as in EDF NEAR/10 bill.",
            "{words} are so short that they are surely also something else: write phrases, or add "
            "words that must stand near them, as in EDF NEAR/10 bill.",
            len(words),
            words=", ".join(words),
        )
