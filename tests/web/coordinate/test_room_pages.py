"""The alert's page and the crisis room: what they answer, escape, refuse and offer."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from tests.browser import crisis_rows, sample_rows

from quivive.vocabulary.assessments import Level
from quivive.vocabulary.crises import Role
from quivive.vocabulary.messages import say
from quivive.web.assess.models import Threat
from quivive.web.coordinate import queries
from quivive.web.coordinate.models import Crisis, LogLine, Task
from quivive.web.coordinate.services.log import write
from quivive.web.detect.models import Alert, Claim
from quivive.web.listen.models import Account, Post
from quivive.web.listen.services import hide_posts
from quivive.web.people.models import Person, RoleHolding

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def camille(now) -> Person:
    return sample_rows.people(now, language="en")


@pytest.fixture
def alert(now, camille) -> Alert:
    return crisis_rows.told(now, camille)


@pytest.fixture
def crisis(alert, camille, now) -> Crisis:
    return crisis_rows.crisis(alert, camille, now)


@pytest.fixture
def reader(camille) -> Client:
    client = Client()
    client.force_login(camille, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def room(crisis: Crisis) -> str:
    return reverse("coordinate:crisis", args=[crisis.pk])


def shown(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestEachPage:
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_opens_without_inline_script_or_style(self, reader, camille, crisis, alert, language):
        Person.objects.filter(pk=camille.pk).update(language=language)

        for address in (
            room(crisis),
            room(crisis) + "?order=help&leaning=negative&words=only&shown=9",
            reverse("coordinate:report", args=[crisis.pk]),
            reverse("coordinate:crises"),
            reverse("coordinate:contacts"),
            reverse("coordinate:escalation"),
            reverse("detect:alert", args=[alert.pk]),
        ):
            page = shown(reader, address)

            assert f'lang="{language}"' in page
            assert " style=" not in page, address
            assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page), address
            assert not re.search(r" on\w+=\"", page), address

    def test_shows_hostile_words_as_words(self, reader, crisis, alert):
        for address in (room(crisis), reverse("detect:alert", args=[alert.pk])):
            page = shown(reader, address)

            assert "<script>alert(1)" not in page
            assert "<b>scandale</b>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown(reader, room(crisis))

    def test_has_no_id_twice(self, reader, crisis):
        ids = re.findall(r'\bid="([^"]+)"', shown(reader, room(crisis)))

        assert sorted(ids) == sorted(set(ids))

    def test_is_closed_to_somebody_without_a_role(self, reader, crisis, alert):
        RoleHolding.objects.all().delete()

        assert reader.get(room(crisis)).status_code == 403
        assert reader.get(reverse("detect:alert", args=[alert.pk])).status_code == 403

    def test_reads_strange_filters_as_none(self, reader, crisis):
        shown(reader, room(crisis) + "?order=%00&shown=-3&network=<b>&leaning=x")


class TestTheAlert:
    def test_says_the_cause_first_and_marks_the_first_post(self, reader, alert):
        page = shown(reader, reverse("detect:alert", args=[alert.pk]))

        assert page.index("41 people wrote in 1 h") < page.index("first post")
        assert page.index("first post") < page.index("Plus d’eau chaude ni de chauffage au 14")

    def test_can_wait_until_tomorrow_morning(self, reader, alert):
        reader.post(reverse("detect:snooze", args=[alert.pk]), {"length": "morning"})

        alert.refresh_from_db()
        morning = timezone.localtime(alert.snoozed_until)
        assert (morning.hour, morning.minute) == (8, 0)
        assert morning.date() == timezone.localdate() + timedelta(days=1)

    def test_leads_to_the_room_once_it_is_open(self, reader, alert, crisis):
        page = shown(reader, reverse("detect:alert", args=[alert.pk]))

        assert f'href="{room(crisis)}"' in page
        assert reverse("coordinate:open-from-alert", args=[alert.pk]) not in page


class TestTheRoom:
    def test_answers_the_three_questions(self, reader, crisis):
        page = shown(reader, room(crisis))

        assert "Possibly: health or safety." in page
        assert "La chaudière de la tour B a été coupée exprès" in page
        assert "tel:+33 2 61 91 10 10" in page

    def test_asks_what_nobody_has_said_and_fills_in_nothing(self, reader, alert, camille, now):
        fresh = crisis_rows.crisis(alert, camille, now, answered=False)

        page = shown(reader, room(fresh))

        assert "3 answers missing" in page
        assert "Nobody has written it down yet." in page
        chosen = re.findall(r'name="harm" value="([^"]*)"[^>]*checked', page)
        assert chosen == [""]

    def test_opens_every_term_with_its_posts(self, reader, crisis):
        page = shown(reader, room(crisis))
        sheet = queries.crisis_page(crisis.pk, timezone.now()).sheet

        assert {f'id="term-{one.code}"' in page for one in sheet.indicators} == {True}
        assert sum(one.points for one in sheet.indicators) == pytest.approx(sheet.score, abs=0.1)

    def test_is_called_a_crisis_from_level_three_only(self, reader, crisis, camille, now):
        crisis_rows.by_hand(crisis, camille, now, Level.INCIDENT)
        assert "3 · Crisis" not in shown(reader, room(crisis)).split('id="level"')[0]

        crisis_rows.by_hand(crisis, camille, now, Level.CRISIS)
        assert "3 · Crisis" in shown(reader, room(crisis)).split('id="level"')[0]

    def test_puts_people_in_need_before_large_audiences(self, reader, crisis):
        page = shown(reader, room(crisis) + "?order=help").split('id="stream"')[1]

        assert page.index("Odeur de gaz") < page.index("Le Courrier du Port")

    def test_tells_the_room_s_lines_from_people_s(self, reader, crisis):
        log = shown(reader, room(crisis)).split('id="log"')[1]

        assert 'class="room kind-onset"' in log
        assert 'class="human kind-decision"' in log
        assert "What was known then" in log

    def test_names_nobody_who_wrote_to_field_staff(self, reader, crisis, camille, now):
        influential = say("{author}, whom you follow closely, wrote.", author="@alerte_infos")
        write(crisis, kind="signal", message=influential, at=now)
        camille.holdings.all().delete()
        camille.holdings.create(role=Role.FIELD_STAFF.value, given_at=now)
        strangers = Account.objects.exclude(posts__own=True)
        names = [name for one in strangers for name in (one.name, one.handle) if name]

        page = shown(reader, room(crisis))

        assert len(names) > 3
        sought = [*names, "alerte_infos"]
        assert [
            name for name in sought if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", page)
        ] == []
        assert "Somebody, whom you follow closely, wrote." in page
        assert re.findall(r'href="(/detect/[^"]+)', page) == []  # closed to them

    def test_keeps_counting_silence_until_one_of_our_accounts_spoke(self, camille, now):
        alert = crisis_rows.told(now, camille, spoke=True)
        crisis = crisis_rows.crisis(alert, camille, now)

        clock = queries.crisis_page(crisis.pk, now).clock

        assert clock.spoke_at == crisis.threat.onset + timedelta(minutes=17)

    def test_says_which_words_ended_it_and_forgets_those_the_team_hid(self, camille, reader, now):
        """A planned advert that names the topic is no answer."""
        alert = crisis_rows.told(now, camille, spoke=True)
        crisis = crisis_rows.crisis(alert, camille, now)
        ours = queries.crisis_page(crisis.pk, now).first_words
        assert escape(ours.content[:40]) in shown(reader, room(crisis)).split('id="severity"')[0]

        every = Post.objects.filter(own=True, published__gte=ours.published)
        hide_posts(
            posts=list(every.values_list("pk", flat=True)),
            reason="Adverts",
            person=camille,
            now=now,
        )

        assert queries.crisis_page(crisis.pk, now).clock.spoke_at is None

    def test_offers_nobody_what_they_may_not_do(self, reader, crisis):
        RoleHolding.objects.exclude(role="monitor").delete()

        page = shown(reader, room(crisis))

        assert 'id="state"' not in page
        assert 'id="level"' not in page
        assert 'id="id_claim"' in page


class TestAnAnswer:
    def test_to_one_question_leaves_the_others_as_they_were(self, reader, crisis):
        reader.post(reverse("coordinate:inputs", args=[crisis.pk]), {"harm": "1.0"})

        inputs = Threat.objects.get(crisis=crisis).inputs
        assert (inputs["harm"], inputs["type"]) == (1.0, "technical-failure")
        assert inputs["history"] is True

    def test_that_is_taken_back_is_asked_again(self, reader, crisis):
        reader.post(reverse("coordinate:inputs", args=[crisis.pk]), {"harm": ""})

        assert "1 answer missing" in shown(reader, room(crisis))

    def test_without_ticks_unticks(self, reader, crisis):
        reader.post(reverse("coordinate:inputs", args=[crisis.pk]), {"flags": "1"})

        assert "history" not in Threat.objects.get(crisis=crisis).inputs


class TestAClaimOfTheTopic:
    """What posts claim can be taken for what the crisis is about, by one press ..."""

    @pytest.fixture
    def claim(self, crisis, now) -> Claim:
        return Claim.objects.create(
            topic=crisis.threat.topic,
            key="r1",
            name="Two people are in hospital",
            sentence_from="gone",
            first_at=now,
            last_at=now,
            rumour_at=now,
            status="false",
            source="Health agency, 20:45",
        )

    def press(self, reader: Client, crisis: Crisis, claim: Claim) -> None:
        page = shown(reader, room(crisis))
        form = page[: page.index(f'id="take-{claim.pk}"')].rpartition("<form")[2]
        given = dict(re.findall(r'name="(claim\w*)" value="([^"]*)"', form))
        reader.post(reverse("coordinate:inputs", args=[crisis.pk]), given)

    def test_with_how_far_it_is_checked_and_who_says_so(self, reader, crisis, claim, camille, now):
        RoleHolding.objects.create(person=camille, role="fact-owner", given_at=now)

        self.press(reader, crisis, claim)

        inputs = Threat.objects.get(crisis=crisis).inputs
        assert inputs["claim"] == "Two people are in hospital"
        assert (inputs["claim_status"], inputs["claim_source"]) == ("false", "Health agency, 20:45")
        assert "taken for this crisis" in shown(reader, room(crisis))

    def test_in_words_alone_by_those_who_do_not_verify(self, reader, crisis, claim):
        RoleHolding.objects.exclude(role="monitor").delete()

        self.press(reader, crisis, claim)

        inputs = Threat.objects.get(crisis=crisis).inputs
        assert inputs["claim"] == "Two people are in hospital"
        assert not inputs.get("claim_status")

    def test_leads_nobody_to_a_page_that_is_closed_to_them(
        self, reader, crisis, claim, camille, now
    ):
        Threat.objects.filter(crisis=crisis).update(inputs={})
        camille.holdings.all().delete()
        camille.holdings.create(role=Role.FIELD_STAFF.value, given_at=now)

        page = shown(reader, room(crisis))

        assert "Two people are in hospital" in page
        assert reverse("detect:claim", args=[claim.pk]) not in page

    def test_is_offered_to_nobody_who_may_not_answer(self, reader, crisis, claim, camille, now):
        RoleHolding.objects.filter(person=camille).delete()
        RoleHolding.objects.create(person=camille, role="drafter", given_at=now)

        assert "take-claim" not in shown(reader, room(crisis))


class TestATask:
    def test_is_added_with_an_owner_and_a_due_time(self, reader, crisis, camille):
        words, half_an_hour = "Ouvrir la salle du Lavoir aux familles", timedelta(minutes=30)
        before = timezone.now()
        reader.post(
            reverse("coordinate:task", args=[crisis.pk]),
            {"title": words, "role": "lead", "in_min": "30", "owner_id": camille.pk},
        )

        task = Task.objects.get(title__text=words)
        assert task.owner == camille
        assert before <= task.due_at - half_an_hour <= timezone.now()

    def test_is_done_with_one_press(self, reader, crisis):
        task = Task.objects.filter(done_at=None).first()

        reader.post(reverse("coordinate:task-done", args=[task.pk]))

        task.refresh_from_db()
        assert task.done_at is not None
        assert LogLine.objects.filter(kind="task-done").exists()


class TestTheReport:
    def test_says_which_tasks_were_done(self, reader, crisis):
        text = reader.get(reverse("coordinate:report-text", args=[crisis.pk])).content.decode()

        assert "Done: Pause everything that was scheduled to be published" in text

    def test_names_them_in_the_reader_s_language_with_who_takes_them_on(
        self, reader, crisis, camille
    ):
        task = Task.objects.filter(done_at=None, owner=None).first()
        reader.post(reverse("coordinate:task-owner", args=[task.pk]), {"owner_id": camille.pk})
        Person.objects.filter(pk=camille.pk).update(language="fr")

        text = reader.get(reverse("coordinate:report-text", args=[crisis.pk])).content.decode()

        assert "Fait\u00a0: Suspendre tout ce qui devait être publié" in text
        assert f"{camille} prend en charge\u00a0: " in text


ASKING = {
    "language": "fr",
    "label": "neutral",
    "negative": 0.2,
    "low": 0.1,
    "high": 0.3,
    "neutral": 0.7,
    "positive": 0.1,
    "enquiry": 0.9,
}


class TestTheInitiative:
    def test_is_shown_once_we_spoke_with_when_we_mean_to_speak_next(self, reader, crisis):
        """R-45: four updates, two of them before anybody asked."""
        threat = crisis.threat
        posts = list(Post.objects.filter(matches__topic=threat.topic_id, repost_of="")[:6])
        Post.objects.exclude(pk__in=[post.pk for post in posts]).delete()
        told = [(10, True, ""), (30, True, ""), (40, True, "x"), (60, True, "")]
        told += [(20, False, ""), (70, False, "")]
        for post, (minute, own, parent) in zip(posts, told, strict=True):
            post.document["sentiment"] = ASKING
            post.own, post.in_reply_to, post.deleted_at = own, parent, None
            post.published = threat.onset + timedelta(minutes=minute)
            post.save()

        page = shown(reader, room(crisis))

        assert "Initiative: 50" in page
        assert "2 of 4 updates came before anybody asked" in page
        assert "next update planned for" in page


class TestAnOldPicture:
    def test_that_comes_back_is_shown_beside_who_showed_it_first(self, crisis, reader):
        """R-27, R-54: Tuesday's photo told as Thursday's."""
        assert "Pictures shown again" not in reader.get(room(crisis)).content.decode()
        old, new = Post.objects.filter(matches__topic=crisis.threat.topic, repost_of="")[:2]
        for post, days in ((old, 3), (new, 0)):
            post.document["post"]["media"] = ["https://img.example/ph1.jpg"]
            post.published -= timedelta(days=days)
            post.save()

        page = reader.get(room(crisis)).content.decode()

        shown = page[page.index("Pictures shown again") :]
        assert shown.index(str(old.author)) < shown.index("Shown again</h3>")


class TestTheQuestionWhatIsClaimed:
    def test_shows_the_rumour_that_was_heard_until_somebody_writes_it_down(
        self, alert, camille, reader, now
    ):
        crisis = crisis_rows.crisis(alert, camille, now, answered=False)
        rumour = Claim.objects.create(
            topic=crisis.threat.topic,
            key="r1",
            name="Two people are in hospital",
            sentence_from="gone",
            first_at=now,
            last_at=now,
            rumour_at=now,
        )
        asked = reader.get(room(crisis)).content.decode()
        panel = asked[asked.index('id="hour"') : asked.index('id="severity"')]
        assert "Heard most:" in panel
        assert reverse("detect:claim", args=[rumour.pk]) in panel

        crisis.threat.inputs["claim"] = "Two tenants are ill"
        crisis.threat.save()
        assert "Heard most:" not in reader.get(room(crisis)).content.decode()
