"""How the sign-in library is told our rules."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up alone: the first administrator is made at set-up, others are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False
