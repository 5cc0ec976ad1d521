"""All that changes in what is kept of people."""

from quivive.web.privacy.services.erasing import Erased, erase_account, object_by_name
from quivive.web.privacy.services.informing import (
    exempt,
    note_told,
    publish_notice,
    remove_processor,
    save_processor,
)
from quivive.web.privacy.services.purging import (
    end_hold,
    hold_posts,
    keep_for,
    purge,
    purge_by_hand,
    purge_if_due,
)
from quivive.web.privacy.services.requests import answer_request, note_request, prolong_request
from quivive.web.privacy.services.restoring import ForgottenAgain, forget_again

__all__ = [
    "Erased",
    "ForgottenAgain",
    "answer_request",
    "end_hold",
    "erase_account",
    "exempt",
    "forget_again",
    "hold_posts",
    "keep_for",
    "note_request",
    "note_told",
    "object_by_name",
    "prolong_request",
    "publish_notice",
    "purge",
    "purge_by_hand",
    "purge_if_due",
    "remove_processor",
    "save_processor",
]
