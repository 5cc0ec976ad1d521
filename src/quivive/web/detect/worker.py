"""Reads stored posts for claims, a little at a time and in time order, and keeps what it finds.

It runs beside the flow, not in it: a slow minute here never delays a count or an alert. A post
that came in behind the place reached makes its topic be read from the beginning; ids stay, and so
does all that people decided.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from quivive.detect.claims import Reader
from quivive.detect.clusters import scrub
from quivive.detect.rumours import FORGOTTEN
from quivive.flow.talk import Talk, read
from quivive.vocabulary import topics as vocabulary
from quivive.vocabulary.claims import FoundClaim, Standing
from quivive.vocabulary.signals import SignalKind
from quivive.web.detect.models import Claim, ClaimMark, ClaimPost, ClaimReading, Signal
from quivive.web.detect.services import keep_signals
from quivive.web.listen.models import Match, Post, Topic
from quivive.web.listen.queries import watched_topics
from quivive.web.listen.worker import DOCUMENT, read_back
from quivive.web.waiting.services import note_change
from quivive.wire.models import load_encoder, load_stance

A_TURN = 500
"""Posts read in one turn: half a second of work, for the same loop also tells people."""
LOOKED_AT = 20_000
CHUNK = 500
SCRUBBED_EVERY = timedelta(minutes=30)
"""What people take back is forgotten here, too, within this time."""


@cache
def _reader() -> Reader:
    return Reader(load_stance(), load_encoder())


def follow_claims(*, now: datetime) -> int:
    """Read on where posts came in; return how many were read."""
    _see_what_came()
    _scrub_one(now=now)
    watched = {topic.id: topic for topic in watched_topics()}
    due = ClaimReading.objects.filter(due=True, topic__slug__in=watched)
    reading = due.select_related("topic").order_by("heard_at", "pk").first()
    return _read_on(reading, watched[reading.topic.slug], now=now) if reading else 0


def _see_what_came() -> None:
    """Note which topics have new posts, and which of them must be read from the beginning."""
    mark = ClaimMark.objects.get_or_create(pk=1)[0]
    came = list(
        Match.objects.filter(pk__gt=mark.newest)
        .order_by("pk")
        .values_list("pk", "topic_id", "heard_at", "post_id")[:LOOKED_AT]
    )
    if not came:
        return
    earliest: dict[int, tuple[datetime, int]] = {}
    for _, topic, heard_at, post in came:
        earliest[topic] = min(earliest.get(topic, (heard_at, post)), (heard_at, post))
    with transaction.atomic():
        for topic, first in earliest.items():
            reading = ClaimReading.objects.get_or_create(topic_id=topic)[0]
            reading.due = True
            if reading.heard_at is not None and first < (reading.heard_at, reading.post_id):
                reading.heard_at, reading.post_id, reading.blob = None, 0, b""
                reading.round += 1
            reading.save()
        ClaimMark.objects.filter(pk=1).update(newest=came[-1][0])


def _read_on(reading: ClaimReading, topic: vocabulary.Topic, *, now: datetime) -> int:
    rows = Match.objects.filter(topic=reading.topic)
    if reading.heard_at is not None:
        same_time = Q(heard_at=reading.heard_at, post_id__gt=reading.post_id)
        rows = rows.filter(same_time | Q(heard_at__gt=reading.heard_at))
    told = rows.order_by("heard_at", "post_id")
    some = list(told.values_list("heard_at", "post_id", "relayed", DOCUMENT)[:A_TURN])
    talk = msgspec.msgpack.decode(reading.blob, type=Talk) if reading.blob else Talk()
    matches = [
        read_back(document, topic.id, relayed=relayed) for _at, _post, relayed, document in some
    ]
    said = read(talk, matches, topic=topic, reader=_reader())
    with transaction.atomic():
        if some:
            reading.heard_at, reading.post_id, *_ = some[-1]
            reading.blob = msgspec.msgpack.encode(talk)
            keep_claims(reading.topic, said.claims, reading.round)
            keep_signals(said.signals, now=now)
        if len(some) < A_TURN:
            reading.due = False
            _tidy(reading)
        reading.save()
        if some:
            note_change("claims", topic.id, now=now)
    return len(some)


def keep_claims(topic: Topic, found: Sequence[FoundClaim], reading: int) -> None:
    """Store claims that two posts or more share; what a person moved stays where it is."""
    rows = {
        row.key: row for row in Claim.objects.filter(topic=topic, key__in=[one.id for one in found])
    }
    moved = set(
        ClaimPost.objects.filter(topic=topic, post__in=_posts_of(found))
        .exclude(home=None)
        .values_list("post", flat=True)
    )
    standings = []
    for one in found:
        if one.id not in rows and one.posts < 2:  # noqa: PLR2004
            continue
        new = one.id not in rows
        row = rows.get(one.id) or Claim(topic=topic, key=one.id, first_at=one.first_at)
        row.sentence, row.sentence_from = one.sentence, one.sentence_from
        row.language, row.story, row.rumour_at = one.language, one.story, one.rumour_at
        row.first_at, row.last_at = one.first_at, one.standings[-1].at
        row.save()
        told = {standing.post: standing for standing in one.standings}
        if new:
            told.setdefault(one.began.post, one.began)
        standings += [
            _row(topic, row, standing, reading)
            for standing in told.values()
            if standing.post not in moved
        ]
    columns = ["claim", "at", "stance", "sourced", "own", "copy_of", "share", "reasons", "round"]
    ClaimPost.objects.bulk_create(
        standings, update_conflicts=True, unique_fields=["topic", "post"], update_fields=columns
    )


def _scrub_one(*, now: datetime) -> None:
    """Forget the words of one topic's posts that were taken back, erased or are too old."""
    due = Q(scrubbed_at=None) | Q(scrubbed_at__lte=now - SCRUBBED_EVERY)
    reading = ClaimReading.objects.filter(due, due=False).exclude(blob=b"").first()
    if reading is None:
        return
    talk = msgspec.msgpack.decode(reading.blob, type=Talk)
    sources = Claim.objects.filter(topic=reading.topic).exclude(sentence="")
    held = {*talk.claims.known, *sources.values_list("sentence_from", flat=True)}
    gone = held - _stored(held)
    with transaction.atomic():
        if gone:
            scrub(talk.claims, gone)
            _forget_sentences(reading.topic, gone)
        stored = Post.objects.filter(uid=OuterRef("post"))
        ClaimPost.objects.filter(~Exists(stored), topic=reading.topic).delete()
        ClaimReading.objects.filter(pk=reading.pk).update(
            blob=msgspec.msgpack.encode(talk), scrubbed_at=now
        )


