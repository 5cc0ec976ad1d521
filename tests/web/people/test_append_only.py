"""The database itself refuses to change or drop a line of a log, whoever asks it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from tests.web.conftest import NOW

from quivive.web.coordinate.services import open_crisis
from quivive.web.detect.models import Alert, AlertMove, Signal
from quivive.web.listen.models import Topic
from quivive.web.people import queries, services
from quivive.web.people.append_only import TABLES, release
from quivive.web.people.models import AppendOnly, AuditLine

pytestmark = pytest.mark.django_db


class TestALog:
    @pytest.mark.parametrize("statement", ["update {} set id = id", "delete from {}"])
    @pytest.mark.parametrize("table", TABLES)
    def test_takes_new_lines_only(self, statement, table, a_line_in_each):
        with (
            pytest.raises(IntegrityError, match=f"{table} is append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

    def test_is_every_log_but_that_of_a_case_which_goes_with_its_post(self):
        logs = {model._meta.db_table for model in AppendOnly.__subclasses__()}

        assert logs - set(TABLES) == {"respond_caseline"}

    def test_goes_with_the_whole_room_and_is_kept_again_after(self, emma):
        services.audit(person=emma, action="sign-in", now=NOW)
        connection.check_constraints()  # PostgreSQL empties no table with checks still to do

        call_command("flush", verbosity=0, interactive=False)
        services.audit(person=None, action="sign-in", now=NOW)

        assert queries.check_audit_chain().lines == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditLine.objects.all().delete()

    def test_can_be_mended_by_who_may_alter_the_database(self, emma):
        services.audit(person=emma, action="sign-in", now=NOW)
        release(connection)

        assert AuditLine.objects.update(subject="x") == 1


@pytest.fixture
def a_line_in_each(emma):
    topic = Topic.objects.create(slug="heating", name="heating", query="x", created_at=NOW)
    crisis = open_crisis(topic_id=topic.pk, onset=NOW, title="Cold", person=emma, now=NOW)
    signal = Signal.objects.create(
        key="k", topic=topic, kind="burst", found_at=NOW, rang_at=NOW, onset=NOW, onset_low=NOW,
        onset_high=NOW, window_s=60, observed=9, expected=1, severity=3, certainty="likely",
        reason={}, stored_at=NOW,
    )  # fmt: skip
    alert = Alert.objects.create(signal=signal, rang_at=NOW, ringing_since=NOW)
    AlertMove.objects.create(alert=alert, at=NOW, by=emma, state="acknowledged")
    assert crisis.log.exists()
