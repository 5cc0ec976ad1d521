"""What people type about their organisation and themselves, as frozen values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEntry:
    """The organisation, as its own people describe it.

    Attributes:
        dwellings: homes it lets; None when it prefers not to say.
        time_zone: IANA name, e.g. ``Europe/Paris``.
    """

    name: str
    language: str
    time_zone: str
    dwellings: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisEntry:
    """Why watching is lawful: the basis, and the balancing test behind it (LR-01)."""

    basis: str
    purpose: str
    need: str
    expectations: str
    safeguards: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccountEntry:
    """An account that speaks for the organisation; ``purpose`` is public (R-63)."""

    network: str
    handle: str
    followers: int | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEntry:
    """A place where we have tenants."""

    name: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorEntry:
    """The first person to sign in."""

    name: str
    email: str
    password: str


def check_one_voice_a_network(accounts: Sequence[OwnAccountEntry]) -> None:
    """Refuse a second account on a network when it does not say publicly what it is for (R-63).

    >>> check_one_voice_a_network([OwnAccountEntry(network="x", handle="us")])
    >>> twins = [OwnAccountEntry(network="x", handle=name) for name in ("us", "friends-of-us")]
    >>> try:
    ...     check_one_voice_a_network(twins)
    ... except NotAllowed as refusal:
    ...     print(refusal.remedy.text)
    Give every account after the first a public purpose, or take it out.
    """
    many = Counter(account.network for account in accounts)
    unexplained = Counter(account.network for account in accounts if not account.purpose.strip())
    for network, count in many.items():
        if count > 1 and unexplained[network] > 1:
            raise NotAllowed(
                say(
                    "You have {count} accounts on {network} and more than one of them does not say"
                    " what it is for.",
                    count=count,
                    network=network,
                ),
                say("Give every account after the first a public purpose, or take it out."),
            )
