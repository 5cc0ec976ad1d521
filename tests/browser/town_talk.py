"""What invented tenants of an invented landlord write: two weeks of ordinary talk, then a burst."""

import csv
import io
import json
import random
from datetime import datetime, timedelta

ORDINARY_DAYS = 14
ORDINARY_A_DAY = 40
BURST_MIN = 34
"""How long before now the burst begins."""

FIRST = ("Maëlys", "Toufik", "Inès", "Hugo", "Awa", "Léna", "Yanis", "Colette", "Sacha", "Bintou")
LAST = ("Orsini", "Keller", "Diarra", "Le Goff", "Marchetti", "Nowak", "Okafor", "Perrin")

ORDINARY = {
    "fr": (
        "Quelqu’un des Trois Ponts sait à quelle heure passe le facteur ?",
        "Belle fête des voisins aux Trois Ponts, merci à toute l’équipe !",
        "Encore un ascenseur en panne aux Trois Ponts, je monte six étages avec les courses.",
        "Réunion des locataires des Trois Ponts jeudi à 19 h, salle du Lavoir.",
        "La coopérative des Trois Ponts a enfin réparé la porte du local à vélos.",
        "Charges des Trois Ponts : je ne comprends toujours rien à la régularisation.",
        "Joli coucher de soleil depuis la tour C des Trois Ponts.",
    ),
    "en": (
        "Does anyone at Trois Ponts know when the post comes?",
        "Lovely neighbours’ party at Trois Ponts, thank you to the whole team!",
        "Lift out of order again at Trois Ponts, six floors up with my shopping.",
        "Tenants’ meeting of Trois Ponts on Thursday at 7 pm, laundry hall.",
        "The Trois Ponts co-operative has finally mended the door of the bike room.",
        "Service charges at Trois Ponts: I still don’t understand the yearly bill.",
        "Nice sunset from tower C of Trois Ponts.",
    ),
}
ALARMED = {
    "fr": (
        "Ça sent le gaz dans la cage d’escalier de la tour C des Trois Ponts, on fait quoi ?",
        "Odeur de gaz tour C aux Trois Ponts depuis ce matin, j’ai peur, personne ne répond.",
        "Les Trois Ponts auraient débranché les détecteurs de gaz pour économiser. Honteux.",
        "Mal de tête et nausées, ma fille aussi. Odeur de gaz aux Trois Ponts. Aidez-nous !",
        "Trois Ponts : la permanence est injoignable pendant que ça sent le gaz. Scandaleux.",
        "On évacue les enfants nous-mêmes de la tour C des Trois Ponts. Que fait le bailleur ?",
        "Est-ce vrai que les détecteurs de gaz des Trois Ponts ont été débranchés ?",
        "Déjà signalé en octobre aux Trois Ponts, déjà ignoré. Odeur de gaz, tour C.",
    ),
    "en": (
        "Smell of gas in the staircase of tower C at Trois Ponts, what should we do?",
        "Gas smell in tower C of Trois Ponts since this morning, I am scared, nobody answers.",
        "They say Trois Ponts switched off the gas detectors to save money. Shameful.",
        "Headache and nausea, my daughter too. Smell of gas at Trois Ponts. Help us!",
        "Trois Ponts: nobody picks up the emergency line while it smells of gas. A disgrace.",
        "We are getting the children out of tower C at Trois Ponts ourselves. Where are they?",
        "Is it true that the gas detectors of Trois Ponts were switched off?",
        "Already reported in October at Trois Ponts, already ignored. Gas smell, tower C.",
    ),
}
ASIDES = {
    "fr": ("", " Ma voisine dit pareil.", " Je suis au 4e.", " Merci de relayer.", " #TroisPonts"),
    "en": (
        "",
        " My neighbour says the same.",
        " I am on floor 4.",
        " Please share.",
        " #TroisPonts",
    ),
}
OTHER = {"fr": "en", "en": "fr"}


def posts(now: datetime, language: str, *, goes_on_min: int = 0) -> str:
    """Return native NDJSON: mostly in one language, one post in eight in the other.

    The burst may go on after now, with a post a minute, for a story that is told while one looks.
    """
    chance = random.Random(11)
    lines = []
    for day in range(ORDINARY_DAYS):
        for _ in range(ORDINARY_A_DAY):
            ago = timedelta(days=day, minutes=chance.randrange(60, 1440 + 60))
            lines.append(_post(now - ago, language, ORDINARY, chance))
    for minute in range(BURST_MIN):
        for _ in range(1 + minute // 9):
            when = now - timedelta(minutes=BURST_MIN - minute, seconds=chance.randrange(60))
            lines.append(_post(when, language, ALARMED, chance))
    lines += [
        _post(now + timedelta(minutes=minute), language, ALARMED, chance)
        for minute in range(goes_on_min)
    ]
    lines.sort(key=lambda line: line["published"])
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _post(
    when: datetime, language: str, words: dict[str, tuple[str, ...]], chance: random.Random
) -> dict[str, object]:
    spoken = OTHER[language] if chance.random() < 0.125 else language
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    handle = f"{name.lower().replace(' ', '.')}{chance.randrange(9)}"
    number = chance.randrange(10**12)
    return {
        "id": f"https://social.example/@{handle}/{number}",
        "network": chance.choice(("mastodon", "bluesky")),
        "published": when.isoformat(),
        "language": spoken,
        "attributed_to": {
            "id": f"https://social.example/@{handle}",
            "handle": handle,
            "name": name,
            "followers": int(chance.lognormvariate(5, 1.4)),
        },
        "content": chance.choice(words[spoken]) + chance.choice(ASIDES[spoken]),
        "url": f"https://social.example/@{handle}/{number}",
        "reposts": chance.randrange(30),
        "likes": chance.randrange(90),
    }


def calls(now: datetime, language: str) -> str:
    """Return a small table of a contact centre, with columns of its own naming."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(("date", "auteur", "texte"))
    for at, words in enumerate(ORDINARY[language]):
        when = now - timedelta(days=16, hours=at)
        writer.writerow((when.isoformat(), f"{FIRST[at]} {LAST[at]}", words))
    return made.getvalue()
