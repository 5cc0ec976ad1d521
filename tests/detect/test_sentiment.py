"""Negativity: what the shipped model must do for any text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.detect.sentiment import BUCKETS, Model, Reader, cut
from quivive.vocabulary.sentiments import Leaning
from quivive.wire.models import load_languages, load_sentiment

CLEAR = [
    ("C'est une honte, personne ne répond, service nul et lamentable !", "fr", Leaning.NEGATIVE),
    ("Merci beaucoup à toute l'équipe, vous êtes super, bravo !", "fr", Leaning.POSITIVE),
    ("This is the worst service ever, I am so angry and disappointed", "en", Leaning.NEGATIVE),
    ("Thank you so much, I love it, great work and happy birthday!", "en", Leaning.POSITIVE),
]


@pytest.fixture(scope="module")
def reader():
    return load_sentiment()


class TestAReader:
    @pytest.mark.parametrize(("text", "language", "label"), CLEAR)
    def test_reads_what_is_clear(self, reader, text, language, label):
        [found] = reader.read([text])

        assert (found.language, found.label) == (language, label)
        assert found.reasons

    def test_gives_shares_that_sum_to_one_in_the_order_of_the_texts(self, reader):
        texts = [text for text, _, _ in CLEAR]

        together = reader.read(texts * 300)

        assert together[: len(texts)] == together[-len(texts) :]
        assert all(s.negative + s.neutral + s.positive == pytest.approx(1, abs=1e-3)
                   for s in together)  # fmt: skip

    def test_reads_a_text_alike_alone_and_in_company(self, reader):
        [alone] = reader.read(["Toujours pas de chauffage, merci pour rien"])
        company = reader.read(["x y z", "Toujours pas de chauffage, merci pour rien", ""])

        assert company[1] == alone

    @pytest.mark.parametrize("text", ["", "   ", "🔥🔥", "https://a.example/b", "@someone"])
    def test_is_uncertain_where_there_are_no_words(self, reader, text):
        [found] = reader.read([text])

        assert found.label is Leaning.UNCERTAIN

    def test_is_uncertain_in_a_language_it_never_learned(self, reader):
        [found] = reader.read(["El servicio es muy malo y estoy muy enfadado"], ["es"])

        assert (found.language, found.label) == ("es", Leaning.UNCERTAIN)

    @given(st.lists(st.text(max_size=300), max_size=5))
    @settings(max_examples=60, deadline=None)
    def test_survives_any_text(self, texts):
        blank = Model(
            words=np.zeros((BUCKETS, 3), np.float32),
            letters=np.zeros((BUCKETS, 3), np.float32),
            bias=np.zeros(3, np.float32),
            temperature=1.0,
        )

        assert len(Reader(blank, load_languages()).read(texts)) == len(texts)


class TestPieces:
    def test_are_the_same_on_every_machine(self):
        pieces = cut(["Eau froide !"])

        assert pieces.tokens == [["eau", "froide", "!"]]
        assert pieces.word_hash.tolist() == cut(["Eau froide !"]).word_hash.tolist()
        assert len(pieces.word_hash) == 5
        assert (pieces.letter_hash < BUCKETS).all()
