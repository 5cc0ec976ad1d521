"""Rules that one post alone can meet: a severe word, an influential author."""

import re
from functools import lru_cache

from quivive.detect.counting import SAME_VOICE_S, Counter
from quivive.detect.words import SEVERE, pattern_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.signals import Certainty, Signal, SignalKind
from quivive.vocabulary.topics import AlertRule, RuleKind, Topic

SEVERE_WORD_SEVERITY = 6
"""A word is not an event: grave enough to be read now, for a person to judge."""

LONGEST_NAME = 80
"""Characters of an author's name in a sentence."""


def signals_of_post(post: Post, topic: Topic, counter: Counter, at: float) -> list[Signal]:
    """Return what one post that is neither ours nor a repost makes ring."""
    found = []
    for rule in topic.rules:
        if rule.kind is RuleKind.SEVERE_WORD:
            found += _severe(post, topic, rule)
        elif rule.kind is RuleKind.INFLUENTIAL_AUTHOR:
            found += _influential(post, topic, rule, counter, at)
    return found


def _severe(post: Post, topic: Topic, rule: AlertRule) -> list[Signal]:
    pattern = _pattern(rule.words or SEVERE)
    word = pattern.search(fold(post.content)) if pattern else None
    if not word:
        return []
    reason = say('{author} wrote "{word}".', author=_name(post), word=" ".join(word[0].split()))
    return [signal_of(SignalKind.SEVERE_WORD, post, topic, SEVERE_WORD_SEVERITY, reason)]


def _influential(
    post: Post, topic: Topic, rule: AlertRule, counter: Counter, at: float
) -> list[Signal]:
    author = post.attributed_to
    followers = author.followers or 0
    on_panel = _on_panel(post, rule.panel)
    if not on_panel and (rule.followers is None or followers < rule.followers):
        return []
    if at - counter.rang_for.get(author.id, -1e18) <= SAME_VOICE_S:
        return []
    counter.rang_for[author.id] = at
    reason = (
        say("{author}, whom you follow closely, wrote about this.", author=_name(post))
        if on_panel
        else say(
            "{author}, followed by {followers} accounts, wrote about this.",
            author=_name(post),
            followers=followers,
        )
    )
    severity = min(10, max(3, len(str(followers)) + (2 if on_panel else 0)))
    return [signal_of(SignalKind.INFLUENTIAL_AUTHOR, post, topic, severity, reason)]


def _on_panel(post: Post, panel: tuple[str, ...]) -> bool:
    names = {fold(name).lstrip("@") for name in panel}
    handle = fold(post.attributed_to.handle or "").lstrip("@")
    return bool(names) and (handle in names or fold(post.attributed_to.id) in names)


def signal_of(
    kind: SignalKind,
    post: Post,
    topic: Topic,
    severity: int,
    reason: Message,
    *,
    rings: bool = True,
) -> Signal:
    """Return the signal that one post causes; a note rings nobody."""
    at = post.heard_at
    return Signal(
        kind=kind,
        topic=topic.id,
        found_at=at,
        rang_at=at if rings else None,
        onset=at,
        onset_low=at,
        onset_high=at,
        window_s=0,
        observed=1,
        expected=0.0,
        severity=severity,
        certainty=Certainty.OBSERVED,
        negative_share=None,
        evidence=(post.id,),
        reason=reason,
    )


def _name(post: Post) -> str:
    author = post.attributed_to
    name = f"@{author.handle}" if author.handle else author.name or author.id
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    return pattern_of(words)
