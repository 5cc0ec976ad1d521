"""Claims in small: how many stand how, and the two curves."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils import timezone

from quivive.web.detect.claim_queries import Told, behind
from quivive.web.room.drawing import spark

register = template.Library()

FEWEST_SLICES = 3
"""Slices below which a course is no curve yet."""


@register.inclusion_tag("detect/parts/stance_counts.html")
def stance_counts(told: Told) -> dict[str, Any]:
    """Write how many posts take each stance."""
    return {"counts": told.counts.items()}


@register.inclusion_tag("detect/parts/claims_behind.html")
def claims_behind(topic: Any) -> dict[str, Any]:
    """Say how much of a topic is not read for claims yet; nothing while all is."""
    return {"behind": behind(topic, now=timezone.now())}


@register.inclusion_tag("detect/parts/claim_curves.html")
def claim_curves(told: Told, *, large: bool = False) -> dict[str, Any]:
    """Draw the rumour curve with the correction curve on the same scale."""
    top = max((*told.relayed, *told.denied), default=0)
    drawn = len(told.relayed) >= FEWEST_SLICES
    return {
        "relayed": _line(told.relayed, top) if drawn else "",
        "denied": _line(told.denied, top) if drawn else "",
        "told": told,
        "large": large,
    }


def _line(values: Sequence[int], top: int) -> str:
    """Draw one line so that both share the height: the other's top is put beyond the field."""
    return spark(list(values), [top] * len(values)).line
