"""What a page costs the server at 10,000 and at 1,000,000 stored posts, and the ratio of the two.

Run: ``python -m bench.pages [few] [many]``. Posts are spread evenly over five topics and 60
days, so the larger room also hears a hundred times as much an hour. Times are the median of 20
visits after a first one that is not counted, in milliseconds of processor time, signed in.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

TOPICS = 5
DAYS = 60
VISITS = 20
SIZES = (10_000, 1_000_000)
PAGES = {
    "Lookout": "/",
    "signals": "/signals/",
    "topic, 24 hours": "/topics/t1/?span=24h",
    "topic, 30 days": "/topics/t1/?span=30d",
    "topic, negative posts": "/topics/t1/?leaning=negative",
    "search, everything": "/listen/search/",
    "search, a word in all": "/listen/search/?q=eau",
    "search, a word in few": "/listen/search/?q=batiment777",
    "search, a phrase": "/listen/search/?q=%22eau+chaude%22+-rien",
    "search, one topic": "/listen/search/?q=eau&topic=t1",
    "search, by reading": "/listen/search/?q=followers:%3E899",
    "crises": "/coordinate/",
    "crisis room": "/coordinate/1/",
}

ACCOUNTS = """
INSERT INTO listen_account (uid, network, handle, name, followers)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 5000)
SELECT 'a' || i, 'micro', 'person' || i, 'Somebody invented', i % 900 FROM n
"""
POSTS = """
INSERT INTO listen_post (uid, network, published, heard_at, author_id, content, language, leaning,
                         negative, repost_of, in_reply_to, own, document)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count),
     timed AS (SELECT i, strftime('%Y-%m-%d %H:%M:%f', :first + i * :apart, 'unixepoch') at FROM n)
SELECT 'p' || i, 'micro', at, at, 1 + i % 5000, 'Toujours pas d''eau chaude, bâtiment ' || i,
       'fr', CASE i % 4 WHEN 0 THEN 'negative' ELSE 'neutral' END, (i % 10) / 10.0, '', '', 0,
       json_object('post', json_object('id', 'p' || i, 'network', 'micro',
                   'published', replace(at, ' ', 'T') || 'Z',
                   'content', 'Toujours pas d''eau chaude, batiment' || i,
                   'attributed_to', json_object('id', 'a' || (i % 5000))), 'sentiment', NULL)
FROM timed
"""
WORDS = """
INSERT INTO listen_postwords (place, post_id, words)
SELECT (CAST(strftime('%s', published) AS INTEGER) << 31) + id, id,
       'aa' || ((id - 1) % 5000) || ' lfr w' || (id % 1000) || ' wbatiment' || (id - 1)
       || ' wchaude wd weau wpas wtoujours'
FROM listen_post
"""
MATCHES = """
INSERT INTO listen_match (topic_id, post_id, heard_at, relayed, hidden, by_hand)
SELECT 1 + id % :topics, id, heard_at, 0, 0, 0 FROM listen_post
"""
MINUTES = """
INSERT INTO listen_minute (topic_id, minute, voices, originals, reposts, negatives, positives, own,
                           expected, upper)
SELECT topic_id, strftime('%Y-%m-%d %H:%M:00', heard_at), count(*), count(*), 0, 0, 0, 0, 1.0, 5.0
FROM listen_match GROUP BY 1, 2
"""


def main() -> None:
    """Print the time of each page at both sizes."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    few, many = (_apart(size) for size in sizes)
    print(f"{'page':24} {sizes[0]:>12,} {sizes[1]:>12,}   ratio")
    for name in few:
        ratio = many[name] / few[name]
        print(f"{name:24} {few[name]:9.1f} ms {many[name]:9.1f} ms {ratio:7.2f}")


def _apart(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.pages", "--size", str(size)]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return msgspec.json.decode(out.stdout.splitlines()[-1], type=dict[str, float])


def _times(size: int) -> dict[str, float]:
    from quivive.cli.house import open_house

    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("DATABASE_URL", None)
        open_house(Path(folder))
        person = _people()
        _rows(size)
        _crisis(person)
        from django.test import Client

        browser = Client(headers={"accept-language": "en", "host": "localhost"})
        browser.force_login(person)
        return {name: _median(browser, address) for name, address in PAGES.items()}


def _people() -> object:
    from quivive.vocabulary.crises import Role
    from quivive.web.listen.models import Topic
    from quivive.web.people.models import Organisation, Person, RoleHolding

    now = datetime.now(UTC)
    Organisation.objects.create(
        pk=1, name="Bench", set_up_at=now, legal_basis="legitimate-interest", basis_confirmed_at=now
    )
    person = Person.objects.create_user("a@bench.example", None, name="Ana", joined_at=now)
    for role in (Role.LEAD, Role.MONITOR):
        RoleHolding.objects.create(person=person, role=role.value, given_at=now)
    for number in range(1, TOPICS + 1):
        name = f"t{number}"
        Topic.objects.create(slug=name, name=name, query=name, matched_query=name, created_at=now)
    return person


def _rows(size: int) -> None:
    from django.db import connection

    from quivive.web.listen.counts import add_up

    seconds = DAYS * 86_400
    first = time.time() - seconds
    filled = POSTS.replace(":count", str(size)).replace(":apart", repr(seconds / size))
    filled = filled.replace(":first", repr(first)).replace("%", "%%")
    with connection.cursor() as cursor:
        for statement in (
            ACCOUNTS,
            filled,
            WORDS,
            MATCHES.replace(":topics", str(TOPICS)),
            MINUTES,
        ):
            cursor.execute(statement.replace("%%", "%"))
        now = datetime.now(UTC)
        add_up(range(1, TOPICS + 1), first=now - timedelta(days=DAYS + 1), last=now)
        cursor.execute("ANALYZE")


def _crisis(person: object) -> None:
    from quivive.web.assess.worker import reassess_open
    from quivive.web.coordinate.services import open_crisis

    now = datetime.now(UTC)
    open_crisis(person=person, now=now, title="No hot water", topic_id=1,
                onset=now - timedelta(hours=2))  # fmt: skip
    reassess_open(now=now)


def _median(browser: object, address: str) -> float:
    times = []
    for _ in range(VISITS + 1):
        begun = time.process_time()
        answer = browser.get(address)  # type: ignore[attr-defined]
        times.append((time.process_time() - begun) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
    return statistics.median(times[1:])


if __name__ == "__main__":
    if "--size" in sys.argv:
        print(msgspec.json.encode(_times(int(sys.argv[-1]))).decode())
    else:
        main()
