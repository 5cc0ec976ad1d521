"""An outside partner enters the crises they were given a part in, and no other (crisis.md 1.6)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from tests.web.test_permissions import GUARDED
from tests.web.test_permissions import _knock as knock

from quivive.coordinate.permissions import may
from quivive.vocabulary.crises import Role
from quivive.web.coordinate import services
from quivive.web.coordinate.models import Crisis
from quivive.web.coordinate.partner_queries import NARROWED
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.models import Topic
from quivive.web.people.models import Person
from quivive.web.people.services import make_token

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


@pytest.fixture
def pia(make_person) -> Person:
    return make_person("Pia", Role.PARTNER)


def opened(name: str, person: Person) -> Crisis:
    topic = Topic.objects.create(slug=name, name=name, query="x", created_at=NOW)
    return services.open_crisis(
        topic_id=topic.pk, onset=NOW, title=f"{name} crisis", person=person, now=NOW
    )


def rung(topic: str) -> Alert:
    signal = Signal.objects.create(
        key=topic, topic=Topic.objects.get(slug=topic), kind="burst", found_at=NOW, rang_at=NOW,
        onset=NOW, onset_low=NOW, onset_high=NOW, window_s=60, observed=9, expected=1, severity=3,
        certainty="likely", reason={"text": "More than usual.", "values": {}}, stored_at=NOW,
    )  # fmt: skip
    return Alert.objects.create(signal=signal, rang_at=NOW, ringing_since=NOW)


@pytest.fixture
def ours(ana) -> Crisis:
    return opened("heating", ana)


@pytest.fixture
def theirs(ana, pia) -> Crisis:
    crisis = opened("works", ana)
    task = crisis.tasks.first()
    services.own_task(task_id=task.pk, owner_id=pia.pk, person=ana, now=NOW)
    return crisis


class TestAPartner:
    def test_enters_the_crisis_in_which_a_task_is_theirs(self, theirs, pia, browse):
        assert browse(pia).get(f"/coordinate/{theirs.pk}/").status_code == 200

    @pytest.mark.parametrize(
        "part", ["", "report/", "report.txt", "note/", "task/", "enquiry/", "posts.csv"]
    )
    def test_opens_no_address_of_another(self, ours, pia, browse, part):
        address, browser = f"/coordinate/{ours.pk}/{part}", browse(pia)

        answers = {browser.get(address).status_code, browser.post(address).status_code}

        assert answers <= {403, 404, 405}  # not the role, not theirs, not that way

    def test_cannot_let_themselves_in(self, ours, ana, pia, browse):
        task = ours.tasks.first()
        enquiry = services.add_enquiry(
            crisis_id=ours.pk, outlet="Le Courrier", question="When?", person=ana, now=NOW,
            deadline_at=NOW + timedelta(hours=2),
        )  # fmt: skip
        browser = browse(pia)

        for address in (f"task/{task.pk}/owner/", f"enquiry/{enquiry.pk}/answer/"):
            answer = browser.post(f"/coordinate/{address}", {"owner_id": pia.pk, "answer": "x"})
            assert answer.status_code == 404
        task.refresh_from_db()
        assert task.owner is None

    def test_sees_only_theirs_in_every_list(self, ours, theirs, pia, browse):
        shown = browse(pia).get("/coordinate/").content.decode()

        assert "works crisis" in shown
        assert "heating" not in shown
        for closed in ("/", "/signals/", "/listen/topics/", "/listen/search/", "/respond/"):
            assert browse(pia).get(closed).headers["Location"] == "/coordinate/"

    def test_opens_the_topic_and_the_alerts_of_theirs_alone(self, ours, theirs, pia, browse):
        alerts = {name: rung(name) for name in ("heating", "works")}
        browser = browse(pia)

        shown = {
            name: [
                browser.get(address).status_code
                for address in (
                    f"/topics/{name}/",
                    f"/topics/{name}/claims/",
                    f"/detect/alert/{alert.pk}/",
                )
            ]
            for name, alert in alerts.items()
        }

        assert shown == {"heating": [404] * 3, "works": [200] * 3}
        assert browser.post(f"/detect/alert/{alerts['heating'].pk}/acknowledge/").status_code == 404
        bell = browser.get("/live/ringing/").content.decode()
        assert ("works" in bell, "heating" in bell) == (True, False)

    def test_finds_every_other_page_closed_even_one_made_tomorrow(self, theirs, pia, browse):
        browser = browse(pia)
        within_reach = [
            (name, route)
            for name, route, view in GUARDED
            if view.permission is not None and may([Role.PARTNER], view.permission)
        ]

        opened = {
            name
            for name, route in within_reach
            if knock(browser, route).status_code not in {302, 404}
        }

        assert opened == NARROWED - {"api:crises"}

    def test_is_shown_no_way_to_a_closed_page(self, theirs, pia, browse):
        page = browse(pia).get(f"/coordinate/{theirs.pk}/").content.decode()
        navigation = page.partition("</nav>")[0]

        for closed in ("/signals/", "/respond/", "/listen/search/", "/listen/sources/", "/panels/"):
            assert f'href="{closed}"' not in navigation

    def test_gets_no_more_from_the_api(self, ours, theirs, pia, client):
        token = make_token(person=pia, name="x", scopes=["read"], expires_at=None, now=NOW)
        asked = {"headers": {"authorization": f"Bearer {token}"}}

        listed = client.get("/api/v1/crises", **asked).json()
        closed = client.get(f"/api/v1/crises/{ours.pk}/log", **asked)

        assert [one["id"] for one in listed] == [theirs.pk]
        assert closed.status_code == 404
        for lists in ("topics", "signals", "alerts", "topics/heating/posts"):
            assert client.get(f"/api/v1/{lists}", **asked).status_code == 404
        assert client.get("/api/v1/topics/works/posts", **asked).status_code == 200

    def test_with_another_role_of_the_room_sees_all(self, ours, make_person, browse):
        both = make_person("Max", Role.PARTNER, Role.MONITOR)

        assert browse(both).get(f"/coordinate/{ours.pk}/").status_code == 200

    def test_is_shown_no_way_from_an_alert_of_their_topic_into_a_crisis_of_others(
        self, theirs, ana, pia, browse
    ):
        joined = rung("works")
        services.join_alert(crisis_id=theirs.pk, alert_id=joined.pk, person=ana, now=NOW)
        Signal.objects.update(key="earlier")
        alert = rung("works")
        other = services.open_crisis(alert_id=alert.pk, person=ana, now=NOW, another=True)

        pages = [
            browse(pia).get(reverse("detect:alert", args=[one.pk])).content.decode()
            for one in (joined, alert)
        ]

        assert f'href="/coordinate/{other.pk}/"' not in pages[1]
        assert "you have no part" in pages[1]
        assert "you have no part" not in pages[0]
