"""The REST API: the same queries and services as the pages, behind tokens with scopes."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import OperationalError
from django.test import Client

from quivive.vocabulary.crises import Role
from quivive.vocabulary.messages import say
from quivive.web.api import keys, topics
from quivive.web.api.urls import api
from quivive.web.coordinate.models import Crisis
from quivive.web.coordinate.services import open_crisis
from quivive.web.coordinate.services.log import write
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.models import Import, Topic
from quivive.web.people.services import SCOPES, make_token

NOW = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)


@pytest.fixture
def topic(db):
    return Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=NOW)


@pytest.fixture
def alert(topic):
    signal = Signal.objects.create(
        key="lift/burst/1",
        topic=topic,
        kind="burst",
        found_at=NOW,
        rang_at=NOW,
        onset=NOW - timedelta(minutes=9),
        onset_low=NOW - timedelta(minutes=12),
        onset_high=NOW - timedelta(minutes=8),
        window_s=900,
        observed=5,
        expected=0.1,
        severity=5,
        certainty="likely",
        evidence=["p1"],
        reason=msgspec.to_builtins(say("{count} wrote", count=5)),
        stored_at=NOW,
    )
    return Alert.objects.create(signal=signal, rang_at=NOW, ringing_since=NOW)


@pytest.fixture
def call(client: Client):
    """Call the API as a person, with a token of some scopes."""

    def calling(person, *scopes: str, method: str = "get", path: str, body: object = None):
        key = make_token(person=person, name="test", scopes=scopes, expires_at=None, now=NOW)
        return getattr(client, method)(
            f"/api/v1{path}",
            json.dumps(body) if body is not None else None,
            content_type="application/json",
            headers={"authorization": f"Bearer {key}"},
        )

    return calling


class TestATokenOfTheApi:
    def test_reads_what_its_person_may_see(self, call, ana, topic):
        reply = call(ana, "read", path="/topics")

        assert [one["slug"] for one in reply.json()] == ["lift"]

    def test_is_refused_outside_its_scope(self, call, ana, alert):
        reply = call(ana, "read", method="post", path=f"/alerts/{alert.pk}/acknowledge", body={})

        assert reply.status_code == 401

    def test_opens_no_operation_of_another_scope_and_none_once_it_ended(self, client, ana, now):
        def answers(ends: datetime | None, *scopes: str) -> Iterator[tuple[str, int]]:
            key = make_token(person=ana, name="t", scopes=scopes, expires_at=ends, now=NOW)
            known = {"authorization": f"Bearer {key}"}
            for path, methods in api.get_openapi_schema()["paths"].items():
                for method in methods:
                    reply = getattr(client, method)(re.sub(r"{\w+}", "1", path), headers=known)
                    yield method, reply.status_code

        ended = {status for _, status in answers(now - timedelta(days=1), *SCOPES)}
        read = set(answers(None, "read"))
        others = set(answers(None, "write", "export", "ingest"))

        assert ended == {401}
        assert {status for method, status in read if method == "post"} == {401}
        assert (("get", 200) in read, ("get", 200) in others) == (True, False)

    def test_opens_nothing_for_a_stranger_without_a_role(self, call, dan, topic):
        assert call(dan, "read", path="/topics").status_code == 403

    @pytest.mark.parametrize(
        "path", ["topics/lift/posts", "topics/lift/claims", "signals", "alerts", "claims/1"]
    )
    def test_shows_no_more_than_the_pages_do(self, call, make_person, topic, path):
        fay = make_person("Fay", Role.FIELD_STAFF)

        assert call(fay, "read", path=f"/{path}").status_code == 403

    def test_of_field_staff_reads_a_crisis_without_names(self, call, ana, make_person, topic):
        crisis = open_crisis(topic_id=topic.pk, onset=NOW, title="Cold", person=ana, now=NOW)
        wrote = say('{author} wrote "{word}".', author="@nadia_e", word="fire")
        write(crisis, kind="signal", message=wrote, at=NOW)
        fay = make_person("Fay", Role.FIELD_STAFF)

        shown, hidden = (
            call(who, "read", path=f"/crises/{crisis.pk}/log").json()[-1]["text"]
            for who in (ana, fay)
        )

        assert ("@nadia_e" in shown, "fire" in shown) == (True, True)
        assert ("@nadia_e" in hidden, "fire" in hidden) == (False, True)

    def test_calls_only_so_often_a_minute_and_stops_nobody_else(
        self, call, ana, cleo, topic, monkeypatch
    ):
        monkeypatch.setattr(keys, "A_MINUTE", 2)
        monkeypatch.setattr(keys.timezone, "now", lambda: NOW)  # or the minute might end

        replies = [call(ana, "read", path="/topics") for _ in range(4)]
        other = call(cleo, "read", path="/topics")

        assert [one.status_code for one in replies] == [200, 200, 429, 429]
        assert "minute" in replies[-1].json()["remedy"]
        assert other.status_code == 200

    def test_is_needed(self, client, topic):
        assert client.get("/api/v1/topics").status_code == 401


class TestAnAlertThroughTheApi:
    def test_is_acknowledged_once_by_a_named_person(self, call, ana, cleo, alert):
        path = f"/alerts/{alert.pk}/acknowledge"

        first = call(ana, "write", method="post", path=path, body={"comment": "on it"})
        second = call(cleo, "write", method="post", path=path, body={})

        assert first.json()["acknowledged_by"] == "Ana"
        assert second.status_code == 409
        assert second.json()["remedy"]

    def test_becomes_a_crisis_in_one_call(self, call, cleo, alert):
        path = f"/alerts/{alert.pk}/crisis"

        reply = call(cleo, "write", method="post", path=path, body={"title": "The lift"})

        assert Crisis.objects.get().pk == reply.json()["id"]

    @pytest.mark.parametrize("body", [[], [None], "The lift", 7])
    def test_becomes_none_by_a_call_that_says_nothing_readable(self, call, cleo, alert, body):
        reply = call(cleo, "write", method="post", path=f"/alerts/{alert.pk}/crisis", body=body)

        assert (reply.status_code, Crisis.objects.count()) == (422, 0)

    def test_says_its_reason_as_a_sentence(self, call, ana, alert):
        [signal] = call(ana, "read", path="/signals").json()

        assert signal["reason"] == "5 wrote"


class TestPostsThroughTheApi:
    def test_are_queued_as_an_import_when_sent_in(self, call, ana, topic, settings, tmp_path):
        settings.DATA = tmp_path

        reply = call(ana, "ingest", method="post", path="/posts", body={"id": "p"})

        assert reply.status_code == 202
        assert Import.objects.get(pk=reply.json()["import_id"]).state == "queued"

    @pytest.mark.parametrize("kind", ["ndjson", "csv", "parquet"])
    def test_are_exported_in_each_kind(self, call, ana, topic, kind):
        reply = call(ana, "export", path=f"/topics/lift/export/{kind}")

        assert reply.status_code == 200
        content = b"".join(reply.streaming_content)
        reply.close()
        begins = {"ndjson": b"", "csv": b"\xef\xbb\xbfid,", "parquet": b"PAR1"}
        assert content.startswith(begins[kind])
        assert (content == b"") == (kind == "ndjson")
        assert f"lift.{kind}" in reply["Content-Disposition"]

    def test_of_an_unknown_kind_are_refused_with_the_known_ones(self, call, ana, topic):
        assert call(ana, "export", path="/topics/lift/export/xls").status_code == 404


class TestAMissingThing:
    @pytest.mark.parametrize(
        "path", ["/alerts/999", "/crises/999", "/crises/999/log", "/topics/none/posts"]
    )
    def test_is_not_found(self, call, ana, path):
        reply = call(ana, "read", path=path)

        assert reply.status_code == 404
        assert reply.json()["remedy"]


class TestARefusal:
    @pytest.mark.parametrize(
        ("headers", "path", "status"),
        [({}, "/topics", 401), ({"Authorization": "Bearer x"}, "/topics", 401)],
    )
    def test_says_what_happened_and_what_to_do(self, client, db, headers, path, status):
        reply = client.get(f"/api/v1{path}", headers=headers)

        assert reply.status_code == status
        assert {"what", "remedy"} <= set(reply.json())

    def test_of_a_body_that_is_no_json_is_in_our_own_words(self, client, ana, alert):
        key = make_token(person=ana, name="x", scopes=["write"], expires_at=None, now=NOW)
        reply = client.post(
            f"/api/v1/alerts/{alert.pk}/acknowledge",
            '{"comment":',
            content_type="application/json",
            headers={"authorization": f"Bearer {key}", "accept-language": "en"},
        )

        assert (reply.status_code, reply.json()["what"]) == (400, "The call cannot be read.")

    def test_for_a_fault_of_ours_is_no_page(self, call, ana, topic, monkeypatch, caplog):
        def fail(*_words, **_more):
            raise OperationalError("database or disk is full")

        monkeypatch.setattr(topics.queries, "topics", fail)

        reply = call(ana, "read", path="/topics")

        assert reply.status_code == 500
        assert reply.json()["remedy"]
        assert "disk is full" in caplog.text

    def test_names_the_values_that_cannot_be_read(self, call, ana, topic):
        reply = call(ana, "read", path="/topics/lift/minutes?since=hier&until=2026-03-03T08:00:00Z")

        assert reply.status_code == 422
        assert "since" in reply.json()["what"]
        assert reply.json()["remedy"]


class TestTheDescriptionOfTheApi:
    def test_names_every_operation(self, client, db):
        described = client.get("/api/openapi.json").json()

        assert "/api/v1/alerts/{alert_id}/acknowledge" in described["paths"]
