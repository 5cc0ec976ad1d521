"""An outside partner enters the crises they were given a part in, and no other (crisis.md 1.6)."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.vocabulary.crises import Role
from quivive.web.coordinate import services
from quivive.web.coordinate.models import Crisis
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
        for page in ("/", "/coordinate/", "/listen/search/"):
            shown = browse(pia).get(page).content.decode()
            assert "heating crisis" not in shown
        assert "works crisis" in browse(pia).get("/coordinate/").content.decode()

    def test_gets_no_more_from_the_api(self, ours, theirs, pia, client):
        token = make_token(person=pia, name="x", scopes=["read"], expires_at=None, now=NOW)
        asked = {"headers": {"authorization": f"Bearer {token}"}}

        listed = client.get("/api/v1/crises", **asked).json()
        closed = client.get(f"/api/v1/crises/{ours.pk}/log", **asked)

        assert [one["id"] for one in listed] == [theirs.pk]
        assert closed.status_code == 404

    def test_with_another_role_of_the_room_sees_all(self, ours, make_person, browse):
        both = make_person("Max", Role.PARTNER, Role.MONITOR)

        assert browse(both).get(f"/coordinate/{ours.pk}/").status_code == 200
