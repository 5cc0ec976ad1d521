"""All that pages and the engine read of topics and posts."""

from quivive.vocabulary import topics as words
from quivive.web.listen.models import Topic
from quivive.web.people.queries import own_handles


def watched_topics() -> list[words.Topic]:
    """Return the topics under watch, ready to compile."""
    own = own_handles()
    return [topic_value(topic, own) for topic in Topic.objects.filter(archived_at=None)]


def topic_value(topic: Topic, own: tuple[str, ...]) -> words.Topic:
    """Return a topic's row as the core's value."""
    return words.Topic(
        id=topic.slug,
        name=topic.name,
        query=topic.query,
        rules=tuple(_rules(topic)),
        own_accounts=own,
    )


def _rules(topic: Topic) -> list[words.AlertRule]:
    rules = []
    if topic.burst_rings:
        rules.append(
            words.AlertRule(
                kind=words.RuleKind.BURST,
                false_alarms_per_week=topic.false_alarms_per_week,
                minimum=topic.minimum,
            )
        )
    if topic.severe_words:
        rules.append(
            words.AlertRule(kind=words.RuleKind.SEVERE_WORD, words=tuple(topic.severe_words))
        )
    if topic.influence_followers is not None or topic.panel:
        rules.append(
            words.AlertRule(
                kind=words.RuleKind.INFLUENTIAL_AUTHOR,
                followers=topic.influence_followers,
                panel=tuple(topic.panel),
            )
        )
    return rules
