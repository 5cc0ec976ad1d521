"""The draft of an agreement with a company that works on the data for us (LR-02).

Its parts are those that article 28 (3) of the GDPR asks for. A lawyer has to read it; the standard
clauses of the Commission (decision (EU) 2021/915) may be signed instead.
"""

from collections.abc import Iterator

from django.utils import formats
from django.utils.translation import gettext as _

from quivive.web.privacy.papers import Line, Paper, Part, days_kept
from quivive.web.privacy.queries import Company, Register


def clause(facts: Register, company: Company | None) -> Paper:
    """Return the draft in the language that is active, for a company or for one to name."""
    return Paper(
        _("Agreement on the processing of personal data"),
        _(
            "A draft after article 28 of the GDPR, filled in from the settings. Have it read by "
            "a lawyer; the standard clauses of the European Commission (decision (EU) 2021/915) "
            "may be signed instead."
        ),
        (
            Part(_("1. Who, and what for"), tuple(_subject(facts, company))),
            Part(_("2. What the processor undertakes"), tuple(_duties())),
            Part(_("3. Signatures"), tuple(_signatures(company))),
        ),
    )


def _subject(facts: Register, company: Company | None) -> Iterator[Line]:
    about = facts.organisation
    yield Line(_("Controller"), about.name)
    yield Line(_("Processor"), f"{company.name}, {company.country}" if company else "")
    yield Line(_("What it does for the controller"), company.does if company else "")
    yield Line(_("Purpose"), about.purpose)
    yield Line(
        _("Kind of data"),
        _(
            "Public posts, name and address of the account, its public counts, moment and place "
            "of the post, a machine reading of the words; notes and drafts of the team."
        ),
    )
    yield Line(
        _("People concerned"),
        _(
            "Authors of public posts that speak of the controller; accounts named in panels for "
            "their public function; people of the team."
        ),
    )
    kept = " · ".join(days_kept(facts.kept))
    yield Line(_("Kept for"), kept or _("As the controller sets it in the room."))
    yield Line(_("From when to when"))


def _duties() -> Iterator[Line]:
    yield Line(
        _("Instructions"),
        _(
            "It works on the data only on documented instructions of the controller, and says at "
            "once when it holds one to be unlawful. The settings and the audit log of the room "
            "are such documents."
        ),
    )
    yield Line(
        _("Confidentiality"),
        _("Everybody who works on the data is bound to secrecy, and has an account of their own."),
    )
    yield Line(
        _("Security"),
        _(
            "Roles no wider than the task, two-factor sign-in, encrypted disks and backups, "
            "updates without delay (article 32)."
        ),
    )
    yield Line(
        _("Other processors"),
        _("None without the controller’s written leave, and then under the same duties."),
    )
    yield Line(
        _("Where"),
        _("In the European Union; any transfer outside needs the controller’s written leave."),
    )
    yield Line(
        _("Rights of people"),
        _(
            "It hands requests of people on within two working days, answers none itself, and "
            "helps the controller to answer within the month."
        ),
    )
    yield Line(
        _("Breaches"),
        _(
            "It tells the controller without delay, 24 hours after it knows at the latest, so "
            "that the authority can be told within 72 hours (article 33)."
        ),
    )
    yield Line(
        _("What it must not do"),
        _(
            "No use of its own, no profile or rating of people, no matching with tenants’ files, "
            "no account but those the controller declared."
        ),
    )
    yield Line(
        _("At the end"),
        _(
            "It gives the data back or erases them, as the controller chooses, its copies too, "
            "and confirms it in writing."
        ),
    )
    yield Line(
        _("Checks"),
        _("It shows what proves all this, and lets the controller or its auditor look for it."),
    )


def _signatures(company: Company | None) -> Iterator[Line]:
    signed = ""
    if company and company.signed_on:
        day = formats.date_format(company.signed_on, "DATE_FORMAT")
        signed = " · ".join(filter(None, [company.agreement, day]))
    yield Line(_("Reference and day"), signed)
    yield Line(_("For the controller: name, function"))
    yield Line(_("For the processor: name, function"))
