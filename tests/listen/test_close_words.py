"""Words with mistakes are found where comparing every word would find them."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.listen.reference_query import distance

from quivive.listen.close_words import CloseWords, bytes_of, pieces_of, spread
from quivive.vocabulary.folding import fold

EDITS = st.integers(1, 2)
asked = st.text("abж", min_size=4, max_size=9)


def found_in(text: str, words: CloseWords) -> set[tuple[int, int]]:
    return set(words.find(spread(bytes_of(text), words.shortest), text))


@st.composite
def misspelt(draw: st.DrawFn, word: str) -> str:
    at, sign = draw(st.integers(0, max(0, len(word) - 1))), draw(st.sampled_from("abcж"))
    head, two, tail = word[:at], word[at : at + 2], word[at + 2 :]
    changed = [head + sign + two + tail, head + two[1:] + tail, head + sign + two[1:] + tail]
    return draw(st.sampled_from([*changed, head + two[::-1] + tail, word + sign]))


class TestCloseWords:
    @settings(max_examples=100, deadline=None)
    @given(st.lists(asked, min_size=1, max_size=4), EDITS, st.data())
    def test_are_those_within_their_distance(self, words, edits, data):
        near = st.sampled_from(words).flatmap(misspelt).flatmap(misspelt)
        others = st.text("abж_1", max_size=12)
        said = data.draw(st.lists(st.one_of(near, others), max_size=6))
        gaps = data.draw(st.sampled_from([" ", "  ", "» ", "'", "🔥", "\0"]))
        text = f" {gaps.join(said)} "

        found = found_in(text, CloseWords(list(enumerate(words)), edits))

        begins = [1 + sum(len(word) + len(gaps) for word in said[:at]) for at in range(len(said))]
        assert found == {
            (begin, number)
            for begin, word in zip(begins, said, strict=True)
            for number, one in enumerate(words)
            if distance(one, word) <= edits
        }

    def test_may_be_of_any_alphabet_and_any_length(self):
        words = CloseWords([(7, fold("отопление")), (8, "x" * 70)], 1)
        text = fold(f" отоплнеие «отоплени» отопл {'x' * 71} {'x' * 3_000} ")

        found = found_in(text, words)

        assert {(text[start:].split()[0], number) for start, number in found} == {
            ("отоплнеие", 7),
            ("отоплени»", 7),
            ("x" * 71, 8),
        }


class TestThePiecesOfAWord:
    @settings(max_examples=200, deadline=None)
    @given(st.text("abc", min_size=4, max_size=9), EDITS, st.data())
    def test_never_are_all_missing(self, word, edits, data):
        other = word
        for _ in range(edits):
            other = data.draw(misspelt(other))

        size = len(other) // (edits + 1)
        begins = {0: 0, 1: size, edits: len(other) - size}
        if distance(word, other) <= edits:
            assert any(
                length == len(other) and other.startswith(piece, begins[nth])
                for nth, length, piece in pieces_of(word, edits)
            )
