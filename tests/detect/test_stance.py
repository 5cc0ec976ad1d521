"""A post relays a claim, denies it, asks about it or comments on it, and we say why."""

from pathlib import Path

import msgspec
import pytest

from quivive.detect.stance import read
from quivive.detect.stance_cues import NAMES, Told, cues_of
from quivive.vocabulary.claims import Stance
from quivive.vocabulary.messages import in_english, render
from quivive.wire.models import load_stance

ASIDE = Path(__file__).parent / "sayings" / "aside.jsonl"
WANTED = {
    "denial": Stance.DENIES,
    "correction": Stance.DENIES,
    "question": Stance.ASKS,
    "paraphrase": Stance.RELAYS,
}


def stance_of(told: Told) -> Stance:
    return read([told], load_stance())[0].stance


class TestOurOwnPairs:
    """Claims in French and English that nobody looked at while working ..."""

    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_are_nearly_all_told_apart(self, language: str) -> None:
        lines = ASIDE.read_bytes().splitlines()
        rows = [msgspec.json.decode(line, type=dict[str, str]) for line in lines]
        pairs = [
            (Told(text=row[kind], claim=row["claim"]), stance)
            for row in rows
            if row["language"] == language
            for kind, stance in WANTED.items()
        ]

        right = sum(stance_of(told) is stance for told, stance in pairs)

        assert right >= 0.85 * len(pairs)


class TestAnAnswer:
    """Under a claim ..."""

    @pytest.mark.parametrize(
        ("text", "stance"),
        [
            ("C'est faux, arrêtez de partager ça", Stance.DENIES),
            ("No. This is a hoax, it never happened", Stance.DENIES),
            ("Quelqu'un a une source ?", Stance.ASKS),
            ("Is this true?", Stance.ASKS),
            ("Courage à vous, quelle tristesse", Stance.COMMENTS),
            ("Take care everyone, thinking of you", Stance.COMMENTS),
        ],
    )
    def test_is_read_by_its_cues(self, text: str, stance: Stance) -> None:
        claim = "Le pont de la rue Haute s'est effondré ce matin"
        assert stance_of(Told(text=text, claim=claim, answered=claim, depth=1)) is stance


class TestAPostOfItsOwn:
    """A post that fell into a claim by its words ..."""

    @pytest.mark.parametrize(
        ("claim", "text"),
        [
            (
                "Plus d'ascenseur au bâtiment D depuis lundi",
                "L'ascenseur du D est toujours en panne, personne ne répond, ce n'est pas normal",
            ),
            (
                "Panne de chauffage rue Basse, 40 logements touchés",
                "La panne de chauffage rue Basse dure encore, aucune date, personne ne décroche",
            ),
            (
                "Bridge on Mill Road closed after the flood",
                "No way across the river tonight, Mill Road bridge closed after the flood",
            ),
            (
                "Two trains collided near Ashby, several injured",
                "Can't believe it. Trains collided near Ashby, never seen anything like it",
            ),
        ],
    )
    def test_denies_nothing_by_a_negation_of_its_own(self, claim: str, text: str) -> None:
        assert stance_of(Told(text=text, claim=claim)) is not Stance.DENIES

    @pytest.mark.parametrize(
        ("claim", "text"),
        [
            ("Le métro est arrêté à Bellecour", "Idem ici, bloquée à Bellecour depuis une heure"),
            ("Tap water is brown in Marlow", "Same here, brown water in Marlow, can't wash"),
        ],
    )
    def test_relays_what_its_author_lives_through_too(self, claim: str, text: str) -> None:
        assert stance_of(Told(text=text, claim=claim)) is Stance.RELAYS


class TestReasons:
    """What decided ..."""

    def test_are_said_strongest_first(self) -> None:
        claim = "The bridge on Mill Road has collapsed"
        stood = read([Told(text="Is this true? source?", claim=claim, depth=1)], load_stance())[0]

        said = [render(reason, in_english) for reason in stood.reasons]

        assert "It asks whether it is true, or for a source." in said
        assert abs(sum(stood.shares) - 1) < 0.01

    def test_have_a_sentence_for_each_weight(self) -> None:
        model = load_stance()

        assert len(cues_of(Told(text="x"))) == len(NAMES)
        assert len(model.cues) == len(model.own_cues) == len(NAMES)

    def test_do_not_count_quoted_words_as_ones_own(self) -> None:
        names = list(NAMES)
        cues = cues_of(Told(text="“This is a hoax and a lie, says he” thinking of them", depth=1))

        assert cues[names.index("quotes")]
        assert not cues[names.index("denial")]
