"""All that changes threats and forecasts: what people say, sheets, levels, what is foreseen."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from quivive.assess import Heard, Organisation, assess
from quivive.assess.forecast.volume import forecast_volume
from quivive.assess.heard import ActorRole, critical_of
from quivive.vocabulary import assessments as vocabulary
from quivive.vocabulary.assessments import HumanInputs, Level
from quivive.vocabulary.claims import SETTLED
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import say
from quivive.vocabulary.places import Scope, Told, scope_for
from quivive.vocabulary.posts import Post as Said
from quivive.web.assess.foreseeing import REACH, step_of, steps_of
from quivive.web.assess.models import Assessment, Forecast, Override, Threat
from quivive.web.assess.queries import ASKS, inputs_of
from quivive.web.assess.rubric_queries import numbers
from quivive.web.detect.claim_services import NO_SOURCE, WRITE_SOURCE
from quivive.web.detect.models import Signal
from quivive.web.detect.queries import blind_spots
from quivive.web.detect.services import replaced
from quivive.web.listen.models import Match, Minute, Post, PostPlace, Topic
from quivive.web.people import queries as people
from quivive.web.people.models import Person, PlaceLevel
from quivive.web.people.panel_queries import public_roles
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change
from quivive.wire.models import load_volume

MOST_POSTS = 10_000
"""Posts a sheet is made from at most: the newest, originals before reposts."""

SCORE_STEP = 0.5
KEEP_EVERY = timedelta(minutes=10)
MEMORY = timedelta(hours=26)
"""Earlier sheets that are read, so that no level is left too soon: level 1 needs 24 calm hours."""

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
WEEKS = 4
BASELINE = WEEKS * WEEK + HOUR
LEAST_BASELINE = timedelta(days=1)
SETTLE_AFTER = timedelta(minutes=10)
"""Posts that come late still count, if no later than this."""
MOST_SETTLED = 500

LEAST_PER_HOUR = 0.05
"""Usual critical posts an hour of a topic that is silent (crisis.md 3.2)."""


def threat_of(signal: Signal, *, now: datetime) -> Threat:
    """Return the threat a signal announces, made at first use."""
    threat, _ = Threat.objects.get_or_create(
        signal=signal,
        defaults={"topic": signal.topic, "onset": signal.onset, "created_at": now},
    )
    return threat


def rename_evidence(addresses: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Have sheets point to the tombstones of posts whose author was erased."""
    topics = Match.objects.filter(post__uid__in=list(addresses.values())).values("topic")
    for row in Assessment.objects.filter(threat__topic__in=topics).iterator(chunk_size=200):
        sheet = replaced(row.sheet, {**addresses, **names})
        if sheet != row.sheet:
            row.sheet = sheet
            row.save(update_fields=["sheet"])


def threat_by_hand(*, topic: Topic, onset: datetime, now: datetime) -> Threat:
    """Make a threat nobody's signal announced: a person saw it elsewhere (R-32, R-65)."""
    if onset > now:
        raise NotAllowed(
            say("The beginning lies in the future."),
            say("Give the moment at which it began, or now if you do not know."),
        )
    return Threat.objects.create(topic=topic, onset=onset, created_at=now)


@transaction.atomic
def set_inputs(
    *, threat_id: int, changes: dict[str, object], person: Person, now: datetime
) -> list[str]:
    """Store what a person says of the threat; return the names of what really changed.

    Args:
        threat_id: which threat.
        changes: fields of :class:`HumanInputs`; None takes an answer back, and it is asked again.
        person: who says it.
        now: when.
    """
    threat = Threat.objects.select_for_update().get(pk=threat_id)
    before = msgspec.convert(threat.inputs, HumanInputs)
    said = {**msgspec.to_builtins(before), **changes}
    after = msgspec.convert(said, HumanInputs, strict=False)
    changed = [
        name
        for name in HumanInputs.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    ]
    if changed:
        after = _checked(after, changed, person, now)
        threat.inputs = msgspec.to_builtins(after)
        threat.looked_at = None
        threat.save(update_fields=["inputs", "looked_at"])
        audit(
            person=person,
            action="threat-inputs",
            subject=f"threat/{threat_id}",
            detail={name: threat.inputs.get(name) for name in changed},
            now=now,
        )
        note_change("threat", str(threat_id), now=now)
    return changed


def _checked(
    inputs: HumanInputs, changed: Collection[str], person: Person, now: datetime
) -> HumanInputs:
    """Keep who says how far the claim is checked; no truth without a source (R-41)."""
    if {"claim", "claim_status", "claim_source"}.isdisjoint(changed):
        return inputs
    if inputs.claim_status in SETTLED and not inputs.claim_source.strip():
        raise NotAllowed(NO_SOURCE, WRITE_SOURCE)
    return msgspec.structs.replace(inputs, claim_by=str(person), claim_at=now)