def _forget_sentences(topic: Topic, gone: Collection[str]) -> None:
    """Blank the sentences taken from these posts, in claims and in the notes about them."""
    claims = Claim.objects.filter(topic=topic, sentence_from__in=gone)
    keys = [f"{topic.slug}/{SignalKind.RUMOUR}/{claim.key}" for claim in claims]
    Signal.objects.filter(key__in=keys).update(reason=msgspec.to_builtins(FORGOTTEN))
    claims.update(sentence="")


def _stored(posts: Collection[str]) -> set[str]:
    """Return which posts still have their words."""
    wanted = list(posts)
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        some = Post.objects.filter(uid__in=wanted[start : start + CHUNK], deleted_at=None)
        found.update(some.values_list("uid", flat=True))
    return found


def _posts_of(found: Sequence[FoundClaim]) -> list[str]:
    return [standing.post for one in found for standing in (one.began, *one.standings)]


def _row(topic: Topic, claim: Claim, standing: Standing, reading: int) -> ClaimPost:
    return ClaimPost(
        topic=topic,
        claim=claim,
        post=standing.post,
        at=standing.at,
        stance=standing.stance.value,
        sourced=standing.sourced,
        own=standing.own,
        copy_of=standing.copy_of,
        share=standing.share,
        reasons=[msgspec.to_builtins(reason) for reason in standing.reasons],
        round=reading,
    )


def _tidy(reading: ClaimReading) -> None:
    """After reading anew: drop what was not found again, and carry over what people decided."""
    if reading.round == 1:
        return
    ClaimPost.objects.filter(topic=reading.topic, round__lt=reading.round, home=None).delete()
    for claim in Claim.objects.filter(topic=reading.topic, standings=None, split_from=None):
        place = ClaimPost.objects.filter(topic=reading.topic, post=claim.key).first()
        heir = place.claim if place is not None else None
        if heir is not None and not _is_touched(heir):
            for name in ("name", "status", "source", "checked_by", "checked_at"):
                setattr(heir, name, getattr(claim, name))
            for name in ("seen", "was", "proof", "merged_into"):
                setattr(heir, name, getattr(claim, name))
            heir.save()
            claim.merged.update(merged_into=heir)
        if heir is not None or not _is_touched(claim):
            claim.delete()


def _is_touched(claim: Claim) -> bool:
    return bool(claim.name or claim.checked_at or claim.seen or claim.merged_into_id)
