"""The searches a network is asked for, of all topics together, and what they leave unseen."""

from collections.abc import Sequence
from datetime import datetime

from quivive.listen.query import parse, still_asked
from quivive.listen.sourcing import Search
from quivive.listen.translation import translate
from quivive.vocabulary.capabilities import Capabilities
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.topics import Topic


def searches_for(
    topics: Sequence[Topic], can: Capabilities, now: datetime | None = None
) -> tuple[Search, ...]:
    """Return the searches that find what the topics look for; each text once.

    With ``now``, no network is asked any more for what was looked for only for a while.

    >>> from quivive.vocabulary.capabilities import Operator
    >>> heating = Topic(id="heating", name="Heating", query='panne OR "eau froide"')
    >>> can = Capabilities(operators=frozenset({Operator.PHRASE}))
    >>> [one.text for one in searches_for([heating], can)]
    ['panne', '"eau froide"']
    """
    found: dict[str, Search] = {}
    for topic in topics:
        query = parse(topic.query)
        asked = query if now is None else still_asked(query, now)
        for text in translate(asked, can).searches if asked else ():
            found.setdefault(text, Search(topic.id, text))
    return tuple(found.values())


def unseen(topics: Sequence[Topic], can: Capabilities) -> tuple[Message, ...]:
    """Say which parts of topics a network cannot be asked for, so that nobody takes it for calm."""
    return tuple(
        say(
            "Of the topic “{topic}”, “{part}” is not looked for here.",
            topic=topic.name,
            part=one.text,
        )
        for topic in topics
        for one in translate(parse(topic.query), can).lost
        if one.missed
    )
