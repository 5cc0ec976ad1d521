"""Who leads the conversation (R-45)."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.coordinate.initiative import Update, initiative

ONSET = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return ONSET + timedelta(minutes=minutes)


class TestTheInitiative:
    def test_is_half_when_two_updates_of_four_came_before_anybody_asked(self):
        ours = [
            Update(after(10)),
            Update(after(30)),
            Update(after(40), replies=True),
            Update(after(60)),
        ]

        assert initiative(ours, [after(20)], since=ONSET).rate == 0.5

    def test_is_unknown_before_our_first_word(self):
        assert initiative([], [after(5)], since=ONSET).rate is None

    def test_is_lost_by_a_question_before_our_first_word(self):
        assert initiative([Update(after(10))], [after(5)], since=ONSET).rate == 0

    @pytest.mark.parametrize("asked", [[], [after(10)], [after(-5)]])
    def test_counts_only_questions_since_our_last_word_and_before_the_next(self, asked):
        assert initiative([Update(after(10))], asked, since=ONSET).rate == 1

    def test_does_not_depend_on_the_order_things_are_given_in(self):
        ours = [Update(after(30)), Update(after(10))]

        assert initiative(ours, [after(20)], since=ONSET).spontaneous == 1
