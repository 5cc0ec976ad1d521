"""A believable crisis of the invented organisation: posts, sheet, tasks, log, notices."""

from datetime import datetime, timedelta

from tests.browser import sample_rows

from quivive.vocabulary.assessments import Level
from quivive.vocabulary.crises import CrisisState, Role
from quivive.web.assess.services import reassess
from quivive.web.coordinate import services
from quivive.web.coordinate.models import Contact, Crisis, Delivery, EscalationStep, Task
from quivive.web.coordinate.outbox import seal
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.models import Account, Match, Post, Topic
from quivive.web.people.models import OwnAccount, Person, RoleHolding

SAID = (
    # minutes after the onset, handle, name, followers, leaning, words, index of what it answers
    (0, "ines.v", "Inès V.", 47, "negative",
     "Plus d’eau chaude ni de chauffage au 14 quai des Tanneurs. 12 degrés dans la "
     "chambre du petit.", None),
    (2, "toufik_quai", "Toufik du Quai", 1480, "negative",
     "Troisième panne de chaufferie ce mois-ci tour B. La coopérative dort ?", None),
    (4, "maelys.r", "Maëlys R.", 312, "negative",
     "Ma voisine de 82 ans est seule et elle a froid, elle dort avec son manteau. "
     "Qui appeler ?", None),
    (5, "hugo_b", "Hugo B.", None, "uncertain",
     "C’est vrai qu’ils ont coupé pour faire des économies ?", 1),
    (7, "amicale3p", "Amicale des Trois Ponts", 920, "negative",
     "On nous dit que la chaudière a été coupée exprès. On demande une réponse ce "
     "soir. #TroisPonts", None),
    (9, "lecourrierduport", "Le Courrier du Port", 23100, "neutral",
     "Panne de chauffage aux Trois Ponts : plus de 200 logements concernés, selon "
     "les locataires.", None),
    (11, "ines.v", "Inès V.", 47, "negative",
     "Odeur de gaz dans le hall depuis une heure, personne ne répond au numéro "
     "d’astreinte", 0),
    (12, "sofia.l", "Sofia L.", 88, "negative",
     "Honteux. Des bébés sans chauffage en novembre et pas un mot de la coopérative.", 4),
    (14, "jo_trottoir", "Jo", 205, "negative",
     "<script>alert(1)</script> <b>scandale</b> aux Trois Ponts "
     "https://exemple.fr/petition", None),
    (15, "maelys.r", "Maëlys R.", 312, "positive",
     "Merci à la gardienne du 12, elle prête des radiateurs à tout l’étage.", None),
    (17, "troisponts", "Coopérative des Trois Ponts", 2150, "neutral",
     "Un technicien est à la chaufferie de la tour B. Urgence gaz : appelez le 0 800"
     " 47 33 33.", 6),
    (18, "toufik_quai", "Toufik du Quai", 1480, "uncertain",
     "Enfin une réponse. On attend l’heure de remise en route.", 10),
)  # fmt: skip
"""What people wrote; all of them are invented."""


def told(now: datetime, person: Person, *, spoke: bool = False) -> Alert:
    """Make the heating alert of :func:`sample_rows.ringing`, with posts and notices behind it."""
    topics = sample_rows.quiet(now, person=person)
    alert = sample_rows.ringing(topics, now)
    OwnAccount.objects.create(network="mastodon", handle="troisponts", followers=2150)
    posts = _say(topics[0], alert.signal.onset, spoke=spoke)
    alert.signal.evidence = [post.uid for post in posts[:8]]
    alert.signal.save(update_fields=["evidence"])
    team = _team(now)
    _notices(alert, [person, *team], now)
    return alert


def crisis(alert: Alert, person: Person, now: datetime, *, answered: bool = True) -> Crisis:
    """Open the room on that alert and work in it as a small team would."""
    opened = services.open_crisis(
        alert_id=alert.pk,
        title="Eau chaude coupée, tour B",
        person=person,
        now=now - timedelta(minutes=9),
    )
    mona = Person.objects.get(email="mona@trois-ponts.example")
    services.assign_lead(
        crisis_id=opened.pk, lead_id=person.pk, person=person, now=now - timedelta(minutes=8)
    )
    for task in Task.objects.filter(crisis=opened).order_by("due_at")[:3]:
        services.finish_task(task_id=task.pk, person=person, now=now - timedelta(minutes=7))
    late = Task.objects.filter(crisis=opened, done_at=None).order_by("due_at").first()
    services.own_task(task_id=late.pk, owner_id=mona.pk, person=person, now=now)
    services.write_note(
        crisis_id=opened.pk,
        words="La gardienne du 12 confirme : tour B seulement, 62 logements.",
        person=mona,
        now=now - timedelta(minutes=5),
    )
    if answered:
        _judge(opened, person, now)
    opened.threat.refresh_from_db()
    for minutes in (6, 4, 2, 0):
        reassess(threat=opened.threat, now=now - timedelta(minutes=minutes))
    return Crisis.objects.get(pk=opened.pk)


