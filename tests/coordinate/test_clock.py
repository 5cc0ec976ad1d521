"""The golden hour (R-33, R-39) and the first hour's tasks."""

from datetime import UTC, datetime, timedelta

import pytest

from quivive.coordinate.clock import ClockSettings, Silence, Step, clock
from quivive.coordinate.tasks import first_hour
from quivive.vocabulary.assessments import Level
from quivive.vocabulary.messages import in_english, render

ONSET = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def after(minutes):
    return ONSET + timedelta(minutes=minutes)


class TestClock:
    def test_sets_each_step_on_its_minute(self):
        due = [int((each.due - ONSET).total_seconds() / 60) for each in steps(clock_at(0))]

        assert due == [0, 5, 10, 15, 30, 40, 50, 60]

    def test_stretches_to_everyday_work(self):
        """R-39."""
        everyday = clock(ONSET, after(0), {}, crisis=False)

        assert everyday.target_min == 360
        assert everyday.steps[-1].due == after(360)
        assert everyday.steps[4].due == after(180)

    def test_moves_when_the_setting_changes(self):
        """R-39."""
        sooner = clock(ONSET, after(0), {}, settings=ClockSettings(crisis_min=30))

        assert sooner.steps[-1].due == after(30)

    def test_says_where_the_default_comes_from(self):
        """R-39."""
        text = render(clock_at(0).origin, in_english)

        assert text == (
            "Default taken from the training course that Qui-vive grew out of, "
            "not a measured value."
        )

    def test_knows_late_from_on_time(self):
        done = {Step.DETECTED: after(0), Step.ACKNOWLEDGED: after(7), Step.ROOM_OPEN: after(9)}

        found = {each.step: each for each in steps(clock(ONSET, after(20), done))}

        assert found[Step.ACKNOWLEDGED].late
        assert not found[Step.ROOM_OPEN].late
        assert found[Step.CLAIM_WRITTEN].late
        assert found[Step.SHEET].remaining_s == 600

    def test_points_at_the_next_step(self):
        assert clock(ONSET, after(1), {Step.DETECTED: after(0)}).next is Step.ACKNOWLEDGED
        assert clock(ONSET, after(1), dict.fromkeys(Step, after(0))).next is None


def clock_at(minutes, **more):
    return clock(ONSET, after(minutes), {}, **more)


def steps(found):
    return found.steps


class TestSilence:
    @pytest.mark.parametrize(
        ("minutes", "silence"),
        [
            (29, Silence.FINE),
            (30, Silence.WARN),
            (59, Silence.WARN),
            (60, Silence.ALARM),
            (72, Silence.ALARM),
        ],
    )
    def test_warns_then_alarms(self, minutes, silence):
        """R-33."""
        assert clock_at(minutes).silence is silence

    def test_ends_with_our_first_words(self):
        found = clock_at(80, spoke_at=after(72))

        assert found.silence is Silence.FINE
        assert found.silence_s == 72 * 60

    def test_goes_on_when_we_decided_to_wait(self):
        waiting = clock(ONSET, after(70), {Step.PUBLISHED: after(55)})

        assert waiting.silence is Silence.ALARM
        assert waiting.steps[-1].late is False


class TestFirstHour:
    def test_ends_with_the_hour(self):
        planned = first_hour(ONSET)

        assert planned[-1].due_at == after(60)
        assert [each.due_at for each in planned] == sorted(each.due_at for each in planned)

    def test_has_a_task_for_each_step_after_the_room_is_open(self):
        found = {each.step for each in first_hour(ONSET)}

        assert set(Step) - found == {Step.DETECTED, Step.ACKNOWLEDGED, Step.ROOM_OPEN}

    def test_asks_first_whether_somebody_is_in_danger(self):
        """R-74."""
        titles = [render(each.title, in_english) for each in first_hour(ONSET)[:2]]

        assert any("danger" in title for title in titles)


class TestAMajorCrisis:
    def test_leaves_half_an_hour_for_the_first_words(self):
        major = clock(ONSET, ONSET + timedelta(minutes=20), {}, level=Level.MAJOR_CRISIS)

        assert major.target_min == 30
        assert major.steps[-1].due == ONSET + timedelta(minutes=30)
        assert (major.warn_min, major.alarm_min) == (15, 30)
        assert major.silence is Silence.WARN

    def test_never_leaves_more_than_a_crisis_does(self):
        strict = ClockSettings(crisis_min=20)

        assert clock(ONSET, ONSET, {}, level=Level.MAJOR_CRISIS, settings=strict).target_min == 20
