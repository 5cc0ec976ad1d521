"""All that changes in what is kept of people."""

from quivive.web.privacy.services.erasing import Erased, erase_account, object_by_name
from quivive.web.privacy.services.purging import (
    end_hold,
    hold_posts,
    keep_for,
    purge,
    purge_by_hand,
    purge_if_due,
)

__all__ = [
    "Erased",
    "end_hold",
    "erase_account",
    "hold_posts",
    "keep_for",
    "object_by_name",
    "purge",
    "purge_by_hand",
    "purge_if_due",
]
