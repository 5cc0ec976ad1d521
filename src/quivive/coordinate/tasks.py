"""What there is to do in the first hour of any crisis, by whom and by when."""

from datetime import datetime, timedelta

import msgspec

from quivive.coordinate.clock import Step
from quivive.vocabulary.crises import Role
from quivive.vocabulary.messages import Message, say


class TaskTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do.

    Attributes:
        due_min: minutes from onset.  step: the milestone it brings nearer, if any.
    """

    title: Message
    role: Role
    due_min: int
    step: Step | None = None


CAUSE = say("Find one action on the cause, with an owner and a date")
"""What weighs more than any words (DR-02)."""

FIRST_HOUR: tuple[TaskTemplate, ...] = (
    TaskTemplate(
        title=say("Say who leads, and call the deputies who are needed"),
        role=Role.LEAD,
        due_min=10,
    ),
    TaskTemplate(
        title=say("Is anybody in danger? Call them, or call the emergency services"),
        role=Role.LEAD,
        due_min=10,
    ),
    TaskTemplate(
        title=say("Pause everything that was scheduled to be published"),
        role=Role.DRAFTER,
        due_min=10,
    ),
    TaskTemplate(
        title=say("Write the claim in one sentence and name who checks it"),
        role=Role.FACT_OWNER,
        due_min=15,
        step=Step.CLAIM_WRITTEN,
    ),
    TaskTemplate(
        title=say("Keep the first posts and where they came from"), role=Role.MONITOR, due_min=15
    ),
    TaskTemplate(
        title=say("Ask the people on the spot what they see, with time and place"),
        role=Role.FIELD_STAFF,
        due_min=20,
    ),
    TaskTemplate(
        title=say("Fill in the three-axis sheet: harm at stake, kind of threat, claim status"),
        role=Role.LEAD,
        due_min=30,
        step=Step.SHEET,
    ),
    TaskTemplate(
        title=say("List the questions that nobody has answered, people in need first"),
        role=Role.MONITOR,
        due_min=30,
    ),
    TaskTemplate(
        title=CAUSE,
        role=Role.DIRECTOR,
        due_min=35,
    ),
    TaskTemplate(
        title=say("Draft: what we know, what we do not know yet, what we do, when we speak next"),
        role=Role.DRAFTER,
        due_min=40,
        step=Step.DRAFT,
    ),
    TaskTemplate(
        title=say("Read for personal data and for what the law asks"), role=Role.LEGAL, due_min=45
    ),
    TaskTemplate(
        title=say("Approve or refuse, with a reason"),
        role=Role.APPROVER,
        due_min=50,
        step=Step.APPROVAL,
    ),
    TaskTemplate(
        title=say("Tell staff and the front desk what may be answered"), role=Role.LEAD, due_min=55
    ),
    TaskTemplate(
        title=say("Publish, or record the decision to wait and until when"),
        role=Role.SPOKESPERSON,
        due_min=60,
        step=Step.PUBLISHED,
    ),
)


class PlannedTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task of one crisis."""

    title: Message
    role: Role
    due_at: datetime
    step: Step | None


def first_hour(onset: datetime) -> tuple[PlannedTask, ...]:
    """Plan the first hour from ``onset``, earliest first."""
    return tuple(
        PlannedTask(
            title=each.title,
            role=each.role,
            due_at=onset + timedelta(minutes=each.due_min),
            step=each.step,
        )
        for each in FIRST_HOUR
    )
