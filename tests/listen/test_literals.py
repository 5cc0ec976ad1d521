"""Runs of bytes are found where the obvious search finds them, by one thread or by several."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.listen.literals import LETTERS, LONGEST, Literals

signs = st.text("ab_#é \0", min_size=1, max_size=4).map(str.encode)
runs = st.lists(st.tuples(signs, st.booleans(), st.booleans()), min_size=1, max_size=6)
texts = st.text("ab_#é \0", max_size=30).map(lambda text: f"\1{text}\1".encode())


def obvious(asked, data):
    """Look for each run at each place."""
    return sorted(
        (number, at)
        for number, (run, left, right) in enumerate(asked)
        for at in range(1, len(data) - len(run))
        if data.startswith(run, at)
        and not (left and data[at - 1] in LETTERS)
        and not (right and data[at + len(run)] in LETTERS)
    )


def found(literals, data):
    return sorted(zip(*(part.tolist() for part in literals.find(data)), strict=True))


class TestLiterals:
    @settings(max_examples=100, deadline=None)
    @given(runs, texts)
    def test_are_found_wherever_they_stand(self, asked, data):
        assert found(Literals(asked), data) == obvious(asked, data)

    def test_longer_than_any_word_are_found_by_how_they_begin(self):
        long = b"x" * (LONGEST + 50)
        literals = Literals([(long, True, True)])

        assert found(literals, b" " + long + b" ") == [(0, 1)]
        assert found(literals, b" " + long[:LONGEST] + b"y ") == [(0, 1)]
        assert found(literals, b" " + long[: LONGEST - 1] + b" ") == []

    def test_are_looked_for_by_many_threads_at_once(self):
        literals = Literals([(b"eau", True, True), (b"gaz", False, False)])
        data = b" eau gaz " * 2_000

        with ThreadPoolExecutor(4) as threads:
            several = list(threads.map(lambda _: found(literals, data), range(20)))

        assert several == [found(literals, data)] * 20
        assert len(several[0]) == 4_000
