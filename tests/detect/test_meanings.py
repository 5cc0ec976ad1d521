"""Meanings: the first layer of the encoder, computed our way, is the encoder's own."""

import numpy as np
import pytest

from quivive.detect.meanings import BRANCHES, SIZE, WIDTH
from quivive.wire.models import load_meanings

TEXTS = ["Toujours pas d'eau chaude", "Still no hot water here", "rien"]


@pytest.fixture(scope="module")
def meanings():
    return load_meanings(every=True)


class TestMeanings:
    def test_are_those_of_the_encoder_itself(self, meanings):
        layer = meanings._layer
        found, text_of, _ = meanings.of([text.split() for text in TEXTS])
        ids = [1, *(one for word in TEXTS[0].split() for one in meanings._split(word)), 2]
        own = meanings._project(np.array(ids))

        for branch, (near, before) in enumerate(BRANCHES):
            part = slice(branch * WIDTH, (branch + 1) * WIDTH)
            padded = np.vstack(
                [np.zeros((before, WIDTH)), own[:, part], np.zeros((near - 1 - before, WIDTH))]
            )
            weights, bias = layer.convolve[branch]
            slow = [
                np.maximum(padded[at : at + near].ravel() @ weights + bias, 0) + own[at, part]
                for at in range(len(ids))
            ]
            assert np.allclose(found[text_of == 0][:, part], slow, atol=1e-3)

    def test_of_a_text_do_not_hear_its_neighbours(self, meanings):
        together, text_of, _ = meanings.of([text.split() for text in TEXTS])
        alone, _, _ = meanings.of([TEXTS[1].split()])

        assert alone.shape[1] == SIZE
        assert np.allclose(together[text_of == 1], alone, atol=1e-4)

    def test_are_the_same_where_only_some_channels_are_computed(self, meanings):
        words = [text.split() for text in TEXTS]
        tone = load_meanings()

        assert np.allclose(tone.of(words)[0], meanings.of(words)[0][:, tone._channels], atol=1e-4)


class TestRoomForVectors:
    """Meanings are the same whatever was held; what is met often stays when room is short."""

    @pytest.fixture
    def narrow(self, meanings, monkeypatch):
        monkeypatch.setattr("quivive.detect.meanings.HELD", 120)
        return meanings.narrowed(np.arange(0, SIZE, 64))

    def test_changes_no_meaning(self, meanings, narrow):
        rare = [[f"{one}zk{one}q" for one in range(at, at + 9)] for at in range(0, 180, 9)]
        for words in rare:
            narrow.of([words])

        found = narrow.of([text.split() for text in TEXTS])[0]

        whole = meanings.of([text.split() for text in TEXTS])[0]
        assert np.allclose(found, whole[:, narrow._channels], atol=1e-4)

    def test_is_kept_by_what_is_met_often(self, narrow, monkeypatch):
        computed = []
        project = type(narrow)._project
        monkeypatch.setattr(
            type(narrow),
            "_project",
            lambda self, ids: computed.extend(ids.tolist()) or project(self, ids),
        )
        often = TEXTS[0].split()

        for at in range(60):
            narrow.of([[*often, f"{at}zk{at}q"]])

        pieces = {piece for word in often for piece in narrow._split(word)}
        assert len(computed) > 120  # or there was room for all
        assert [computed.count(piece) for piece in pieces] == [1] * len(pieces)

    def test_is_made_for_a_text_that_needs_more(self, meanings, narrow):
        many = [[f"{one}zk{one}q" for one in range(at, at + 20)] for at in range(0, 200, 20)]

        found = narrow.of(many)[0]

        assert np.allclose(found, meanings.of(many)[0][:, narrow._channels], atol=1e-4)
