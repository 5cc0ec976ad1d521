"""What is owed to people: answers in time, to be told, agreements with who works on their data."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.web.listen.models import Source
from quivive.web.people.models import AuditLine, Panel, PanelMember
from quivive.web.people.services import give_role
from quivive.web.privacy import queries, services
from quivive.web.privacy.models import Informed, Processor, RightsRequest
from quivive.web.privacy.services.purging import purge

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(emma, now):
    """Ask to see what is kept, as of the day given; returns the request."""

    def ask(received_on: date | None = None) -> RightsRequest:
        day = received_on or now.date()
        services.note_request(right="access", who="@ana", received_on=day, person=emma, now=now)
        return RightsRequest.objects.latest("pk")

    return ask


class TestARequest:
    def test_has_to_be_answered_within_a_month(self, asked, now):
        asked(date(2026, 1, 31))

        (one,) = queries.open_requests(now)

        assert one.row.due_on == date(2026, 2, 28)
        assert one.left_days == -3
        assert not one.prolongable

    def test_may_take_two_months_more_once_with_a_reason(self, asked, emma, now):
        row = asked(date(2026, 2, 20))
        known = {"request_id": row.pk, "because": "Many accounts.", "person": emma, "now": now}

        services.prolong_request(**known)

        (one,) = queries.open_requests(now)
        assert one.row.due_on == date(2026, 5, 20)
        with pytest.raises(NotAllowed, match="cannot be prolonged"):
            services.prolong_request(**known)

    def test_is_not_prolonged_once_its_term_is_over(self, asked, emma, now):
        row = asked(date(2026, 1, 2))

        with pytest.raises(NotAllowed, match="cannot be prolonged"):
            services.prolong_request(request_id=row.pk, because="Late.", person=emma, now=now)

    def test_came_in_on_a_day_that_has_been(self, asked, now):
        with pytest.raises(NotAllowed, match="still to come"):
            asked(now.date() + timedelta(days=2))

    def test_is_answered_once(self, asked, emma, now):
        row = asked()
        known = {"request_id": row.pk, "answer": "Sent.", "person": emma, "now": now}

        services.answer_request(**known)

        assert queries.open_requests(now) == []
        assert queries.answered_requests() == [row]
        with pytest.raises(NotAllowed, match="answered already"):
            services.answer_request(**known)

    def test_is_in_the_audit_log_without_the_name_of_who_asks(self, asked, emma, now):
        row = asked()
        services.answer_request(request_id=row.pk, answer="Sent.", person=emma, now=now)

        lines = AuditLine.objects.filter(action__startswith="request.")
        assert {line.action for line in lines} == {"request.note", "request.answer"}
        assert not any("ana" in f"{line.subject}{line.detail}" for line in lines)

    def test_forgets_who_asked_half_a_year_after_the_answer(self, asked, emma, now):
        row = asked()
        services.answer_request(request_id=row.pk, answer="Sent.", person=emma, now=now)

        purge(now=now + timedelta(days=182))
        assert RightsRequest.objects.get().who == "@ana"
        purge(now=now + timedelta(days=190))
        assert RightsRequest.objects.get().who == ""

    def test_presses_on_the_lookout_of_who_may_answer_it(self, asked, browse, emma, ana):
        asked(date(2020, 1, 1))

        assert "request about personal data" in browse(emma).get("/").content.decode()
        assert "request about personal data" not in browse(ana).get("/").content.decode()

    def test_is_noted_prolonged_and_answered_on_its_page(self, browse, emma):
        browser = browse(emma)
        told = {"right": "erasure", "who": "<b>Zoé</b>", "received_on": f"{localdate()}"}
        browser.post("/privacy/requests/note/", told)
        row = RightsRequest.objects.get()

        page = browser.get("/privacy/requests/").content.decode()
        assert "&lt;b&gt;Zoé&lt;/b&gt;" in page
        assert "days left" in page
        browser.post(f"/privacy/requests/{row.pk}/prolong/", {"because": "Complex."})
        refused = browser.post(f"/privacy/requests/{row.pk}/answer/", {"answer": ""})
        assert refused.status_code == 422
        assert "Something is missing" in refused.content.decode()
        browser.post(f"/privacy/requests/{row.pk}/answer/", {"answer": "Erased."})
        row.refresh_from_db()
        assert (row.prolonged_because, row.answer) == ("Complex.", "Erased.")


class TestThePublicNotice:
    @pytest.fixture
    def facts(self, organisation, now):
        Source.objects.create(name="Sky", kind="bluesky-jetstream", settings={})

    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", "Whom to write to"), ("fr", "À qui écrire")],
    )
    def test_tells_sources_and_days_from_the_settings(self, language, words, facts, browse, emma):
        services.keep_for(network="bluesky", days=12, person=emma, now=emma.joined_at)

        page = browse(emma).get("/privacy/information/", {"language": language}).content.decode()

        assert words in page
        assert "Jetstream" in page
        assert {"en": "bluesky: 12 days", "fr": "bluesky : 12 jours"}[language] in page.replace(
            "\xa0", " "
        )

    def test_names_who_works_on_the_data(self, facts, browse, emma, now):
        company(emma, now)

        assert "Hébergeur (hosts, France)" in (
            browse(emma).get("/privacy/information/").content.decode()
        )

    def test_gives_a_line_for_profiles_once_it_stands_somewhere(self, browse, emma):
        browser = browse(emma)
        assert "We read public posts" not in browser.get("/privacy/information/").content.decode()

        browser.post("/privacy/information/publish/", {"address": "https://valdorle.example/lu"})

        page = browser.get("/privacy/information/").content.decode()
        assert "We read public posts that concern us: https://valdorle.example/lu" in page

    def test_is_taken_out_as_text_and_noted(self, facts, browse, emma):
        text = browse(emma).get("/privacy/information.md", {"language": "fr"}).content.decode()

        assert text.startswith("# Logis de Valdorle lit les messages publics")
        assert AuditLine.objects.filter(action="paper.take", subject="information-fr").exists()

    def test_refuses_an_address_that_is_none(self, browse, emma):
        answer = browse(emma).post("/privacy/information/publish/", {"address": "javascript:1"})

        assert answer.status_code == 422


class TestSomebodyNamedInAPanel:
    @pytest.fixture
    def member(self, organisation, now):
        panel = Panel.objects.create(name="Elus", role="elected")
        return PanelMember.objects.create(
            panel=panel, network="x", handle="maire", added_at=now - timedelta(days=20)
        )

    def test_is_to_be_told_within_a_month(self, member, now):
        (one,) = queries.to_inform(now)

        assert one.due_on == date(2026, 3, 11)
        assert one.left_days == 8

    def test_reads_which_list_and_why(self, member, browse, emma):
        page = browse(emma).get(f"/privacy/inform/{member.pk}/").content.decode()

        assert "@maire (x)" in page
        assert "elected people" in page

    def test_is_told_once_whatever_the_number_of_panels(self, member, browse, emma, now):
        press = Panel.objects.create(name="Presse", role="local-media")
        PanelMember.objects.create(panel=press, network="x", handle="maire")

        browse(emma).post(f"/privacy/inform/{member.pk}/told/")

        (one,) = queries.to_inform(now)
        assert one.said is not None
        assert one.said.told_on is not None

    def test_need_not_be_told_for_a_reason_only(self, member, browse, emma):
        browser = browse(emma)

        assert browser.post(f"/privacy/inform/{member.pk}/exempt/").status_code == 422
        browser.post(f"/privacy/inform/{member.pk}/exempt/", {"because": "Knows it."})

        assert Informed.objects.get().exempt_because == "Knows it."
        assert "Knows it." in browser.get("/privacy/inform/").content.decode()

    def test_is_forgotten_with_the_panel(self, member, emma, now):
        services.note_told(member_id=member.pk, person=emma, now=now)
        member.delete()

        purge(now=now)

        assert not Informed.objects.exists()

    def test_is_counted_in_the_impact_assessment(self, member, browse, emma):
        page = browse(emma).get("/privacy/impact/").content.decode()

        assert "0 of 1 told or exempt" in page


def company(person, now, **more: object) -> Processor:
    known = {"name": "Hébergeur", "does": "hosts", "country": "France", "agreement": "",
             "signed_on": None}  # fmt: skip
    services.save_processor(**{**known, **more}, person=person, now=now)
    return Processor.objects.get()


class TestAProcessor:
    def test_without_a_signed_agreement_is_marked(self, browse, emma, now):
        company(emma, now)
        browser = browse(emma)
        assert "no signed agreement" in browser.get("/privacy/processors/").content.decode()

        company(emma, now, agreement="C-12", signed_on=date(2026, 1, 5))

        assert "no signed agreement" not in browser.get("/privacy/processors/").content.decode()

    def test_is_in_the_register_and_the_impact_assessment(self, browse, emma, now):
        company(emma, now)

        for address in ("register", "impact"):
            assert "Hébergeur" in browse(emma).get(f"/privacy/{address}/").content.decode()

    @pytest.mark.parametrize(
        ("language", "words"), [("en", "Breaches"), ("fr", "Violations de données")]
    )
    def test_has_a_draft_of_its_agreement(self, language, words, browse, emma, now):
        asked = {"company": company(emma, now).pk, "language": language}

        page = browse(emma).get("/privacy/agreement/", asked).content.decode()
        text = browse(emma).get("/privacy/agreement.md", asked).content.decode()

        assert words in page
        assert "Hébergeur, France" in page
        assert "Hébergeur, France" in text

    @pytest.mark.parametrize("asked", ["", "0", "x", "9" * 40])
    def test_that_nobody_named_leaves_its_place_open(self, asked, browse, emma):
        answer = browse(emma).get("/privacy/agreement/", {"company": asked})

        assert "to fill in" in answer.content.decode()

    def test_can_be_taken_off_the_list(self, browse, emma, now):
        row = company(emma, now)

        browse(emma).post(f"/privacy/processors/{row.pk}/remove/")

        assert not Processor.objects.exists()
        assert AuditLine.objects.filter(action="processor.remove").exists()


class TestAnExternalPartner:
    def test_works_only_under_a_signed_agreement(self, emma, dan, now):
        end = now + timedelta(days=2)
        known = {"by": emma, "person_id": dan.pk, "role": Role.PARTNER, "expires_at": end}

        with pytest.raises(NotAllowed, match="needs a signed agreement"):
            give_role(**known, now=now)
        give_role(**known, agreement="C-12 of 5 January", now=now)

        (one,) = queries.partners(now)
        assert one.agreement == "C-12 of 5 January"
