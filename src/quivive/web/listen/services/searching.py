"""What people do with posts they found: label them, hide them, keep the search, take it back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.listen.models import Deed, Hiding, Match, Post, PostLabel, SavedView, Topic
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change

LONGEST_LABEL = 40
CHUNK = 500


@transaction.atomic
def label_posts(*, posts: Sequence[int], name: str, person: Person, now: datetime) -> Deed:
    """Put a label on posts; those that bear it already stay as they are."""
    name = " ".join(name.split())[:LONGEST_LABEL]
    if not name:
        raise NotAllowed(say("This label has no name."), say("Write one or two words."))
    there = set(PostLabel.objects.filter(name=name).values_list("post_id", flat=True))
    new = [post for post in _known(posts) if post not in there]
    PostLabel.objects.bulk_create(
        [PostLabel(post_id=post, name=name, by=person, at=now) for post in new], batch_size=CHUNK
    )
    return _done("label", {"posts": new, "name": name}, person=person, now=now)


@transaction.atomic
def unlabel_posts(*, posts: Sequence[int], name: str, person: Person, now: datetime) -> Deed:
    """Take a label off posts."""
    rows = PostLabel.objects.filter(name=name, post_id__in=_known(posts))
    borne = list(rows.values_list("post_id", flat=True))
    rows.delete()
    return _done("unlabel", {"posts": borne, "name": name}, person=person, now=now)


@transaction.atomic
def hide_posts(*, posts: Sequence[int], reason: str, person: Person, now: datetime) -> Deed:
    """Leave posts out of lists from now on. They stay stored, counted, and can be shown again."""
    if not reason.strip():
        raise NotAllowed(
            say("Hiding needs a reason."),
            say("Write in a few words why nobody needs to see these posts."),
        )
    there = set(Hiding.objects.values_list("post_id", flat=True))
    new = [post for post in _known(posts) if post not in there]
    Hiding.objects.bulk_create(
        [Hiding(post_id=post, by=person, at=now, reason=reason.strip()[:200]) for post in new],
        batch_size=CHUNK,
    )
    return _done("hide", {"posts": new, "reason": reason.strip()[:200]}, person=person, now=now)


@transaction.atomic
def show_posts(*, posts: Sequence[int], person: Person, now: datetime) -> Deed:
    """Show hidden posts again."""
    rows = Hiding.objects.filter(post_id__in=_known(posts))
    reasons = {str(post): reason for post, reason in rows.values_list("post_id", "reason")}
    rows.delete()
    before = {"posts": [int(post) for post in reasons], "reasons": reasons}
    return _done("show", before, person=person, now=now)


@transaction.atomic
def put_on_topic(*, posts: Sequence[int], topic: Topic, person: Person, now: datetime) -> Deed:
    """Count posts to a topic by hand: what its query missed belongs to it all the same."""
    there = set(Match.objects.filter(topic=topic, post__in=posts).values_list("post", flat=True))
    new = [post for post in Post.objects.filter(pk__in=posts) if post.pk not in there]
    Match.objects.bulk_create(
        [
            Match(topic=topic, post=post, heard_at=post.heard_at, by_hand=True,
                  relayed=bool(post.repost_of))
            for post in new
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    Topic.objects.filter(pk=topic.pk).update(rebuild=F("rebuild") + 1)
    before = {"posts": [post.pk for post in new], "name": topic.name, "topic": topic.pk}
    return _done("put", before, person=person, now=now)


@transaction.atomic
def undo(*, deed_id: int, person: Person, now: datetime) -> Deed:
    """Put posts back as they were before one's own last action on them.

    Raises:
        NotAllowed: somebody else did it, or it was taken back already.
    """
    deed = Deed.objects.select_for_update().filter(pk=deed_id, person=person).first()
    if deed is None or deed.undone_at is not None:
        raise NotAllowed(
            say("This can no longer be taken back."), say("Change the posts one by one instead.")
        )
    posts, before = deed.before["posts"], deed.before
    match deed.kind:
        case "label":
            PostLabel.objects.filter(post_id__in=posts, name=before["name"]).delete()
        case "unlabel":
            label_posts(posts=posts, name=before["name"], person=person, now=now)
        case "hide":
            Hiding.objects.filter(post_id__in=posts).delete()
        case "show":
            for post in posts:
                reason = before["reasons"][str(post)]
                hide_posts(posts=[post], reason=reason, person=person, now=now)
        case "put":
            rows = Match.objects.filter(topic=before["topic"], post_id__in=posts, by_hand=True)
            rows.delete()
            Topic.objects.filter(pk=before["topic"]).update(rebuild=F("rebuild") + 1)
    deed.undone_at = now
    deed.save(update_fields=["undone_at"])
    audit(person=person, action="posts.undo", subject=f"deed/{deed.pk}", now=now)
    note_change("inbox", now=now)
    return deed


def _known(posts: Sequence[int]) -> list[int]:
    found: list[int] = []
    for at in range(0, len(posts), CHUNK):
        found += Post.objects.filter(pk__in=posts[at : at + CHUNK]).values_list("pk", flat=True)
    return found


def _done(kind: str, before: Mapping[str, object], *, person: Person, now: datetime) -> Deed:
    deed = Deed.objects.create(person=person, kind=kind, at=now, before=dict(before))
    audit(
        person=person,
        action=f"posts.{kind}",
        subject=f"deed/{deed.pk}",
        detail={name: value for name, value in before.items() if name != "reasons"},
        now=now,
    )
    note_change("inbox", now=now)
    return deed


@transaction.atomic
def save_view(
    *, name: str, address: str, shared: bool, person: Person, now: datetime
) -> tuple[SavedView, bool]:
    """Keep a search under a name; the same name again replaces it, and False says so."""
    if not name.strip():
        raise NotAllowed(say("This search has no name."), say("Write what it finds."))
    row, new = SavedView.objects.update_or_create(
        owner=person,
        name=name.strip()[:100],
        defaults={"address": address, "shared": shared},
        create_defaults={"address": address, "shared": shared, "created_at": now},
    )
    audit(person=person, action="view.save", subject=f"view/{row.pk}",
          detail={"name": row.name, "shared": shared}, now=now)  # fmt: skip
    return row, new


@transaction.atomic
def forget_view(*, view_id: int, person: Person, now: datetime) -> None:
    """Forget a search one kept; those of others are theirs."""
    gone, _rows = SavedView.objects.filter(pk=view_id, owner=person).delete()
    if not gone:
        raise NotAllowed(
            say("This search is not yours, or it is gone already."),
            say("Ask the person who kept it to forget it."),
        )
    audit(person=person, action="view.forget", subject=f"view/{view_id}", now=now)
