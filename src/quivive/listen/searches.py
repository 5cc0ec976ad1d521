"""Makes searches for a network out of topics' queries; each post found meets the whole query."""

from collections.abc import Sequence

from quivive.listen.query import parse
from quivive.listen.sourcing import Search
from quivive.listen.translation import translate
from quivive.vocabulary.capabilities import Capabilities
from quivive.vocabulary.topics import Topic


def searches_for(topics: Sequence[Topic], can: Capabilities) -> tuple[Search, ...]:
    """Return the searches that find what the topics could match; each text once.

    >>> from quivive.vocabulary.capabilities import Operator
    >>> heating = Topic(id="heating", name="Heating", query='(panne OR "eau froide") office')
    >>> [one.text for one in searches_for([heating], Capabilities(operators={Operator.PHRASE}))]
    ['office']
    """
    found: dict[str, Search] = {}
    for topic in topics:
        for text in translate(parse(topic.query), can).searches:
            found.setdefault(text, Search(topic.id, text))
    return tuple(found.values())
