"""How the pages name roles, networks, scopes and what the audit log keeps."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quivive.vocabulary.crises import Role

ROLE_NAMES: dict[Role, Promise] = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.LEAD: _("Crisis lead"),
    Role.MONITOR: _("Monitor"),
    Role.FACT_OWNER: _("Fact owner"),
    Role.DRAFTER: _("Drafter"),
    Role.APPROVER: _("Approver"),
    Role.SPOKESPERSON: _("Spokesperson"),
    Role.LEGAL: _("Legal or data protection"),
    Role.DIRECTOR: _("Director"),
    Role.FIELD_STAFF: _("Field staff"),
    Role.AMBASSADOR: _("Disclosed ambassador"),
    Role.PARTNER: _("External partner"),
    Role.ELECTED_TENANT: _("Elected tenant representative"),
    Role.PEER: _("Peer organisation"),
}

ROLE_TASKS: dict[Role, Promise] = {
    Role.ADMINISTRATOR: _("Looks after accounts, roles, settings and the audit log."),
    Role.LEAD: _("Opens and closes crises, sets the level, decides."),
    Role.MONITOR: _("Keeps watch, brings posts in, labels them."),
    Role.FACT_OWNER: _("Checks claims and attaches the evidence."),
    Role.DRAFTER: _("Writes the answers; somebody else approves them."),
    Role.APPROVER: _("Approves or refuses an answer, with a reason."),
    Role.SPOKESPERSON: _("Answers the press."),
    Role.LEGAL: _("Reads the audit log, handles requests about personal data."),
    Role.DIRECTOR: _("Decides on commitments and compensation."),
    Role.FIELD_STAFF: _("Reports facts from the ground and receives tasks."),
    Role.AMBASSADOR: _("Passes our words on and says so."),
    Role.PARTNER: _("An outside agency, until a date."),
    Role.ELECTED_TENANT: _("Reads the public timeline and asks questions."),
    Role.PEER: _("Reads anonymised lessons."),
}

NETWORKS: list[tuple[str, Promise | str]] = [
    ("bluesky", "Bluesky"),
    ("mastodon", "Mastodon"),
    ("x", "X"),
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("linkedin", "LinkedIn"),
    ("threads", "Threads"),
    ("tiktok", "TikTok"),
    ("youtube", "YouTube"),
    ("other", _("another network")),
]

SCOPE_NAMES: dict[str, Promise] = {
    "read": _("Read: topics, signals, alerts, crises"),
    "write": _("Write: everything your roles let you do"),
    "export": _("Export: take posts and personal data out"),
    "ingest": _("Bring in: send posts to the Lookout"),
}

ACTION_NAMES: dict[str, Promise] = {
    "set-up": _("set the room up"),
    "sign-in": _("signed in"),
    "sign-in-refused": _("sign-in refused"),
    "sign-in-locked": _("sign-in locked"),
    "sign-out": _("signed out"),
    "security-change": _("changed how they sign in"),
    "invite": _("invited a person"),
    "link-made": _("made a link to set a password"),
    "role-given": _("gave a role"),
    "role-taken": _("took a role away"),
    "person-stopped": _("closed an account"),
    "person-restored": _("reopened an account"),
    "person-changed": _("changed own settings"),
    "organisation-changed": _("changed the organisation"),
    "own-account-added": _("added an own account"),
    "own-account-removed": _("removed an own account"),
    "place-added": _("added a place"),
    "place-removed": _("removed a place"),
    "token-made": _("made an API token"),
    "token-revoked": _("revoked an API token"),
    "audit-exported": _("exported the audit log"),
    "room.watched": _("looked round"),
    "topic.save": _("saved a topic"),
    "topic.archive": _("archived a topic"),
    "topic.restore": _("took an archived topic up again"),
    "source.add": _("added a source"),
    "import.bring": _("brought a file"),
    "import.start": _("had a file read"),
    "import.stop": _("stopped a file"),
    "mapping.save": _("saved a mapping of columns"),
    "quarantine.correct": _("corrected a line in quarantine"),
    "quarantine.discard": _("set a line in quarantine aside"),
    "posts.export": _("exported posts"),
    "alert-ringing": _("let an alert ring again"),
    "alert-acknowledged": _("acknowledged an alert"),
    "alert-snoozed": _("snoozed an alert"),
    "alert-false-alarm": _("marked a false alarm"),
    "alert-crisis": _("opened a crisis from an alert"),
    "threat-inputs": _("answered what only people can say"),
    "threat-overridden": _("set the level by hand"),
    "threat-override-ended": _("let the level follow the assessment again"),
    "contact-added": _("added a way to be reached"),
    "contact-changed": _("changed a way to be reached"),
    "contact-removed": _("removed a way to be reached"),
    "contact-tried": _("tried a way to be reached"),
    "escalation-changed": _("changed who is told, and when"),
}

SECURITY_CHANGES: dict[str, Promise] = {
    "password_changed": _("password changed"),
    "password_reset": _("password chosen by a link"),
    "password_set": _("password set"),
    "totp_activated": _("authenticator app added"),
    "totp_deactivated": _("authenticator app removed"),
    "webauthn_added": _("passkey or security key added"),
    "webauthn_removed": _("passkey or security key removed"),
    "recovery_codes_generated": _("new recovery codes made"),
}
