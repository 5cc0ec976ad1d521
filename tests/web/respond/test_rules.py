"""Rules of the inbox: in order, the first that fits; tried first, noted, and taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.respond.asking import Urgency
from quivive.respond.rules import Action, Asks, Condition, Does, Rule
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.web.listen.models import PostLabel, Topic
from quivive.web.listen.worker import store_matches
from quivive.web.people.models import AuditLine, Place
from quivive.web.respond import rule_queries, services
from quivive.web.respond.models import Case, CaseLine, InboxRule, RuleRun
from quivive.web.respond.worker import take_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)
LIFT = Condition(Asks.QUERY, "ascenseur")


@pytest.fixture
def hear(organisation):
    Topic.objects.create(slug="heat", name="Heating", query="x", created_at=NOW)

    def hear(**said: str) -> dict[str, Case]:
        posts = [
            Post(
                id=key,
                network="micro",
                published=NOW - timedelta(minutes=5),
                attributed_to=Account(id=f"u:{key}", handle=key),
                content=words,
            )
            for key, words in said.items()
        ]
        store_matches([Match(post=one, topics=("heat",)) for one in posts], now=NOW)
        take_in(now=NOW)
        return {case.post.uid: case for case in Case.objects.select_related("post")}

    return hear


@pytest.fixture
def rule(emma):
    def rule(name: str, conditions: list[Condition], *actions: Action) -> InboxRule:
        return services.save_rule(
            name=name, conditions=conditions, actions=actions, person=emma, now=NOW
        )

    return rule


def labels(key: str) -> list[str]:
    return list(PostLabel.objects.filter(post__uid=key).values_list("name", flat=True))


class TestARule:
    def test_does_what_it_says_to_what_it_meets_and_nothing_else(self, hear, rule, ana):
        rule("Lifts", [LIFT], Action(Does.LABEL, "lift"), Action(Does.PERSON, str(ana.pk)))

        cases = hear(a="Pourquoi l’ascenseur est en panne ?", b="Pourquoi pas de chauffage ?")

        assert labels("a") == ["lift"]
        assert (cases["a"].assigned_to, cases["a"].status) == (ana, "open")
        assert labels("b") == []
        assert cases["b"].assigned_to is None
        assert CaseLine.objects.filter(case=cases["a"], kind="rule").exists()

    def test_is_followed_alone_even_when_another_below_fits_too(self, hear, rule):
        rule("First", [LIFT], Action(Does.LABEL, "first"))
        rule("Second", [LIFT], Action(Does.LABEL, "second"))

        hear(a="Pourquoi l’ascenseur est en panne ?")

        assert labels("a") == ["first"]

    def test_follows_the_order_people_give(self, hear, rule, emma):
        rule("First", [LIFT], Action(Does.LABEL, "first"))
        second = rule("Second", [LIFT], Action(Does.LABEL, "second"))
        services.move_rule(rule_id=second.pk, up=True, person=emma, now=NOW)

        hear(a="Pourquoi l’ascenseur est en panne ?")

        assert labels("a") == ["second"]

    def test_that_rests_does_nothing(self, hear, rule, emma):
        row = rule("First", [LIFT], Action(Does.LABEL, "first"))
        services.switch_rule(rule_id=row.pk, active=False, person=emma, now=NOW)

        hear(a="Pourquoi l’ascenseur est en panne ?")

        assert labels("a") == []

    def test_needs_every_condition(self, hear, rule):
        urgent = Condition(Asks.URGENCY, "danger")
        rule("Both", [LIFT, urgent], Action(Does.LABEL, "both"))

        hear(a="Pourquoi l’ascenseur est en panne ?", b="Bloqué dans l’ascenseur, au secours !")

        assert (labels("a"), labels("b")) == ([], ["both"])

    def test_may_put_in_the_inbox_what_asks_nothing(self, hear, rule):
        rule("All", [LIFT], Action(Does.OPEN), Action(Does.NOTE, "Voir le contrat."))

        assert set(hear(a="Bel ascenseur", b="Bel escalier")) == {"a"}

    def test_may_ask_which_agency_looks_after_the_place(self, hear, rule):
        Place.objects.create(name="Les Érables", level="building", agency="Nord")
        rule("North", [Condition(Asks.QUERY, "agency:Nord")], Action(Does.LABEL, "nord"))

        hear(a="Quand revient l’eau aux Érables ?", b="Quand revient l’eau ?")

        assert (labels("a"), labels("b")) == (["nord"], [])

    def test_never_puts_away_somebody_in_danger(self, hear, rule):
        away = (Action(Does.STATUS, "closed"), Action(Does.SNOOZE, "24"))
        rule("Away", [LIFT], *away, Action(Does.LABEL, "lift"))

        cases = hear(
            a="Bloqué dans l’ascenseur, au secours !", b="Pourquoi l’ascenseur est en panne ?"
        )

        assert (cases["a"].status, cases["a"].snoozed_until) == ("new", None)
        assert labels("a") == ["lift"]
        assert cases["b"].status == "closed"

    def test_raises_how_urgent_it_is_and_never_lowers_it(self, hear, rule):
        rule("Need", [LIFT], Action(Does.URGENCY, "need"))

        cases = hear(
            a="Bloqué dans l’ascenseur, au secours !", b="Pourquoi l’ascenseur est en panne ?"
        )

        assert cases["a"].urgency == Urgency.DANGER
        assert cases["b"].urgency == Urgency.NEED

    @pytest.mark.parametrize(
        ("conditions", "actions"),
        [
            ([], [Action(Does.OPEN)]),
            ([LIFT], []),
            ([LIFT] * 9, [Action(Does.OPEN)]),
            ([LIFT], [Action(Does.LABEL, str(n)) for n in range(7)]),
            ([LIFT], [Action(Does.PERSON, "1"), Action(Does.ROLE, "monitor")]),
            ([Condition(Asks.QUERY, "(lift")], [Action(Does.OPEN)]),
            ([Condition(Asks.QUERY, "status:open")], [Action(Does.OPEN)]),
        ],
    )
    def test_is_refused_when_it_cannot_be_followed(self, conditions, actions, rule):
        with pytest.raises(NotAllowed):
            rule("Bad", conditions, *actions)


class TestTryingARule:
    def test_says_what_it_would_have_done_and_does_nothing(self, hear, rule):
        rule("Above", [Condition(Asks.QUERY, "bloqué")], Action(Does.OPEN))
        hear(a="Bloqué dans l’ascenseur, au secours !", b="Un ascenseur", c="Un escalier")
        PostLabel.objects.all().delete()
        wanted = Rule(key=0, name="T", conditions=(LIFT,), actions=(Action(Does.LABEL, "lift"),))

        tried = rule_queries.try_out(wanted, now=NOW)

        assert (tried.looked, tried.met, tried.before) == (3, 1, 1)
        assert [post.uid for post in tried.examples] == ["b"]
        assert not PostLabel.objects.exists()


class TestTakingBack:
    def test_puts_posts_back_as_they_were(self, hear, rule, emma):
        row = rule("Lifts", [LIFT], Action(Does.LABEL, "lift"), Action(Does.STATUS, "off topic"))
        hear(a="Pourquoi l’ascenseur est en panne ?")
        assert Case.objects.get().status == "no-reply"

        assert services.undo_runs(rule_id=row.pk, person=emma, now=NOW) == (1, 0)

        assert (Case.objects.get().status, Case.objects.get().done_at) == ("new", None)
        assert labels("a") == []
        assert AuditLine.objects.filter(action="inbox.rule-undo").exists()

    def test_leaves_what_somebody_changed_since(self, hear, rule, emma, ana):
        row = rule("Lifts", [LIFT], Action(Does.PERSON, str(ana.pk)))
        case = hear(a="Pourquoi l’ascenseur est en panne ?")["a"]
        services.assign(cases=[case.pk], to=emma, person=emma, now=NOW)

        assert services.undo_runs(rule_id=row.pk, person=emma, now=NOW) == (0, 1)
        assert Case.objects.get().assigned_to == emma

    def test_takes_out_what_only_the_rule_put_in(self, hear, rule, emma):
        row = rule("All", [LIFT], Action(Does.OPEN))
        hear(a="Bel ascenseur")

        services.undo_runs(rule_id=row.pk, person=emma, now=NOW)

        assert not Case.objects.exists()


FORM = {
    "name": "Lifts",
    "if-0": "query",
    "if-0-words": "ascenseur",
    "do-0": "label",
    "do-0-words": "lift",
}


class TestThePages:
    def test_make_change_and_remove_a_rule(self, browse, emma):
        browser = browse(emma)
        browser.post("/respond/rules/make/", FORM)
        row = InboxRule.objects.get()
        assert "ascenseur" in browser.get(f"/respond/rules/{row.pk}/").content.decode()

        browser.post(f"/respond/rules/{row.pk}/save/", FORM | {"name": "Ascenseurs"})
        assert "Ascenseurs" in browser.get("/respond/rules/").content.decode()

        browser.post(f"/respond/rules/{row.pk}/change/", {"what": "remove"})
        assert not InboxRule.objects.exists()

    def test_try_without_keeping(self, browse, emma, hear):
        hear(a="Pourquoi l’ascenseur est en panne ?")
        InboxRule.objects.all().delete()

        page = browse(emma).post("/respond/rules/make/", FORM | {"try": "1"})

        assert "What it would have done" in page.content.decode()
        assert not InboxRule.objects.exists()
        assert not RuleRun.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "status"),
        [
            ({"if-0-words": ""}, 422),
            ({"if-0": ""}, 422),
            ({"do-0": "snooze", "do-0-words": "soon"}, 422),
            ({"if-0-words": "(ascenseur"}, 409),
        ],
    )
    def test_say_what_is_wrong(self, wrong, status, browse, emma):
        answer = browse(emma).post("/respond/rules/make/", FORM | wrong)

        assert answer.status_code == status
        assert not InboxRule.objects.exists()
