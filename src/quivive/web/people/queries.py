"""All that pages read about people, the organisation and the audit log."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils.functional import Promise

from quivive.vocabulary.chain import link
from quivive.vocabulary.crises import Role
from quivive.web.people.models import (
    ApiToken,
    AuditHead,
    AuditLine,
    LegalBasis,
    Organisation,
    OwnAccount,
    Person,
    Place,
    PlaceLevel,
    RoleHolding,
)
from quivive.web.people.words import SECOND_FACTORS

__all__ = [
    "ApiToken",
    "AuditLine",
    "LegalBasis",
    "Organisation",
    "OwnAccount",
    "Person",
    "Place",
    "PlaceLevel",
    "RoleHolding",
]


def is_set_up() -> bool:
    """Say whether the room belongs to an organisation already (one small query)."""
    return Organisation.objects.exists()


def organisation() -> Organisation:
    """Return the organisation. Raises Organisation.DoesNotExist before set-up."""
    return Organisation.objects.get()


def room_zone() -> str:
    """Return the IANA zone of the organisation; UTC before set-up."""
    return Organisation.objects.values_list("time_zone", flat=True).first() or "UTC"


def may_watch() -> bool:
    """Say whether the legal basis was confirmed: the watch cannot start without it (LR-01)."""
    return Organisation.objects.exclude(legal_basis="").exists()


def own_accounts() -> QuerySet[OwnAccount]:
    """Return the accounts that speak for us, by network."""
    return OwnAccount.objects.order_by("network", "pk")


def own_handles() -> tuple[str, ...]:
    """Return the names our own accounts write under, as posts carry them."""
    return tuple(
        name
        for account in OwnAccount.objects.all()
        for name in (account.handle.lstrip("@"), f"{account.network}:{account.handle.lstrip('@')}")
    )


def own_names() -> frozenset[str]:
    """Return those names in small letters, to be compared with."""
    return frozenset(name.lower() for name in own_handles())


def places() -> QuerySet[Place]:
    """Return our places, by name."""
    return Place.objects.order_by("name", "pk")


def holdings(*, now: datetime) -> QuerySet[RoleHolding]:
    """Return the roles that count at this moment: not expired, held by people who may sign in."""
    return RoleHolding.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), person__is_active=True
    )


def roles_of(person: Person, *, now: datetime) -> frozenset[Role]:
    """Return the roles a person holds at this moment; a deputy may do what the holder may."""
    return frozenset(
        Role(role)
        for role in holdings(now=now).filter(person=person).values_list("role", flat=True)
    )


def had_a_role(person: Person) -> bool:
    """Tell whether a person holds a role, or held one whose time is over."""
    return RoleHolding.objects.filter(person=person).exists()


def holders(roles: Collection[Role], *, now: datetime) -> list[RoleHolding]:
    """Return who holds one of these roles, holders before deputies."""
    found = holdings(now=now).filter(role__in=[role.value for role in roles])
    return list(found.select_related("person").order_by("deputy", "person__name"))


def people() -> QuerySet[Person]:
    """Return everybody with their roles, people who may sign in first."""
    roles = Prefetch("holdings", RoleHolding.objects.order_by("given_at", "pk"))
    return Person.objects.order_by("-is_active", "name").prefetch_related(roles)


def person(person_id: int) -> Person | None:
    """Return one person with their roles, or None."""
    return people().filter(pk=person_id).first()


def person_of(email: str) -> Person | None:
    """Return who signs in with an address, or None."""
    return Person.objects.filter(email=email.strip().lower()).first()


def second_factors(owner: Person) -> list[Promise]:
    """Return what somebody proves themselves with besides the password, each kind once."""
    kinds = Authenticator.objects.filter(user=owner).values_list("type", flat=True)
    return [name for kind, name in SECOND_FACTORS.items() if kind in set(kinds)]


def tokens_of(owner: Person) -> QuerySet[ApiToken]:
    """Return a person's API tokens, newest first."""
    return ApiToken.objects.filter(person=owner).order_by("-created_at")


def token_digest(raw: str) -> str:
    """Return what is kept of a token. Its 32 random bytes need no slow hash."""
    return hashlib.sha256(raw.encode()).hexdigest()


def person_for_token(raw: str, scope: str, now: datetime) -> Person | None:
    """Return who an API token speaks for, or None when it does not open ``scope``."""
    token = (
        ApiToken.objects.select_related("person")
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .filter(digest=token_digest(raw), revoked_at=None, person__is_active=True)
        .first()
    )
    return token.person if token is not None and scope in token.scopes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which lines of the audit log to show; empty fields leave all through."""

    person_id: int | None = None
    action: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit_lines(wanted: AuditFilter) -> QuerySet[AuditLine]:
    """Return the wanted lines of the audit log, newest first."""
    lines = AuditLine.objects.select_related("person").order_by("-pk")
    if wanted.person_id is not None:
        lines = lines.filter(person_id=wanted.person_id)
    if wanted.action:
        lines = lines.filter(action=wanted.action)
    if wanted.words:
        lines = lines.filter(subject__icontains=wanted.words)
    if wanted.since is not None:
        lines = lines.filter(at__gte=wanted.since)
    if wanted.until is not None:
        lines = lines.filter(at__lt=wanted.until)
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainVerdict:
    """Whether the audit log is whole.

    Attributes:
        lines: lines that hold together, counted from the first.
        broken_at: key of the first line that does not fit; None when every line present fits.
        missing: lines cut off at the end.
    """

    lines: int
    broken_at: int | None
    missing: int

    @property
    def ok(self) -> bool:
        """Every line is there, as it was written."""
        return self.broken_at is None and self.missing == 0


def check_audit_chain() -> ChainVerdict:
    """Read the whole audit log and say whether each line holds the one before it."""
    previous, count = "", 0
    for line in AuditLine.objects.order_by("pk").iterator(chunk_size=2000):
        expected = link(
            previous,
            at=line.at,
            person_id=line.person_id,
            action=line.action,
            subject=line.subject,
            detail=line.detail,
        )
        if line.previous != previous or line.hash != expected:
            return ChainVerdict(lines=count, broken_at=line.pk, missing=0)
        previous, count = line.hash, count + 1
    head = AuditHead.objects.filter(pk=1).first()
    written = head.lines if head is not None else 0
    return ChainVerdict(lines=count, broken_at=None, missing=max(written - count, 0))


def known_address(email: str) -> str:
    """Return an address that belongs to somebody here, else nothing: people mistype passwords."""
    found = person_of(email)
    return found.email if found is not None else ""


def lock_opens_at(*, email: str, address: str) -> datetime | None:
    """Return when somebody may try to sign in again from this address, None when they may now."""
    tries = AccessAttempt.objects.filter(username=email, ip_address=address)
    last = tries.aggregate(last=Max("attempt_time"))["last"]
    return last + get_cool_off() if last is not None else None
