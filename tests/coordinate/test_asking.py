"""People in need come first, and the roles that must be called follow the level."""

import pytest

from quivive.coordinate.asking import Urgency, urgency
from quivive.coordinate.calls import to_call
from quivive.vocabulary.assessments import Level
from quivive.vocabulary.crises import Role


class TestUrgency:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("Au secours, ça sent le gaz, odeur de gaz dans le hall", Urgency.DANGER),
            ("My father is trapped in the lift", Urgency.DANGER),
            ("Mon père est bloqué dans l’ascenseur", Urgency.DANGER),
            ("Comment descendre en fauteuil pour la dialyse ?", Urgency.NEED),
            ("Sa mère a 84 ans et attend au rez-de-chaussée", Urgency.NEED),
            ("Bébé de 3 mois, sans chauffage depuis hier", Urgency.NEED),
            ("My neighbour is alone and freezing", Urgency.NEED),
            ("C’est vrai que tout est coupé ?", Urgency.QUESTION),
            ("Does anyone know when it comes back", Urgency.QUESTION),
            ("Encore une belle journée au parc", Urgency.NONE),
            ("", Urgency.NONE),
        ],
    )
    def test_follows_the_words_in_both_languages(self, words, expected):
        assert urgency(words) is expected

    def test_reads_inclusive_writing(self):
        assert urgency("Des locataires âgé·es attendent") is Urgency.NEED


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
