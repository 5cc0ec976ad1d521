"""Copies are grouped, and a denial, a question or a correction never is a copy of its claim."""

from pathlib import Path

import msgspec
import pytest

from quivive.detect.copies import Copies, forget, place, same, saying_of
from quivive.detect.enquiry import enquires
from quivive.vocabulary.folding import fold

SAYINGS = Path(__file__).parent / "sayings"


class Pairs(msgspec.Struct):
    language: str
    claim: str
    denial: str
    question: str
    correction: str
    paraphrase: str


def pairs(part: str) -> list[Pairs]:
    lines = (SAYINGS / f"{part}.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Pairs) for line in lines]


def merges(one: str, other: str) -> bool:
    """Tell by the road that posts take: sketches first, then the words."""
    copies = Copies()
    place(copies, "one", saying_of(fold(one)))
    return place(copies, "other", saying_of(fold(other))) == "one"


class TestADenial:
    """Of 168 denials, questions and corrections ..."""

    @pytest.mark.parametrize("part", ["develop", "aside"])
    @pytest.mark.parametrize("kind", ["denial", "question", "correction"])
    def test_never_is_a_copy_of_its_claim(self, part: str, kind: str) -> None:
        merged = [pair for pair in pairs(part) if merges(pair.claim, getattr(pair, kind))]

        assert merged == []

    def test_is_kept_apart_in_the_other_order_too(self) -> None:
        together = [p for p in pairs("develop") if merges(p.denial, p.claim)]

        assert together == []


class TestTheSameClaim:
    """Reposted by hand with small changes ..."""

    def test_is_grouped(self) -> None:
        assert sum(merges(p.claim, p.paraphrase) for p in pairs("develop")) == 28

    def test_is_mostly_grouped_on_pairs_nobody_looked_at(self) -> None:
        assert sum(merges(p.claim, p.paraphrase) for p in pairs("aside")) >= 20

    def test_is_found_whatever_came_between(self) -> None:
        copies = Copies()
        first = saying_of(fold("RT @ana: The bridge on Mill Road has collapsed"))
        place(copies, "first", first)
        for number in range(500):
            place(copies, str(number), saying_of(fold(f"lamp {number} of street {number} is out")))

        again = saying_of(fold("the bridge on Mill Road has collapsed!! https://a.example/x"))

        assert place(copies, "again", again) == "first"


class TestWhatIsNoCopy:
    """Nearness is not enough where ..."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("La chaudière du bâtiment A est en panne", "La chaudière du bâtiment B est en panne"),
            ("Marie Durand a volé la caisse du club", "Paul Durand a volé la caisse du club"),
            ("The rent goes up by 3 percent in May", "The rent goes up by 5 percent in May"),
            ("The pool is open on Sunday morning", "The pool is closed on Sunday morning"),
            ("so sad", "so sad today"),
        ],
    )
    def test_something_that_counts_differs(self, one: str, other: str) -> None:
        assert not same(saying_of(fold(one)), saying_of(fold(other)))


class TestForgetting:
    """What is no longer followed ..."""

    def test_is_not_found_again(self) -> None:
        copies = Copies()
        old, new = (saying_of(fold(text)) for text in ("the old bridge fell", "a new dam broke"))
        place(copies, "old", old)
        place(copies, "new", new)

        forget(copies, {"new"})

        assert place(copies, "later", old) == "later"
        assert place(copies, "later still", new) == "new"


class TestAnEnquiry:
    """A post that asks whether something is so ..."""

    @pytest.mark.parametrize(
        "text",
        [
            "C'est vrai cette histoire de plomb ?",
            "Quelqu'un peut confirmer ?",
            "info ou intox, l'ascenseur de la tour ?",
            "Is this true?",
            "Anyone in Oakfield know what happened?",
            "Really? Source?",
        ],
    )
    def test_is_told(self, text: str) -> None:
        assert enquires(fold(text))

    @pytest.mark.parametrize(
        "text",
        [
            "Quand est-ce que l'eau revient ?",
            "Why does nobody answer the phone?",
            "La source de la rivière est polluée",
            "C'est vrai, j'étais là.",
        ],
    )
    def test_is_told_from_other_words(self, text: str) -> None:
        assert not enquires(fold(text))
