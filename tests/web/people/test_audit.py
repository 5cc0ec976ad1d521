"""The audit log: lines are only added, and a change or a gap shows."""

import csv
import io
from datetime import timedelta

import pytest
import python_calamine as calamine
from django.db import connection
from django.urls import reverse
from tests.web.conftest import NOW
from tests.web.people.crowd import all_at_once, own_database

from quivive.vocabulary.crises import Role
from quivive.web.people import queries, services
from quivive.web.people.append_only import release
from quivive.web.people.models import AuditHead, AuditLine


@pytest.fixture
def three_lines(emma):
    for number in range(3):
        services.audit(
            person=emma,
            action="sign-in",
            subject=f"é {number}",
            detail={"line": number, "cases": [1.5, None, True]},
            now=NOW + timedelta(seconds=number, microseconds=number),
        )
    return list(AuditLine.objects.order_by("pk"))


@pytest.mark.django_db
class TestAuditLog:
    def test_is_whole_when_it_is_empty(self):
        assert queries.check_audit_chain().ok

    def test_is_whole_as_written(self, three_lines):
        assert queries.check_audit_chain() == queries.ChainVerdict(
            lines=3, broken_at=None, missing=0
        )

    def test_refuses_to_change_or_drop_a_line(self, three_lines):
        line = three_lines[1]
        line.subject = "somebody else"

        with pytest.raises(TypeError, match="append-only"):
            line.save()
        with pytest.raises(TypeError, match="append-only"):
            line.delete()

    @pytest.mark.parametrize(
        "tampering",
        [
            "update people_auditline set subject = 'x' where id = %s",
            "update people_auditline set detail = '{}' where id = %s",
            "update people_auditline set person_id = null where id = %s",
            "update people_auditline set at = '2020-01-01 00:00:00' where id = %s",
            "delete from people_auditline where id = %s",
        ],
    )
    def test_shows_where_somebody_wrote_into_the_database(self, three_lines, tampering):
        release(connection)
        with connection.cursor() as cursor:
            cursor.execute(tampering, [three_lines[1].pk])

        verdict = queries.check_audit_chain()

        at_fault = three_lines[2 if tampering.startswith("delete") else 1]
        assert (verdict.ok, verdict.broken_at, verdict.lines) == (False, at_fault.pk, 1)

    def test_shows_lines_cut_off_at_the_end(self, three_lines):
        release(connection)
        with connection.cursor() as cursor:
            cursor.execute("delete from people_auditline where id = %s", [three_lines[2].pk])

        assert queries.check_audit_chain().missing == 1

    def test_counts_its_lines_in_one_place(self, three_lines):
        assert AuditHead.objects.get().lines == 3


@pytest.mark.django_db
class TestAuditPage:
    def test_filters_by_who_what_and_when(self, three_lines, emma, browse):
        services.audit(person=None, action="sign-in-refused", now=NOW)

        shown = browse(emma).get(reverse("people:audit"), {"action": "sign-in-refused"})

        assert [line.action for line in shown.context["page"]] == ["sign-in-refused"]

    def test_shows_the_newest_first(self, three_lines, emma, browse):
        shown = browse(emma).get(reverse("people:audit"), {"person": emma.pk, "words": "é"})

        assert [line.subject for line in shown.context["page"]] == ["é 2", "é 1", "é 0"]

    def test_tells_whether_the_chain_is_whole(self, three_lines, emma, browse):
        shown = browse(emma).get(reverse("people:audit"), {"check": "1"})

        assert b"Whole: 3 lines" in shown.content

    def test_says_details_in_the_readers_language_and_leaves_words_of_people_alone(
        self, make_person, browse
    ):
        detail = {"role": "lead", "deputy": True, "reason": "new", "to": "vigilance",
                  "until": None}  # fmt: skip
        services.audit(person=None, action="role-given", detail=detail, now=NOW)

        page = browse(make_person("Lea", Role.LEGAL, language="fr")).get(reverse("people:audit"))

        told = page.content.decode().replace("\u00a0", " ")
        parts = ("rôle : Pilotage de crise", "en suppléance", "motif : new", "vers : en vigilance")
        assert [part for part in parts if part not in told] == []  # PostgreSQL keeps no order

    def test_is_open_to_legal(self, make_person, browse):
        assert (
            browse(make_person("Lea", Role.LEGAL)).get(reverse("people:audit")).status_code == 200
        )

    def test_hands_out_a_table_no_spreadsheet_runs(self, emma, browse):
        services.audit(person=emma, action="invite", subject='=HYPERLINK("x")', now=NOW)

        answer = browse(emma).get(reverse("people:audit-file", args=["csv"]))

        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["subject"] for row in rows] == ["", '\'=HYPERLINK("x")']
        assert rows[0]["action"] == "audit-exported"

    def test_hands_out_a_workbook_of_the_lines_that_are_shown(self, three_lines, emma, browse):
        address = reverse("people:audit-file", args=["xlsx"])

        answer = browse(emma).get(address, {"words": "é 1"})

        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
        _head, *lines = book.get_sheet_by_index(0).to_python()
        assert [line[3] for line in lines] == ["é 1"]


WRITE = """
from datetime import UTC, datetime
from quivive.web.people import services
from quivive.web.people.queries import check_audit_chain

def act(me):
    for number in range(25):
        now = datetime(2026, 3, 3, 8, me, number, tzinfo=UTC)
        services.audit(person=None, action="sign-in", subject=f"{me} {number}", now=now)

def look():
    verdict = check_audit_chain()
    return [verdict.ok, verdict.lines]
"""


@pytest.mark.slow
class TestManyWriters:
    @pytest.mark.parametrize("database", ["sqlite", "postgresql"])
    def test_keep_one_chain_without_a_gap(self, tmp_path, database, request):
        url = own_database(database, request)

        _, verdict = all_at_once(WRITE, times=6, folder=tmp_path, database=url)

        assert verdict == [True, 150]
