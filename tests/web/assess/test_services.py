"""A threat's sheet is made from stored posts, kept when it changes, and people may differ."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from quivive.vocabulary.accounts import Account as Author
from quivive.vocabulary.assessments import Level
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.posts import Post as Said
from quivive.web.assess import services
from quivive.web.assess.models import Assessment, Override, Threat
from quivive.web.assess.worker import reassess_open
from quivive.web.detect.models import Alert, Signal
from quivive.web.listen.models import Account, Match, Minute, Post, Topic
from quivive.web.people.models import Person

pytestmark = pytest.mark.django_db

ONSET = datetime(2026, 3, 4, 18, 12, tzinfo=UTC)
NOW = ONSET + timedelta(minutes=30)
WEEK = timedelta(days=7)
HALF = timedelta(minutes=30)


def said(topic: Topic, number: int, *, minute: float, negative: float = 0.9, **more) -> Post:
    at = ONSET + timedelta(minutes=minute)
    author = Author(id=f"a{number}", handle=f"ana{number}", followers=200)
    post = Said(
        id=f"post:{number}", network="x", published=at, attributed_to=author, content="Cold!"
    )
    account, _ = Account.objects.get_or_create(uid=author.id, network="x", handle=author.handle)
    row = Post.objects.create(
        uid=post.id,
        network="x",
        published=at,
        heard_at=at,
        author=account,
        content="Cold!",
        negative=negative,
        document={"post": msgspec.to_builtins(post), "sentiment": None},
        **more,
    )
    Match.objects.create(topic=topic, post=row, heard_at=at)
    return row


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.create(slug="heating", name="Heating", query="heating", created_at=ONSET)


@pytest.fixture
def threat(topic) -> Threat:
    return services.threat_by_hand(topic=topic, onset=ONSET, now=NOW)


@pytest.fixture
def ana() -> Person:
    return Person.objects.create_user("ana@example.org", name="Ana", joined_at=ONSET)


class TestASheet:
    def test_rises_with_what_people_write_and_shows_its_evidence(self, topic, threat):
        calm = services.reassess(threat=threat, now=NOW)
        for number in range(8):
            said(topic, number, minute=number)
        threat.refresh_from_db()
        loud = services.reassess(threat=threat, now=NOW + timedelta(minutes=1))

        assert loud.score > calm.score
        evidence = {uid for each in loud.sheet["indicators"] for uid in each.get("evidence", [])}
        assert "post:0" in evidence

    def test_counts_what_pages_show_as_negative(self, topic, threat):
        """A text may read as negative with less than a half: the usual counts it too."""
        for number, leaning in enumerate(("negative", "negative", "neutral")):
            said(topic, number, minute=20 + number, negative=0.46, leaning=leaning)

        found = services.reassess(threat=threat, now=NOW)

        usual = next(one for one in found.sheet["indicators"] if one["code"] == "e2")
        assert usual["explanation"]["count"] == 2

    def test_is_not_kept_again_while_nothing_changes(self, threat):
        services.reassess(threat=threat, now=NOW)
        threat.refresh_from_db()

        assert services.reassess(threat=threat, now=NOW + timedelta(minutes=1)) is None
        assert services.reassess(threat=threat, now=NOW + timedelta(minutes=10)) is not None

    def test_names_what_only_people_can_say(self, threat):
        sheet = services.reassess(threat=threat, now=NOW).sheet

        assert "harm" in sheet["missing"]

    def test_of_a_level_set_by_hand_holds_it(self, topic, threat, ana):
        services.override_level(
            threat_id=threat.pk, level=Level.CRISIS, reason="The mayor called", person=ana, now=NOW
        )

        [override] = Override.objects.all()
        assert (override.level, override.by, override.ended_at) == (3, ana, None)
        assert services.end_override(threat_id=threat.pk, person=ana, now=NOW) is True
        assert services.end_override(threat_id=threat.pk, person=ana, now=NOW) is False

    def test_raised_by_hand_and_given_back_says_what_it_says_by_itself(self, topic, threat, ana):
        services.reassess(threat=threat, now=NOW)
        set_by_hand = {"threat_id": threat.pk, "reason": "I misread", "person": ana}
        services.override_level(level=Level.MAJOR_CRISIS, now=NOW, **set_by_hand)
        for minutes in (10, 20):
            threat.refresh_from_db()
            services.reassess(threat=threat, now=NOW + timedelta(minutes=minutes))
        services.end_override(threat_id=threat.pk, person=ana, now=NOW + timedelta(minutes=21))

        threat.refresh_from_db()
        last = services.reassess(threat=threat, now=NOW + timedelta(minutes=40))
        assert {one.level for one in threat.assessments.all()} == {last.level}
        assert last.level < Level.CRISIS

    def test_lowered_by_hand_is_not_held_up_by_the_level_before(self, topic, threat, ana):
        row = services.reassess(threat=threat, now=NOW)
        Assessment.objects.filter(pk=row.pk).update(level=Level.CRISIS, score=70)
        services.override_level(
            threat_id=threat.pk, level=Level.SIGNAL, reason="Over", person=ana, now=NOW
        )

        threat.refresh_from_db()
        assert services.reassess(threat=threat, now=NOW + timedelta(minutes=11)).level < 3

    def test_refuses_a_level_by_hand_without_a_reason(self, threat, ana):
        with pytest.raises(NotAllowed, match="why you see it differently"):
            services.override_level(
                threat_id=threat.pk, level=Level.CRISIS, reason="", person=ana, now=NOW
            )


class TestWhatOnlyPeopleCanSay:
    def test_is_stored_and_makes_the_sheet_anew(self, threat, ana):
        services.reassess(threat=threat, now=NOW)
        changed = services.set_inputs(
            threat_id=threat.pk,
            changes={"harm": 0.75, "claim": "Il fait froid"},
            person=ana,
            now=NOW,
        )
        threat.refresh_from_db()
        assert threat.looked_at is None
        sheet = services.reassess(threat=threat, now=NOW + timedelta(seconds=5))

        assert changed == ["harm", "claim"]
        assert "harm" not in sheet.sheet["missing"]
        threat.refresh_from_db()
        assert threat.looked_at == NOW + timedelta(seconds=5)

    def test_said_again_changes_nothing(self, threat, ana):
        for expected in (["harm"], []):
            assert (
                services.set_inputs(threat_id=threat.pk, changes={"harm": 0.5}, person=ana, now=NOW)
                == expected
            )

    def test_can_be_taken_back(self, threat, ana):
        services.set_inputs(threat_id=threat.pk, changes={"harm": 0.5}, person=ana, now=NOW)
        services.set_inputs(threat_id=threat.pk, changes={"harm": None}, person=ana, now=NOW)

        threat.refresh_from_db()
        assert threat.inputs == {}


class TestTheWorker:
    def test_makes_sheets_for_ringing_alerts_and_only_with_news(self, topic):
        signal = Signal.objects.create(
            key="heating/burst/1",
            topic=topic,
            kind="burst",
            found_at=NOW,
            rang_at=NOW,
            onset=ONSET,
            onset_low=ONSET,
            onset_high=ONSET,
            window_s=3600,
            observed=6,
            expected=0.3,
            severity=5,
            certainty="likely",
            reason={"text": "Six people wrote."},
            stored_at=NOW,
        )
        Alert.objects.create(signal=signal, rang_at=NOW, ringing_since=NOW)

        assert reassess_open(now=NOW) == 1
        assert reassess_open(now=NOW + timedelta(seconds=20)) == 0
        for number in range(6):
            said(topic, number, minute=10)
        assert reassess_open(now=NOW + timedelta(seconds=40)) == 1
        assert Assessment.objects.count() == 2


class TestTheUsual:
    def minutes(self, topic, *, hours_ago: float, negatives: int) -> None:
        at = (ONSET - timedelta(hours=hours_ago)).replace(second=0)
        counts = {"originals": negatives, "negatives": negatives, "voices": negatives}
        none = {"reposts": 0, "positives": 0, "own": 0, "expected": 0.0, "upper": 0.0}
        Minute.objects.create(topic=topic, minute=at, **counts, **none)

    def ratio(self, topic, threat) -> str:
        said(topic, 1, minute=20)
        found = services.reassess(threat=threat, now=NOW)
        return next(one for one in found.sheet["indicators"] if one["code"] == "e2")["explanation"]

    def test_is_that_of_the_same_hour_of_the_week(self, topic, threat):
        """crisis.md 3.2: a busy day must not make a storm at night look usual."""
        for hours in range(1, 28 * 24 + 1):
            self.minutes(topic, hours_ago=hours + 0.5, negatives=10)
        same = Minute.objects.filter(minute__in=[ONSET - n * WEEK - HALF for n in (1, 2, 3, 4)])
        same.update(negatives=2)

        assert self.ratio(topic, threat)["values"]["usual"] == 2

    def test_leans_on_the_mean_where_weeks_are_not_known(self, topic, threat):
        for hours in range(1, 3 * 24):
            self.minutes(topic, hours_ago=hours + 0.5, negatives=4)

        assert self.ratio(topic, threat)["values"]["usual"] == pytest.approx(4, abs=0.1)


class TestAQuestion:
    def test_without_an_answer_keeps_a_signal_from_being_left(self, topic, threat):
        asking = said(topic, 1, minute=20)
        asking.document["sentiment"] = {"enquiry": 0.9}
        asking.save()
        assert services._asked(threat, NOW) is True

        said(topic, 2, minute=25, own=True, in_reply_to=asking.uid)
        assert services._asked(threat, NOW) is False
        assert services._asked(threat, NOW + timedelta(days=2)) is False
