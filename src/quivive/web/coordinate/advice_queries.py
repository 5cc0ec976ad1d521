"""What pages read to say what the rules advise in a crisis."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from quivive.assess.arousal import arouses, fears
from quivive.assess.heard import ActorRole
from quivive.coordinate.advice import SPAN, Advice, advise
from quivive.coordinate.scene import Rumour, Scene, Word, hashtag_in_use, manners
from quivive.coordinate.tasks import CAUSE
from quivive.respond.asking import Reason, asking
from quivive.vocabulary.assessments import Assessment, HumanInputs, Level
from quivive.vocabulary.claims import Stance
from quivive.vocabulary.folding import fold
from quivive.vocabulary.sentiments import Leaning
from quivive.web.coordinate.models import Task
from quivive.web.detect.models import Claim, ClaimPost
from quivive.web.listen.models import Match, Post, Topic
from quivive.web.people.panel_queries import public_roles

MOST_READ = 500
"""Posts whose words are looked at, the latest."""

MOST_ASKED = 100
"""Posts with a question mark among which the first direct questions are looked for."""

_MAY_ASK = (
    Q(post__content__contains="?")
    | Q(post__content__contains="؟")
    | Q(post__content__contains="？")
)

SIDES = (Leaning.NEGATIVE.value, Leaning.POSITIVE.value)

FIRST_QUESTIONS = 10
"""Direct questions that set the tone for those who come later (DR-20)."""


def scene(topic: Topic, *, since: datetime, tasks: Sequence[Task]) -> Scene:
    """Return what the rules look at beside the sheet."""
    words = words_of_others(topic, since=since)
    return Scene(
        rumour=rumour(topic, since=since),
        busy=tuple(overloaded(tasks)),
        cause_open=any(task.title["text"] == CAUSE.text and not task.done_at for task in tasks),
        waiting=first_questions(topic, since=since),
        hashtag=hashtag_in_use(words),
        manners=manners(words),
    )


def advice(
    sheet: Assessment | None, inputs: HumanInputs, *, level: Level | None, scene: Scene
) -> tuple[Advice, ...]:
    """Return what the rules advise; nothing before the first sheet."""
    if sheet is None or level is None:
        return ()
    return advise(sheet, inputs, level=level, scene=scene)


def _told(topic: Topic, since: datetime) -> QuerySet[Match]:
    """Return what others wrote in their own words since the onset, and what is still there."""
    told = Match.objects.in_view().filter(topic=topic, heard_at__gte=since, relayed=False)
    return told.filter(post__own=False, post__deleted_at=None, post__repost_of="")


def words_of_others(topic: Topic, *, since: datetime) -> list[Word]:
    """Return the latest posts of others as the rules look at them, the newest first."""
    roles = public_roles()
    rows = _told(topic, since).order_by("-heard_at", "-pk").values_list(
        "post__author__uid", "post__network", "post__author__handle", "post__leaning",
        "post__content", "post__document__post__hashtags",
    )[:MOST_READ]  # fmt: skip
    return [
        Word(
            author=author,
            leaning=Leaning(leaning) if leaning else None,
            heated=leaning in SIDES and arouses(fold(content)),
            official=roles.get((network, fold(handle))) is ActorRole.AUTHORITY,
            hashtags=tuple(hashtags or ()),
        )
        for author, network, handle, leaning, content, hashtags in rows
    ]


def first_questions(topic: Topic, *, since: datetime) -> tuple[int, int]:
    """Return how many of the first direct questions wait for a public answer, and of how many."""
    answer = Post.objects.filter(own=True, in_reply_to=OuterRef("post__uid"))
    rows = (
        _told(topic, since)
        .filter(_MAY_ASK)
        .order_by("heard_at", "pk")  # as the index has it: the first are found without the rest
        .annotate(answered=Exists(answer), words=F("post__content"))
        .values_list("words", "answered")[:MOST_ASKED]
    )
    found = islice((done for words, done in rows if _is_direct(words)), FIRST_QUESTIONS)
    answered = list(found)
    return answered.count(False), len(answered)


def _is_direct(words: str) -> bool:
    return any(one.reason in (Reason.QUESTION, Reason.PRESS) for one in asking(words).because)


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