@transaction.atomic
def override_level(
    *, threat_id: int, level: Level, reason: str, person: Person, now: datetime
) -> Override:
    """Set the level by hand, with the reason; the machine's own level stays visible beside it."""
    if not reason.strip():
        raise NotAllowed(
            say("A level set by hand needs a reason."),
            say("Write in a sentence why you see it differently."),
        )
    Threat.objects.select_for_update().get(pk=threat_id)
    Override.objects.filter(threat_id=threat_id, ended_at=None).update(ended_at=now)
    override = Override.objects.create(
        threat_id=threat_id, level=int(level), reason=reason.strip(), by=person, at=now
    )
    audit(
        person=person,
        action="threat-overridden",
        subject=f"threat/{threat_id}",
        detail={"level": int(level), "reason": reason.strip()},
        now=now,
    )
    note_change("threat", str(threat_id), now=now)
    return override


@transaction.atomic
def end_override(*, threat_id: int, person: Person, now: datetime) -> bool:
    """Give the level back to the assessment; False when nobody had set one."""
    if not Override.objects.filter(threat_id=threat_id, ended_at=None).update(ended_at=now):
        return False
    audit(
        person=person,
        action="threat-override-ended",
        subject=f"threat/{threat_id}",
        detail={},
        now=now,
    )
    note_change("threat", str(threat_id), now=now)
    return True


def reassess(*, threat: Threat, now: datetime) -> Assessment | None:
    """Make the sheet anew; store and return it when it changed or the last one is old.

    What the newest sheet counted is remembered on the threat, so that a quiet topic costs one
    small query a turn.
    """
    newest = Match.objects.filter(topic_id=threat.topic_id).aggregate(last=Max("pk"))["last"] or 0
    last = threat.assessments.first()
    sheet = assess(
        _heard(threat, now),
        now=now,
        onset=threat.onset,
        organisation=_organisation(),
        inputs=inputs_of(threat),
        baseline_per_hour=_baseline(threat, now),
        previous=_previous(threat, now),
        settings=numbers().assess,
        seed=threat.pk,
        blind_spots=blind_spots(threat.topic, now=now),
        asked=_asked(threat, now),
    )
    asked = threat.looked_at is None
    with transaction.atomic():
        # inputs given while the sheet was made leave looked_at empty: it is made again
        Threat.objects.filter(pk=threat.pk, inputs=threat.inputs).update(
            looked_at=now, last_match=newest
        )
        if last and not asked and not _changed(last, sheet, now):
            return None
        kept = Assessment.objects.create(
            threat=threat,
            at=now,
            level=int(sheet.level),
            score=sheet.score,
            low=sheet.low,
            high=sheet.high,
            sheet=msgspec.to_builtins(sheet, str_keys=True),
        )
        note_change("threat", str(threat.pk), now=now)
    return kept


def _changed(last: Assessment, sheet: vocabulary.Assessment, now: datetime) -> bool:
    return (
        last.level != sheet.level
        or last.sheet["trend"] != sheet.trend
        or abs(last.score - sheet.score) >= SCORE_STEP
        or now - last.at >= KEEP_EVERY
    )


def _heard(threat: Threat, now: datetime) -> list[Heard]:
    """Return the posts since the onset; when there are too many, the oldest reposts go first."""
    caught = Post.objects.filter(
        matches__topic_id=threat.topic_id, published__gte=threat.onset, heard_at__lte=now
    )
    columns = ("document", "leaning", "negative", "deleted_at")
    originals = caught.filter(repost_of="").order_by("-heard_at")
    rows = list(originals.values_list(*columns)[:MOST_POSTS])
    if room := MOST_POSTS - len(rows):
        reposts = caught.exclude(repost_of="").order_by("-heard_at")
        rows += reposts.values_list(*columns)[:room]
    roles, scopes = public_roles(), _scopes(caught)
    return [
        _one(document, critical_of(leaning, negative), gone, roles, scopes)
        for document, leaning, negative, gone in rows
    ]


def _scopes(posts: QuerySet[Post]) -> dict[str, dict[Told, Scope]]:
    """How far from us each post speaks of (``text``), and where its network places it (``tag``)."""
    found: dict[str, dict[Told, Scope]] = {}
    rows = PostPlace.objects.filter(post__in=posts).exclude(told=Told.AUTHOR)
    for uid, told, scope in rows.values_list("post__uid", "told").annotate(scope=Min("scope")):
        found.setdefault(uid, {})[Told(told)] = Scope(scope)
    return found


def _one(
    document: dict[str, object],
    critical: float | None,
    gone: datetime | None,
    roles: Mapping[tuple[str, str], ActorRole],
    scopes: Mapping[str, Mapping[Told, Scope]],
) -> Heard:
    post = msgspec.convert(document["post"], Said)
    if gone is not None and post.deleted_at is None:
        post = msgspec.structs.replace(post, content="", deleted_at=gone)
    named = (post.network, fold(post.attributed_to.handle or ""))
    scope = scope_for(scopes.get(post.id, {}), tagged=bool(post.place))
    return Heard(post=post, critical=critical, role=roles.get(named), scope=scope)


