"""Believable rows of an invented organisation, to look at pages before anything real is there."""

import random
from datetime import datetime, timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from msgspec import convert

from quivive.vocabulary.crises import Role
from quivive.vocabulary.messages import say, say_many
from quivive.vocabulary.posts import Post as Said
from quivive.web.assess.models import Assessment, Threat
from quivive.web.coordinate.models import Crisis
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.archive import index_posts
from quivive.web.listen.counts import add_up
from quivive.web.listen.models import (
    Account,
    EngineState,
    Import,
    Match,
    Minute,
    Post,
    Source,
    Topic,
)
from quivive.web.people.models import Organisation, Person, RoleHolding
from quivive.web.people.services import audit

PASSWORD = "trois-ponts-à-l’aube"

TOPICS = (
    ("chauffage", "Chauffage et eau chaude", 'chauffage OR chaufferie OR "eau chaude"', 3.2),
    ("trois-ponts", "Coopérative des Trois Ponts", '"Trois Ponts" OR #TroisPonts', 5.5),
    ("ascenseurs", "Ascenseurs", "ascenseur* AND (panne OR bloqué)", 0.8),
    ("loyers", "Loyers et charges", "loyer* OR charges OR régularisation", 1.6),
    ("quai-sud", "Chantier du Quai Sud", '"Quai Sud" AND (chantier OR travaux)', 0.3),
)

WORDS = (
    ("negative", "Toujours pas d’eau chaude dans la tour B. Trois jours que j’appelle, personne."),
    ("negative", "Ma voisine de 82 ans dort avec son manteau. La coopérative répond quand ?"),
    ("neutral", "Quelqu’un sait à quelle heure passe le technicien de la chaufferie ?"),
    ("negative", "Encore une régularisation de charges que personne ne sait expliquer."),
    ("positive", "Merci à la gardienne du 12, elle a prêté des radiateurs à tout l’étage."),
    (
        "neutral",
        "Réunion des locataires ce soir à 19 h, salle du Lavoir : https://exemple.fr/reunion",
    ),
    ("uncertain", "Chauffage coupé, ambiance igloo, on adore 🧊"),
    ("positive", "Ça y est, l’eau chaude est revenue chez nous !"),
)

PEOPLE = (
    ("maelys.r", "Maëlys R.", 312),
    ("toufik_quai", "Toufik du Quai", 1480),
    ("amicale3p", "Amicale des Trois Ponts", 920),
    ("ines.v", "Inès V.", 47),
    ("lecourrierduport", "Le Courrier du Port", 23100),
    ("hugo_b", "Hugo B.", None),
)


def people(now: datetime, *, language: str = "fr") -> Person:
    """Make the organisation and somebody who may see all."""
    Organisation.objects.create(
        pk=1,
        name="Coopérative des Trois Ponts",
        language=language,
        set_up_at=now,
        legal_basis="legitimate-interest",
        purpose="Entendre les locataires.",
        need="Répondre vite.",
        expectations="Des messages publics.",
        safeguards="Effacement à 12 mois.",
        basis_confirmed_at=now,
    )
    person = Person.objects.create_user(
        "camille@trois-ponts.example",
        PASSWORD,
        name="Camille Orsini",
        language=language,
        joined_at=now,
    )
    for role in (Role.ADMINISTRATOR, Role.LEAD, Role.MONITOR):
        RoleHolding.objects.create(person=person, role=role.value, given_at=now)
    return person


