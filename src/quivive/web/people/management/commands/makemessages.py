"""Collect the sentences to translate, those of the pure core included."""

from typing import Any

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's command, which also knows the core's ``say`` and ``say_many``.

    Places are kept by file and not by line, so that moving code changes no catalogue. A changed
    sentence waits for a person: gettext's guesses are not kept.
    """

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]  # noqa: RUF012

    xgettext_options = [  # noqa: RUF012 - Django's own way to extend it
        *makemessages.Command.xgettext_options,
        "--keyword=say:1",
        "--keyword=say_many:1,2",
    ]

    def handle(self, *args: Any, **options: Any) -> None:
        """Run Django's command with our habits."""
        options["add_location"] = "file"
        options["no_obsolete"] = True
        options["ignore_patterns"] = [*(options["ignore_patterns"] or []), "vendor/*"]
        super().handle(*args, **options)