def _judge(crisis: Crisis, person: Person, now: datetime) -> None:
    services.set_inputs(
        crisis_id=crisis.pk,
        changes={
            "harm": 0.75,
            "type": "technical-failure",
            "claim": "La chaudière de la tour B a été coupée exprès pour faire des économies.",
            "claim_status": "in-progress",
            "history": True,
        },
        person=person,
        roles=frozenset({Role.LEAD}),
        now=now - timedelta(minutes=4),
    )
    services.record_decision(
        crisis_id=crisis.pk,
        words="Message d’attente à 18 h 40, puis point toutes les heures.",
        known="Panne confirmée tour B. Cause inconnue. Technicien sur place à 18 h 35.",
        person=person,
        now=now - timedelta(minutes=3),
    )
    services.change_state(
        crisis_id=crisis.pk,
        to=CrisisState.CONFIRMED,
        person=person,
        roles=frozenset({Role.LEAD}),
        now=now - timedelta(minutes=2),
    )


def by_hand(crisis: Crisis, person: Person, now: datetime, level: Level = Level.CRISIS) -> None:
    """Set the level by hand, with a reason."""
    services.override_level(
        crisis_id=crisis.pk,
        level=level,
        reason="Des personnes âgées sont dans le froid et la presse appelle.",
        person=person,
        now=now,
    )


def _say(topic: Topic, onset: datetime, *, spoke: bool) -> list[Post]:
    posts: list[Post] = []
    for at, handle, name, followers, leaning, words, answers in SAID:
        if handle == "troisponts" and not spoke:
            continue
        author, _ = Account.objects.get_or_create(
            uid=f"https://bsky.example/{handle}",
            defaults={
                "network": "bluesky",
                "handle": handle,
                "name": name,
                "followers": followers,
            },
        )
        when = onset + timedelta(minutes=at)
        uid = f"https://bsky.example/{handle}/crise/{at}"
        parent = posts[answers].uid if answers is not None and answers < len(posts) else ""
        said = {
            "id": uid,
            "network": "bluesky",
            "published": when.isoformat(),
            "attributed_to": {"id": author.uid, "handle": handle, "followers": followers},
            "content": words,
            "url": uid,
            "likes": 3 * at,
            "reposts": at,
        }
        if parent:
            said["in_reply_to"] = parent
        post = Post.objects.create(
            uid=uid,
            network="bluesky",
            published=when,
            heard_at=when + timedelta(seconds=40),
            author=author,
            content=words,
            language="fr",
            leaning=leaning,
            negative={"negative": 0.9, "uncertain": 0.5}.get(leaning, 0.1),
            in_reply_to=parent,
            own=handle == "troisponts",
            document={"post": said},
        )
        Match.objects.create(topic=topic, post=post, heard_at=post.heard_at)
        posts.append(post)
    return posts


def _team(now: datetime) -> list[Person]:
    team = []
    for name, roles, phone in (
        ("Mona Bellec", (Role.MONITOR, Role.FACT_OWNER), ""),
        ("Yann Prigent", (Role.DIRECTOR, Role.APPROVER), "+33 2 61 91 10 10"),
        ("Assia Kaddour", (Role.DRAFTER, Role.SPOKESPERSON), ""),
    ):
        person = Person.objects.create_user(
            f"{name.split()[0].lower()}@trois-ponts.example", name=name, joined_at=now, phone=phone
        )
        for role in roles:
            RoleHolding.objects.create(person=person, role=role.value, given_at=now)
        team.append(person)
    return team


def _notices(alert: Alert, people: list[Person], now: datetime) -> None:
    for after_min, person in zip((0, 5, 10), people, strict=False):
        contact = Contact.objects.create(person=person, channel="email", address=seal(person.email))
        EscalationStep.objects.create(after_min=after_min).people.add(person)
        Delivery.objects.create(
            alert=alert,
            contact=contact,
            after_min=after_min,
            state="sent" if after_min < 10 else "waiting",
            created_at=alert.rang_at,
            sent_at=alert.rang_at + timedelta(minutes=after_min) if after_min < 10 else None,
        )


def again(alert: Alert, now: datetime) -> Alert:
    """Make the topic ring once more, as a flare-up nobody has answered yet, with two past ones."""
    signal = alert.signal
    made = []
    for hours, state, words in (
        (0, "ringing", ""),
        (70, "false-alarm", "Partage d’un vieil article"),
        (200, "crisis", ""),
    ):
        at = now - timedelta(hours=hours, minutes=3)
        copied = {
            field.name: getattr(signal, field.name)
            for field in Signal._meta.fields
            if field.name not in ("id", "key")
        }
        copied |= {"found_at": at, "rang_at": at, "key": f"again/{hours}"}
        row = Signal.objects.create(**copied)
        made.append(
            Alert.objects.create(
                signal=row, state=state, comment=words, rang_at=at, ringing_since=at
            )
        )
    for delivery in alert.deliveries.all():
        Delivery.objects.create(
            alert=made[0],
            contact=delivery.contact,
            after_min=delivery.after_min,
            state=delivery.state,
            created_at=now,
            sent_at=delivery.sent_at,
        )
    return made[0]


def bare(person: Person, now: datetime) -> Crisis:
    """Open a room by hand on a quiet topic: nothing answered, nothing assessed."""
    topic = Topic.objects.get(slug="ascenseurs")
    return services.open_crisis(
        topic_id=topic.pk,
        title="Ascenseur bloqué au 9",
        onset=now - timedelta(minutes=64),
        person=person,
        now=now - timedelta(minutes=2),
    )
