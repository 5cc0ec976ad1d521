"""Sentences, numbers and times in the reader's language."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.defaultfilters import date
from django.utils import timezone, translation

from quivive.vocabulary.former import FORMER
from quivive.vocabulary.messages import say, say_many
from quivive.web.people import speech
from quivive.web.room.templatetags import room

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_paris():
    with timezone.override("Europe/Paris"), translation.override("fr"):
        yield


class TestASpokenSentence:
    def test_writes_numbers_as_the_reader_does(self):
        message = say("zz {observed} / {expected}", observed=12345, expected=3.26)

        assert speech.spoken(message) == "zz 12\u202f345 / 3,3"

    def test_chooses_the_form_for_the_count(self):
        one, many = (say_many("zz {count} cat", "zz {count} cats", n) for n in (1, 3))

        assert (speech.spoken(one), speech.spoken(many)) == ("zz 1 cat", "zz 3 cats")

    def test_puts_moments_in_the_readers_zone(self):
        message = say("zz {at}", at="2020-06-01T10:00:00+00:00")

        assert speech.spoken(message) == "zz 1 juin 2020 à 12:00"

    def test_reads_what_an_older_version_stored_in_the_readers_language(self):
        left = [
            former.text
            for former in FORMER
            for count in (1, 3)
            if speech._translate(former.text, former.plural, count) in (former.text, former.plural)
        ]

        assert not left

    def test_reads_what_is_stored_as_json(self):
        stored = {"text": "zz {name}", "values": {"name": "Ana"}}

        assert speech.spoken(stored) == "zz Ana"

    def test_leaves_a_name_alone_that_is_a_word_of_ours_too(self):
        assert speech.spoken(say("zz {topic}", topic="Places")) == "zz Places"

    def test_names_a_network_as_pages_do(self):
        stored = {"text": "zz {network}", "values": {"network": "web"}}

        assert speech.spoken(stored) == "zz page web"  # the room of these tests reads French

    def test_leaves_a_persons_own_words_alone(self):
        assert speech.spoken({"text": "{coupure} à 100 %", "own": True}) == "{coupure} à 100 %"

    def test_says_nothing_of_nothing(self):
        assert speech.spoken(None) == ""


class TestWhatIsUsual:
    @pytest.mark.parametrize(
        ("expected", "said"), [(0.005, "presque rien"), (0.3, "0,3"), (12.0, "12")]
    )
    def test_gives_no_number_nobody_can_see(self, expected, said):
        assert room.usual(expected) == said


class TestALengthOfTime:
    @pytest.mark.parametrize(
        ("seconds", "words"), [(9, "9 s"), (540, "9 min"), (3900, "1 h 05 min"), (-60, "−1 min")]
    )
    def test_has_its_two_largest_units(self, seconds, words):
        assert speech.duration(seconds) == words

    @pytest.mark.parametrize(
        ("seconds", "words"), [(3600, "1 h"), (86_400, "24 h"), (604_800, "7 j")]
    )
    def test_leaves_out_a_second_unit_that_is_0(self, seconds, words):
        assert speech.duration(seconds) == words

    def test_is_told_from_now(self):
        assert speech.ago(NOON - timedelta(minutes=3), NOON) == "il y a 3\u00a0min"
        assert speech.ago(NOON - timedelta(days=400), NOON).replace("\u00a0", " ") == "il y a 1 an"


class TestWordsOfStrangers:
    def test_become_links_that_vouch_for_nothing(self):
        html = room.linkify("voir https://exemple.fr/a.")

        assert 'href="https://exemple.fr/a"' in html
        assert 'rel="nofollow ugc noopener noreferrer"' in html
        assert html.endswith("</a>.")

    @pytest.mark.parametrize(
        "attack",
        [
            "<script>alert(1)</script>",
            'https://a.example/"onmouseover="x',
            "javascript:alert(1)",
            "https://a.example/<img src=x>",
        ],
    )
    def test_never_become_markup(self, attack):
        html = room.linkify(attack)

        assert "<script" not in html
        assert "<img" not in html
        assert 'onmouseover="' not in html
        assert 'href="javascript' not in html


class TestALevel:
    @pytest.mark.parametrize("value", range(5))
    def test_shows_a_shape_a_number_and_a_word(self, value):
        html = room.level(value)

        assert "<path" in html
        assert f"{value} · {room.level_name(value)}" in html

    @pytest.mark.parametrize("value", range(3))
    def test_is_called_a_crisis_only_from_three_on(self, value):
        with translation.override("en"):
            assert "risis" not in room.level_name(value)


class TestANetwork:
    @pytest.mark.parametrize(
        ("stored", "called"),
        [
            *(("mastodon", "Mastodon"), ("x", "X"), ("file", "fichier importé")),
            *(("press", "presse"), ("chat.example", "chat.example"), ("", "")),
        ],
    )
    def test_has_the_name_people_know(self, stored, called):
        assert room.network_name(stored) == called


class TestDatesInEnglish:
    @pytest.mark.parametrize(
        ("form", "written"),
        [
            ("TIME_FORMAT", "13:00"),
            ("DATETIME_FORMAT", "Jan. 15, 2026, 13:00"),
            ("SHORT_DATETIME_FORMAT", "Jan 15, 2026, 13:00"),
            ("SHORT_DATE_FORMAT", "Jan 15, 2026"),
        ],
    )
    def test_are_as_pages_and_the_copied_report_both_write_them(self, form, written):
        with translation.override("en"):
            assert date(timezone.localtime(NOON), form) == written
