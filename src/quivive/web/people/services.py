"""All that changes people, roles, the organisation, API tokens and the audit log."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.urls import reverse

from quivive.vocabulary.chain import link
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.people.entries import (
    AdministratorEntry,
    BasisEntry,
    OrganisationEntry,
    OwnAccountEntry,
    PlaceEntry,
    check_one_voice_a_network,
)
from quivive.web.people.models import (
    ApiToken,
    AuditHead,
    AuditLine,
    Organisation,
    OwnAccount,
    Person,
    Place,
    RoleHolding,
)
from quivive.web.people.queries import holdings, person_for_token, token_digest

FIRST_ROLES = (Role.ADMINISTRATOR, Role.LEAD, Role.MONITOR, Role.FACT_OWNER)
"""What the person who sets the room up may do: enough to work alone on the first evening."""

SCOPES = ("read", "write", "export", "ingest")

TOKEN_PREFIX = "qv_"  # noqa: S105 - lets people and scanners recognise a leaked token


# --- the audit log --------------------------------------------------------------------------
@transaction.atomic
def audit(
    *,
    person: Person | None,
    action: str,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
    now: datetime,
) -> None:
    """Add a line to the audit log. ``detail`` holds plain JSON values, never a secret."""
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    line = AuditLine(
        at=now,
        person=person,
        action=action,
        subject=subject[:200],
        detail=dict(detail or {}),
        previous=head.hash,
    )
    line.hash = link(
        head.hash,
        at=now,
        person_id=line.person_id,
        action=action,
        subject=line.subject,
        detail=line.detail,
    )
    line.save()
    head.hash = line.hash
    head.lines += 1
    head.save()


# --- the first visit ------------------------------------------------------------------------
@transaction.atomic
def set_up(
    *,
    organisation: OrganisationEntry,
    basis: BasisEntry,
    accounts: Sequence[OwnAccountEntry],
    places: Sequence[PlaceEntry],
    administrator: AdministratorEntry,
    now: datetime,
) -> Person:
    """Give the room to an organisation, once: a second try, even at the same moment, is refused."""
    check_one_voice_a_network(accounts)
    _take_the_only_place(organisation, basis, now=now)
    person = _new_person(
        name=administrator.name,
        email=administrator.email,
        password=administrator.password,
        language=organisation.language,
        time_zone=organisation.time_zone,
        now=now,
    )
    Organisation.objects.update(basis_confirmed_by=person)
    for role in FIRST_ROLES:
        RoleHolding.objects.create(person=person, role=role.value, given_by=person, given_at=now)
    for account in accounts:
        _new_own_account(account)
    for place in places:
        Place.objects.create(name=place.name, level=place.level)
    detail = {"basis": basis.basis, "roles": [role.value for role in FIRST_ROLES]}
    audit(person=person, action="set-up", subject=organisation.name, detail=detail, now=now)
    return person


def _take_the_only_place(
    organisation: OrganisationEntry, basis: BasisEntry, *, now: datetime
) -> None:
    try:
        with transaction.atomic():
            Organisation.objects.create(
                pk=1,
                name=organisation.name,
                language=organisation.language,
                time_zone=organisation.time_zone,
                dwellings=organisation.dwellings,
                set_up_at=now,
                legal_basis=basis.basis,
                purpose=basis.purpose,
                need=basis.need,
                expectations=basis.expectations,
                safeguards=basis.safeguards,
                basis_confirmed_at=now,
            )
    except IntegrityError:
        raise NotAllowed(
            say("This room is set up already."),
            say("Sign in, or ask an administrator to invite you."),
        ) from None


# --- people and their roles -----------------------------------------------------------------
def _new_person(
    *, name: str, email: str, password: str | None, language: str, time_zone: str, now: datetime
) -> Person:
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                email.strip().lower(),
                password,
                name=name,
                language=language,
                time_zone=time_zone,
                joined_at=now,
            )
    except IntegrityError:
        raise NotAllowed(
            say("Somebody with the address {email} is here already.", email=email),
            say("Look for them in the list of people; reopen their account if it is closed."),
        ) from None
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@transaction.atomic
def invite(*, by: Person, name: str, email: str, language: str, now: datetime) -> Person:
    """Open an account without a password; :func:`invitation_path` gives the link that sets one."""
    organisation = Organisation.objects.get()
    person = _new_person(
        name=name,
        email=email,
        password=None,
        language=language,
        time_zone=organisation.time_zone,
        now=now,
    )
    audit(person=by, action="invite", subject=person.email, now=now)
    return person


def invitation_path(person: Person) -> str:
    """Return the page where a person sets a password: works once, for three days."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    uid, _, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def note_new_link(*, by: Person | None, person: Person, now: datetime) -> None:
    """Put on record that somebody was given a link to set another person's password.

    ``by`` is None for whoever sits at the machine itself.
    """
    audit(person=by, action="link-made", subject=person.email, detail=_at_the_machine(by), now=now)


