"""What the room says of the rules, and of who is on duty."""

from datetime import UTC, datetime, time, timedelta

import pytest

from quivive.vocabulary.crises import Role
from quivive.web.assess.services import reassess
from quivive.web.coordinate import services
from quivive.web.coordinate.advice_queries import (
    first_questions,
    overloaded,
    rumour,
    words_of_others,
)
from quivive.web.coordinate.alerting_queries import who_is_on_duty
from quivive.web.coordinate.models import Contact, Crisis
from quivive.web.coordinate.queries import crisis_page
from quivive.web.detect.models import Claim, ClaimPost
from quivive.web.listen.models import Account, Match, Post, Topic
from quivive.web.people.models import Panel

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
ONSET = NOW - timedelta(minutes=16)


@pytest.fixture
def crisis(organisation, ana) -> Crisis:
    topic = Topic.objects.create(slug="heating", name="Heating", query="x", created_at=NOW)
    return services.open_crisis(topic_id=topic.pk, onset=ONSET, person=ana, now=NOW)


def spread(crisis: Crisis, *posts: tuple[str, str], last_at: datetime = NOW) -> Claim:
    """Make a rumour of posts, each with its stance and its words."""
    claim = Claim.objects.create(
        topic=crisis.threat.topic, key="r1", sentence="Two are in hospital", sentence_from="p0",
        first_at=ONSET, last_at=last_at, rumour_at=ONSET,
    )  # fmt: skip
    author, _ = Account.objects.get_or_create(uid="u:x", network="micro", defaults={"handle": "x"})
    for number, (stance, words) in enumerate(posts):
        Post.objects.create(
            uid=f"p{number}", network="micro", author=author, content=words, published=ONSET,
            heard_at=ONSET, document={},
        )  # fmt: skip
        ClaimPost.objects.create(
            topic=claim.topic, claim=claim, post=f"p{number}", at=ONSET, stance=stance,
            sourced=False, own=False, copy_of=f"p{number}", share=1.0, round=1,
        )  # fmt: skip
    return claim


class TestTheRumourOfATopic:
    def test_is_counted_by_who_asks_and_who_fears(self, crisis):
        spread(crisis, ("relays", "Deux hospitalisés"), ("asks", "C’est vrai ?"), ("relays", "Oui"))

        found = rumour(crisis.threat.topic, since=ONSET)

        assert found is not None
        assert (found.posts, found.asking, found.fearful) == (3, 1, 1)

    def test_is_none_once_nobody_speaks_of_it(self, crisis):
        spread(crisis, ("asks", "C’est vrai ?"), last_at=ONSET - timedelta(hours=1))

        assert rumour(crisis.threat.topic, since=ONSET) is None


def heard(crisis: Crisis, uid: str, words: str, *, minute: int = 0, **traits) -> Post:
    """Store a post that the topic caught."""
    author, _ = Account.objects.get_or_create(
        uid=f"u:{uid}", network="micro", defaults={"handle": uid}
    )
    at = ONSET + timedelta(minutes=minute)
    post = Post.objects.create(
        uid=uid, network="micro", author=author, content=words, published=at, heard_at=at,
        **{"document": {}, **traits},
    )  # fmt: skip
    Match.objects.create(topic=crisis.threat.topic, post=post, heard_at=at)
    return post


class TestTheFirstQuestions:
    """DR-20."""

    def test_are_the_ten_earliest_and_wait_until_we_answer_in_public(self, crisis):
        for minute in range(12):
            heard(crisis, f"q{minute}", "Quand revient le chauffage ?", minute=minute)
        heard(crisis, "no-question", "Encore une panne.", minute=0)
        assert first_questions(crisis.threat.topic, since=ONSET) == (10, 10)

        heard(crisis, "ours", "Jeudi matin.", minute=13, own=True, in_reply_to="q0")
        heard(crisis, "late", "Jeudi.", minute=14, own=True, in_reply_to="q11")

        assert first_questions(crisis.threat.topic, since=ONSET) == (9, 10)


