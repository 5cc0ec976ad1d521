"""The organisation, the people who work for it, what they may do and what they did."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from quivive.vocabulary.crises import Role
from quivive.web.people.words import ROLE_NAMES, ROLE_TASKS


class LegalBasis(models.TextChoices):
    """Why processing public posts is lawful (RGPD, article 6)."""

    LEGITIMATE_INTEREST = "legitimate-interest", _("legitimate interest (article 6.1.f)")
    CONSENT = "consent", _("consent of the people concerned (article 6.1.a)")


class Organisation(models.Model):
    """The one organisation this installation works for, and why it may watch (LR-01).

    The row always has the same key, so that two people cannot set the room up at once.
    """

    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="fr")
    time_zone = models.CharField(max_length=60, default="Europe/Paris")
    dwellings = models.PositiveIntegerField(null=True, blank=True)
    set_up_at = models.DateTimeField()
    legal_basis = models.CharField(max_length=20, choices=LegalBasis)
    purpose = models.TextField()
    need = models.TextField()
    expectations = models.TextField()
    safeguards = models.TextField()
    basis_confirmed_at = models.DateTimeField()
    basis_confirmed_by = models.ForeignKey(
        "Person", models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class OwnAccount(models.Model):
    """An account that speaks for us; a second one on a network needs a public purpose (R-63)."""

    network = models.CharField(max_length=60)
    handle = models.CharField(max_length=200)
    followers = models.PositiveIntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["network", "handle"], name="one_row_an_own_account")
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.network})"


class PlaceLevel(models.TextChoices):
    """Rungs of the ladder from a residence to the country."""

    BUILDING = "building", _("residence or building")
    TOWN = "town", _("town")
    DEPARTMENT = "department", _("department or county")
    COUNTRY = "country", _("country")


class Place(models.Model):
    """A place where we have tenants, or that holds one.

    ``department`` is its number; ``reference`` what the organisation's own files call it.
    """

    name = models.CharField(max_length=200)
    level = models.CharField(max_length=12, choices=PlaceLevel)
    other_names = models.JSONField(default=list, blank=True)
    address = models.CharField(max_length=300, blank=True)
    town = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=3, blank=True)
    agency = models.CharField(max_length=100, blank=True)
    homes = models.PositiveIntegerField(null=True, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name

    @property
    def query(self) -> str:
        """What finds the posts that speak of it."""
        return f'place:"{self.name.replace(chr(34), " ")}"'


class PlaceTable(models.Model):
    """A file of places somebody brought: looked at first, then taken in, bad lines kept."""

    name = models.CharField(max_length=200)
    table = models.TextField()
    columns = models.JSONField(default=dict)
    refused = models.JSONField(default=list)
    brought_by = models.ForeignKey("Person", models.SET_NULL, null=True, related_name="+")
    brought_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class PlaceChange(models.Model):
    """What one action changed of our places, so that it can be taken back.

    ``before`` holds each place as it was, by its number; None for one that was not there.
    """

    person = models.ForeignKey("Person", models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=200)
    at = models.DateTimeField()
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.what


class PublicRole(models.TextChoices):
    """Functions in which somebody speaks in public; nobody else is kept in a panel (LR-04)."""

    LOCAL_MEDIA = "local-media", _("local press")
    NATIONAL_MEDIA = "national-media", _("national press")
    ELECTED = "elected", _("elected people")
    AUTHORITY = "authority", _("authorities and emergency services")
    REGULATOR = "regulator", _("regulators")
    ASSOCIATION = "association", _("associations")
    NATIONAL_ASSOCIATION = "national-association", _("national associations")
    LOCAL_GROUP = "local-group", _("tenants’ and local groups")


class Panel(models.Model):
    """Accounts of one public function that we listen to: ``panel:"name"`` in queries."""

    name = models.CharField(max_length=60, unique=True)
    role = models.CharField(max_length=24, choices=PublicRole)
    rings = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class PanelMember(models.Model):
    """One account of a panel, with how it is reached and when we last spoke to each other."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="members")
    network = models.CharField(max_length=60)
    handle = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    last_contact_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["name", "handle"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["panel", "network", "handle"], name="one_row_a_panel_and_account"
            )
        ]

    def __str__(self) -> str:
        return f"@{self.handle} ({self.network})"


class PersonManager(BaseUserManager["Person"]):
    """Makes people; the e-mail address is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        """Make a person who can sign in."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who can sign in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="fr")
    time_zone = models.CharField(max_length=60, default="Europe/Paris")
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email


class RoleHolding(models.Model):
    """A role a person holds; a partner's until a date (R-02), under a signed agreement (LR-02)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="holdings")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    deputy = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    agreement = models.CharField(max_length=200, blank=True)
    given_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "role"], name="one_row_a_role_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"

    @property
    def title(self) -> Promise:
        """The role's name in the reader's language."""
        return ROLE_NAMES[Role(self.role)]

    @property
    def task(self) -> Promise:
        """What the role is for, in the reader's language."""
        return ROLE_TASKS[Role(self.role)]


class AppendOnly(models.Model):
    """A row that is written once: changing or deleting it is refused."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Write the row, once."""
        if self.pk is not None:
            raise TypeError(f"{type(self).__name__} {self.pk} is append-only: add a line instead.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *_args: object, **_kwargs: object) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError(f"{type(self).__name__} {self.pk} is append-only: it stays.")


class AuditLine(AppendOnly):
    """Who did what; each line holds the hash of the one before, so a gap shows."""

    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, unique=True)  # the chain cannot fork
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"


class AuditHead(models.Model):
    """Where the audit chain ends: writers queue on this one row, and a cut end shows."""

    hash = models.CharField(max_length=64, blank=True)
    lines = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.lines}: {self.hash}"


class ApiToken(models.Model):
    """A key for programs; only its digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