@transaction.atomic
def drop_second_factors(*, by: Person | None, person_id: int, now: datetime) -> bool:
    """Take away the second factors of somebody who lost them: the password alone opens again.

    ``by`` is None for whoever sits at the machine itself.

    Returns:
        Whether there was any.
    """
    if by is not None and by.pk == person_id:
        raise NotAllowed(
            say("Nobody takes their own second factor away from here."),
            say("Do it in your own settings, where the room asks first who you are."),
        )
    person = Person.objects.get(pk=person_id)
    if not Authenticator.objects.filter(user=person).delete()[0]:
        return False
    detail = _at_the_machine(by)
    audit(person=by, action="second-factors-dropped", subject=person.email, detail=detail, now=now)
    return True


def _at_the_machine(by: Person | None) -> dict[str, object]:
    return {"command": "let-in"} if by is None else {}


@transaction.atomic
def give_role(
    *,
    by: Person,
    person_id: int,
    role: Role,
    deputy: bool = False,
    expires_at: datetime | None = None,
    agreement: str = "",
    now: datetime,
) -> RoleHolding:
    """Give a role, or change how it is held.

    A partner's role always ends on a date (R-02) and names the signed agreement that allows a
    processor to work on the data (LR-02).
    """
    if role is Role.PARTNER and expires_at is None:
        raise NotAllowed(
            say("An external partner needs a last day."),
            say("Choose the day their access ends; you can give it again later."),
        )
    if role is Role.PARTNER and not agreement.strip():
        raise NotAllowed(
            say("An external partner needs a signed agreement."),
            say("Sign one first (Privacy, Processors, has a draft), then name it here."),
        )
    if expires_at is not None and expires_at <= now:
        raise NotAllowed(say("This end date is past."), say("Choose a date to come."))
    if role is Role.ADMINISTRATOR and expires_at is not None:
        _keep_an_administrator(besides=person_id, now=now)
    holding, _ = RoleHolding.objects.update_or_create(
        person_id=person_id,
        role=role.value,
        defaults={
            "deputy": deputy,
            "expires_at": expires_at,
            "agreement": agreement.strip(),
            "given_by": by,
            "given_at": now,
        },
    )
    until = expires_at.isoformat() if expires_at else None
    detail = {"role": role.value, "deputy": deputy, "until": until}
    audit(person=by, action="role-given", subject=holding.person.email, detail=detail, now=now)
    return holding


@transaction.atomic
def take_role(*, by: Person, person_id: int, role: Role, now: datetime) -> None:
    """Take a role away; the last administrator keeps theirs."""
    if role is Role.ADMINISTRATOR:
        _keep_an_administrator(besides=person_id, now=now)
    person = Person.objects.get(pk=person_id)
    if RoleHolding.objects.filter(person=person, role=role.value).delete()[0]:
        detail = {"role": role.value}
        audit(person=by, action="role-taken", subject=person.email, detail=detail, now=now)


def _keep_an_administrator(*, besides: int, now: datetime) -> None:
    """Refuse to leave the room without an administrator, even when two act at once."""
    administrators = RoleHolding.objects.filter(role=Role.ADMINISTRATOR.value)
    list(administrators.select_for_update().values_list("pk"))
    lasting = holdings(now=now).filter(role=Role.ADMINISTRATOR.value, expires_at=None)
    if not lasting.exclude(person_id=besides).exists():
        raise NotAllowed(
            say("Nobody else is administrator."),
            say("Make somebody else administrator first, with no end date."),
        )


@transaction.atomic
def close_account(*, by: Person, person_id: int, now: datetime) -> None:
    """Stop a person from signing in, at once; what they did stays on record."""
    _keep_an_administrator(besides=person_id, now=now)
    person = Person.objects.get(pk=person_id)
    if Person.objects.filter(pk=person_id, is_active=True).update(is_active=False):
        ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
        audit(person=by, action="person-stopped", subject=person.email, now=now)


