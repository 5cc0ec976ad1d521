"""What every test of a real network shares: one network, people on it, a room that listens."""

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from tests.networks.bluesky_server import Wire, bluesky_network, redis
from tests.processes import wait_until

ROOM = """
from quivive.cli.house import open_house; open_house()
from django.utils.timezone import now
from quivive.web.listen.models import Source, Topic
from quivive.web.people.models import Organisation
Organisation.objects.create(name='Co-op', set_up_at=now(), basis_confirmed_at=now(),
                            legal_basis='legitimate-interest')
Topic.objects.create(slug='lift', name='Lift', query='ascenseur OR lift', created_at=now())
Source.objects.create(name='PDS', kind='bluesky-firehose',
                      settings={'server': 'ws://localhost:%d'})
"""


class Room:
    """A room on disk with its collector and its engine, as ``quivive up`` starts them."""

    def __init__(self, folder, wire):
        self.wire = wire
        self.base = folder / "quivive.sqlite3"
        self.environment = {
            **os.environ,
            "QUIVIVE_DATA": str(folder),
            "QUIVIVE_ALLOW_LOCAL_TARGETS": "1",
        }
        self.environment.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-c", ROOM % wire.port], env=self.environment, check=True)
        self.processes = {}

    def start(self, *names):
        for name in names:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "quivive", "work", name],
                env=self.environment,
                start_new_session=True,
            )

    def listen(self):
        """Start both, and wait until the server is being heard: before, nothing was promised."""
        self.start("collector", "engine")
        self.wait_until(lambda: self.ask("select 1 from listen_source where cursor <> ''"))

    def kill(self, name):
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()
        with sqlite3.connect(self.base, timeout=20) as base:  # as if its lease had run out
            base.execute("update listen_source set held_until = '1970-01-01'")
            base.execute("update listen_enginestate set held_until = '1970-01-01'")

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def ask(self, question, *values):
        with sqlite3.connect(self.base, timeout=20) as base:
            return base.execute(question, values).fetchall()

    def stored(self):
        return dict(self.ask("select uid, content from listen_post"))

    def wait_until(self, holds):
        wait_until(holds, told=self.how_it_stands)

    def how_it_stands(self):
        source = self.ask("select cursor, failures, trouble, holder from listen_source")
        waiting = self.ask("select count(*) from listen_arrival")
        return f"Source: {source}, waiting: {waiting}"


class Town:
    """People of an invented town, with accounts on the server."""

    def __init__(self, port, names):
        from atproto import Client

        self.people = {}
        for name in names:
            client = Client(base_url=f"http://localhost:{port}/xrpc")
            made = client.com.atproto.server.create_account(
                {"email": f"{name}@town.example", "handle": f"{name}.test", "password": "pommes-9"}
            )
            client.login(f"{name}.test", "pommes-9", fetch_bsky_profile=False)
            self.people[name] = (client, made.did)

    def say(self, name, text, *, to=None, quoting=None):
        """Write a post; ``to`` and ``quoting`` are what :meth:`ref` gives of another."""
        client, did = self.people[name]
        record = {
            "text": text,
            "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "langs": ["fr"],
            **({"reply": {"root": to, "parent": to}} if to else {}),
        }
        if quoting:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": quoting}
        return client.app.bsky.feed.post.create(did, record).uri

    def ref(self, name, uri):
        client, did = self.people[name]
        return {"uri": uri, "cid": client.app.bsky.feed.post.get(did, uri.rsplit("/", 1)[1]).cid}

    def like(self, name, ref):
        client, did = self.people[name]
        record = {"subject": ref, "createdAt": datetime.now(UTC).isoformat()}
        return client.app.bsky.feed.like.create(did, record).uri

    def repost(self, name, uri, *, ref=None):
        client, did = self.people[name]
        subject = ref or {
            "uri": uri,
            "cid": "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq",
        }
        record = {"subject": subject, "createdAt": datetime.now(UTC).isoformat()}
        return client.app.bsky.feed.repost.create(did, record).uri

    def close(self):
        for client, _did in self.people.values():
            client.request.close()

    def take_back(self, name, uri):
        client, did = self.people[name]
        client.app.bsky.feed.post.delete(did, uri.rsplit("/", 1)[1])

    def unlike(self, name, uri):
        client, did = self.people[name]
        client.app.bsky.feed.like.delete(did, uri.rsplit("/", 1)[1])


@pytest.fixture(scope="session")
def server(postgresql_url):
    with redis() as host, bluesky_network(postgresql_url, host) as port:
        yield port


@pytest.fixture(scope="session")
def town(server):
    town = Town(server, ["ana", "ben", "cleo"])
    yield town
    town.close()


@pytest.fixture
def wire(server):
    wire = Wire(server)
    yield wire
    wire.close()


@pytest.fixture
def room(tmp_path, new_room, wire):
    room = Room(new_room(tmp_path / "room"), wire)
    yield room
    room.stop()
