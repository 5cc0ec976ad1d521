"""A delivering process killed at any moment loses no notice, and a double can be recognised."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from tests.processes import free_port

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

NOTICES = 24
KILLS = 8
BEGAN = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)

HOUSE = """
import os, random, signal, sys, time
from datetime import datetime, timedelta
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "quivive.web.settings"
django.setup()
from django.db import connections
from quivive.web.coordinate.models import Contact, Delivery, EscalationStep
from quivive.web.coordinate.outbox import seal
from quivive.web.coordinate.worker import deliver_due, escalate_due
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.models import Topic
from quivive.web.people.models import Person, RoleHolding

now, notices, kills = datetime.fromisoformat(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
topic = Topic.objects.create(slug="heating", name="Heating", query="heating", created_at=now)
ana = Person.objects.create_user("ana@example.org", name="Ana", joined_at=now)
RoleHolding.objects.create(person=ana, role="lead", given_at=now)
Contact.objects.create(person=ana, channel="email", address=seal("ana@example.org"))
EscalationStep.objects.create(after_min=0).people.set([ana.pk])
for number in range(notices):
    found = Signal.objects.create(
        key=f"heating/rumour/{number}", topic=topic, kind="rumour", found_at=now, rang_at=now,
        onset=now, onset_low=now, onset_high=now, window_s=3600, observed=6, expected=0.3,
        severity=5, certainty="likely", reason={"text": "Six people wrote."}, stored_at=now,
    )
    Alert.objects.create(signal=found, rang_at=now, ringing_since=now)
escalate_due(now=now)

def deliver_all():
    while deliver_due(now=now, limit=4):
        pass

deliver_due(now=now, limit=1)  # what is loaded once is loaded before the killing begins
dice = random.Random(20260304)
for kill in range(kills):
    connections.close_all()
    worker = os.fork()
    if not worker:
        deliver_all()
        os._exit(0)
    time.sleep(dice.uniform(0.1, 2.5))
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    now += timedelta(minutes=3)  # past the lease of the one that was killed
deliver_all()
for row in Delivery.objects.all():
    print(f"alert-{row.alert_id}-notice-{row.pk}", row.state)
"""


class SlowMailbox:
    def __init__(self) -> None:
        self.keys: list[str] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.keys.append(mail["Message-ID"].strip("<>").partition("@")[0])
        await asyncio.sleep(0.4)  # long enough to be killed between the sending and the mark
        return "250 kept"


@pytest.fixture
def mailbox():
    box = SlowMailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


class TestADeliveringProcess:
    def test_killed_again_and_again_loses_nothing(self, tmp_path, new_room, mailbox):
        house = {
            **os.environ,
            "QUIVIVE_DATA": str(new_room(tmp_path)),
            "QUIVIVE_SMTP_HOST": "127.0.0.1",
            "QUIVIVE_SMTP_PORT": str(mailbox.port),
        }
        house.pop("DATABASE_URL", None)
        command = [sys.executable, "-c", HOUSE, BEGAN.isoformat(), str(NOTICES), str(KILLS)]
        done = subprocess.run(command, env=house, check=True, capture_output=True, text=True)

        states = dict(line.split() for line in done.stdout.splitlines())
        got = Counter(mailbox.keys)
        assert len(states) == NOTICES
        assert set(states.values()) == {"sent"}
        assert set(got) == set(states)  # each at least once, and nothing nobody asked for
