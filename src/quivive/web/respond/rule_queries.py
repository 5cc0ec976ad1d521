"""All that is read of the rules of the inbox: the list, one rule, and what it would have done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
from django.db.models import Count, Q, QuerySet

from quivive.listen.evaluation import said_by, truth_of
from quivive.listen.known import Known
from quivive.listen.query import parse
from quivive.listen.words import is_silent, texts_of
from quivive.respond.asking import Urgency, asking
from quivive.respond.rules import Facts, Rule, allowed, first_match
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.models import Match, Post, Topic
from quivive.web.people.panel_queries import known_to_us
from quivive.web.respond.models import InboxRule, RuleRun

LATELY = timedelta(days=30)
TRIED = 2_000
"""Newest posts a rule is tried on."""
SHOWN = 12


def rules() -> QuerySet[InboxRule]:
    """Return all rules in their order, with how many posts each took (``done``)."""
    done = Count("runs", filter=Q(runs__undone_at=None))
    return InboxRule.objects.annotate(done=done).select_related("made_by")


def rule(rule_id: int) -> InboxRule | None:
    """Return one rule, or None."""
    return InboxRule.objects.filter(pk=rule_id).first()


def active_rules() -> list[Rule]:
    """Return the rules that count, in their order."""
    return [value_of(row) for row in InboxRule.objects.filter(active=True)]


def value_of(row: InboxRule) -> Rule:
    """Return a rule as the core knows it."""
    told = {"name": row.name, "conditions": row.conditions, "actions": row.actions}
    return msgspec.convert({"key": row.pk or 0, **told}, Rule)


def runs_of(rule_id: int) -> list[RuleRun]:
    """Return what a rule did last, newest first."""
    rows = RuleRun.objects.filter(rule=rule_id).select_related("case__post__author")
    return list(rows.order_by("-at", "-pk")[:SHOWN])


def facts_of(posts: Sequence[Post], urgencies: Sequence[int]) -> Iterator[Facts]:
    """Yield what rules may ask of stored posts."""
    known = known_to_us()
    caught: dict[int, tuple[str, ...]] = {}
    for number, slug in Match.objects.filter(post__in=[post.pk for post in posts]).values_list(
        "post", "topic__slug"
    ):
        caught[number] = (*caught.get(number, ()), slug)
    truth = _truths(known)
    for post, urgency in zip(posts, urgencies, strict=True):
        said = msgspec.convert(post.document["post"], Said)
        yield Facts(
            meets=_asked_of(said, truth),
            urgency=Urgency(urgency),
            topics=caught.get(post.pk, ()),
            leaning=post.leaning,
        )


def _truths(known: Known) -> Callable[[str], Callable[..., bool]]:
    return lru_cache(maxsize=64)(lambda query: truth_of(parse(query).root, known))


def _asked_of(said: Said, truth: Callable[[str], Callable[..., bool]]) -> Callable[[str], bool]:
    whole = said_by(said, texts_of([said])[0])
    return lambda query: not is_silent(said) and truth(query)(whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a rule would have done with the newest stored posts.

    Attributes:
        looked: posts that were looked at.  met: those it would have taken.
        before: those a rule above it takes first.
        kept: those it meets whom it may not put away, for they are in danger or alone.
        examples: posts it would have taken, newest first.
    """

    looked: int
    met: int
    before: int
    kept: int
    examples: list[Post]


def try_out(wanted: Rule, *, now: datetime) -> Tried:
    """Try a rule, in its place among the others, on the posts of the last 30 days."""
    others = active_rules()
    at = next((n for n, one in enumerate(others) if one.key == wanted.key), len(others))
    above = [one for one in others[:at] if one.key != wanted.key]
    recent = Post.objects.filter(
        heard_at__gte=now - LATELY, own=False, deleted_at=None, hiding=None, repost_of=""
    )
    posts = list(recent.select_related("author").order_by("-heard_at", "-pk")[:TRIED])
    urgencies = [asking(post.content, plea=post.plea).urgency for post in posts]
    met: list[Post] = []
    before = kept = 0
    for post, facts in zip(posts, facts_of(posts, urgencies), strict=True):
        if first_match([wanted], facts) is None:
            continue
        if first_match(above, facts) is not None:
            before += 1
            continue
        met.append(post)
        kept += allowed(wanted, facts.urgency) != wanted.actions
    return Tried(looked=len(posts), met=len(met), before=before, kept=kept, examples=met[:SHOWN])


def topics() -> list[tuple[str, str]]:
    """Return topics a condition may name."""
    return list(Topic.objects.filter(archived_at=None).values_list("slug", "name"))