class TestWordsOfOthers:
    def test_say_who_is_an_authority_and_who_speaks_in_heat(self, crisis):
        firemen = Panel.objects.create(name="Secours", role="authority")
        firemen.members.create(network="micro", handle="sdis")
        heard(crisis, "sdis", "Nous sommes sur place.", document={"post": {"hashtags": ["Gaz"]}})
        heard(crisis, "x", "C’est une honte !!", minute=1, leaning="negative")

        angry, calm = words_of_others(crisis.threat.topic, since=ONSET)

        assert (angry.heated, angry.leaning, angry.official) == (True, "negative", False)
        assert (calm.heated, calm.leaning, calm.official) == (False, None, True)
        assert calm.hashtags == ("Gaz",)


class TestTheRoom:
    def test_counts_how_people_take_part(self, crisis, ana, browse):
        reassess(threat=crisis.threat, now=NOW)
        for number in range(9):
            heard(crisis, f"a{number}", "Quelle honte !!", leaning="negative")
        heard(crisis, "kind", "Merci aux équipes.", leaning="positive")

        page = browse(ana).get(f"/coordinate/{crisis.pk}/").content.decode()

        assert "How people take part: 10 posts take a side" in page
        assert "DR-23" in page

    def test_says_which_rule_advises_what(self, crisis, ana, browse):
        spread(crisis, ("asks", "C’est vrai ?"), ("asks", "Quelqu’un est mort ?"))
        crisis.threat.inputs = {"harm": 0.75, "type": "rumour", "claim_status": "unverified"}
        crisis.threat.save()
        reassess(threat=crisis.threat, now=NOW)

        assert {"DR-28", "DR-29"} <= {one.rule for one in crisis_page(crisis.pk, NOW).advice}
        page = browse(ana).get(f"/coordinate/{crisis.pk}/").content.decode()
        assert "DR-28" in page
        assert "Say what is known, what is not" in page
        assert "Signs of a storm" in page

    def test_names_who_has_more_tasks_than_one_person_can_do(self, crisis, ana):
        for task in crisis.tasks.all()[:6]:
            services.own_task(task_id=task.pk, owner_id=ana.pk, person=ana, now=NOW)

        assert overloaded(list(crisis.tasks.select_related("owner"))) == [("Ana", 6)]

        services.finish_task(task_id=crisis.tasks.first().pk, person=ana, now=NOW)
        assert overloaded(list(crisis.tasks.select_related("owner"))) == []


class TestWhoIsOnDuty:
    """R-30."""

    def duty(self) -> list[tuple[str, bool, bool, bool]]:
        return [
            (str(one.person), one.external, one.quiet_until is not None, one.unreachable)
            for one in who_is_on_duty([Role.DRAFTER], now=NOW).get(Role.DRAFTER, [])
        ]

    def test_is_told_with_who_is_external_quiet_or_unreachable(self, make_person):
        dan = make_person("Dan", Role.DRAFTER)
        eve = make_person("Eve", Role.DRAFTER, Role.PARTNER)
        make_person("Fay", Role.DRAFTER)
        Contact.objects.create(person=dan, channel="email", address="x")
        night = {"quiet_from": time(19), "quiet_to": time(7)}
        Contact.objects.create(person=eve, channel="email", address="x", **night)

        assert self.duty() == [
            ("Dan", False, False, False),
            ("Eve", True, True, False),
            ("Fay", False, False, True),
        ]

    def test_is_reached_by_the_way_that_is_open(self, make_person):
        dan = make_person("Dan", Role.DRAFTER)
        night = {"quiet_from": time(19), "quiet_to": time(7)}
        Contact.objects.create(person=dan, channel="email", address="x", **night)
        Contact.objects.create(person=dan, channel="apprise", address="x")

        assert self.duty() == [("Dan", False, False, False)]
