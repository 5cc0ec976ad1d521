"""What the public, and those we name in panels, are told: from the settings, in either language.

Its lines follow article 14 of the GDPR, for data that do not come from the person: who, why, on
which basis, what, from where, to whom, how long, and which rights (LR-03).
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from quivive.web.people.speech import spoken
from quivive.web.privacy.papers import Line, Paper, Part, days_kept
from quivive.web.privacy.queries import Register, ToInform


def public_notice(facts: Register, *, now: datetime) -> Paper:
    """Return what the public is told, in the language that is active."""
    return Paper(
        _("%(name)s reads public posts that concern it") % {"name": facts.organisation},
        _("Information under article 14 of the GDPR, as of %(day)s.") % {"day": _day(now)},
        (Part(_("What you should know"), tuple(_told(facts))),),
    )


def letter(facts: Register, one: ToInform) -> Paper:
    """Return what the holder of a panel's account is told, in the language that is active."""
    member = one.member
    lead = _(
        "We keep your account %(account)s in our list “%(panel)s” since %(day)s, because you "
        "speak in public: %(role)s. You may object at any time; we then take it off the list."
    ) % {
        "account": member,
        "panel": member.panel,
        "day": _day(member.added_at),
        "role": member.panel.get_role_display(),
    }
    title = _("%(name)s keeps your account on a list") % {"name": facts.organisation}
    return Paper(title, lead, (Part(_("What you should know"), tuple(_told(facts))),))


def line_for_profiles(facts: Register) -> str:
    """Return the line to put into the profile of our accounts; empty without an address."""
    if not facts.notice.address:
        return ""
    return _("We read public posts that concern us: %(address)s") % {
        "address": facts.notice.address
    }


def _told(facts: Register) -> Iterator[Line]:
    about = facts.organisation
    yield Line(_("Who is responsible"), about.name)
    yield Line(_("Whom to write to"), facts.notice.contact)
    yield Line(_("Why"), about.purpose)
    yield Line(_("Legal basis"), about.get_legal_basis_display())
    yield Line(
        _("What we read and keep"),
        _(
            "Public posts that name us or our residences, with the account’s public name and "
            "counts, when they were written and the place they name."
        ),
    )
    yield Line(
        _("What we do not do"),
        _(
            "We do not rate people, do not guess what they believe or live through, and never "
            "match an account with a tenant’s file. No machine decides about anybody."
        ),
    )
    titles = dict.fromkeys(spoken(source.title) for source in facts.sources)
    yield Line(_("Where it comes from"), ", ".join(titles) or _("No source yet."))
    yield Line(_("Who sees it"), _seen_by(facts))
    yield Line(_("How long it is kept"), _kept(facts))
    yield Line(
        _("Your rights"),
        _(
            "See what we keep of your account, have it corrected or erased, have its use limited, "
            "or object: we then take in nothing more of it. Write to us; we answer within a month."
        ),
    )
    yield Line(
        _("If our answer does not satisfy you"),
        _("You may complain to the data protection authority (in France the CNIL, cnil.fr)."),
    )


def _seen_by(facts: Register) -> str:
    ours = _("Those of our team whose task it is.")
    if not facts.processors:
        return ours
    names = ", ".join(f"{one.name} ({one.does}, {one.country})" for one in facts.processors)
    others = _("For us, under an agreement: %(names)s.") % {"names": names}
    return f"{ours} {others}"


def _kept(facts: Register) -> str:
    crisis = _("six months more for what belongs to a crisis; then only counts without names")
    return " · ".join([*days_kept(facts.kept), crisis])


def _day(moment: datetime) -> str:
    return formats.date_format(localtime(moment), "DATE_FORMAT")
