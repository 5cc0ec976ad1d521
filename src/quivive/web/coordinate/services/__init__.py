"""All that changes crises, their log and tasks, and who is told when."""

from quivive.web.coordinate.services.contacts import (
    add_contact,
    change_contact,
    first_steps,
    reach_everybody,
    remove_contact,
    set_steps,
    try_contact,
)
from quivive.web.coordinate.services.deliveries import cancel_answered, plan_deliveries
from quivive.web.coordinate.services.opening import open_crisis
from quivive.web.detect.services import acknowledge

__all__ = [
    "acknowledge",
    "add_contact",
    "cancel_answered",
    "change_contact",
    "first_steps",
    "open_crisis",
    "plan_deliveries",
    "reach_everybody",
    "remove_contact",
    "set_steps",
    "try_contact",
]
