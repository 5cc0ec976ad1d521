"""Who may do what, by role (crisis.md 1.6)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from quivive.vocabulary.crises import Role


class Permission(StrEnum):
    """One thing a person may be allowed to do."""

    SEE_ROOM = "see-room"
    SEE_ALERTS = "see-alerts"
    SEE_PERSONAL_DATA = "see-personal-data"
    SEE_PUBLIC_TIMELINE = "see-public-timeline"
    SEE_LESSONS = "see-lessons"
    SEND_QUESTION = "send-question"
    ACKNOWLEDGE = "acknowledge"
    OPEN_CRISIS = "open-crisis"
    LABEL_POSTS = "label-posts"
    HANDLE_INBOX = "handle-inbox"
    GIVE_INPUTS = "give-inputs"
    VERIFY_CLAIM = "verify-claim"
    OVERRIDE_LEVEL = "override-level"
    CHANGE_STATE = "change-state"
    ASSIGN_TASK = "assign-task"
    TAKE_TASK = "take-task"
    WRITE_LOG = "write-log"
    WRITE_DRAFT = "write-draft"
    APPROVE = "approve"
    DECIDE_COMPENSATION = "decide-compensation"
    LEGAL_HOLD = "legal-hold"
    MANAGE_TOPICS = "manage-topics"
    IMPORT = "import"
    EXPORT = "export"
    MANAGE_PEOPLE = "manage-people"
    MANAGE_SETTINGS = "manage-settings"
    MANAGE_PRIVACY = "manage-privacy"
    SEE_AUDIT = "see-audit"


_P = Permission
_IN_ROOM = frozenset(
    {
        _P.SEE_ROOM,
        _P.SEE_ALERTS,
        _P.SEE_PERSONAL_DATA,
        _P.SEE_PUBLIC_TIMELINE,
        _P.SEE_LESSONS,
        _P.SEND_QUESTION,
        _P.ACKNOWLEDGE,
        _P.WRITE_LOG,
        _P.TAKE_TASK,
    }
)
_LEADS = frozenset(
    {
        _P.OPEN_CRISIS,
        _P.LABEL_POSTS,
        _P.HANDLE_INBOX,
        _P.GIVE_INPUTS,
        _P.OVERRIDE_LEVEL,
        _P.CHANGE_STATE,
        _P.ASSIGN_TASK,
        _P.EXPORT,
    }
)

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _IN_ROOM
    | {
        _P.OPEN_CRISIS,
        _P.MANAGE_TOPICS,
        _P.IMPORT,
        _P.EXPORT,
        _P.MANAGE_PEOPLE,
        _P.MANAGE_SETTINGS,
        _P.MANAGE_PRIVACY,
        _P.SEE_AUDIT,
    },
    Role.LEAD: _IN_ROOM
    | _LEADS
    | {_P.MANAGE_TOPICS, _P.IMPORT, _P.WRITE_DRAFT, _P.APPROVE, _P.SEE_AUDIT},
    Role.MONITOR: _IN_ROOM
    | {_P.HANDLE_INBOX}
    | {_P.OPEN_CRISIS, _P.LABEL_POSTS, _P.GIVE_INPUTS, _P.MANAGE_TOPICS, _P.IMPORT, _P.EXPORT},
    Role.FACT_OWNER: _IN_ROOM | {_P.GIVE_INPUTS, _P.VERIFY_CLAIM, _P.LABEL_POSTS, _P.HANDLE_INBOX},
    Role.DRAFTER: _IN_ROOM | {_P.WRITE_DRAFT, _P.LABEL_POSTS, _P.HANDLE_INBOX},
    Role.APPROVER: _IN_ROOM | {_P.APPROVE},
    Role.SPOKESPERSON: _IN_ROOM | {_P.WRITE_DRAFT, _P.HANDLE_INBOX},
    Role.LEGAL: _IN_ROOM
    | {_P.GIVE_INPUTS, _P.LEGAL_HOLD, _P.MANAGE_PRIVACY, _P.SEE_AUDIT, _P.EXPORT},
    Role.DIRECTOR: _IN_ROOM | _LEADS | {_P.APPROVE, _P.DECIDE_COMPENSATION, _P.SEE_AUDIT},
    Role.FIELD_STAFF: frozenset(
        {_P.SEE_ROOM, _P.SEE_PUBLIC_TIMELINE, _P.SEND_QUESTION, _P.WRITE_LOG, _P.TAKE_TASK}
    ),
    Role.AMBASSADOR: frozenset({_P.SEE_PUBLIC_TIMELINE, _P.SEND_QUESTION, _P.TAKE_TASK}),
    Role.PARTNER: _IN_ROOM | {_P.WRITE_DRAFT},  # in the crises they were given a part in
    Role.ELECTED_TENANT: frozenset({_P.SEE_PUBLIC_TIMELINE, _P.SEND_QUESTION}),
    Role.PEER: frozenset({_P.SEE_LESSONS}),
}
"""Nobody approves a draft of their own: that rule belongs to the draft, not to the role."""


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """A role somebody holds; a partner's always ends (R-02)."""

    role: Role
    expires_at: datetime | None = None


def current(holdings: Iterable[Holding], now: datetime) -> frozenset[Role]:
    """Roles that still hold at ``now``; a partner without an end date holds nothing (R-02)."""
    return frozenset(holding.role for holding in holdings if _holds(holding, now))


def _holds(holding: Holding, now: datetime) -> bool:
    if holding.expires_at is None:
        return holding.role is not Role.PARTNER
    return now < holding.expires_at


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Tell whether any of the roles grants the permission.

    >>> may([Role.MONITOR], Permission.LABEL_POSTS), may([Role.PEER], Permission.SEE_ROOM)
    (True, False)
    """
    return any(permission in GRANTS[role] for role in roles)
