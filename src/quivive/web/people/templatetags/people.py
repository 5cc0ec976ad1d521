"""Tags and filters about people: roles as badges, actions of the audit log in words."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from quivive.web.people.queries import RoleHolding
from quivive.web.people.words import ACTION_NAMES

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
