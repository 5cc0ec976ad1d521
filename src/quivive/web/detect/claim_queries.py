"""All that pages read of claims: the panel of a topic, and the page of one claim."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from quivive.vocabulary.claims import SETTLED, Stance
from quivive.vocabulary.claims import Claim as Said
from quivive.vocabulary.claims import ClaimStatus as Status
from quivive.web.detect.models import Claim, ClaimPost, ClaimReading, ClaimStatus
from quivive.web.listen import search_queries as searching
from quivive.web.listen.models import Post, Topic

IN_PANEL = 4
SLICES = 48
"""Slices of a claim's curves, at most."""
SLICE_MIN = (5, 15, 60, 180, 720, 1440, 7 * 1440)
MOST_POSTS = 200
MOST_TOLD = 12
"""Claims a situation report lists at most."""
MOST_COUNTED = 10_000
AT_ONCE = timedelta(minutes=1)

NotThere = Claim.DoesNotExist
STATUSES = ClaimStatus.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A claim with its numbers.

    Attributes:
        words: what people call it, else its sentence; empty when its author took it back.
        counts: posts by stance, those of merged claims too.
        sayings: wordings, copies counted once.
        relayed, denied: posts that relay and that deny it, slice by slice of ``width_min``.
    """

    claim: Claim
    words: str
    counts: dict[str, int]
    sayings: int
    relayed: list[int]
    denied: list[int]
    width_min: int

    @property
    def settled(self) -> bool:
        """Whether somebody found out if it is true, which only those who verify claims say."""
        return self.claim.status in SETTLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """How much of a topic is still to be read for claims.

    Attributes:
        posts: still to read, ``MOST_COUNTED`` for that many or more.
        reached: when the last post read was heard; None before the first.
        anew: posts of the past came in, and all is read again once no more come.
    """

    posts: int
    reached: datetime | None
    anew: bool

    @property
    def countless(self) -> bool:
        """Whether more are to be read than were counted."""
        return self.posts >= MOST_COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One post of a claim, with how it stands; ``post`` is None when it is no longer stored."""

    standing: ClaimPost
    post: Post | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """All that the page of a claim shows; ``nearby`` are posts a person may put there."""

    told: Told
    topic: Topic
    first: Shown | None
    posts: list[Shown]
    stance: str
    stances: list[tuple[str, int]]
    merged: list[Claim]
    others: list[Claim]
    nearby: list[Post]


def all_of(topic: Topic) -> QuerySet[Claim]:
    """Return a topic's claims that stand for themselves."""
    found = Claim.objects.filter(topic=topic, merged_into=None)
    return found.select_related("topic", "checked_by")


def claims_of(topic: Topic) -> QuerySet[Claim]:
    """Return them with rumour candidates first, then by the latest post."""
    return all_of(topic).order_by(
        Case(When(rumour_at=None, then=Value(1)), default=Value(0)), "-last_at", "pk"
    )


def panel(topic: Topic, *, since: datetime | None = None) -> list[Told]:
    """Return the few claims worth a place beside other things.

    Args:
        since: leave out claims nobody spoke of from then on.
    """
    found = claims_of(topic)
    if since is not None:
        found = found.filter(last_at__gte=since)
    return tell(list(found[:IN_PANEL]))


def behind(topic: Topic, *, now: datetime) -> Behind | None:
    """Say how far reading for claims is behind what was heard; None while it is within a minute."""
    if topic.archived_at is not None:
        return None
    reading = ClaimReading.objects.filter(topic=topic).defer("blob").first() or ClaimReading()
    unread = reading.unread().order_by("heard_at")
    oldest = unread.values_list("heard_at", flat=True).first()
    waits = bool(reading.late) or (oldest is not None and now - oldest > AT_ONCE)
    if not waits and reading.anew_at is None:
        return None
    posts = min(MOST_COUNTED, len(reading.late) + unread[:MOST_COUNTED].count())
    return Behind(posts=posts, reached=reading.heard_at, anew=reading.anew_at is not None)


def tell(claims: Sequence[Claim]) -> list[Told]:
    """Number claims, with those that were merged into them."""
    merged = dict(Claim.objects.filter(merged_into__in=claims).values_list("pk", "merged_into_id"))
    owner = {claim.pk: claim.pk for claim in claims} | merged
    held: dict[int, list[ClaimPost]] = {claim.pk: [] for claim in claims}
    for row in ClaimPost.objects.filter(claim__in=owner).order_by("at", "pk"):
        held[owner[row.claim_id]].append(row)
    gone = _taken_back(claims)
    return [_told(claim, held[claim.pk], gone) for claim in claims]


def _taken_back(claims: Iterable[Claim]) -> set[str]:
    """Return the posts whose words are forgotten: no sentence may keep them."""
    wanted = [claim.sentence_from for claim in claims]
    stored = set(Post.objects.filter(uid__in=wanted, deleted_at=None).values_list("uid", flat=True))
    return set(wanted) - stored


