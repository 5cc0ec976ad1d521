"""What is too old is forgotten, but for what a crisis or the law needs (LR-05)."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from quivive.vocabulary.errors import NotAllowed
from quivive.web.assess.models import Threat
from quivive.web.coordinate.models import Crisis
from quivive.web.listen import services as listen
from quivive.web.listen.models import Account, Import, Match, Minute, Post, Topic
from quivive.web.privacy import queries, services

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def topic(organisation, now):
    return Topic.objects.create(slug="lift", name="Lift", query="lift", created_at=now)


@pytest.fixture
def keep(topic):
    """Store a post of an age, with an author of its own."""

    def one(number, at, *, network="x"):
        author = Account.objects.create(uid=f"a{number}", network=network)
        post = Post.objects.create(
            uid=f"p{number}", network=network, published=at, heard_at=at, author=author,
            content="lift", document={"post": {}},
        )  # fmt: skip
        Match.objects.create(topic=topic, post=post, heard_at=at)
        return post

    return one


def left():
    return set(Post.objects.values_list("uid", flat=True))


class TestAPurge:
    def test_forgets_what_is_older_than_thirty_days_with_its_author(self, keep, now):
        keep(1, now - 31 * DAY)
        keep(2, now - 29 * DAY)

        report = services.purge(now=now)

        assert left() == {"p2"}
        assert set(Account.objects.values_list("uid", flat=True)) == {"a2"}
        assert (report.posts, report.accounts, report.networks) == (1, 1, {"x": 1})

    def test_keeps_each_network_as_long_as_was_chosen(self, keep, emma, now):
        keep(1, now - 40 * DAY, network="press")
        keep(2, now - 40 * DAY)
        services.keep_for(network="press", days=60, person=emma, now=now)

        services.purge(now=now)

        assert left() == {"p1"}

    def test_keeps_counts_as_numbers(self, keep, topic, now):
        keep(1, now - 31 * DAY)
        Minute.objects.create(
            topic=topic, minute=now - 31 * DAY, voices=1, originals=1, reposts=0, negatives=1,
            positives=0, own=0, expected=0.1, upper=1,
        )  # fmt: skip

        services.purge(now=now)

        assert Minute.objects.get().voices == 1

    def test_spares_an_open_crisis_from_shortly_before_its_onset(self, keep, topic, cleo, now):
        onset = now - 50 * DAY
        threat = Threat.objects.create(topic=topic, onset=onset, created_at=now)
        Crisis.objects.create(threat=threat, title="Lift", opened_by=cleo, opened_at=onset)
        keep(1, onset - DAY)
        keep(2, onset - timedelta(hours=1))
        keep(3, onset + DAY)

        report = services.purge(now=now)

        assert left() == {"p2", "p3"}
        assert report.spared == 2

    def test_spares_a_closed_crisis_for_half_a_year(self, keep, topic, cleo, now):
        onset = now - 220 * DAY
        threat = Threat.objects.create(topic=topic, onset=onset, created_at=now)
        crisis = Crisis.objects.create(
            threat=threat, title="Lift", opened_by=cleo, opened_at=onset,
            closed_at=now - 180 * DAY,
        )  # fmt: skip
        keep(1, onset + DAY)

        services.purge(now=now)
        assert left() == {"p1"}

        crisis.closed_at = now - 190 * DAY
        crisis.save()
        services.purge(now=now)
        assert not left()

    def test_spares_what_the_law_holds_until_its_day(self, keep, topic, cleo, now):
        at = now - 90 * DAY
        keep(1, at)
        services.hold_posts(
            topic=topic.pk, since=at - DAY, until=at + DAY, reason="complaint",
            ends_at=now + 10 * DAY, person=cleo, now=now,
        )  # fmt: skip

        services.purge(now=now)
        assert left() == {"p1"}

        services.purge(now=now + 11 * DAY)
        assert not left()

    def test_says_from_when_on_posts_are_complete(self, keep, now):
        assert queries.complete_since() is None
        keep(1, now - 31 * DAY)

        services.purge(now=now)

        assert queries.complete_since() == now - 30 * DAY

    def test_is_done_once_a_day_by_itself(self, now):
        assert services.purge_if_due(now=now) is not None
        assert services.purge_if_due(now=now + timedelta(hours=3)) is None
        assert services.purge_if_due(now=now + DAY) is not None


class TestAFile:
    @pytest.fixture
    def brought(self, settings, tmp_path, now):
        """Bring a file as pages do, or name one where it lies as the command does; it was read."""
        settings.DATA = tmp_path / "room"

        def one(name, *, copied):
            path = tmp_path / name
            path.write_text("{}")
            if copied:
                content = BytesIO(path.read_bytes())
                number = listen.bring_file(name=name, content=content, person=None, now=now)
            else:
                number = listen.bring_path(name=name, path=path, person=None, now=now)
            Import.objects.filter(pk=number).update(state="done", finished_at=now)
            return Path(Import.objects.get(pk=number).path)

        return one

    def test_goes_a_week_after_it_was_read(self, brought, now):
        copy = brought("posts.ndjson", copied=True)

        assert services.purge(now=now + 6 * DAY).files == 0
        assert services.purge(now=now + 8 * DAY).files == 1
        assert not copy.exists()

    def test_that_is_somebody_s_own_stays_where_it_lies(self, brought, now):
        own = brought("posts.ndjson", copied=False)

        assert services.purge(now=now + 8 * DAY).files == 0
        assert own.exists()


class TestTheDaysKept:
    @pytest.mark.parametrize("days", [0, 731])
    def test_have_bounds(self, emma, now, days):
        with pytest.raises(NotAllowed, match="cannot be kept"):
            services.keep_for(network="x", days=days, person=emma, now=now)

    def test_are_changed_on_the_page(self, keep, browse, emma, now):
        keep(1, now)

        answer = browse(emma).post("/privacy/keep/", {"of": "x", "x-network": "x", "x-days": "14"})

        assert answer.status_code == 302
        assert [(row.network, row.days) for row in queries.kept()] == [("x", 14)]
