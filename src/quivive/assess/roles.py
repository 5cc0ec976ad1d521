"""What an account is by function, from how it names itself and how many it reaches (i2)."""

import re
from collections.abc import Iterable

from quivive.assess.heard import ActorRole, Voice
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say

STRENGTH = {
    None: 0.0,
    ActorRole.LOCAL_GROUP: 0.4,
    ActorRole.LOCAL_MEDIA: 0.7,
    ActorRole.ELECTED: 0.7,
    ActorRole.ASSOCIATION: 0.7,
    ActorRole.AUTHORITY: 0.7,
    ActorRole.LARGE_RELAY: 0.7,
    ActorRole.NATIONAL_MEDIA: 1.0,
    ActorRole.NATIONAL_ASSOCIATION: 1.0,
    ActorRole.REGULATOR: 1.0,
}
"""How much the strongest role present weighs (crisis.md 3.3)."""

NAMED = {
    ActorRole.LOCAL_GROUP: say("A tenants' or local group speaks."),
    ActorRole.LOCAL_MEDIA: say("Local press speaks."),
    ActorRole.ELECTED: say("An elected person speaks."),
    ActorRole.ASSOCIATION: say("An association speaks."),
    ActorRole.AUTHORITY: say("An authority speaks."),
    ActorRole.LARGE_RELAY: say("A very large account relays."),
    ActorRole.NATIONAL_MEDIA: say("National press speaks."),
    ActorRole.NATIONAL_ASSOCIATION: say("A national association speaks."),
    ActorRole.REGULATOR: say("A regulator speaks."),
}

_PRESS_NETWORKS = frozenset({"presse", "press", "rss", "news"})
_COUNCIL = r"(?:municipal|departemental|regional|communautaire|metropolitain|d'arrondissement)"
_CUES = (
    (
        ActorRole.REGULATOR,
        r"agence regionale de sante|\bars\b|\bcnil\b|\bdgccrf\b|\barcom\b|defenseur des droits"
        r"|\bombudsman\b|\bregulator\b",
    ),
    (
        ActorRole.NATIONAL_ASSOCIATION,
        r"(?:association|confederation|federation|fondation) nationale"
        r"|national (?:association|federation|charity)",
    ),
    (
        ActorRole.LOCAL_MEDIA,
        r"\b(?:journaliste|redaction|redactrice en chef|redacteur en chef|grand reporter"
        r"|correspondant(?:e)? de presse|journal local|quotidien|hebdomadaire"
        r"|journalist|reporter|newsroom|newspaper|news desk)\b",
    ),
    (
        ActorRole.ELECTED,
        rf"\bconseill(?:er|ere)s? {_COUNCIL}|\b(?:maire|mairie|depute|deputee|senateur|senatrice"
        r"|elu|elue|adjoint(?:e)? au maire)\b|\b(?:mayor|councillor|councilor|member of parliament"
        r"|mp for|senator)\b",
    ),
    (
        ActorRole.AUTHORITY,
        r"\b(?:prefecture|prefet|prefete|pompiers|sdis|gendarmerie|police nationale|samu"
        r"|fire (?:service|brigade)|police force|city council|health agency)\b",
    ),
    (ActorRole.ASSOCIATION, r"\b(?:association|asso|syndicat|ong|ngo|charity|trade union)\b"),
    (
        ActorRole.LOCAL_GROUP,
        r"\b(?:collectif|amicale|groupe|comite|conseil syndical|residents|tenants|locataires de"
        r"|neighbourhood group|group)\b",
    ),
)
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _CUES)
_JOINTS = re.compile(r"[_.\-\d]+")


def role_of(
    account: Account, network: str, *, large_relay: float, national_media: int
) -> ActorRole | None:
    """Find the role an account claims in its handle, name and summary, else by its audience.

    Args:
        account: as the network shows it.
        network: where it speaks; a press feed is press.
        large_relay: followers from which an account without a role is a large relay.
        national_media: followers from which press counts as national.
    """
    claimed = _claimed(account, network)
    followers = account.followers or 0
    if claimed is ActorRole.LOCAL_MEDIA and followers >= national_media:
        return ActorRole.NATIONAL_MEDIA
    if STRENGTH[claimed] < STRENGTH[ActorRole.LARGE_RELAY] and followers >= large_relay:
        return ActorRole.LARGE_RELAY
    return claimed


def _claimed(account: Account, network: str) -> ActorRole | None:
    if fold(network) in _PRESS_NETWORKS:
        return ActorRole.LOCAL_MEDIA
    handle = _JOINTS.sub(" ", account.handle or "")
    said = fold(f"{handle} | {account.name or ''} | {account.summary or ''}")
    return next((role for role, cue in _COMPILED if cue.search(said)), None)


def roles_of(
    voices: Iterable[Voice], *, ours: int, settings: AssessSettings
) -> dict[str, ActorRole | None]:
    """Find the role behind each post, by its id: what a person set, else what the account claims.

    A deleted post is a number, so it has none.
    """
    relay = large_relay(ours, settings)
    claimed: dict[tuple[str, str], ActorRole | None] = {}
    found: dict[str, ActorRole | None] = {}
    for voice in voices:
        account, network = voice.post.attributed_to, voice.post.network
        if voice.role is None and not voice.gone and (account.id, network) not in claimed:
            claimed[account.id, network] = role_of(
                account, network, large_relay=relay, national_media=settings.national_media
            )
        told = voice.role or claimed.get((account.id, network))
        found[voice.post.id] = None if voice.gone else told
    return found


def large_relay(ours: int, settings: AssessSettings) -> float:
    """Followers from which an account counts as a large relay."""
    return max(settings.large_relay, settings.large_relay_ratio * ours)


def phrase(role: ActorRole | None) -> Message:
    """Say which role is the strongest, without naming anybody."""
    return NAMED[role] if role is not None else say("No account with a public role speaks.")