def _told(claim: Claim, rows: Sequence[ClaimPost], gone: set[str]) -> Told:
    counts = Counter(row.stance for row in rows)
    width, relayed, denied = _curves(rows)
    return Told(
        claim=claim,
        words=claim.name or ("" if claim.sentence_from in gone else claim.sentence),
        counts={stance.value: counts[stance.value] for stance in Stance},
        sayings=len({row.copy_of for row in rows}),
        relayed=relayed,
        denied=denied,
        width_min=width,
    )


def _curves(rows: Sequence[ClaimPost]) -> tuple[int, list[int], list[int]]:
    """Count, slice by slice, who relays a claim and who corrects it."""
    if not rows:
        return SLICE_MIN[0], [], []
    begun, length = rows[0].at, rows[-1].at - rows[0].at
    minutes = length.total_seconds() / 60
    width = next((one for one in SLICE_MIN if minutes / one < SLICES), SLICE_MIN[-1])
    count = min(SLICES, int(minutes // width) + 1)
    relayed, denied = [0] * count, [0] * count
    for row in rows:
        place = min(count - 1, int((row.at - begun) / timedelta(minutes=width)))
        relayed[place] += row.stance == Stance.RELAYS.value
        denied[place] += row.stance == Stance.DENIES.value
    return width, relayed, denied


def claim_page(claim_id: int, *, stance: str = "", find: str = "") -> ClaimPage:
    """Return one claim with its posts, and posts of its topic that hold the words ``find``.

    Raises:
        Claim.DoesNotExist: there is none of this number.
        BadQuery: the words cannot be read as a query.
    """
    claim = Claim.objects.select_related("topic", "checked_by", "merged_into", "split_from").get(
        pk=claim_id
    )
    (told,) = tell([claim])
    rows = ClaimPost.objects.filter(Q(claim=claim) | Q(claim__merged_into=claim))
    wanted = rows.filter(stance=stance) if stance in told.counts else rows
    shown = _shown(list(wanted.order_by("at", "pk")[:MOST_POSTS]))
    first = _shown(list(rows.order_by("at", "pk")[:1]))
    return ClaimPage(
        told=told,
        topic=claim.topic,
        first=first[0] if first else None,
        posts=shown,
        stance=stance if stance in told.counts else "",
        stances=list(told.counts.items()),
        merged=list(claim.merged.order_by("first_at")),
        others=list(claims_of(claim.topic).exclude(pk=claim.pk)[:50]),
        nearby=_nearby(claim, rows, find) if find.strip() else [],
    )


def _nearby(claim: Claim, rows: QuerySet[ClaimPost], find: str) -> list[Post]:
    """Return the newest posts of the topic with these words that are not in the claim yet."""
    asked = searching.Asked(query=searching.read(find), topic=claim.topic.slug)
    found = [hit.post for hit in searching.search(asked).rows]
    held = set(rows.filter(post__in=[post.uid for post in found]).values_list("post", flat=True))
    return [post for post in found if post.uid not in held]


def _shown(rows: Sequence[ClaimPost]) -> list[Shown]:
    stored = Post.objects.select_related("author").in_bulk(
        [row.post for row in rows], field_name="uid"
    )
    for post in stored.values():
        if post.deleted_at is not None:
            post.content = ""
    hidden = set(
        Post.objects.filter(uid__in=stored, hiding__isnull=False).values_list("uid", flat=True)
    )
    return [
        Shown(standing=row, post=stored.get(row.post)) for row in rows if row.post not in hidden
    ]


def checked(topic: Topic) -> Claim | None:
    """Return the claim of a topic that most posts speak of, among those people have checked."""
    return (
        Claim.objects.filter(topic=topic, merged_into=None)
        .exclude(status=ClaimStatus.UNVERIFIED)
        .annotate(size=Count("standings"))
        .order_by("-size", "pk")
        .first()
    )


def called(topic: Topic, words: str) -> Claim | None:
    """Return the claim of a topic that says, or is called, just this."""
    rows = Claim.objects.filter(Q(sentence=words) | Q(name=words), topic=topic, merged_into=None)
    return rows.order_by("pk").first() if words else None


def claims_told(topic: Topic, *, since: datetime) -> list[Said]:
    """Return rumour candidates and claims people looked into, spoken of from ``since`` on.

    Those whose words were taken back, and that nobody named, are left out.
    """
    found = claims_of(topic).filter(last_at__gte=since)
    found = found.exclude(rumour_at=None, status=ClaimStatus.UNVERIFIED)
    return [
        Said(
            sentence=one.words,
            status=Status(one.claim.status),
            source=one.claim.source,
            checked_by=str(one.claim.checked_by or ""),
            checked_at=one.claim.checked_at,
        )
        for one in tell(list(found[:MOST_TOLD]))
        if one.words
    ]


def standings_of(topic: Topic) -> QuerySet[ClaimPost]:
    """Return all posts of a topic's claims, for a file."""
    return (
        ClaimPost.objects.filter(topic=topic)
        .select_related("claim__checked_by")
        .annotate(
            taken_back=~Exists(
                Post.objects.filter(uid=OuterRef("claim__sentence_from"), deleted_at=None)
            )
        )
        .order_by("claim__first_at", "claim_id", "at", "pk")
    )
