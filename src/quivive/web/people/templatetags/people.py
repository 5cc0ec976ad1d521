"""Tags and filters about people: roles as badges, actions of the audit log in words."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from quivive.web.people.queries import RoleHolding
from quivive.web.people.words import (
    ACTION_NAMES,
    CODED,
    DETAIL_NAMES,
    DETAIL_VALUES,
    SECURITY_CHANGES,
)

register = template.Library()


@register.simple_tag
def role_badge(holding: RoleHolding, now: datetime) -> SafeString:
    """Show a role: its name, whether as deputy, and whether it has ended."""
    notes = [
        gettext("deputy") if holding.deputy else "",
        gettext("ended") if holding.expires_at and holding.expires_at <= now else "",
    ]
    words = ", ".join([str(holding.title), *filter(None, notes)])
    return format_html('<span class="badge outline">{}</span>', words)


@register.filter
def action_name(action: str) -> str:
    """Say what somebody did; an action without words of its own is shown as it is stored."""
    return str(ACTION_NAMES.get(action, action))


@register.filter
def subject_name(subject: str) -> str:
    """Say what was changed about signing in; any other subject is a name and stays as it is."""
    return str(SECURITY_CHANGES.get(subject, subject))


@register.filter
def in_words(detail: Mapping[str, object]) -> str:
    """Write the detail of a line: names and values, empty ones left out."""
    return " · ".join(_told(name, value) for name, value in detail.items() if value)


def _told(name: str, value: object) -> str:
    words = str(DETAIL_NAMES.get(name, name))
    if value is True:
        return words
    each = value if isinstance(value, list) else [value]
    told = ", ".join(_value(name, one) for one in each)
    return gettext("%(name)s: %(value)s") % {"name": words, "value": told}


def _value(name: str, value: object) -> str:
    coded = name in CODED and isinstance(value, str)
    return str(DETAIL_VALUES.get(str(value), value)) if coded else str(value)
