"""The draft of a data protection impact assessment, filled in with what the room knows (LR-08).

Its parts follow the method of the French authority (CNIL, *PIA*, 2018: context, principles, risks,
validation) and the nine signs of the European guidelines WP 248 rev.01 (2017). What only people can
say is left open and marked; nothing here judges whether the processing is lawful.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from quivive.web.people.speech import number, spoken
from quivive.web.privacy.papers import Line, Paper, Part, days_kept
from quivive.web.privacy.queries import Impact


def assessment(facts: Impact, *, now: datetime) -> Paper:
    """Return the assessment in the language that is active."""
    day = formats.date_format(localtime(now), "DATE_FORMAT")
    lead = _("Draft made from the settings on %(day)s. What is marked is for you to fill in.")
    return Paper(_("Data protection impact assessment"), lead % {"day": day}, tuple(_parts(facts)))


def _parts(facts: Impact) -> list[Part]:
    return [
        Part(_("1. What is done"), tuple(_context(facts))),
        Part(_("2. Is an assessment required?"), tuple(_signs(facts))),
        Part(_("3. Necessity and proportion"), tuple(_principles(facts))),
        Part(_("4. Rights of the people concerned"), tuple(_rights(facts))),
        Part(_("5. Risks for the people concerned"), tuple(_risks(facts))),
        Part(_("6. Opinions and decision"), tuple(_validation())),
    ]


def _context(facts: Impact) -> Iterator[Line]:
    about = facts.register.organisation
    yield Line(_("Controller"), about.name)
    yield Line(
        _("Processors (who hosts the room, who works in it for you)"),
        " · ".join(f"{one.name}: {one.does} ({one.country})" for one in facts.register.processors),
    )
    yield Line(_("Purpose"), about.purpose)
    topics = " · ".join(f"{topic.name}: {topic.query}" for topic in facts.register.topics)
    yield Line(_("What is looked for"), topics or _("No topic yet."))
    sources = ", ".join(f"{one.name} ({spoken(one.title)})" for one in facts.register.sources)
    yield Line(_("Where it comes from"), sources or _("No source yet."))
    yield Line(
        _("Data"),
        _(
            "Public words, name and address of the account, its public counts and what it says "
            "of itself, "
            "moment, place that the post names or its network gives; a machine reading of how "
            "the words "
            "lean. Words that ask for help may tell of health or of poverty: they are read as a "
            "call, "
            "never noted of the person."
        ),
    )
    yield Line(
        _("How much is held now"),
        _("%(posts)s posts of %(accounts)s accounts; %(month)s posts in the last 30 days.")
        % {
            "posts": number(facts.posts),
            "accounts": number(facts.accounts),
            "month": number(facts.month),
        },
    )
    yield Line(
        _("Kept of people by name, because of their public function"),
        _("%(count)s accounts in panels (press, elected people, authorities, associations).")
        % {"count": number(facts.panel_members)},
    )
    yield Line(
        _("Where it runs"),
        _(
            "On a machine of yours, with a database of its own. No outside service reads the "
            "posts; "
            "models and word lists ship with the program. Notices leave by: %(channels)s."
        )
        % {"channels": ", ".join(facts.channels) or _("none yet")},
    )


def _signs(facts: Impact) -> Iterator[Line]:
    yield Line(
        _("Evaluation or scoring of people"),
        _("No: posts and claims are read, no person is rated."),
    )
    yield Line(
        _("Automated decisions with legal effect"),
        _("No: nothing is published, closed as a crisis or held against anybody by a machine."),
    )
    yield Line(
        _("Systematic monitoring"),
        _("Yes: public posts that match the topics are collected all the time."),
    )
    yield Line(
        _("Sensitive data"),
        _("Possibly, in what people write of themselves. Nothing of the kind is derived."),
    )
    yield Line(
        _("Large scale"),
        _("For you to judge, from the figures above: %(accounts)s accounts now.")
        % {"accounts": number(facts.accounts)},
    )
    yield Line(
        _("Matching of data sets"),
        _(
            "No: posts are never matched with tenants’ files. Residences are found in words, "
            "not people in residences."
        ),
    )
    yield Line(
        _("Vulnerable people"),
        _("Possibly: tenants depend on their landlord, and some who write are in need."),
    )
    yield Line(
        _("New technology"),
        _(
            "Partly: statistical readings of language, explained word by word and never a "
            "reason to act alone."
        ),
    )
    yield Line(_("Keeps people from a right or a contract"), _("No."))
    yield Line(_("Conclusion (two signs or more usually require an assessment)"))


def _principles(facts: Impact) -> Iterator[Line]:
    about = facts.register.organisation
    day = formats.date_format(localtime(about.basis_confirmed_at), "DATE_FORMAT")
    confirmed = _("confirmed on %(day)s") % {"day": day}
    yield Line(_("Legal basis"), f"{about.get_legal_basis_display()}, {confirmed}")
    yield Line(_("Need"), about.need)
    yield Line(_("What the people concerned expect"), about.expectations)
    yield Line(_("Safeguards you named"), about.safeguards)
    yield Line(
        _("As little as possible"),
        _(
            "What matches no topic is counted and forgotten at once. Official interfaces, "
            "exports and "
            "what people bring; closed groups are left out. Exports carry pseudonyms unless "
            "names are "
            "asked for by a role that may."
        ),
    )
    rest = _("crises: six months after closing; then counts without names")
    yield Line(_("Kept for"), " · ".join([*days_kept(facts.register.kept), rest]))
    last = facts.last_purge
    yield Line(
        _("Last forgetting"),
        _("%(day)s: %(posts)s posts")
        % {
            "day": formats.date_format(localtime(last.at), "DATE_FORMAT"),
            "posts": number(last.posts),
        }
        if last
        else _("Not yet: it is done once a day by itself."),
    )
    yield Line(_("Legal holds in force"), number(facts.holds) if facts.holds else _("None."))


def _rights(facts: Impact) -> Iterator[Line]:
    yield Line(
        _("Information"),
        _("A page for your site is made from these settings, and stands at %(address)s.")
        % {"address": facts.register.notice.address}
        if facts.register.notice.address
        else "",
    )
    yield Line(
        _("Information of people kept in panels, within a month, or why not"),
        _("%(told)s of %(all)s told or exempt, each with its reason; %(late)s late.")
        % {
            "told": number(facts.informed),
            "all": number(facts.to_inform),
            "late": number(facts.informed_late),
        }
        if facts.to_inform
        else _("Nobody is kept in a panel."),
    )
    yield Line(
        _("Requests of people"),
        _("%(answered)s answered, %(open)s open; a term of one month runs for each.")
        % {"answered": number(facts.answered), "open": number(facts.asked)},
    )
    yield Line(
        _("Access, erasure, objection"),
        _(
            "By account name, on the page Privacy. So far: %(erasures)s accounts erased, "
            "%(objections)s "
            "names kept out."
        )
        % {"erasures": number(facts.erasures), "objections": number(facts.objections)},
    )
    yield Line(
        _("Deletion on the network"), _("Followed: words, media and author go, the counts stay.")
    )
    yield Line(_("Transfers outside the European Union (hosting, notices)"))


def _risks(facts: Impact) -> Iterator[Line]:
    yield Line(
        _("Somebody reads what they should not: what stands against it"),
        _(
            "Roles (%(people)s people, %(two)s with a second factor), sign-in that locks, an "
            "audit log whose "
            "lines are chained, secrets encrypted, %(named)s exports with names so far, each in "
            "the log."
        )
        % {
            "people": number(facts.people),
            "two": number(facts.two_factor),
            "named": number(facts.named_exports),
        },
    )
    yield Line(_("… how grave, how likely, what else you do"))
    yield Line(
        _("Data are changed or wrong: what stands against it"),
        _(
            "Posts are kept as their network gave them; forged dates and languages are not "
            "believed; each "
            "reading shows its words and its doubt; people may overrule it, with a reason."
        ),
    )
    yield Line(_("… how grave, how likely, what else you do"))
    yield Line(
        _("Data are lost: what stands against it"),
        _("Backups by command, tried by restoring. Where they are kept, and by whom:"),
    )
    yield Line(_("… how grave, how likely, what else you do"))
    yield Line(
        _("People write less freely because they know they are read"),
        _("Only what meets a topic is kept; nobody is rated or tied to a home; the public knows."),
    )
    yield Line(_("… how grave, how likely, what else you do"))
    if facts.former_keys:
        yield Line(
            _("Pseudonyms given away under a former key"),
            _("Yes: see the notice on the page Privacy."),
        )


def _validation() -> Iterator[Line]:
    yield Line(_("Opinion of the data protection officer"))
    yield Line(_("Views of the people concerned (tenants’ representatives)"))
    yield Line(_("Measures still to take, by whom, by when"))
    yield Line(_("Decision, name and date"))
