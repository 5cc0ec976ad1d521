"""Questions of journalists, from the call to the answer (DR-15)."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.web.coordinate import services
from quivive.web.coordinate.models import Crisis, Enquiry
from quivive.web.coordinate.queries import crisis_page
from quivive.web.coordinate.services.enquiries import ring_enquiries
from quivive.web.detect.models import Alert, AlertState
from quivive.web.listen.models import Topic
from quivive.web.people.models import AuditLine

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


@pytest.fixture
def crisis(organisation, ana) -> Crisis:
    topic = Topic.objects.create(slug="heating", name="Heating", query="x", created_at=NOW)
    return services.open_crisis(topic_id=topic.pk, onset=NOW, person=ana, now=NOW)


def ask(crisis: Crisis, person, *, hours: float = 2) -> Enquiry:
    return services.add_enquiry(
        crisis_id=crisis.pk,
        outlet="Le Courrier",
        question="Since when is the heating off?",
        deadline_at=NOW + timedelta(hours=hours),
        person=person,
        now=NOW,
    )


class TestAJournalistsQuestion:
    def test_raises_the_floor_and_stands_in_both_logs(self, crisis, ana):
        ask(crisis, ana)

        crisis.threat.refresh_from_db()
        assert crisis.threat.inputs["media_asked"] is True
        assert [line.kind for line in crisis.log.all()][-2:] == ["enquiry", "input"]
        assert AuditLine.objects.filter(action="enquiry-added", person=ana).exists()

    def test_takes_the_place_of_the_task_that_asked_for_its_outlet(self, crisis, ana):
        services.set_inputs(
            crisis_id=crisis.pk, changes={"media_asked": True}, person=ana, roles={Role.LEAD},
            now=NOW,
        )  # fmt: skip
        before = crisis.tasks.filter(done_at=None).count()
        ask(crisis, ana)

        assert crisis.tasks.filter(done_at=None).count() == before - 1

    def test_has_a_deadline_to_come(self, crisis, ana):
        with pytest.raises(NotAllowed, match="already passed"):
            ask(crisis, ana, hours=-1)

    def test_rings_once_half_an_hour_before_its_deadline(self, crisis, ana):
        ask(crisis, ana)
        early = ring_enquiries(now=NOW + timedelta(minutes=89))
        rung = [ring_enquiries(now=NOW + timedelta(minutes=90 + n)) for n in (0, 1)]

        assert (early, rung) == (0, [1, 0])
        alert = Alert.objects.select_related("signal").get()
        assert (alert.state, alert.signal.severity) == (AlertState.RINGING, 8)
        assert crisis_page(crisis.pk, NOW + timedelta(minutes=91)).pressing

    def test_answered_in_time_rings_nobody(self, crisis, ana):
        row = ask(crisis, ana)
        services.answer_enquiry(enquiry_id=row.pk, answer="Since Sunday.", person=ana, now=NOW)

        assert ring_enquiries(now=NOW + timedelta(hours=3)) == 0
        row.refresh_from_db()
        assert (row.answer, row.answered_by) == ("Since Sunday.", ana)
        with pytest.raises(NotAllowed, match="Ana answered Le Courrier already"):
            services.answer_enquiry(enquiry_id=row.pk, answer="No.", person=ana, now=NOW)

    def test_answered_late_settles_what_rang_for_it(self, crisis, ana):
        row = ask(crisis, ana)
        ring_enquiries(now=NOW + timedelta(minutes=95))
        services.answer_enquiry(enquiry_id=row.pk, answer="Since Sunday.", person=ana, now=NOW)

        assert Alert.objects.get().state == AlertState.ACKNOWLEDGED

    def test_of_a_finished_crisis_rings_nobody(self, crisis, ana):
        ask(crisis, ana)
        Crisis.objects.update(closed_at=NOW)

        assert ring_enquiries(now=NOW + timedelta(hours=3)) == 0

    def test_is_noted_and_answered_on_the_page(self, crisis, ana, browse):
        room = browse(ana)
        address = f"/coordinate/{crisis.pk}/"
        asked = {
            "outlet": "Radio <b>",
            "question": "Is anybody hurt?",
            "deadline_at": "2099-01-01T10:00",
        }
        assert room.post(f"{address}enquiry/", asked).status_code == 302
        row = Enquiry.objects.get()
        page = room.get(address).content.decode()
        assert "Radio &lt;b&gt;" in page

        told = room.post(f"/coordinate/enquiry/{row.pk}/answer/", {"answer": "Nobody is."})
        assert told.status_code == 302
        assert "Nobody is." in room.get(address).content.decode()
        assert room.post("/coordinate/enquiry/999/answer/", {"answer": "x"}).status_code == 404


class TestOneVoice:
    """DR-14: one person speaks for us in a crisis."""

    @staticmethod
    def answer(enquiry: Enquiry, person) -> None:
        services.answer_enquiry(enquiry_id=enquiry.pk, answer="Yes.", person=person, now=NOW)

    def test_is_whoever_answers_first(self, crisis, ana):
        self.answer(ask(crisis, ana), ana)

        crisis.refresh_from_db()
        assert crisis.speaker == ana
        assert "speaker" in crisis.log.values_list("kind", flat=True)

    def test_is_not_joined_by_a_second(self, crisis, ana, ben):
        services.assign_speaker(crisis_id=crisis.pk, speaker_id=ana.pk, person=ana, now=NOW)
        enquiry = ask(crisis, ben)

        with pytest.raises(NotAllowed, match="Ana speaks for us"):
            self.answer(enquiry, ben)

        enquiry.refresh_from_db()
        assert (enquiry.answer, enquiry.answered_at) == ("", None)

    def test_gives_way_to_the_lead_and_to_whoever_gets_the_word(self, crisis, ana, ben, cleo):
        services.assign_speaker(crisis_id=crisis.pk, speaker_id=ana.pk, person=ana, now=NOW)
        services.assign_lead(crisis_id=crisis.pk, lead_id=cleo.pk, person=cleo, now=NOW)
        self.answer(ask(crisis, ana), cleo)
        services.assign_speaker(crisis_id=crisis.pk, speaker_id=ben.pk, person=cleo, now=NOW)
        self.answer(ask(crisis, ana), ben)

        assert AuditLine.objects.filter(action="crisis-speaker").count() == 2

    def test_is_shown_to_those_who_may_not_answer(self, crisis, ana, ben, browse):
        ask(crisis, ana)
        address = f"/coordinate/{crisis.pk}/"
        services.assign_speaker(crisis_id=crisis.pk, speaker_id=ana.pk, person=ana, now=NOW)
        form = f"/coordinate/enquiry/{Enquiry.objects.get().pk}/answer/"

        assert form in browse(ana).get(address).content.decode()
        page = browse(ben).get(address).content.decode()
        assert form not in page
        assert "Ana speaks for us and answers." in page
