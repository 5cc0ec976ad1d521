"""All that changes the inbox."""

from quivive.web.respond.services.cases import (
    Done,
    answer,
    assign,
    lock,
    merge,
    open_cases,
    set_status,
    snooze,
    undo,
    unlock,
    unmerge,
    wake,
)
from quivive.web.respond.services.promises import save_settings
from quivive.web.respond.services.ruling import (
    check_rule,
    move_rule,
    remove_rule,
    save_rule,
    switch_rule,
    undo_runs,
)
from quivive.web.respond.services.talk import be_here, leave, see_mentions, write_note

__all__ = [
    "Done",
    "answer",
    "assign",
    "be_here",
    "check_rule",
    "leave",
    "lock",
    "merge",
    "move_rule",
    "open_cases",
    "remove_rule",
    "save_rule",
    "save_settings",
    "see_mentions",
    "set_status",
    "snooze",
    "switch_rule",
    "undo",
    "undo_runs",
    "unlock",
    "unmerge",
    "wake",
    "write_note",
]
