"""All that people change about claims; each change is in the audit log and can be taken back."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from quivive.vocabulary.claims import SETTLED
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.detect.models import Claim, ClaimPost, ClaimReading
from quivive.web.listen.models import Match
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change

NO_SOURCE = say("A claim cannot be called true or false without a source.")
WRITE_SOURCE = say("Write who says so: a person, a report, an authority, with its date.")


@transaction.atomic
def check_claim(*, claim_id: int, status: str, source: str, person: Person, now: datetime) -> Claim:
    """Say how far a claim is checked; what is said of its truth has a source (R-41)."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    if status in SETTLED and not source.strip():
        raise NotAllowed(NO_SOURCE, WRITE_SOURCE)
    before = claim.status
    claim.status, claim.source = status, source.strip()
    claim.checked_by, claim.checked_at = person, now
    claim.save()
    _note(claim, "check", person, now, before=before, status=status, source=claim.source)
    return claim


@transaction.atomic
def rename_claim(*, claim_id: int, name: str, person: Person, now: datetime) -> Claim:
    """Call a claim what people call it; without a name its sentence stands again."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    before, claim.name = claim.name, name.strip()
    claim.save(update_fields=["name"])
    _note(claim, "rename", person, now, before=before, name=claim.name)
    return claim


@transaction.atomic
def describe_misread(
    *, claim_id: int, seen: str, was: str, proof: str, person: Person, now: datetime
) -> Claim:
    """Write down a misread action: what was seen, what it was, what proves it (R-27)."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    claim.seen, claim.was, claim.proof = seen.strip(), was.strip(), proof.strip()
    claim.save(update_fields=["seen", "was", "proof"])
    _note(claim, "misread", person, now, seen=claim.seen, was=claim.was, proof=claim.proof)
    return claim


@transaction.atomic
def merge_claim(*, claim_id: int, into: int, person: Person, now: datetime) -> Claim:
    """Count a claim with another one of its topic, which says the same."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    other = Claim.objects.filter(topic=claim.topic, merged_into=None).exclude(pk=claim.pk)
    target = other.filter(pk=into).first()
    if target is None:
        raise NotAllowed(
            say("The claim to merge into is not there, or is merged itself."),
            say("Open the topic again and choose another one."),
        )
    claim.merged.update(merged_into=target)
    claim.merged_into = target
    claim.save(update_fields=["merged_into"])
    _note(claim, "merge", person, now, into=target.pk)
    return target


@transaction.atomic
def unmerge_claim(*, claim_id: int, person: Person, now: datetime) -> Claim:
    """Let a merged claim stand for itself again."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    before, claim.merged_into = claim.merged_into_id, None
    claim.save(update_fields=["merged_into"])
    _note(claim, "unmerge", person, now, out_of=before)
    return claim


@transaction.atomic
def split_claim(
    *, claim_id: int, posts: Collection[str], name: str, person: Person, now: datetime
) -> Claim:
    """Move posts that say something else to a claim of their own."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    rows = ClaimPost.objects.filter(claim=claim, post__in=list(posts)).order_by("at", "pk")
    first, last = rows.first(), rows.last()
    if first is None or last is None or rows.count() == claim.standings.count():
        raise NotAllowed(
            say("Choose some of the claim's posts, but not all of them."),
            say("Tick the posts that say something else, then split again."),
        )
    own = Claim.objects.create(
        topic=claim.topic,
        key=f"split/{claim.pk}/{now.isoformat()}",
        sentence=name.strip(),
        sentence_from=first.post,
        language=claim.language,
        story=claim.story,
        first_at=first.at,
        last_at=last.at,
        rumour_at=claim.rumour_at,
        name=name.strip(),
        split_from=claim,
    )
    chosen = ClaimPost.objects.filter(claim=claim, post__in=list(posts))
    chosen.filter(home=claim).update(home=own)
    chosen.filter(home=None).update(home=claim)
    moved = chosen.update(claim=own)
    _note(claim, "split", person, now, into=own.pk, posts=moved)
    return own


@transaction.atomic
def unsplit_claim(*, claim_id: int, person: Person, now: datetime) -> Claim:
    """Put the posts of a split claim back where they were."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    origin = claim.split_from
    if origin is None:
        raise NotAllowed(
            say("This claim was not split from another one."),
            say("Open the claim again to see what can be taken back."),
        )
    claim.standings.filter(home=origin).update(home=None)
    ClaimPost.objects.filter(home=claim).update(home=origin)
    claim.standings.update(claim=origin)
    claim.merged.update(merged_into=origin)
    _note(origin, "unsplit", person, now, taken_back=claim.pk)
    claim.delete()
    return origin


@transaction.atomic
def put_post(*, claim_id: int, post: str, stance: str, person: Person, now: datetime) -> Claim:
    """Count a post with a claim that reading did not see in it; it stands there as a person says.

    Raises:
        NotAllowed: the topic does not hold it, or it is all another claim has.
    """
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    heard = Match.objects.filter(topic=claim.topic, post__uid=post).select_related("post").first()
    if heard is None:
        raise NotAllowed(
            say("This topic no longer holds the post."),
            say("Look for another one that says the same."),
        )
    before = ClaimPost.objects.filter(topic=claim.topic, post=post).first()
    if before is not None and before.claim_id != claim.pk:
        _leave_one(before.claim)
    row = before or ClaimPost(
        topic=claim.topic,
        post=post,
        at=heard.heard_at,
        sourced=False,
        own=heard.post.own,
        copy_of=post,
        home=claim,
        round=0,
    )
    row.home = row.home or row.claim
    row.claim, row.stance, row.share, row.reasons = claim, stance, 1.0, []
    row.save()
    claim.last_at = max(claim.last_at, heard.heard_at)
    claim.save(update_fields=["last_at"])
    _note(claim, "put", person, now, post=post, stance=stance)
    return claim


@transaction.atomic
def put_back(*, claim_id: int, post: str, person: Person, now: datetime) -> Claim:
    """Take a post out that a person put there; it stands again where reading had it, if anywhere.

    The topic is read anew, for how it stood there is no longer known.

    Raises:
        NotAllowed: nobody put it there, or it is all the claim has.
    """
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    row = claim.standings.filter(post=post).exclude(home=None).first()
    if row is None:
        raise NotAllowed(
            say("Nobody put this post there by hand."),
            say("If it says something else, tick it and split the claim."),
        )
    _leave_one(claim)
    if row.home_id == claim.pk:
        row.delete()
    else:
        claim.standings.filter(pk=row.pk).update(claim=row.home, home=None)
    ClaimReading.objects.filter(topic=claim.topic, anew_at=None).update(anew_at=now)
    _note(claim, "put-back", person, now, post=post)
    return claim


def _leave_one(claim: Claim) -> None:
    if claim.standings.count() <= 1:
        raise NotAllowed(
            say("It is the only post of the claim “{claim}”.", claim=str(claim)),
            say("Merge that claim into another one, or take its split back."),
        )


def _note(
    claim: Claim, what: str, person: Person, now: datetime, **detail: str | int | None
) -> None:
    audit(
        person=person,
        action=f"claim.{what}",
        subject=f"claim/{claim.pk}",
        detail={name: value for name, value in detail.items() if value not in ("", None)},
        now=now,
    )
    note_change("claims", claim.topic.slug, now=now)