def session_of(person: Person) -> str:
    """Sign somebody in; returns the value of the cookie ``sessionid``."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def quiet(now: datetime, *, days: int = 1, person: Person | None = None) -> list[Topic]:
    """Make topics with a day of usual counts, posts, sources and an import that runs."""
    chance = random.Random(7)
    topics = [
        Topic.objects.create(slug=slug, name=name, query=query, created_at=now - timedelta(days=40))
        for slug, name, query, _rate in TOPICS
    ]
    for topic, (*_rest, rate) in zip(topics, TOPICS, strict=True):
        _count(topic, rate, now, days, chance)
    _posts(topics, now, chance)
    Source.objects.create(
        name="Bluesky", kind="jetstream", last_run_at=now, last_post_at=now - timedelta(minutes=2)
    )
    Source.objects.create(
        name="Mastodon (piaille.example)",
        kind="mastodon",
        last_run_at=now - timedelta(minutes=9),
        last_post_at=now - timedelta(hours=3),
        trouble={
            "what": {
                "text": "{host} is out of order (error {status}).",
                "values": {"host": "piaille.example", "status": "503"},
            },
            "remedy": {"text": "Nothing to do: it is asked again, less and less often."},
        },
    )
    Import.objects.create(
        name="export-4cat-novembre.csv",
        path="x",
        state="running",
        read_bytes=61_000_000,
        total_bytes=96_000_000,
        posts=182_440,
        matched=1_204,
        created_at=now - timedelta(minutes=4),
    )
    EngineState.objects.create(name="local", blob=b"x", clock=now, held_until=now)
    audit(person=person, action="room.watched", now=now - timedelta(minutes=38))
    return topics


def _count(topic: Topic, rate: float, now: datetime, days: int, chance: random.Random) -> None:
    start = (now - timedelta(days=days)).replace(second=0, microsecond=0)
    rows = []
    for step in range(days * 1440):
        minute = start + timedelta(minutes=step)
        hour = timezone.localtime(minute).hour
        usual = rate * (0.15 if hour < 6 else 1.3 if hour > 16 else 1.0)
        voices = sum(chance.random() < usual / 60 for _ in range(2)) if chance.random() < 0.6 else 0
        if not voices and minute.minute:
            continue
        rows.append(
            Minute(
                topic=topic,
                minute=minute,
                voices=voices,
                originals=voices,
                reposts=chance.randrange(2) if voices else 0,
                negatives=int(voices and chance.random() < 0.35),
                positives=int(voices and chance.random() < 0.25),
                own=0,
                expected=usual,
                upper=usual + 2.6 * usual**0.5 + 1,
            )
        )
    Minute.objects.bulk_create(rows, batch_size=500)
    add_up([topic.pk], first=rows[0].minute, last=rows[-1].minute)


def _posts(topics: list[Topic], now: datetime, chance: random.Random) -> None:
    authors = [
        Account.objects.create(
            uid=f"https://bsky.example/{handle}",
            network="bluesky" if at % 2 else "mastodon",
            handle=handle,
            name=name,
            followers=followers,
        )
        for at, (handle, name, followers) in enumerate(PEOPLE)
    ]
    posts, matches = [], []
    for at in range(60):
        leaning, words = WORDS[at % len(WORDS)]
        author = authors[at % len(authors)]
        when = now - timedelta(minutes=3 + at * 7)
        uid = f"https://bsky.example/{author.handle}/{at}"
        post = Post(
            uid=uid,
            network=author.network,
            published=when,
            heard_at=when,
            author=author,
            content=words,
            language="fr",
            leaning=leaning,
            negative=0.8 if leaning == "negative" else 0.2,
            in_reply_to="https://bsky.example/x" if at % 5 == 0 else "",
            own=at == 4,
            deleted_at=now if at == 6 else None,
            document={
                "post": {
                    "id": uid,
                    "network": author.network,
                    "published": when.isoformat(),
                    "attributed_to": {"id": author.uid, "handle": author.handle},
                    "content": words,
                    "url": uid,
                    "reposts": chance.randrange(30),
                    "likes": chance.randrange(90),
                }
            },
        )
        posts.append(post)
        matches += [
            Match(topic=topic, post=post, heard_at=when)
            for topic in {topics[0], topics[at % len(topics)]}
        ]
    Post.objects.bulk_create(posts)
    said = [convert(post.document["post"], Said) for post in posts if not post.deleted_at]
    index_posts(said, {post.uid: post.pk for post in posts})
    Match.objects.bulk_create(matches)


def ringing(topics: list[Topic], now: datetime, *, state: str = "ringing") -> Alert:
    """Make the heating topic ring: a burst that began twenty-five minutes ago."""
    topic, onset = topics[0], (now - timedelta(minutes=25)).replace(second=0, microsecond=0)
    for step in range(25):
        minute = onset + timedelta(minutes=step)
        counts = {
            "voices": 1 + step // 4,
            "originals": 1 + step // 4,
            "reposts": step // 3,
            "negatives": 1 + step // 5,
            "positives": 0,
            "own": int(step == 20),
            "expected": 3.2,
            "upper": 9.0,
        }
        Minute.objects.update_or_create(topic=topic, minute=minute, defaults=counts)
        add_up([topic.pk], first=minute, last=minute)
    _signal(topic, now - timedelta(hours=30), rang=False, kind="influential-author")
    _signal(topics[2], now - timedelta(hours=9), rang=False, kind="severe-word")
    signal = _signal(topic, now - timedelta(minutes=13), rang=True, kind="burst", onset=onset)
    return Alert.objects.create(
        signal=signal, state=state, rang_at=signal.found_at, ringing_since=signal.found_at
    )


def _signal(
    topic: Topic, at: datetime, *, rang: bool, kind: str, onset: datetime | None = None
) -> Signal:
    reason = (
        say_many(
            "{count} person wrote in {window}, where {expected} are usual; first post at {time}.",
            "{count} people wrote in {window}, where {expected} are usual; first post at {time}.",
            41,
            window="PT60M",
            expected=3.2,
            time=f"{timezone.localtime(onset or at):%H:%M}",
        )
        if kind == "burst"
        else say(
            "{author}, followed by {followers} accounts, wrote about this.",
            author="Le Courrier du Port",
            followers=23100,
        )
    )
    return Signal.objects.create(
        key=f"{topic.slug}/{kind}/{at:%d%H%M}",
        topic=topic,
        kind=kind,
        found_at=at,
        rang_at=at if rang else None,
        onset=onset or at,
        onset_low=(onset or at) - timedelta(minutes=4),
        onset_high=(onset or at) + timedelta(minutes=3),
        window_s=3600,
        observed=41 if rang else 1,
        expected=3.2,
        severity=7 if rang else 3,
        certainty="likely",
        negative_share=0.72 if rang else None,
        evidence=[],
        reason={
            "text": reason.text,
            "plural": reason.plural,
            "count": reason.count,
            "values": reason.values,
        },
        stored_at=at,
    )


def crisis(alert: Alert, person: Person, now: datetime) -> Crisis:
    """Open a crisis on what rings, already assessed at level 3."""
    threat = Threat.objects.create(
        topic=alert.signal.topic, onset=alert.signal.onset, signal=alert.signal, created_at=now
    )
    Assessment.objects.create(threat=threat, at=now, level=3, score=64, low=55, high=72, sheet={})
    Alert.objects.filter(pk=alert.pk).update(state="crisis")
    return Crisis.objects.create(
        threat=threat,
        title="Eau chaude coupée, tour B",
        state="responding",
        opened_by=person,
        opened_at=now - timedelta(minutes=9),
        lead=person,
    )
