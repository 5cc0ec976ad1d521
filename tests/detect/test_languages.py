"""Languages: what must hold for short, mixed and foreign texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.detect.languages import Languages
from quivive.wire.models import load_languages


@pytest.fixture(scope="module")
def languages():
    return load_languages()


class TestLanguages:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Toujours pas d’eau chaude, j’en peux plus", "fr"),
            ("MDR ILS S EN FOUTENT DE NOUS", "fr"),
            ("Still no heating in our building, what a joke", "en"),
            ("El ascensor no funciona desde hace una semana", "es"),
            ("L'ascensore non funziona da una settimana", "it"),
            ("Der Aufzug ist seit einer Woche kaputt", "de"),
            ("エレベーターが一週間動いていません", "ja"),
        ],
    )
    def test_are_told_apart(self, languages, text, language):
        assert languages.of([text]) == [language]

    @pytest.mark.parametrize("text", ["", "🔥🔥", "https://a.example/le/la/les", "@marie", "2026"])
    def test_stay_unknown_without_words(self, languages, text):
        assert languages.of([text], ["fr"]) == ["und"]

    def test_follow_the_tag_only_where_words_do_not_tell(self, languages):
        sure, unsure = "Le chauffage est en panne depuis hier", "Legionella"

        assert languages.of([sure, unsure, unsure], ["en", "fr", "en-GB"]) == ["fr", "fr", "en"]

    def test_follow_what_an_author_mostly_writes(self, languages):
        texts = ["Encore une panne, on n'en peut plus", "legionella 😡", "legionella 😡"]

        assert languages.of(texts)[1] == "und"
        assert languages.of(texts, authors=["ann", "ann", "bob"]) == ["fr", "fr", "und"]

    def test_follow_an_author_whose_other_posts_are_sure(self, languages):
        texts = ["Encore une panne, on n'en peut plus", "Chauffage HS"]

        assert languages.of(texts, authors=["ann", "bob"])[1] == "en"
        assert languages.of(texts, authors=["ann", "ann"])[1] == "fr"

    @pytest.mark.parametrize("text", ["Chauffage HS", "scandaleux", "Ascenseur en panne"])
    def test_of_few_words_are_those_of_the_room(self, languages, text):
        assert languages.of([text], home="fr") == ["fr"]

    @pytest.mark.parametrize("text", ["heating broken", "no water", "Lift out of order since noon"])
    def test_stay_their_own_in_a_room_of_another(self, languages, text):
        assert languages.of([text], home="fr") == ["en"]

    def test_of_a_long_text_are_moved_by_nobody(self, languages):
        text = "The lift in our building has been out of order for three weeks and nobody answers"

        found = languages.of([text] * 2, ["fr", "fr"], ["ann", "ann"], "fr")

        assert found == ["en", "en"]

    def test_of_a_file_are_those_of_most_of_what_is_sure(self, languages):
        french, english = "Toujours pas d’eau chaude depuis lundi", "Still no heating in the hall"

        assert languages.mostly([french, french, english, "Chauffage HS"]) == "fr"
        assert languages.mostly([french, english]) is None
        assert languages.mostly([]) is None

    @given(st.lists(st.tuples(st.text(max_size=80), st.none() | st.text(max_size=5)), max_size=5))
    @settings(max_examples=60, deadline=None)
    def test_survive_any_text_and_tag(self, rows):
        found = load_languages().of([text for text, _ in rows], [tag for _, tag in rows])

        assert len(found) == len(rows)
        assert all(found)

    def test_are_read_from_small_words_when_the_guesser_knows_nothing(self):
        assert Languages(lambda _: []).of(["je ne sais pas", "I do not know"]) == ["fr", "en"]
