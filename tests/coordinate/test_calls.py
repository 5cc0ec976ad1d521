"""The roles that must be called follow the level."""

from quivive.coordinate.calls import to_call
from quivive.vocabulary.assessments import Level
from quivive.vocabulary.crises import Role


class TestWhoMustBeCalled:
    def test_grows_with_the_level(self):
        sizes = [len(to_call(level)) for level in Level]

        assert sizes == sorted(sizes)

    def test_calls_the_director_from_a_crisis_on(self):
        assert Role.DIRECTOR not in to_call(Level.INCIDENT)
        assert Role.DIRECTOR in to_call(Level.CRISIS)

    def test_calls_the_lead_before_the_first_sheet(self):
        assert to_call(None)[0] is Role.LEAD

    def test_calls_legal_once_whatever_the_level_when_the_law_asks(self):
        assert to_call(Level.SIGNAL, legal=True).count(Role.LEGAL) == 1
        assert to_call(Level.CRISIS, legal=True).count(Role.LEGAL) == 1
