"""Reads stored posts for claims, a little at a time and in time order, and keeps what it finds.

It runs beside the flow, not in it: a slow minute here never delays a count or an alert. A post
that comes in a little behind the place reached is placed among what is known. When the past comes
in, a topic is read from its beginning; ids stay, and so does all that people decided.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from uuid import uuid4

import msgspec
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from quivive.detect.claims import Reader, together
from quivive.detect.clusters import scrub
from quivive.detect.rumours import FORGOTTEN
from quivive.flow.talk import Talk, read
from quivive.vocabulary import topics as vocabulary
from quivive.vocabulary.claims import FoundClaim, Standing
from quivive.vocabulary.signals import Signal as FoundSignal
from quivive.vocabulary.signals import SignalKind
from quivive.web.detect.models import Claim, ClaimMark, ClaimPost, ClaimReading, Signal
from quivive.web.detect.services import keep_signals
from quivive.web.listen.models import Match, Post, Topic
from quivive.web.listen.queries import watched_topics
from quivive.web.listen.worker import DOCUMENT, read_back
from quivive.web.waiting.services import note_change
from quivive.wire.models import load_encoder, load_stance

A_TURN_S = 1.0
"""Seconds of reading in one turn, for the same loop also tells people."""
PAGE = 100
AGAIN = timedelta(seconds=5)
"""How long a topic that was read to its end rests: what is known of it is stored at each turn."""
LOOKED_AT = 20_000
A_LITTLE_LATE = timedelta(hours=1)
"""A post so late is placed among what is known; a later one changes who began what."""
MOST_LATE = 5_000
SETTLED = timedelta(minutes=1)
"""All is read anew when nothing of the past came in for so long: a file comes in many parts."""
CHUNK = 500
SOMEBODY = "[…]"
"""Stands where a signal named who took the post back."""

SCRUBBED_EVERY = timedelta(minutes=30)
"""What people take back is forgotten here, too, within this time."""


@cache
def _reader() -> Reader:
    return Reader(load_stance(), load_encoder())


def follow_claims(*, now: datetime) -> bool:
    """Read on where posts came in, for a second at most; return whether more waits.

    Topics take turns, so that one with much to read holds up no other.
    """
    seen = _see_what_came(now=now)
    _scrub_one(now=now)
    _begin_anew(now=now)
    watched = {topic.id: topic for topic in watched_topics()}
    again = Q(read_at=None) | Q(read_at__lte=now - AGAIN)
    due = ClaimReading.objects.filter(again, due=True, topic__slug__in=watched)
    in_turn = due.order_by(F("read_at").asc(nulls_first=True), "pk")
    in_turn = in_turn.select_related("topic").defer("blob")
    until = time.monotonic() + A_TURN_S
    while (reading := in_turn.first()) is not None:
        _read_on(reading, watched[reading.topic.slug], seen=seen, until=until, now=now)
        if time.monotonic() >= until:
            return True
    return False


def _see_what_came(*, now: datetime) -> int:
    """Note which posts of which topics came, and which come late; return the newest match."""
    mark = ClaimMark.objects.get_or_create(pk=1)[0]
    came = list(
        Match.objects.filter(pk__gt=mark.newest)
        .order_by("pk")
        .values_list("pk", "topic_id", "heard_at", "post_id")[:LOOKED_AT]
    )
    if not came:
        return mark.newest
    by_topic: dict[int, list[tuple[int, datetime, int]]] = {}
    for number, topic, heard_at, post in came:
        by_topic.setdefault(topic, []).append((number, heard_at, post))
    with transaction.atomic():
        for topic, some in by_topic.items():
            reading = ClaimReading.objects.defer("blob").get_or_create(topic_id=topic)[0]
            _note_late(reading, some, now=now)
            reading.due = True
            reading.save(update_fields=["due", "late", "anew_at"])
        ClaimMark.objects.filter(pk=1).update(newest=came[-1][0])
    return came[-1][0]


def _note_late(
    reading: ClaimReading, came: Sequence[tuple[int, datetime, int]], *, now: datetime
) -> None:
    """Keep what is a little late to be read next; what is later needs all to be read anew."""
    reached = reading.heard_at
    if reached is None:
        return
    behind = [one for one in came if one[1:] < (reached, reading.post_id)]
    late = [number for number, heard_at, _ in behind if reached - heard_at <= A_LITTLE_LATE]
    if len(late) < len(behind) or len(reading.late) + len(late) > MOST_LATE:
        reading.anew_at = now
    else:
        reading.late = [*reading.late, *late]


def _begin_anew(*, now: datetime) -> None:
    """Send topics back to their first post once nothing more of the past has come for a while."""
    ClaimReading.objects.filter(anew_at__lte=now - SETTLED).update(
        heard_at=None,
        post_id=0,
        blob=b"",
        stamp="",
        late=[],
        due=True,
        anew_at=None,
        round=F("round") + 1,
    )


def _read_on(
    reading: ClaimReading, topic: vocabulary.Topic, *, seen: int, until: float, now: datetime
) -> None:
    """Read a topic's posts until all are read or time is up, and keep what that gave."""
    talk = _memory.take(reading)
    found: list[FoundClaim] = []
    signals: list[FoundSignal] = []
    while some := _take_page(reading, seen=seen):
        matches = [read_back(document, topic.id, relayed=relayed) for *_, relayed, document in some]
        said = read(talk, matches, topic=topic, reader=_reader())
        found += said.claims
        signals += said.signals
        if time.monotonic() >= until:
            break
    reading.due, reading.read_at = bool(some), now - AGAIN if some else now
    with transaction.atomic():
        keep_claims(reading.topic, together(found), reading.round)
        keep_signals(signals, now=now)
        reading.save(update_fields=["heard_at", "post_id", "late", "due", "read_at"])
        _memory.keep(reading, talk)
        if not reading.due:
            _tidy(reading)
        if found:
            note_change("claims", topic.id, now=now)


