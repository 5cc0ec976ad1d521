"""Files of what a page shows: signals, alerts, and all of a crisis room."""

import csv
import io
from datetime import timedelta

import msgspec
import pytest

from quivive.vocabulary.messages import say
from quivive.web.coordinate import services
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.models import Account, Match, Post, Topic
from quivive.web.people.models import AuditLine

HOSTILE = "=HYPERLINK(1)"


@pytest.fixture
def topic(organisation, now):
    return Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=now)


@pytest.fixture
def alert(topic, now):
    """One signal that rang, and one that rang nobody."""
    for key, at in (("rang", now), ("quiet", None)):
        signal = Signal.objects.create(
            key=key, topic=topic, kind="burst", found_at=now, rang_at=at, onset=now, onset_low=now,
            onset_high=now, window_s=600, observed=9, expected=1.0, severity=6, certainty="likely",
            evidence=["p1"], reason=msgspec.to_builtins(say("{word}", word=HOSTILE)),
            stored_at=now,
        )  # fmt: skip
        if at:
            rang = Alert.objects.create(signal=signal, rang_at=at, ringing_since=at)
    return rang


@pytest.fixture
def crisis(alert, cleo, now):
    author = Account.objects.create(uid="a1", network="micro", handle="zoe")
    for name, leaning in (("p1", "negative"), ("p2", "positive")):
        document = {"post": {"id": name, "network": "micro", "published": now.isoformat(),
                             "content": HOSTILE, "attributed_to": {"id": "a1"}}}  # fmt: skip
        post = Post.objects.create(
            uid=name, network="micro", published=now, heard_at=now, author=author,
            content=HOSTILE, leaning=leaning, document=document,
        )  # fmt: skip
        Match.objects.create(topic=alert.signal.topic, post=post, heard_at=now)
    opened = services.open_crisis(person=cleo, alert_id=alert.pk, now=now + timedelta(minutes=1))
    services.write_note(crisis_id=opened.pk, words=HOSTILE, person=cleo, now=now)
    return opened


def rows(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.django_db
class TestSignals:
    def test_are_given_as_the_page_filters_them(self, alert, ana, browse):
        everything = rows(browse(ana).get("/detect/export/signals.csv"))
        quiet = rows(browse(ana).get("/detect/export/signals.csv?state=note"))
        elsewhere = rows(browse(ana).get("/detect/export/signals.csv?topic=other"))

        assert {row["key"] for row in everything} == {"rang", "quiet"}
        assert [row["key"] for row in quiet] == ["quiet"]
        assert elsewhere == []

    def test_hold_no_formula(self, alert, ana, browse):
        told = {row["reason"] for row in rows(browse(ana).get("/detect/export/signals.csv"))}

        assert told == {f"'{HOSTILE}"}

    def test_have_a_line_on_the_audit_log(self, alert, ana, browse):
        b"".join(browse(ana).get("/detect/export/signals.ndjson?kind=burst").streaming_content)

        line = AuditLine.objects.get(action="signals.export")
        assert line.detail == {"form": "ndjson", "kind": "burst"}

    def test_are_refused_to_those_who_may_not_export(self, alert, ben, browse):
        assert browse(ben).get("/detect/export/signals.csv").status_code == 403

    def test_in_a_kind_nobody_knows_are_not_found(self, alert, ana, browse):
        assert browse(ana).get("/detect/export/signals.xls").status_code == 404

    def test_offer_their_files_with_the_filters_of_the_page(self, alert, ana, browse):
        page = browse(ana).get("/signals/?state=note").content.decode()

        assert "/detect/export/signals.csv?state=note" in page


@pytest.mark.django_db
class TestAlerts:
    def test_come_each_with_their_signal(self, alert, ana, browse):
        (row,) = rows(browse(ana).get("/detect/export/alerts.csv"))

        assert (row["id"], row["key"], row["state"]) == (str(alert.pk), "rang", "ringing")


@pytest.mark.django_db
class TestCrisis:
    @pytest.mark.parametrize("form", ["csv", "ndjson", "xlsx", "parquet"])
    @pytest.mark.parametrize("table", ["posts", "log", "tasks", "severity"])
    def test_gives_each_of_its_tables(self, crisis, cleo, browse, table, form):
        answer = browse(cleo).get(f"/coordinate/{crisis.pk}/{table}.{form}")

        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) or table == "severity"

    def test_gives_only_the_posts_its_page_shows(self, crisis, cleo, browse):
        address = f"/coordinate/{crisis.pk}/posts.csv"

        assert len(rows(browse(cleo).get(address))) == 2
        assert [row["id"] for row in rows(browse(cleo).get(f"{address}?leaning=negative"))] == [
            "p1"
        ]

    def test_gives_a_log_no_spreadsheet_runs(self, crisis, cleo, browse):
        told = rows(browse(cleo).get(f"/coordinate/{crisis.pk}/log.csv"))

        assert [row["text"] for row in told if row["kind"] == "note"] == [f"'{HOSTILE}"]

    def test_that_is_not_there_is_not_found(self, crisis, cleo, browse):
        assert browse(cleo).get("/coordinate/999/log.csv").status_code == 404
        assert browse(cleo).get(f"/coordinate/{crisis.pk}/people.csv").status_code == 404
