"""Rows as the API says them, sentences in the caller's language.

Rows come from queries; their classes belong to the apps that own them, hence ``Any``.
"""

from typing import Any

from quivive.web.api.shapes import (
    AlertOut,
    ClaimOut,
    ClaimWithPostsOut,
    CrisisOut,
    LogLineOut,
    SignalOut,
    StandingOut,
)
from quivive.web.people.speech import spoken


def signal_out(signal: Any) -> SignalOut:
    """Say one signal."""
    plain = {name: getattr(signal, name) for name in SignalOut.model_fields if name != "reason"}
    return SignalOut(**{**plain, "topic": signal.topic.slug, "reason": spoken(signal.reason)})


def alert_out(alert: Any) -> AlertOut:
    """Say one alert."""
    return AlertOut(
        id=alert.pk,
        state=alert.state,
        rang_at=alert.rang_at,
        acknowledged_by=_name(alert.acknowledged_by),
        acknowledged_at=alert.acknowledged_at,
        comment=alert.comment,
        snoozed_until=alert.snoozed_until,
        signal=signal_out(alert.signal),
    )


def crisis_out(crisis: Any) -> CrisisOut:
    """Say one crisis."""
    return CrisisOut(
        id=crisis.pk,
        title=crisis.title,
        topic=crisis.threat.topic.slug,
        state=crisis.state,
        onset=crisis.threat.onset,
        opened_at=crisis.opened_at,
        opened_by=str(crisis.opened_by),
        lead=_name(crisis.lead),
        closed_at=crisis.closed_at,
    )


def claim_out(told: Any) -> ClaimOut:
    """Say one claim."""
    return ClaimOut(**_claim(told))


def claim_with_posts_out(page: Any) -> ClaimWithPostsOut:
    """Say one claim with its posts."""
    posts = [
        StandingOut(
            post=row.post,
            at=row.at,
            stance=row.stance,
            share=row.share,
            sourced=row.sourced,
            own=row.own,
            copy_of=row.copy_of,
            reasons=[spoken(reason) for reason in row.reasons],
        )
        for row in (shown.standing for shown in page.posts)
    ]
    return ClaimWithPostsOut(**_claim(page.told), posts=posts)


def _claim(told: Any) -> dict[str, Any]:
    claim = told.claim
    return {
        "id": claim.pk,
        "topic": claim.topic.slug,
        "words": told.words,
        "status": claim.status,
        "source": claim.source,
        "checked_by": _name(claim.checked_by),
        "checked_at": claim.checked_at,
        "rumour_at": claim.rumour_at,
        "first_at": claim.first_at,
        "last_at": claim.last_at,
        "story": claim.story,
        "counts": told.counts,
    }


def log_out(line: Any) -> LogLineOut:
    """Say one line of a log."""
    return LogLineOut(
        at=line.at,
        kind=line.kind,
        author=_name(line.author),
        text=spoken(line.message),
        link=line.link,
    )


def _name(person: object | None) -> str | None:
    return None if person is None else str(person)
