"""The page of the archive: what people with and without leave see and do on it."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone
from tests.browser import sample_rows

from quivive.vocabulary.crises import Role
from quivive.web.listen.models import Deed, Hiding, Post, PostLabel, SavedView
from quivive.web.listen.search_views import SearchForm

pytestmark = pytest.mark.django_db
ADDRESS = "/listen/search/"


@pytest.fixture
def posts(emma):
    sample_rows.quiet(timezone.now(), person=emma)
    return list(Post.objects.order_by("-published").values_list("pk", flat=True))


class TestThePage:
    def test_finds_and_marks(self, posts, ana, browse):
        page = browse(ana).get(ADDRESS, {"q": "radiateur*"}).content.decode()

        assert "<mark>radiateurs</mark>" in page
        assert "Réunion des locataires" not in page

    def test_offers_what_found_posts_have_in_common(self, posts, ana, browse):
        page = browse(ana).get(ADDRESS, {"q": "eau"}).content.decode()

        assert "?q=eau&amp;network=mastodon" in page
        assert "Chauffage et eau chaude" in page

    def test_shows_where_a_query_cannot_be_read(self, posts, ana, browse):
        answer = browse(ana).get(ADDRESS, {"q": "eau AND ("})

        assert answer.status_code == 422
        assert "eau AND <mark>(</mark>" in answer.content.decode()

    @pytest.mark.parametrize(
        "asked",
        [
            *("author=x", "since=never", "before=z", "topic=%00", "q=%00"),
            *("since=9999-12-31", "until=9999-12-31", "until=0001-01-01"),
            *("days=0", "days=99999999", "days=x", "days=7&since=x", "days=%C2%B2"),
        ],
    )
    def test_survives_any_address(self, asked, posts, ana, browse):
        assert browse(ana).get(f"{ADDRESS}?{asked}").status_code in {200, 422}

    @pytest.mark.parametrize(
        ("address", "since"),
        [
            ("days=1", timedelta(days=0)),
            ("days=7", timedelta(days=6)),
            ("days=7&since=2000-01-01", None),
            ("days=7&until=2000-01-01", None),
        ],
    )
    def test_looks_through_days_that_move_on_unless_days_are_written(self, address, since):
        form = SearchForm(QueryDict(address))

        assert form.is_valid()
        wanted = form.cleaned_data["since"] if since is None else timezone.localdate() - since
        assert form.asked().since == wanted

    def test_carries_the_period_along_until_days_are_written(self, posts, ana, browse):
        browser = browse(ana)

        moving = browser.get(ADDRESS, {"q": "eau", "days": 7}).content.decode()
        fixed = browser.get(ADDRESS, {"q": "eau", "days": 7, "until": "2030-01-01"})

        assert '<input type="hidden" name="days" value="7">' in moving
        assert "?q=eau&amp;network=mastodon&amp;days=7" in moving
        assert 'name="days"' not in fixed.content.decode()
        assert "?q=eau&amp;until=2030-01-01&amp;days=7" not in fixed.content.decode()
        assert "?q=eau&amp;days=30" in fixed.content.decode()

    def test_says_what_to_do_when_nothing_is_found(self, posts, ana, browse):
        page = browse(ana).get(ADDRESS, {"q": "hélicoptère"}).content.decode()

        assert "Take a word or a condition away" in page

    def test_gives_what_is_found_as_a_file(self, posts, ana, browse):
        answer = browse(ana).get(f"{ADDRESS}posts.csv", {"q": "radiateur*"})

        lines = b"".join(answer.streaming_content).decode().splitlines()
        assert len(lines) == 1 + Post.objects.filter(content__contains="radiateurs").count()


class TestActing:
    def test_labels_what_was_ticked_and_offers_to_undo(self, posts, ana, browse):
        browser = browse(ana)

        page = browser.post(
            f"{ADDRESS}label/",
            {"posts": posts[:2], "label": "à voir", "search": "q=eau"},
            follow=True,
        ).content.decode()

        assert PostLabel.objects.filter(name="à voir").count() == 2
        deed = Deed.objects.get()
        assert f"{ADDRESS}undo/{deed.pk}/" in page
        browser.post(f"{ADDRESS}undo/{deed.pk}/", {"search": "q=eau"})
        assert PostLabel.objects.count() == 0

    def test_takes_all_that_the_search_finds(self, posts, ana, browse):
        browse(ana).post(
            f"{ADDRESS}hide/", {"all": "1", "reason": "doublon", "search": "q=radiateur*"}
        )

        wanted = Post.objects.filter(content__contains="radiateurs", deleted_at=None)
        assert Hiding.objects.count() == wanted.count() > 1

    def test_is_not_for_those_who_only_read(self, posts, make_person, browse):
        reader = make_person("Lou", Role.APPROVER)

        page = browse(reader).get(ADDRESS, {"q": "eau"}).content.decode()

        assert 'name="posts"' not in page
        assert browse(reader).post(f"{ADDRESS}label/", {"label": "x"}).status_code == 403

    def test_keeps_a_search(self, posts, ana, browse):
        browser = browse(ana)

        browser.post(f"{ADDRESS}views/", {"name": "Eau", "search": "q=eau&network=mastodon"})
        browser.post(f"{ADDRESS}views/", {"name": "7 jours", "search": "q=eau&days=7"})

        assert SavedView.objects.get(name="Eau").address == "q=eau&network=mastodon"
        assert SavedView.objects.get(name="7 jours").address == "q=eau&days=7"
        assert "?q=eau&amp;network=mastodon" in browser.get(ADDRESS).content.decode()
