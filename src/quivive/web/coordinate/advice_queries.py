"""What pages read to say what the rules advise in a crisis."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count

from quivive.assess.arousal import fears
from quivive.coordinate.advice import SPAN, Advice, Rumour, advise
from quivive.coordinate.tasks import CAUSE
from quivive.vocabulary.assessments import Assessment, HumanInputs, Level
from quivive.vocabulary.claims import Stance
from quivive.vocabulary.folding import fold
from quivive.web.coordinate.models import Task
from quivive.web.detect.models import Claim, ClaimPost
from quivive.web.listen.models import Post, Topic

MOST_READ = 500
"""Posts of a rumour whose words are looked at, the latest."""


def advice(
    sheet: Assessment | None,
    inputs: HumanInputs,
    *,
    level: Level | None,
    topic: Topic,
    since: datetime,
    tasks: Sequence[Task],
) -> tuple[Advice, ...]:
    """Return what the rules advise; nothing before the first sheet."""
    if sheet is None or level is None:
        return ()
    return advise(
        sheet,
        inputs,
        level=level,
        rumour=rumour(topic, since=since),
        busy=overloaded(tasks),
        cause_open=any(task.title["text"] == CAUSE.text and not task.done_at for task in tasks),
    )


def rumour(topic: Topic, *, since: datetime) -> Rumour | None:
    """Return the rumour of a topic that most posts speak of, among those still passed on."""
    claim = (
        Claim.objects.filter(topic=topic, merged_into=None, last_at__gte=since)
        .exclude(rumour_at=None)
        .annotate(size=Count("standings"))
        .order_by("-size", "pk")
        .first()
    )
    if claim is None:
        return None
    rows = ClaimPost.objects.filter(claim=claim, own=False).order_by("-at", "-pk")[:MOST_READ]
    stances = dict(rows.values_list("post", "stance"))
    stored = Post.objects.filter(uid__in=stances, deleted_at=None).values_list("content", flat=True)
    return Rumour(
        posts=len(stances),
        asking=sum(stance == Stance.ASKS.value for stance in stances.values()),
        fearful=sum(fears(fold(words)) for words in stored),
    )


def overloaded(tasks: Sequence[Task]) -> list[tuple[str, int]]:
    """Return who has more open tasks than one person can look after, the busiest first."""
    held = Counter(str(task.owner) for task in tasks if task.owner and task.done_at is None)
    return [(name, count) for name, count in held.most_common() if count > SPAN]
