"""Empty a room, its append-only logs included."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections, transaction

from quivive.web.people.append_only import keep, release


class Command(flush.Command):
    """Django's command, which the database would refuse for the logs alone."""

    def handle(self, **options: Any) -> None:
        """Empty every table; the logs are append-only again before anybody can write."""
        with transaction.atomic(using=options["database"]):
            connection = connections[options["database"]]
            release(connection)
            super().handle(**options)
            keep(connection)
