"""What the inbox does by itself: takes posts in, sees our answers, rings for what is late."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from django.db import DatabaseError, transaction

from quivive.coordinate.escalation import QuietHours, deliver_at, retry_at
from quivive.respond.asking import Urgency, asking
from quivive.respond.inbox import LIVE, Status, due
from quivive.respond.rules import Does, Rule, first_match
from quivive.vocabulary.messages import Message, say
from quivive.web.coordinate.models import Contact
from quivive.web.coordinate.outbox import mail_server, unseal
from quivive.web.detect.services import PAST_AFTER
from quivive.web.listen.models import Post
from quivive.web.people.queries import own_handles
from quivive.web.respond.composing import mention_notice
from quivive.web.respond.models import Case, CaseLine, InboxSettings, Mention
from quivive.web.respond.rule_queries import active_rules, facts_of
from quivive.web.respond.services.cases import new_case, promise
from quivive.web.respond.services.late import ring_late
from quivive.web.respond.services.ruling import apply_rule
from quivive.web.respond.services.talk import forget_absent
from quivive.web.waiting.services import note_change
from quivive.wire.house import local_targets_allowed
from quivive.wire.notices import AT_ONCE, Notice, Parcel, send_all
from quivive.wire.secrets import Unreadable

log = logging.getLogger("quivive.inbox")

AT_A_TURN = 2_000
MOST_TRIES = 5


def keep_inbox(*, now: datetime) -> None:
    """Do what is due: one look at what came in, one at what is late, one at who was named."""
    take_in(now=now)
    ring_late(now=now)
    forget_absent(now=now)
    tell_named(now=now)


@transaction.atomic
def take_in(*, now: datetime) -> int:
    """Look at posts stored since the last turn; return how many cases are new.

    How far was looked is kept in the same transaction, so a post becomes a case once.
    """
    InboxSettings.objects.get_or_create(pk=1)
    settings = InboxSettings.objects.select_for_update().get(pk=1)
    posts = list(
        Post.objects.filter(pk__gt=settings.last_post).select_related("author").order_by("pk")
        [:AT_A_TURN]
    )  # fmt: skip
    _close_taken_back(now)
    if not posts:
        return 0
    heard = [post for post in posts if not post.own and post.deleted_at is None]
    since = now - timedelta(days=settings.take_days)
    asked = [post for post in heard if post.published >= since and not post.repost_of]
    new = _ask(asked, now=now)
    _see_answers([post for post in posts if post.own and post.in_reply_to], now)
    _see_answered(new, now)
    _hear_again(heard, now)
    InboxSettings.objects.filter(pk=1).update(last_post=posts[-1].pk)
    if new:
        note_change("inbox", now=now)
    return len(new)


def _ask(posts: Sequence[Post], *, now: datetime) -> list[Case]:
    names = tuple(name.casefold() for name in own_handles())
    known = set(Case.objects.filter(post__in=posts).values_list("post_id", flat=True))
    ours = set(_own([post.in_reply_to for post in posts if post.in_reply_to]))
    promised = promise()
    cases = [
        new_case(post, to_us=_to_us(post, names, ours), promised=promised, since=post.heard_at)
        for post in posts
        if post.pk not in known
    ]
    ruled = _ruled(cases)
    wanting = [
        case for case in cases if case.urgency > Urgency.NONE or _opens(ruled.get(case.post_id))
    ]
    for case in wanting:
        if case.asked_at < now - PAST_AFTER:
            case.rung_at = now  # brought long after it was written: shown, rings nobody
        elif case.first_due_at < now:  # late before anybody could know: the promise runs from now
            times = due(now, Urgency(case.urgency), promised, press=case.by_press)
            case.first_due_at, case.solve_due_at = times.first_reply, times.solution
    Case.objects.bulk_create(wanting, batch_size=200)
    for case in wanting:
        if rule := ruled.get(case.post_id):
            apply_rule(rule, case, opened=case.urgency == Urgency.NONE, now=now)
    return wanting


def _ruled(cases: Sequence[Case]) -> dict[int, Rule]:
    """Find the rule each new case follows, if any."""
    rules = active_rules() if cases else []
    if not rules:
        return {}
    asked = facts_of([case.post for case in cases], [case.urgency for case in cases])
    met = ((case, first_match(rules, facts)) for case, facts in zip(cases, asked, strict=True))
    return {case.post_id: rule for case, rule in met if rule is not None}


def _opens(rule: Rule | None) -> bool:
    return rule is not None and any(one.does is Does.OPEN for one in rule.actions)


def _own(uids: Sequence[str]) -> Iterable[str]:
    for at in range(0, len(uids), 500):
        yield from Post.objects.filter(uid__in=uids[at : at + 500], own=True).values_list(
            "uid", flat=True
        )


def _to_us(post: Post, names: Sequence[str], ours: set[str]) -> bool:
    words = post.content.casefold()
    return post.in_reply_to in ours or any(f"@{name}" in words for name in names)


def _see_answers(replies: Sequence[Post], now: datetime) -> None:
    """Mark as answered what one of our own posts replies to: somebody answered elsewhere."""
    by_uid = {reply.in_reply_to: reply for reply in replies}
    waiting = Case.objects.filter(
        post__uid__in=list(by_uid), status__in=[status.value for status in LIVE]
    ).select_related("post")
    for case in waiting:
        _answered(case, by_uid[case.post.uid], now)


def _see_answered(new: Sequence[Case], now: datetime) -> None:
    """The same for posts that came in after the answer."""
    by_uid = {case.post.uid: case for case in new}
    for reply in Post.objects.filter(own=True, in_reply_to__in=list(by_uid)).order_by("published"):
        _answered(by_uid[reply.in_reply_to], reply, now)


def _answered(case: Case, reply: Post, now: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(
        status=Status.ANSWERED.value,
        replied_at=reply.published,
        answer_url=(reply.document["post"].get("url") or reply.uid)[:500],
        done_at=now,
        locked_by=None,
        locked_until=None,
    )
    _write(case, say("Answered on the network, seen there by the room."), "answered", now)


def _hear_again(posts: Sequence[Post], now: datetime) -> None:
    """Open a case again when its author asks something more under our answer."""
    replies = {post.in_reply_to: post for post in posts if post.in_reply_to}
    ours = Post.objects.filter(uid__in=list(replies), own=True).exclude(in_reply_to="")
    for answer in ours:
        post = replies[answer.uid]
        case = Case.objects.filter(post__uid=answer.in_reply_to, post__author=post.author).first()
        if case is None or case.status in LIVE:
            continue
        if asking(post.content, plea=post.plea).urgency > Urgency.NONE:
            Case.objects.filter(pk=case.pk).update(status=Status.OPEN.value, done_at=None)
            _write(
                case, say("They ask again under our answer; the case is open again."), "again", now
            )


def _close_taken_back(now: datetime) -> None:
    gone = Case.objects.filter(post__deleted_at__isnull=False)
    for case in gone.filter(status__in=[status.value for status in LIVE]):
        Case.objects.filter(pk=case.pk).update(status=Status.CLOSED.value, done_at=now)
        _write(case, say("Closed: its author took the post back."), "status", now)
    gone.exclude(because=[]).update(because=[])  # reasons quote the words


def _write(case: Case, sentence: Message, kind: str, now: datetime) -> None:
    CaseLine.objects.create(
        case=case, at=now, kind=kind, author=None, message=msgspec.to_builtins(sentence)
    )
    note_change("inbox", str(case.pk), now=now)


def tell_named(*, now: datetime) -> int:
    """Send a notice to people named in a note, once, outside their quiet hours."""
    waiting = Mention.objects.filter(
        told_at=None, seen_at=None, attempts__lt=MOST_TRIES, held_until__lte=now
    ).select_related("line__author", "line__case__post__author", "person")[:AT_ONCE]
    told = 0
    for mention in waiting:
        try:
            told += _tell(mention, now)
        except DatabaseError:
            raise
        except Exception:
            log.exception("A notice of a mention could not be written; the others leave.")
            _try_again(mention, now)
    return told


def _tell(mention: Mention, now: datetime) -> bool:
    ways = list(Contact.objects.filter(person=mention.person, enabled=True))
    times = [_not_before(way, mention, now) for way in ways]
    notice = _notice(mention)
    parcels = []
    for way, at in zip(ways, times, strict=True):
        if at > now:
            continue
        with suppress(Unreadable):
            address = unseal(way.address)
            parcels.append((way.pk, Parcel(channel=way.channel, address=address, notice=notice)))
    rows = Mention.objects.filter(pk=mention.pk)
    if not parcels:
        rows.update(
            held_until=min([at for at in times if at > now], default=now + timedelta(hours=1))
        )
        return False
    sent = send_all(parcels, mail_server(), local_allowed=local_targets_allowed())
    if any(outcome is None for _way, outcome in sent):
        rows.update(told_at=now)
        return True
    _try_again(mention, now)
    return False


def _try_again(mention: Mention, now: datetime) -> None:
    tries = mention.attempts + 1
    held_until = retry_at(tries, now, mention.pk)
    Mention.objects.filter(pk=mention.pk).update(attempts=tries, held_until=held_until)


def _notice(mention: Mention) -> Notice:
    line, person = mention.line, mention.person
    return mention_notice(
        case_id=line.case_id,
        author=str(line.author),
        note=line.message["text"],
        words=line.case.post.content,
        language=person.language,
        time_zone=person.time_zone,
        key=f"mention-{mention.pk}",
    )


def _not_before(way: Contact, mention: Mention, now: datetime) -> datetime:
    quiet = None
    if way.quiet_from and way.quiet_to:
        quiet = QuietHours(begins=way.quiet_from, ends=way.quiet_to, zone=mention.person.time_zone)
    return deliver_at(now, severity=1, quiet=quiet)
