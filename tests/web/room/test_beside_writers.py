"""The engine detects anew while other processes write, as collectors do each second.

SQLite gives whoever reads a view of the file as it was, and refuses a write out of an old view at
once: a rerun that wrote with a cursor still open failed, at each turn again, for ever.
"""

import os
import subprocess
import sys

import pytest

SCRIPT = """
from quivive.cli.house import open_house; open_house()
import sqlite3
from datetime import timedelta
from django.conf import settings
from django.db import connection
from django.utils import timezone
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.web.listen import models
from quivive.web.listen import worker as rows
from quivive.web.people.models import Organisation
from quivive.web.room import sink
from quivive.web.room.worker import Engine

now = timezone.now()
Organisation.objects.create(name="O", set_up_at=now, basis_confirmed_at=now, legal_basis="x")
for slug in ("lift", "heat"):
    said = dict.fromkeys(("slug", "name", "query", "matched_query"), slug)
    models.Topic.objects.create(**said, created_at=now)
rows.store_matches([
    Match(
        post=Post(id=f"p{number}", network="test", published=now - timedelta(seconds=3000 - number),
                  attributed_to=Account(id=f"a{number % 50}"), content="lift heat"),
        topics=("heat", "lift"),
    )
    for number in range(2_100)
], now=now)
models.Topic.objects.update(rebuild=1)
models.Topic.objects.filter(slug="heat").update(query="heat OR zzzz")  # so it is matched anew
def as_a_collector(keep):
    def wrapped(self, *given):
        if not connection.in_atomic_block:
            with sqlite3.connect(settings.DATA / "quivive.sqlite3", timeout=30) as base:
                base.execute("update listen_topic set name = name || '.'")
            base.close()
        return keep(self, *given)
    return wrapped

sink.RebuildSink.keep = as_a_collector(sink.RebuildSink.keep)
assert Engine(holder="test").step(now=now)
assert rows.topics_to_rebuild() == {}
assert models.Topic.objects.get(slug="lift").name.startswith("lift.."), "nobody else wrote"
voices = {}
for minute in models.Minute.objects.select_related("topic"):
    voices[minute.topic.slug] = voices.get(minute.topic.slug, 0) + minute.originals
print(sorted(voices.items()))
"""


@pytest.mark.slow
class TestARerunBesideOthersWhoWrite:
    def test_reads_and_counts_all_there_is(self, tmp_path, new_room):
        environment = {**os.environ, "QUIVIVE_DATA": str(new_room(tmp_path))}
        environment.pop("DATABASE_URL", None)

        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == "[('heat', 2100), ('lift', 2100)]"