@transaction.atomic
def reopen_account(*, by: Person, person_id: int, now: datetime) -> None:
    """Let a person sign in again, with the roles they still hold; revoked tokens stay revoked."""
    person = Person.objects.get(pk=person_id)
    if Person.objects.filter(pk=person_id, is_active=False).update(is_active=True):
        audit(person=by, action="person-restored", subject=person.email, now=now)


@transaction.atomic
def change_own_settings(
    *, person: Person, name: str, language: str, time_zone: str, phone: str, now: datetime
) -> None:
    """Change how a person is called and reads the room."""
    fields = {"name": name, "language": language, "time_zone": time_zone, "phone": phone}
    changed = sorted(field for field, value in fields.items() if getattr(person, field) != value)
    if not changed:
        return
    Person.objects.filter(pk=person.pk).update(**fields)
    detail = {"changed": changed}
    audit(person=person, action="person-changed", subject=person.email, detail=detail, now=now)


# --- the organisation -----------------------------------------------------------------------
@transaction.atomic
def change_organisation(
    *, by: Person, organisation: OrganisationEntry, basis: BasisEntry, now: datetime
) -> None:
    """Change the organisation's sheet; whoever changes it confirms the legal basis anew."""
    Organisation.objects.update(
        name=organisation.name,
        language=organisation.language,
        time_zone=organisation.time_zone,
        dwellings=organisation.dwellings,
        legal_basis=basis.basis,
        purpose=basis.purpose,
        need=basis.need,
        expectations=basis.expectations,
        safeguards=basis.safeguards,
        basis_confirmed_at=now,
        basis_confirmed_by=by,
    )
    detail = {"basis": basis.basis}
    audit(
        person=by, action="organisation-changed", subject=organisation.name, detail=detail, now=now
    )


def _new_own_account(entry: OwnAccountEntry) -> OwnAccount:
    return OwnAccount.objects.create(
        network=entry.network,
        handle=entry.handle.strip().removeprefix("@"),
        followers=entry.followers,
        purpose=entry.purpose.strip(),
    )


@transaction.atomic
def add_own_account(*, by: Person, account: OwnAccountEntry, now: datetime) -> OwnAccount:
    """Declare an account as ours. A second one on a network needs a public purpose (R-63)."""
    Organisation.objects.select_for_update().get()  # two people adding at once wait in turn
    present = [
        OwnAccountEntry(network=row.network, handle=row.handle, purpose=row.purpose)
        for row in OwnAccount.objects.filter(network=account.network)
    ]
    check_one_voice_a_network([*present, account])
    try:
        with transaction.atomic():
            row = _new_own_account(account)
    except IntegrityError:
        raise NotAllowed(
            say("{handle} is in the list already.", handle=account.handle),
            say("Remove it first if you want to change it."),
        ) from None
    detail = {"network": row.network, "purpose": row.purpose}
    audit(person=by, action="own-account-added", subject=row.handle, detail=detail, now=now)
    return row


@transaction.atomic
def remove_own_account(*, by: Person, account_id: int, now: datetime) -> None:
    """Stop counting an account as ours."""
    row = OwnAccount.objects.filter(pk=account_id).first()
    if row is not None:
        row.delete()
        detail = {"network": row.network}
        audit(person=by, action="own-account-removed", subject=row.handle, detail=detail, now=now)


# --- keys for programs ----------------------------------------------------------------------
@transaction.atomic
def make_token(
    *,
    person: Person,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
    now: datetime,
) -> str:
    """Make an API token and return it: it is shown this once, only its digest is kept."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise NotAllowed(
            say("A token needs at least one scope among: {scopes}.", scopes=", ".join(SCOPES)),
            say("Tick what the program has to do, no more."),
        )
    raw = TOKEN_PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        person=person,
        name=name,
        digest=token_digest(raw),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    detail = {"scopes": sorted(scopes)}
    audit(person=person, action="token-made", subject=name, detail=detail, now=now)
    return raw


@transaction.atomic
def revoke_token(*, person: Person, token_id: int, now: datetime) -> None:
    """Close one of a person's own tokens, at once and for good."""
    token = ApiToken.objects.filter(pk=token_id, person=person, revoked_at=None).first()
    if token is not None:
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=now)
        audit(person=person, action="token-revoked", subject=token.name, now=now)


def person_using_token(*, raw: str, scope: str, now: datetime) -> Person | None:
    """Return who a token speaks for, and note (once an hour at most) that it was used."""
    person = person_for_token(raw, scope, now)
    if person is not None:
        stale = ApiToken.objects.filter(digest=token_digest(raw)).exclude(
            last_used_at__gt=now - timedelta(hours=1)
        )
        stale.update(last_used_at=now)
    return person
