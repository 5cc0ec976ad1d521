"""All that pages read of people and the organisation."""

from quivive.web.people.models import OwnAccount


def own_handles() -> tuple[str, ...]:
    """Return the names our own accounts write under, as posts carry them."""
    return tuple(
        name
        for account in OwnAccount.objects.all()
        for name in (account.handle.lstrip("@"), f"{account.network}:{account.handle.lstrip('@')}")
    )
