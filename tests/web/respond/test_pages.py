"""The pages of the inbox: what people with and without leave see and do there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.crises import Role
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.web.listen.models import Deed, PostLabel, Topic
from quivive.web.listen.worker import store_matches
from quivive.web.respond.models import Case, InboxSettings, Mention, Presence
from quivive.web.respond.worker import take_in
from quivive.web.waiting.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(organisation):
    now = timezone.now()
    Topic.objects.create(slug="heat", name="Heating", query="x", created_at=now)
    posts = [
        Post(
            id=f"https://m.example/{key}",
            network="micro",
            published=now - timedelta(minutes=ago),
            attributed_to=Account(id=f"u:{key}", handle=key, name=key.title()),
            content=words,
        )
        for key, words, ago in (
            ("josette", "j’ai froid, je suis seule <script>alert(1)</script>", 9),
            ("paul", "C’est vrai ?", 30),
        )
    ]
    store_matches([Match(post=post, topics=("heat",)) for post in posts], now=now)
    take_in(now=now)
    return Case.objects.get(post__uid="https://m.example/josette")


def address(case: Case, what: str = "") -> str:
    return f"/respond/cases/{case.pk}/{what}"


class TestTheInbox:
    def test_shows_who_waits_in_order_with_the_reasons(self, case, ana, browse):
        page = browse(ana).get("/respond/").content.decode()

        assert page.index("Josette") < page.index("Paul")
        assert "in need and alone" in page
        assert "reply due in" in page

    def test_shows_a_post_as_words_and_why_it_is_there(self, case, ana, browse):
        page = browse(ana).get(address(case)).content.decode()

        assert "<script>alert(1)" not in page
        assert "somebody is alone" in page
        assert '<q class="words">suis seule</q>' in page

    def test_says_how_many_are_urgent_on_every_page(self, case, ana, browse):
        assert 'aria-label="1 urgent"' in browse(ana).get("/signals/").content.decode()

    @pytest.mark.parametrize(
        "asked", ["view=x", "after=z", "after=1~x~2", "deed=999", "deed=x", f"deed={10**30}"]
    )
    def test_survives_any_address(self, asked, case, ana, browse):
        assert browse(ana).get(f"/respond/?{asked}").status_code == 200

    def test_takes_no_number_that_no_case_can_have(self, case, ana, browse):
        sent = {"cases": [str(10**30)], "next": str(10**30), "status": "answered"}

        assert browse(ana).post(reverse("respond:bulk"), sent).status_code == 302

    def test_keeps_a_note_without_a_sign_that_no_database_keeps(self, case, ana, browse):
        browse(ana).post(address(case, "note/"), {"text": "Appel\x00ée"})

        assert case.lines.get(kind="note").message["text"] == "Appelée"

    def test_is_not_for_people_on_the_spot(self, case, make_person, browse):
        fay = make_person("Fay", Role.FIELD_STAFF)

        assert browse(fay).get("/respond/").status_code == 403
        assert b"/respond/" not in browse(fay).get("/").content

    def test_offers_nothing_to_those_who_only_read(self, case, ben, browse):
        page = browse(ben).get(address(case)).content.decode()

        assert "Josette" in page
        assert "I am answering" not in page
        assert browse(ben).post(address(case, "lock/")).status_code == 403


class TestActing:
    def test_takes_many_and_undoes_it(self, case, ana, browse):
        browser = browse(ana)
        both = list(Case.objects.values_list("pk", flat=True))

        browser.post("/respond/cases/", {"act": "take", "cases": both, "query": "view=new"})
        assert Case.objects.filter(assigned_to=ana, status="open").count() == 2
        browser.post(f"/respond/undo/{Deed.objects.get().pk}/")

        assert Case.objects.filter(assigned_to=None, status="new").count() == 2

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ({"act": "status", "status": "waiting"}, {"status": "waiting"}),
            ({"act": "status", "status": "no-reply", "reason": "spam"}, {"status": "no-reply"}),
            ({"act": "status", "status": "no-reply"}, {"status": "new"}),
            ({"act": "assign", "to": "legal-nonsense"}, {"team": ""}),
            ({"act": "assign", "to": "monitor"}, {"team": "monitor"}),
            ({"act": "snooze", "until": "tomorrow"}, {"snoozed_until__isnull": False}),
            ({"act": "snooze", "at": "2020-01-01T00:00"}, {"snoozed_until": None}),
        ],
    )
    def test_does_one_thing(self, said, kept, case, ana, browse):
        browse(ana).post("/respond/cases/", {**said, "cases": case.pk})

        assert Case.objects.filter(pk=case.pk, **kept).exists()

    @pytest.mark.parametrize("said", [{"act": "x"}, {"act": "status", "status": "x"}])
    def test_knows_nothing_else(self, said, case, ana, browse):
        assert browse(ana).post("/respond/cases/", {**said, "cases": case.pk}).status_code == 404

    def test_labels(self, case, ana, browse):
        browse(ana).post("/respond/cases/", {"act": "label", "label": "urgent", "cases": case.pk})

        assert PostLabel.objects.get().post == case.post

    def test_answers_under_a_lock_others_see(self, case, ana, cleo, browse):
        browse(ana).post(address(case, "lock/"))

        theirs = browse(cleo).get(address(case)).content.decode()
        assert "Ana is answering until" in theirs
        refused = browse(cleo).post(address(case, "answered/"), follow=True).content.decode()
        assert "Wait, or take over" in refused
        browse(cleo).post(address(case, "lock/"), {"take_over": "1"})
        browse(cleo).post(address(case, "answered/"), {"url": "https://m.example/our"})
        case.refresh_from_db()
        assert (case.status, case.answer_url) == ("answered", "https://m.example/our")

    def test_shows_a_note_and_marks_the_mention_read_by_looking(self, case, ana, cleo, browse):
        browse(ana).post(address(case, "note/"), {"text": "@Cleo <b>regarde</b>"})
        assert Mention.objects.get().seen_at is None

        page = browse(cleo).get(address(case)).content.decode()

        assert "@Cleo &lt;b&gt;regarde&lt;/b&gt;" in page
        assert Mention.objects.get().seen_at is not None

    def test_tells_open_pages_who_is_there(self, case, ana, cleo, browse):
        browse(cleo).post(address(case, "here/"), {"doing": "typing"})

        assert "Cleo types" in browse(ana).get(address(case)).content.decode()
        assert Change.objects.filter(kind="inbox", subject=str(case.pk)).exists()
        browse(cleo).post(address(case, "here/"), {"doing": "left"})
        assert not Presence.objects.exists()

    def test_says_that_there_is_no_such_case(self, case, ana, browse):
        for what in ("", "note/", "lock/", "answered/", "here/"):
            at = f"/respond/cases/999999/{what}"
            answer = browse(ana).post(at) if what else browse(ana).get(at)
            assert answer.status_code == 404, what


class TestThePromise:
    def test_is_changed_by_who_manages(self, case, emma, ana, browse):
        said = {
            "danger_min": 10, "alone_min": 5, "need_min": 30, "question_min": 60, "press_min": 45,
            "addressed_min": 90, "solution_h": 24, "take_days": 3,
        }  # fmt: skip
        before = case.first_due_at

        assert browse(ana).post("/respond/settings/", said).status_code == 403
        assert browse(emma).post("/respond/settings/", {**said, "need_min": 0}).status_code == 422
        assert browse(emma).post("/respond/settings/", said).status_code == 302

        case.refresh_from_db()
        assert before - case.first_due_at == timedelta(minutes=25)
        assert InboxSettings.objects.get().escalates is False
