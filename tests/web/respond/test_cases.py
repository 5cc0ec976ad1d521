"""What people do in the inbox, alone and at the same time."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.listen.records import Deletion
from quivive.respond.inbox import LOCK, Promise, Status
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.vocabulary.sentiments import Leaning, Sentiment
from quivive.vocabulary.signals import SignalKind
from quivive.web.assess.models import Threat
from quivive.web.coordinate.models import Crisis
from quivive.web.coordinate.services import reach_everybody
from quivive.web.detect.models import Alert, AlertState
from quivive.web.detect.services import acknowledge, snooze
from quivive.web.listen import search_queries
from quivive.web.listen import services as listening
from quivive.web.listen.models import Topic
from quivive.web.listen.worker import forget_posts, store_matches
from quivive.web.people.models import AuditLine, OwnAccount, Person
from quivive.web.respond import queries, services
from quivive.web.respond.models import Case, CaseLine, Mention
from quivive.web.respond.services.talk import forget_absent
from quivive.web.respond.worker import ring_late, take_in, tell_named

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)


def said(key: str, content: str, *, minutes_ago: int = 5, by: str = "", **facts: object) -> Post:
    author = by or key
    return Post(
        id=key,
        network="micro",
        published=NOW - timedelta(minutes=minutes_ago),
        attributed_to=Account(
            id=f"u:{author}", handle=author, followers=int(facts.pop("followers", 10))
        ),
        content=content,
        **facts,
    )


@pytest.fixture
def hear(organisation):
    Topic.objects.create(slug="heat", name="Heating", query="x", created_at=NOW)
    OwnAccount.objects.create(network="micro", handle="office")

    def bring(*posts: Post, now: datetime = NOW) -> dict[str, Case]:
        store_matches([Match(post=one, topics=("heat",)) for one in posts], now=now)
        take_in(now=now)
        return {case.post.uid: case for case in Case.objects.select_related("post")}

    return bring


def order(person, view: str = "all", now: datetime = NOW) -> list[str]:
    found = queries.queue(view, person=person, roles=(Role.MONITOR,), now=now)
    return [line.case.post.uid for line in found.lines]


class TestWhatComesIn:
    def test_is_ordered_by_need_and_waiting_and_never_by_followers(self, hear, ana):
        hear(
            said("star", "C’est vrai ?", minutes_ago=9, followers=212_000),
            said("asks", "C’est vrai ?", minutes_ago=90),
            said("alone", "j ai froid je suis seule a qui telephoner", followers=6),
            said("baby", "Bébé de 3 mois sans chauffage", minutes_ago=300),
            said("gas", "Odeur de gaz au 3e", minutes_ago=1),
            said("rain", "Il pleut"),
        )

        assert order(ana) == ["gas", "alone", "baby", "asks", "star"]

    def test_tells_why_each_post_is_where_it_is(self, hear):
        cases = hear(said("alone", "je suis seule, j’ai froid"))

        assert [one["reason"] for one in cases["alone"].because] == ["alone", "without"]

    def test_promises_a_journalist_an_hour_in_the_same_place_of_the_queue(self, hear, ana):
        asked = "journaliste à L’Écho de l’Orle. Une réaction ?"
        cases = hear(
            said("star", "C’est vrai ?", minutes_ago=9), said("echo", asked, minutes_ago=5)
        )

        assert order(ana) == ["star", "echo"]
        assert cases["echo"].first_due_at - cases["echo"].asked_at == timedelta(minutes=60)

    def test_holds_cries_for_help_that_no_word_tells(self, hear, ana):
        cry = said("slab", "La dalle a un trou et le gamin est en dessous")
        heard = Sentiment(
            language="fr",
            label=Leaning.UNCERTAIN,
            negative=0.4,
            neutral=0.4,
            positive=0.2,
            plea=0.8,
        )
        store_matches([Match(post=cry, topics=("heat",), sentiment=heard)], now=NOW)

        cases = hear(said("asks", "C’est vrai ?", minutes_ago=90))

        assert order(ana) == ["slab", "asks"]
        assert [one["reason"] for one in cases["slab"].because] == ["plea"]

    def test_leaves_out_our_own_words_reposts_and_the_past(self, hear):
        assert not hear(
            said("own", "Des questions ?", by="office"),
            said("again", "Des questions ?", repost_of="x"),
            said("old", "C’est vrai ?", minutes_ago=60 * 24 * 30),
        )

    def test_becomes_a_case_once_however_often_one_looks(self, hear):
        hear(said("asks", "C’est vrai ?"))
        take_in(now=NOW)

        assert hear(said("asks", "C’est vrai ?"), said("more", "Qui appeler")).keys() == {
            "asks",
            "more",
        }
        assert Case.objects.count() == 2

    def test_looks_at_remarks_made_to_us(self, hear):
        cases = hear(said("tells", "@office votre gardien est formidable"), said("other", "Beau"))

        assert cases.keys() == {"tells"}

    def test_is_marked_answered_when_we_answered_elsewhere(self, hear, ana):
        hear(said("asks", "C’est vrai ?", minutes_ago=20))

        cases = hear(said("reply", "Non.", by="office", in_reply_to="asks", minutes_ago=3))

        case = cases["asks"]
        assert (case.status, case.replied_at) == ("answered", NOW - timedelta(minutes=3))
        assert case.answer_url == "reply"
        assert order(ana) == []

    def test_is_marked_answered_when_the_answer_came_in_first(self, hear):
        hear(said("reply", "Non.", by="office", in_reply_to="asks"))

        assert hear(said("asks", "C’est vrai ?"))["asks"].status == "answered"

    def test_opens_again_when_they_ask_more_and_not_when_they_thank(self, hear):
        hear(said("asks", "C’est vrai ?", by="ben"))
        hear(said("reply", "Non.", by="office", in_reply_to="asks"))
        thanked = hear(said("thanks", "merci beaucoup", by="ben", in_reply_to="reply"))
        assert thanked["asks"].status == "answered"

        again = hear(said("why", "Et jeudi ?", by="ben", in_reply_to="reply"))

        assert again["asks"].status == "open"

    def test_closes_when_its_author_takes_it_back(self, hear):
        hear(said("asks", "C’est vrai ?"))
        forget_posts([Deletion(id="asks", deleted_at=NOW)], now=NOW)
        take_in(now=NOW)

        assert Case.objects.get().status == "closed"
        assert Case.objects.get().because == [], "reasons quote the words"

    def test_goes_with_a_person_who_is_erased(self, hear, ana):
        case = hear(said("asks", "C’est vrai ?"))["asks"]
        services.write_note(case_id=case.pk, text="note", person=ana, now=NOW)

        case.post.author.delete()

        assert (Case.objects.count(), CaseLine.objects.count()) == (0, 0)


class TestManyAtOnce:
    @pytest.fixture
    def cases(self, hear):
        found = hear(
            said("one", "C’est vrai ?", minutes_ago=30), said("two", "C’est vrai ?", minutes_ago=20)
        )
        return [found["one"].pk, found["two"].pk]

    def test_are_given_closed_and_taken_back(self, cases, ana, ben):
        services.assign(cases=cases[:1], to=ana, person=ana, now=NOW)
        done = services.set_status(cases=cases, status=Status.CLOSED, person=ana, now=NOW)
        assert (done.changed, order(ana)) == (2, [])

        services.undo(deed_id=done.deed.pk, person=ana, now=NOW)

        assert order(ana) == ["one", "two"]
        assert [case.status for case in Case.objects.order_by("pk")] == ["open", "new"]

    def test_keep_what_somebody_changed_since(self, cases, ana, cleo):
        done = services.set_status(cases=cases, status=Status.CLOSED, person=ana, now=NOW)
        services.set_status(cases=cases[:1], status=Status.ANSWERED, person=cleo, now=NOW)

        back = services.undo(deed_id=done.deed.pk, person=ana, now=NOW)

        assert (back.changed, back.left) == (1, 1)
        assert Case.objects.get(pk=cases[0]).status == "answered"

    def test_are_not_left_unanswered_without_a_reason(self, cases, ana):
        with pytest.raises(NotAllowed):
            services.set_status(cases=cases, status=Status.NO_REPLY, person=ana, now=NOW)

        services.set_status(cases=cases, status=Status.NO_REPLY, reason="spam", person=ana, now=NOW)
        assert Case.objects.filter(status="no-reply", reason="spam").count() == 2

    def test_merge_into_the_most_urgent(self, cases, hear, ana):
        urgent = hear(said("alone", "je suis seule a qui telephoner"))["alone"]

        done = services.merge(cases=[*cases, urgent.pk], person=ana, now=NOW)

        assert order(ana) == ["alone"]
        assert Case.objects.filter(main=urgent).count() == 2
        services.undo(deed_id=done.deed.pk, person=ana, now=NOW)
        assert order(ana) == ["alone", "one", "two"]

    def test_go_out_of_sight_and_come_back_by_themselves(self, cases, ana):
        until = NOW + timedelta(hours=4)
        services.snooze(cases=cases, until=until, person=ana, now=NOW)

        assert (order(ana), order(ana, "snoozed")) == ([], ["one", "two"])
        assert order(ana, now=until) == ["one", "two"]

    def test_belong_to_a_person_or_to_a_role(self, cases, ana, ben):
        services.assign(cases=cases[:1], to=ana, person=ben, now=NOW)
        services.assign(cases=cases[1:], to=None, team="monitor", person=ben, now=NOW)

        assert order(ana, "mine") == ["one", "two"]
        assert order(ben, "mine") == ["two"]

    def test_are_found_by_what_the_team_did(self, cases, ana):
        services.assign(cases=cases[:1], to=ana, person=ana, now=NOW)

        def found(text: str) -> list[str]:
            asked = search_queries.Asked(query=search_queries.read(text))
            return [hit.post.uid for hit in search_queries.search(asked).rows]

        assert found("vrai status:open") == ["one"]
        assert found("vrai assigned:ana") == ["one"]
        assert found("vrai priority:question") == ["two", "one"]

    def test_leave_the_queue_when_hidden(self, cases, ana):
        posts = [Case.objects.get(pk=cases[0]).post_id]
        listening.hide_posts(posts=posts, reason="spam", person=ana, now=NOW)

        assert order(ana) == ["two"]

    def test_are_logged(self, cases, ana):
        services.assign(cases=cases, to=ana, person=ana, now=NOW)

        line = AuditLine.objects.latest("pk")
        assert (line.action, line.detail["cases"]) == ("case.assigned", cases)


class TestAnswering:
    @pytest.fixture
    def case(self, hear):
        return hear(said("asks", "C’est vrai ?"))["asks"].pk

    def test_keeps_others_from_answering_for_ten_minutes(self, case, ana, cleo):
        services.lock(case_id=case, person=ana, now=NOW)

        with pytest.raises(NotAllowed) as refused:
            services.lock(case_id=case, person=cleo, now=NOW)
        with pytest.raises(NotAllowed):
            services.answer(case_id=case, url="", person=cleo, now=NOW)

        assert refused.value.what.values["name"] == "Ana"
        services.lock(case_id=case, person=cleo, now=NOW + LOCK)

    def test_may_be_taken_over_and_it_shows(self, case, ana, cleo):
        services.lock(case_id=case, person=ana, now=NOW)

        services.lock(case_id=case, person=cleo, now=NOW, take_over=True)

        services.answer(case_id=case, url="https://m.example/1", person=cleo, now=NOW)
        row = Case.objects.get(pk=case)
        assert (row.status, row.answer_url, row.locked_by) == (
            "answered",
            "https://m.example/1",
            None,
        )
        assert "takes over" in CaseLine.objects.filter(kind="lock").last().message["text"]

    def test_leaves_a_locked_one_alone_among_many(self, case, hear, ana, cleo):
        other = hear(said("more", "C’est vrai ?"))["more"].pk
        services.lock(case_id=case, person=ana, now=NOW)

        done = services.set_status(cases=[case, other], status=Status.CLOSED, person=cleo, now=NOW)

        assert (done.changed, done.left) == (1, 1)
        assert Case.objects.get(pk=case).status == "open"

    def test_refuses_what_is_no_address(self, case, ana):
        with pytest.raises(NotAllowed):
            services.answer(case_id=case, url="javascript:alert(1)", person=ana, now=NOW)


class TestTalkingAmongUs:
    @pytest.fixture
    def case(self, hear):
        return hear(said("asks", "C’est vrai ?"))["asks"].pk

    @pytest.mark.enable_socket
    def test_tells_whoever_is_named_once(self, case, ana, cleo, mailbox):
        services.write_note(case_id=case, text="@cleo tu sais ?", person=ana, now=NOW)

        assert list(Mention.objects.values_list("person", flat=True)) == [cleo.pk]
        assert order(cleo, "named") == ["asks"]
        reach_everybody(now=NOW)
        assert [tell_named(now=NOW), tell_named(now=NOW)] == [1, 0]
        assert mailbox.told == ["cleo"]
        assert "tu sais ?" in mailbox.mails[0].get_body(("plain",)).get_content()
        services.see_mentions(case_id=case, person=cleo, now=NOW)
        assert order(cleo, "named") == []

    @pytest.mark.enable_socket
    def test_tries_again_when_the_notice_did_not_leave(self, case, ana, cleo, mailbox):
        services.write_note(case_id=case, text="@cleo tu sais ?", person=ana, now=NOW)
        reach_everybody(now=NOW)
        mailbox.answers = ["451 later"]

        assert [tell_named(now=NOW), tell_named(now=NOW)] == [0, 0]
        assert tell_named(now=NOW + timedelta(minutes=1)) == 1

    @pytest.mark.enable_socket
    def test_tells_the_others_when_one_notice_cannot_be_written(
        self, case, ana, cleo, make_person, mailbox
    ):
        make_person("Dan", Role.DRAFTER)
        services.write_note(case_id=case, text="@cleo @dan ?", person=ana, now=NOW)
        reach_everybody(now=NOW)
        Person.objects.filter(pk=cleo.pk).update(time_zone="Nowhere/At_all")

        assert tell_named(now=NOW) == 1
        assert mailbox.told == ["dan"]
        assert Mention.objects.get(person=cleo).attempts == 1

    def test_refuses_an_empty_note(self, case, ana):
        with pytest.raises(NotAllowed):
            services.write_note(case_id=case, text="  ", person=ana, now=NOW)

    def test_shows_who_reads_and_types_until_they_leave_or_fade(self, case, ana, cleo):
        services.be_here(case_id=case, typing=True, person=cleo, now=NOW)

        def present(now: datetime = NOW) -> list[tuple[str, bool]]:
            page = queries.case_page(case, person=ana, now=now)
            return [(str(one.person), one.typing) for one in page.present]

        assert present() == [("Cleo", True)]
        assert present(NOW + timedelta(minutes=2)) == []
        assert forget_absent(now=NOW + timedelta(minutes=2)) == [case]
        services.be_here(case_id=case, typing=False, person=cleo, now=NOW)
        services.leave(case_id=case, person=cleo, now=NOW)
        assert present() == []


def late_at(hear, key: str, content: str, at: datetime) -> None:
    """Bring a post nobody answers for seven hours, and ring at ``at``."""
    then = at - timedelta(hours=7)
    hear(said(key, content, minutes_ago=(NOW - then).total_seconds() / 60), now=then)
    ring_late(now=at)


class TestLateAnswers:
    def test_ring_once_a_topic_by_the_usual_escalation(self, hear, ana):
        for one in (
            said("baby", "Bébé sans chauffage", minutes_ago=90),
            said("alone", "je suis seule a qui telephoner", minutes_ago=40),
            said("fresh", "C’est vrai ?", minutes_ago=5),
        ):
            hear(one, now=one.published)

        assert (ring_late(now=NOW), ring_late(now=NOW)) == (2, 0)

        alert = Alert.objects.select_related("signal").get()
        assert (alert.state, alert.signal.kind) == (AlertState.RINGING, SignalKind.UNANSWERED)
        assert (alert.signal.observed, alert.signal.severity) == (2, 8)
        assert alert.signal.evidence == ["alone", "baby"]

    def test_join_the_alert_that_rings_for_their_topic(self, hear, ana):
        late_at(hear, "baby", "Bébé sans chauffage", NOW)
        late_at(hear, "asks", "C’est vrai ?", NOW + timedelta(minutes=5))

        alert = Alert.objects.select_related("signal").get()
        assert (alert.state, alert.rings) == (AlertState.RINGING, 1)
        assert (alert.signal.observed, alert.signal.evidence) == (2, ["baby", "asks"])
        assert alert.signal.reason["count"] == 2

    def test_stand_on_the_alert_with_a_way_to_each(self, hear, ana, browse):
        late_at(hear, "baby", "Bébé sans chauffage <b>", NOW)

        page = browse(ana).get(f"/detect/alert/{Alert.objects.get().pk}/").content.decode()
        assert "Who waits" in page
        assert f"/respond/cases/{Case.objects.get().pk}/" in page
        assert "Bébé sans chauffage &lt;b&gt;" in page
        assert "Heard, against usual" not in page

    def test_are_settled_by_one_answer(self, hear, ana):
        late_at(hear, "baby", "Bébé sans chauffage", NOW)
        acknowledge(alert_id=Alert.objects.get().pk, person=ana, now=NOW)
        late_at(hear, "asks", "C’est vrai ?", NOW + timedelta(minutes=50))

        alert = Alert.objects.select_related("signal").get()
        assert (alert.state, alert.signal.observed) == (AlertState.ACKNOWLEDGED, 2)

    def test_ring_anew_an_hour_after_somebody_took_them_on(self, hear, ana):
        late_at(hear, "baby", "Bébé sans chauffage", NOW)
        acknowledge(alert_id=Alert.objects.get().pk, person=ana, now=NOW)
        late_at(hear, "asks", "C’est vrai ?", NOW + timedelta(minutes=61))

        assert [one.state for one in Alert.objects.all()] == ["ringing", "acknowledged"]

    def test_ring_again_when_a_graver_one_joins(self, hear, ana):
        late_at(hear, "asks", "C’est vrai ?", NOW)
        snooze(alert_id=Alert.objects.get().pk, person=ana, until=NOW + timedelta(hours=8), now=NOW)
        late_at(hear, "gas", "Odeur de gaz au 3e", NOW + timedelta(minutes=5))

        alert = Alert.objects.select_related("signal").get()
        assert (alert.state, alert.rings) == (AlertState.RINGING, 2)
        assert (alert.signal.severity, alert.signal.evidence) == (9, ["gas", "asks"])

    def test_of_somebody_in_danger_are_never_swallowed_by_an_answered_alert(self, hear, ana):
        late_at(hear, "gas", "Odeur de gaz au 3e", NOW)
        acknowledge(alert_id=Alert.objects.get().pk, person=ana, now=NOW)
        late_at(hear, "fire", "Il y a le feu au 4e", NOW + timedelta(minutes=5))

        assert Alert.objects.filter(state=AlertState.RINGING).count() == 1

    def test_ring_later_when_nobody_could_know_of_them_in_time(self, hear, ana):
        hear(said("gap", "je suis seule", minutes_ago=120))

        assert ring_late(now=NOW) == 0
        assert ring_late(now=NOW + timedelta(hours=1)) == 1

    def test_of_posts_brought_long_after_they_were_written_ring_nobody(self, hear, ana):
        hear(said("old", "je suis seule", minutes_ago=60 * 24))

        assert ring_late(now=NOW) == 0

    def test_stop_ringing_when_the_last_is_answered(self, hear, ana):
        hear(said("baby", "Bébé sans chauffage", minutes_ago=90), now=NOW - timedelta(minutes=90))
        cases = hear(
            said("alone", "je suis seule", minutes_ago=40), now=NOW - timedelta(minutes=40)
        )
        ring_late(now=NOW)

        services.answer(case_id=cases["alone"].pk, url="", person=ana, now=NOW)
        assert Alert.objects.get().state == AlertState.RINGING
        services.answer(case_id=cases["baby"].pk, url="", person=ana, now=NOW)

        alert = Alert.objects.get()
        assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, ana)

    def test_follow_the_promise_and_may_be_silent(self, hear, ana):
        hear(said("asks", "C’est vrai ?", minutes_ago=30))
        assert ring_late(now=NOW) == 0

        services.save_settings(
            promise=Promise(question_min=10), take_days=7, escalates=False, person=ana, now=NOW
        )
        assert ring_late(now=NOW) == 0
        services.save_settings(
            promise=Promise(question_min=10), take_days=7, escalates=True, person=ana, now=NOW
        )
        assert ring_late(now=NOW) == 1


class TestThePostOfASearch:
    def test_goes_into_the_inbox_by_hand_and_back(self, hear, ana):
        hear(said("rain", "Il pleut encore"))
        assert Case.objects.count() == 0
        asked = search_queries.Asked(query=search_queries.read("pleut"))

        done = services.open_cases(posts=search_queries.found_ids(asked), person=ana, now=NOW)
        assert order(ana) == ["rain"]

        services.undo(deed_id=done.deed.pk, person=ana, now=NOW)
        assert Case.objects.count() == 0


class TestTheQueue:
    def test_goes_on_where_the_page_before_ended(self, hear, ana, monkeypatch):
        monkeypatch.setattr(queries, "PAGE", 2)
        hear(*(said(f"q{n}", "C’est vrai ?", minutes_ago=60 - n) for n in range(3)),
             said("gas", "Odeur de gaz"))  # fmt: skip

        first = queries.queue("all", person=ana, roles=(), now=NOW)
        second = queries.queue("all", person=ana, roles=(), now=NOW, after=first.after)

        told = [[line.case.post.uid for line in page.lines] for page in (first, second)]
        assert told == [["gas", "q0"], ["q1", "q2"]]
        assert second.after == ""

    def test_gives_those_who_wrote_the_same_words_one_line(self, hear, ana, monkeypatch):
        monkeypatch.setattr(queries, "PAGE", 2)
        copied = "Pourquoi l’ascenseur de la tour est-il encore en panne ?"
        hear(
            *(said(f"copy{n}", copied, minutes_ago=60 - n) for n in range(9)),
            said(
                "denies", "Pourquoi l’ascenseur de la tour n’est-il plus en panne ?", minutes_ago=20
            ),
            *(said(f"short{n}", "C’est vrai ?", minutes_ago=10 - n) for n in range(2)),
        )

        first = queries.queue("all", person=ana, roles=(), now=NOW)
        second = queries.queue("all", person=ana, roles=(), now=NOW, after=first.after)

        told = [
            [(one.case.post.uid, len(one.copies)) for one in page.lines] for page in (first, second)
        ]
        assert told == [[("copy0", 8), ("denies", 0)], [("short0", 0), ("short1", 0)]]


class TestTheDialogueRate:
    def test_counts_questions_whose_time_is_over(self, hear, ana):
        hear(
            said("answered", "C’est vrai ?", minutes_ago=600),
            said("late", "C’est vrai ?", minutes_ago=500),
            said("fresh", "C’est vrai ?", minutes_ago=5),
            said("spam", "C’est vrai ?", minutes_ago=700),
            said("remark", "@office bravo", minutes_ago=700),
        )
        cases = {case.post.uid: case.pk for case in Case.objects.select_related("post")}
        services.answer(
            case_id=cases["answered"], url="", person=ana, now=NOW - timedelta(minutes=560)
        )
        services.set_status(
            cases=[cases["spam"]], status=Status.NO_REPLY, reason="spam", person=ana, now=NOW
        )

        told = queries.dialogue_lately(now=NOW)

        assert (told.asked, told.answered, told.median_min) == (2, 1, 40.0)

    def test_leaves_out_what_was_asked_during_a_crisis(self, hear, ana):
        hear(
            said("before", "C’est vrai ?", minutes_ago=900),
            said("during", "C’est vrai ?", minutes_ago=600),
            said("after", "C’est vrai ?", minutes_ago=500),
        )
        onset, over = NOW - timedelta(minutes=660), NOW - timedelta(minutes=550)
        threat = Threat.objects.create(
            topic=Topic.objects.get(), onset=onset, created_at=onset, inputs={}
        )
        Crisis.objects.create(
            threat=threat, title="Heating", opened_by=ana, opened_at=onset, closed_at=over
        )

        assert queries.dialogue_lately(now=NOW).asked == 2

    def test_says_nothing_when_nobody_asked(self, hear):
        assert queries.dialogue_lately(now=NOW).rate is None
