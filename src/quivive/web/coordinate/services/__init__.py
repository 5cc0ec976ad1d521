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
from quivive.web.coordinate.services.enquiries import add_enquiry, answer_enquiry
from quivive.web.coordinate.services.judging import end_override, override_level, set_inputs
from quivive.web.coordinate.services.opening import join_alert, open_crisis
from quivive.web.coordinate.services.posts import add_posts
from quivive.web.coordinate.services.work import (
    add_task,
    assign_lead,
    assign_speaker,
    change_state,
    finish_task,
    own_task,
    reach_milestone,
    record_decision,
    reopen_task,
    write_note,
)
from quivive.web.detect.services import acknowledge

__all__ = [
    "acknowledge",
    "add_contact",
    "add_enquiry",
    "add_posts",
    "add_task",
    "answer_enquiry",
    "assign_lead",
    "assign_speaker",
    "cancel_answered",
    "change_contact",
    "change_state",
    "end_override",
    "finish_task",
    "first_steps",
    "join_alert",
    "open_crisis",
    "override_level",
    "own_task",
    "plan_deliveries",
    "reach_everybody",
    "reach_milestone",
    "record_decision",
    "remove_contact",
    "reopen_task",
    "set_inputs",
    "set_steps",
    "try_contact",
    "write_note",
]
