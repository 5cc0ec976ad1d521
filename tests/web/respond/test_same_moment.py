"""Several people pressing "I am answering" at the same moment: one of them answers."""

import pytest
from tests.web.people.crowd import all_at_once, own_database

ROOM = """
from django.utils import timezone
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.web.listen.models import Topic
from quivive.web.listen.worker import store_matches
from quivive.web.people.models import Person
from quivive.web.respond import services
from quivive.web.respond.models import Case, CaseLine
from quivive.web.respond.worker import take_in
now = timezone.now()
people = [Person.objects.create_user(f"p{n}@x.example", None, name=f"P{n}", joined_at=now)
          for n in range(4)]
Topic.objects.create(slug="heat", name="Heat", query="heat", created_at=now)
said = Post(id="p", network="m", published=now, attributed_to=Account(id="u"), content="heat ?")
store_matches([Match(post=said, topics=("heat",))], now=now)
"""

LOCK = (
    ROOM
    + """
take_in(now=now)
case = Case.objects.get().pk
def act(me):
    try:
        services.lock(case_id=case, person=people[me], now=now)
        return True
    except NotAllowed:
        return False
def look():
    return CaseLine.objects.filter(kind="lock").count()
"""
)

TAKE_IN = (
    ROOM
    + """
def act(me):
    return take_in(now=now)
def look():
    return Case.objects.count()
"""
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
class TestTheSameMoment:
    def test_lets_one_person_answer(self, kind, tmp_path, request):
        database = own_database(kind, request)

        won, lines = all_at_once(LOCK, times=4, folder=tmp_path, database=database)

        assert sorted(won) == [False, False, False, True]
        assert lines == 1

    def test_takes_a_post_in_once(self, kind, tmp_path, request):
        database = own_database(kind, request)

        _new, cases = all_at_once(TAKE_IN, times=4, folder=tmp_path, database=database)

        assert cases == 1
