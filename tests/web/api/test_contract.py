"""What the API says of itself is what it does, whatever is sent to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tuned
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from quivive.vocabulary.crises import Role
from quivive.vocabulary.messages import say
from quivive.web.coordinate.services import open_crisis
from quivive.web.detect.models import Alert, Claim, Signal
from quivive.web.listen.models import Topic
from quivive.web.people.services import SCOPES, make_token

NOW = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)

OPERATIONS = [
    "GET /topics",
    "GET /topics/{slug}/minutes",
    "GET /topics/{slug}/posts",
    "GET /topics/{slug}/export/{kind}",
    "POST /posts",
    "GET /topics/{slug}/claims",
    "GET /topics/{slug}/claims/export/{form}",
    "GET /claims/{claim_id}",
    "POST /claims/{claim_id}/check",
    "GET /signals",
    "GET /signals/export/{form}",
    "GET /alerts/export/{form}",
    "GET /alerts",
    "GET /alerts/{alert_id}",
    "POST /alerts/{alert_id}/acknowledge",
    "POST /alerts/{alert_id}/snooze",
    "POST /alerts/{alert_id}/false-alarm",
    "POST /alerts/{alert_id}/crisis",
    "GET /crises",
    "GET /crises/{crisis_id}",
    "GET /crises/{crisis_id}/log",
    "GET /crises/{crisis_id}/export/{table}/{form}",
    "POST /crises/{crisis_id}/log",
]
"""As the description names them; a new one is added here, or the last test fails."""

CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
           "response_schema_conformance")  # fmt: skip

FEW = tuned(
    max_examples=8,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer("application/x-ndjson")
def as_lines(_context: object, value: object) -> bytes:
    """Send a text as it is."""
    return str(value).encode("utf-8", "replace")


@pytest.fixture
def alert(db) -> Alert:
    topic = Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=NOW)
    alerts = []
    for number in range(2):
        signal = Signal.objects.create(
            key=f"lift/burst/{number}", topic=topic, kind="burst", found_at=NOW, rang_at=NOW,
            onset=NOW, onset_low=NOW - timedelta(minutes=2), onset_high=NOW, window_s=900,
            observed=5, expected=0.1, severity=5, certainty="likely", evidence=["p1"],
            reason=msgspec.to_builtins(say("{count} wrote", count=5)), stored_at=NOW,
        )  # fmt: skip
        alerts.append(Alert.objects.create(signal=signal, rang_at=NOW, ringing_since=NOW))
    return alerts[0]


@pytest.fixture
def known(alert, make_person, settings, tmp_path) -> tuple[Mapping[str, object], str]:
    """Give the ids of things that are there, and a token that opens every scope."""
    settings.DATA = tmp_path
    person = make_person("Ida", *Role)
    other = Alert.objects.exclude(pk=alert.pk).get()
    crisis = open_crisis(person=person, alert_id=other.pk, now=NOW)
    claim = Claim.objects.create(
        topic=other.signal.topic, key="p1", sentence="The lift fell", first_at=NOW, last_at=NOW
    )
    ids = {"slug": "lift", "kind": "csv", "alert_id": alert.pk, "crisis_id": crisis.pk}
    ids["claim_id"] = claim.pk
    key = make_token(person=person, name="test", scopes=SCOPES, expires_at=None, now=NOW)
    return ids, key


@pytest.fixture(scope="module")
def described(django_db_setup, django_db_blocker):
    """Read the description once, for making it takes longer than most of the tests."""
    with django_db_blocker.unblock():
        return schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


def conforms(operation, key: str, ids: Mapping[str, object] | None, mode: GenerationMode) -> None:
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in CHECKED]
    places = {one.name for one in operation.path_parameters}
    chosen = {name: value for name, value in (ids or {}).items() if name in places}

    @FEW
    @given(case=operation.as_strategy(mode, path_parameters=chosen or None))
    def holds(case):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        case.call_and_validate(base_url="http://localhost", headers=headers, checks=checks)

    holds()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files left open
@pytest.mark.parametrize("name", OPERATIONS)
class TestAnOperation:
    def test_answers_as_described_about_what_is_there(self, described, known, name):
        ids, key = known
        conforms(operation_of(described, name), key, ids, GenerationMode.POSITIVE)

    def test_answers_as_described_about_what_nobody_knows(self, described, known, name):
        conforms(operation_of(described, name), known[1], None, GenerationMode.POSITIVE)

    def test_refuses_strangers_as_described(self, described, known, name):
        conforms(operation_of(described, name), "", known[0], GenerationMode.POSITIVE)


BROKEN = [
    *(name for name in OPERATIONS if name.startswith("POST") and name != "POST /posts"),
    "GET /topics/{slug}/minutes",
]


class TestNonsense:
    @pytest.mark.parametrize("name", BROKEN)
    def test_is_refused_as_described(self, described, known, name):
        ids, key = known
        conforms(operation_of(described, name), key, ids, GenerationMode.NEGATIVE)


class TestTheDescription:
    def test_names_what_is_tried_here_and_nothing_else(self, described):
        found = {
            f"{one.ok().method.upper()} {one.ok().path.removeprefix('/api/v1')}"
            for one in described.get_all_operations()
        }

        assert found == set(OPERATIONS)


def operation_of(described, name: str):
    method, path = name.split()
    return described[f"/api/v1{path}"][method]