def _organisation() -> Organisation:
    accounts = list(people.own_accounts())
    followers = sum(account.followers or 0 for account in accounts)
    dwellings = people.organisation().dwellings if people.is_set_up() else None
    names: dict[str, list[str]] = {level: [] for level in PlaceLevel.values}
    for place in people.places():
        names[place.level].append(place.name)
    return Organisation(
        own_followers=followers or None,
        dwellings=dwellings,
        own_accounts=tuple(account.handle for account in accounts),
        buildings=tuple(names[PlaceLevel.BUILDING]),
        towns=tuple(names[PlaceLevel.TOWN]),
        departments=tuple(names[PlaceLevel.DEPARTMENT]),
        countries=tuple(names[PlaceLevel.COUNTRY]) or ("France",),
    )


def _baseline(threat: Threat, now: datetime) -> float:
    """Usual critical posts in this hour of the week (crisis.md 3.2), or what the flow expected.

    The mean over the same hour of the four weeks before the onset; a week that is not known is
    stood in for by the mean of all that is.
    """
    past = Minute.objects.filter(
        topic_id=threat.topic_id, minute__lt=threat.onset, minute__gte=threat.onset - BASELINE
    )
    found = past.aggregate(first=Min("minute"), negatives=Sum("negatives"))
    if not found["first"] or threat.onset - found["first"] < LEAST_BASELINE:
        latest = past.order_by("-minute").first()
        return max(LEAST_PER_HOUR, latest.expected if latest else 0.0)
    known: float = (threat.onset - found["first"]).total_seconds() / 3600
    mean: float = found["negatives"] / known
    ends = [end for end in _same_hours(threat.onset, now) if end - HOUR >= found["first"]]
    same = Q(pk=None)
    for end in ends:
        same |= Q(minute__gte=end - HOUR, minute__lt=end)
    negatives = past.filter(same).aggregate(total=Sum("negatives"))["total"] or 0
    return max(LEAST_PER_HOUR, (negatives + mean * (WEEKS - len(ends))) / WEEKS)


def _same_hours(onset: datetime, now: datetime) -> list[datetime]:
    """Return when this hour of the week ended in the four weeks before the onset."""
    since = (now - onset) // WEEK + 1
    return [now - (since + number) * WEEK for number in range(WEEKS)]


def _asked(threat: Threat, now: datetime) -> bool:
    """Tell whether somebody asked about it in the last day and has no answer from us."""
    answer = Post.objects.filter(own=True, in_reply_to=OuterRef("uid"))
    return (
        Post.objects.filter(
            matches__topic_id=threat.topic_id,
            published__gt=now - A_DAY,
            own=False,
            deleted_at=None,
            document__sentiment__enquiry__gte=ASKS,
        )
        .exclude(Exists(answer))
        .exists()
    )


def _previous(threat: Threat, now: datetime) -> list[tuple[datetime, Level, float]]:
    """Return earlier sheets; a person who lowered the level is heeded by the next sheet.

    One who raised it is not: the sheet goes on by itself, so that giving the level back to it
    gives back what it says and not what the person had said.
    """
    overrides = list(
        threat.overrides.filter(Q(ended_at=None) | Q(ended_at__gt=now - MEMORY)).order_by("at")
    )
    rows = threat.assessments.filter(at__gt=now - MEMORY).values_list("at", "level", "score")
    return [(at, Level(_in_force(at, level, overrides)), score) for at, level, score in rows]


def _in_force(at: datetime, level: int, overrides: list[Override]) -> int:
    for override in overrides:
        if override.at <= at and (override.ended_at is None or at < override.ended_at):
            return min(level, override.level)
    return level


def foresee(*, topic: Topic, made_at: datetime) -> list[Forecast]:
    """Store what is foreseen of a topic, once a moment; nothing for one that never spoke."""
    minutes = Minute.objects.filter(
        topic=topic, minute__gte=made_at - REACH, minute__lt=made_at, voices__gt=0
    )
    counted = list(minutes.order_by("minute").values_list("minute", "voices"))
    if not counted:
        return []
    begun = max(made_at - REACH, step_of(topic.created_at))
    begun = min(begun, step_of(counted[0][0]))  # a file brought in may be older than its topic
    counts = steps_of(counted, begun=begun, now=made_at)
    return Forecast.objects.bulk_create(
        [
            Forecast(
                topic=topic,
                made_at=made_at,
                hours=one.hours,
                due_at=made_at + timedelta(hours=one.hours),
                p10=one.posts.p10,
                p50=one.posts.p50,
                p90=one.posts.p90,
            )
            for one in forecast_volume(load_volume(), counts)
        ],
        ignore_conflicts=True,
    )


def settle_forecasts(*, now: datetime) -> int:
    """Write beside each forecast that is due what came; return how many."""
    due = list(Forecast.objects.filter(came=None, due_at__lte=now - SETTLE_AFTER)[:MOST_SETTLED])
    for forecast in due:
        came = Minute.objects.filter(
            topic_id=forecast.topic_id, minute__gte=forecast.made_at, minute__lt=forecast.due_at
        ).aggregate(voices=Sum("voices"))["voices"]
        forecast.came = came or 0
    Forecast.objects.bulk_update(due, ["came"])
    return len(due)
