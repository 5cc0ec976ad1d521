"""What may become of a post that wants an answer, and by when it should."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.respond.asking import Urgency
from quivive.respond.inbox import Promise, Status, check_move, due, mentioned
from quivive.vocabulary.errors import NotAllowed

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)


class TestAPromise:
    def test_is_shorter_the_more_urgent_a_post_is(self):
        times = [due(SEEN, urgency, Promise()).first_reply for urgency in Urgency]

        assert times == sorted(times, reverse=True)
        assert times[-1] == SEEN + timedelta(minutes=15)

    def test_is_an_hour_to_a_journalist_and_never_longer_than_to_anybody_else(self):
        times = [due(SEEN, urgency, Promise(), press=True).first_reply for urgency in Urgency]

        assert max(times) == SEEN + timedelta(minutes=60)
        assert times[-1] == SEEN + timedelta(minutes=15)


class TestNotAnswering:
    def test_needs_a_reason(self):
        with pytest.raises(NotAllowed) as refused:
            check_move(Status.NO_REPLY, " ")

        assert "Write" in refused.value.remedy.text
        check_move(Status.NO_REPLY, "spam")
        check_move(Status.CLOSED, "")


class TestNamingSomebody:
    PEOPLE = {1: "Élise Petit", 2: "Élise Roux", 3: "Ben"}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("text", "who"),
        [
            ("@Elise Petit tu peux voir ?", [1]),
            ("@ben, @élise roux", [2, 3]),
            ("@élise", []),
            ("écrire à ben@ben.example", []),
            ("@benoit", []),
        ],
    )
    def test_takes_whole_names_and_first_names_nobody_shares(self, text, who):
        assert mentioned(text, self.PEOPLE) == who