def _take_page(reading: ClaimReading, *, seen: int) -> list[tuple[datetime, int, bool, str]]:
    """Return what to read next, and move on: first what is late, then from the place reached.

    Args:
        seen: the newest match looked at; what came in since is looked at first, next time.
    """
    columns = ("heard_at", "post_id", "relayed", DOCUMENT)
    looked_at = Match.objects.filter(topic=reading.topic, pk__lte=seen)
    while reading.late:
        numbers, reading.late = reading.late[:PAGE], reading.late[PAGE:]
        late = looked_at.filter(pk__in=numbers).order_by("heard_at", "post_id")
        if some := list(late.values_list(*columns)):
            return some
    on = reading.unread().filter(pk__lte=seen).order_by("heard_at", "post_id")
    some = list(on.values_list(*columns)[:PAGE])
    if some:
        reading.heard_at, reading.post_id, *_ = some[-1]
    return some


class _Memory:
    """What is known of the topic read last: it is many megabytes, and a turn adds little to them.

    It counts only while its stamp is the one that is stored, for another process may have read on,
    and what was known when a turn failed is nobody's.
    """

    def __init__(self) -> None:
        self._held: tuple[str, Talk] | None = None

    def take(self, reading: ClaimReading) -> Talk:
        """Return what is known there; it is the caller's until kept again."""
        held, self._held = self._held, None
        if not reading.stamp:
            return Talk()
        if held is not None and held[0] == reading.stamp:
            return held[1]
        return msgspec.msgpack.decode(bytes(reading.blob), type=Talk)

    def keep(self, reading: ClaimReading, talk: Talk) -> None:
        """Store what is known there now, and hold it."""
        stamp = uuid4().hex
        blob = msgspec.msgpack.encode(talk)
        ClaimReading.objects.filter(pk=reading.pk).update(blob=blob, stamp=stamp)
        self._held = stamp, talk


_memory = _Memory()


def keep_claims(topic: Topic, found: Sequence[FoundClaim], reading: int) -> None:
    """Store claims that two posts or more share; what a person moved stays where it is."""
    known = dict(
        Claim.objects.filter(topic=topic, key__in=[one.id for one in found]).values_list(
            "key", "last_at"
        )
    )
    shown = [one for one in found if one.id in known or one.posts > 1]
    rows = {one.id: _claim(topic, one, known.get(one.id)) for one in shown}
    columns = ["sentence", "sentence_from", "language", "story", "rumour_at", "first_at", "last_at"]
    Claim.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["topic", "key"], update_fields=columns
    )
    moved = set(
        ClaimPost.objects.filter(topic=topic, post__in=_posts_of(found))
        .exclude(home=None)
        .values_list("post", flat=True)
    )
    standings = []
    for one in shown:
        told = {standing.post: standing for standing in one.standings}
        if one.id not in known:
            told.setdefault(one.began.post, one.began)
        standings += [
            _row(topic, rows[one.id], standing, reading)
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
    reading = ClaimReading.objects.filter(due).exclude(stamp="").defer("blob").first()
    if reading is None:
        return
    talk = _memory.take(reading)
    sources = Claim.objects.filter(topic=reading.topic).exclude(sentence="")
    held = {*talk.claims.known, *sources.values_list("sentence_from", flat=True)}
    gone = held - _stored(held)
    with transaction.atomic():
        if gone:
            scrub(talk.claims, gone)
            _forget_sentences(reading.topic, gone)
        _forget_authors(reading.topic)
        stored = Post.objects.filter(uid=OuterRef("post"))
        ClaimPost.objects.filter(~Exists(stored), topic=reading.topic).delete()
        reading.scrubbed_at = now
        reading.save(update_fields=["scrubbed_at"])
        _memory.keep(reading, talk)


def _forget_sentences(topic: Topic, gone: Collection[str]) -> None:
    """Blank the sentences taken from these posts, in claims and in the notes about them."""
    claims = Claim.objects.filter(topic=topic, sentence_from__in=gone)
    keys = [f"{topic.slug}/{SignalKind.RUMOUR}/{claim.key}" for claim in claims]
    Signal.objects.filter(key__in=keys).update(reason=msgspec.to_builtins(FORGOTTEN))
    claims.update(sentence="")


def _forget_authors(topic: Topic) -> None:
    """Take the author's name out of signals about a post that was taken back or forgotten."""
    named = Signal.objects.filter(topic=topic, reason__values__author__isnull=False)
    rows = list(named.exclude(reason__values__author=SOMEBODY))
    stored = _stored({row.evidence[0] for row in rows if row.evidence})
    for row in rows:
        if row.evidence and row.evidence[0] not in stored:
            row.reason = {**row.reason, "values": {**row.reason["values"], "author": SOMEBODY}}
            row.save(update_fields=["reason"])


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


def _claim(topic: Topic, found: FoundClaim, last_at: datetime | None) -> Claim:
    times = [standing.at for standing in found.standings]
    return Claim(
        topic=topic,
        key=found.id,
        sentence=found.sentence,
        sentence_from=found.sentence_from,
        language=found.language,
        story=found.story,
        rumour_at=found.rumour_at,
        first_at=found.first_at,
        last_at=max(times if last_at is None else [*times, last_at]),
    )


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
            # What a person took from it stays where it was put; it cannot go back there.
            ClaimPost.objects.filter(home=claim).update(home=heir or F("claim"))
            claim.delete()


def _is_touched(claim: Claim) -> bool:
    return bool(claim.name or claim.checked_at or claim.seen or claim.merged_into_id)
