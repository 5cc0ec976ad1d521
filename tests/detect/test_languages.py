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

    @given(st.lists(st.tuples(st.text(max_size=80), st.none() | st.text(max_size=5)), max_size=5))
    @settings(max_examples=60, deadline=None)
    def test_survive_any_text_and_tag(self, rows):
        found = load_languages().of([text for text, _ in rows], [tag for _, tag in rows])

        assert len(found) == len(rows)
        assert all(found)

    def test_are_read_from_small_words_when_the_guesser_knows_nothing(self):
        assert Languages(lambda _: []).of(["je ne sais pas", "I do not know"]) == ["fr", "en"]
