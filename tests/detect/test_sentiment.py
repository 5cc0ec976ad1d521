"""Negativity: what the shipped model must do for any text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.detect.pieces import BUCKETS, cut
from quivive.detect.signs import signs_of
from quivive.vocabulary.sentiments import Leaning
from quivive.wire.models import load_sentiment

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

    def test_reads_nothing_into_texts_that_carry_little_more_than_faces(self, reader):
        assert reader.read(["😡😡😡 @user https://a.example"])[0].label is Leaning.UNCERTAIN

    def test_reads_past_half_an_emoji(self, reader):
        [found] = reader.read(["C'est une honte, service nul \ud83d et lamentable"])

        assert found.label is Leaning.NEGATIVE

    def test_names_reasons_as_they_were_written(self, reader):
        [found] = reader.read(["Service LAMENTABLE, l’équipe est dégueulasse !!"])

        assert found.label is Leaning.NEGATIVE
        assert {"LAMENTABLE", "dégueulasse"} & set(found.reasons)

    def test_names_words_that_explain_before_grammar(self, reader):
        [told, only_grammar] = reader.read(["la panne est dans la tour et on est à bout", "et toi"])

        assert "panne" in told.reasons
        assert not {"la", "est", "dans", "et", "on", "à"} & set(told.reasons)
        assert only_grammar.reasons

    def test_adds_up_to_what_its_words_pull(self, reader):
        texts = ["toujours pas de chauffage ce matin", "thank you for the lovely day"]

        weighed = reader.weigh(texts)
        logits = weighed.logits
        ways = np.eye(logits.shape[1], dtype=np.float32)
        pulls = [reader.pulls(weighed, np.tile(way, (len(texts), 1))) for way in ways]

        first = len(weighed.pieces.words[0])
        sums = [[pull[:first].sum(), pull[first:].sum()] for pull in pulls]
        apart = logits - np.transpose(sums)
        assert not signs_of(texts).any()
        assert apart[0] == pytest.approx(apart[1], abs=1e-4)  # the bias, and units at rest

    def test_hears_a_few_words_at_the_end_of_a_long_post(self, reader):
        calm = (
            "La réunion du conseil se tiendra mardi à 18 h dans la salle des fêtes, à côté de la "
            "mairie, et l’ordre du jour est affiché dans le hall de chaque immeuble."
        )

        before, after = reader.read([calm, f"{calm} C’est lamentable."])

        assert before.label is Leaning.NEUTRAL
        assert after.negative > 3 * before.negative
        assert "lamentable" in after.reasons

    def test_reads_what_is_not_bad_as_good(self, reader):
        bad, good = reader.read(["the new lift is bad", "the new lift is not bad at all"])

        assert bad.label is Leaning.NEGATIVE
        assert good.label is Leaning.POSITIVE

    @pytest.mark.parametrize(
        ("good", "bad"),
        [
            ("pas mal du tout, la nouvelle cour", "pas terrible du tout, la nouvelle cour"),
            ("plus de pannes depuis lundi", "plus de bus depuis lundi"),
            ("no more leaks since Monday", "no more doctors since Monday"),
        ],
    )
    def test_hears_what_a_negation_turns(self, reader, good, bad):
        praised, blamed = reader.read([good, bad], [None, None], None, "fr")

        assert praised.positive > praised.negative
        assert blamed.negative > blamed.positive

    def test_turns_with_a_negation(self, reader):
        plain, negated = reader.read(
            ["Je suis content du service", "Je suis pas content du service"]
        )

        assert negated.negative > plain.negative

    @pytest.mark.parametrize(
        ("said", "quoted"),
        [
            (
                "Nous regrettons vivement la panne d'hier, écrivez-nous en message privé.",
                "« Nous regrettons vivement la panne d'hier », et rien ne marche, quelle honte",
            ),
            (
                "We're sorry your parcel arrived damaged, please send us a DM.",
                '"We\'re sorry your parcel arrived damaged", useless, nobody ever answers',
            ),
        ],
    )
    def test_takes_an_organisation_that_regrets_for_no_complaint(self, reader, said, quoted):
        answer, complaint = reader.read([said, quoted])

        assert answer.negative < 0.5 < complaint.negative

    @pytest.mark.parametrize(
        ("mocked", "meant"),
        [
            ("encore une panne depuis hier, bravo", "plus une panne depuis hier, bravo"),
            ("still no heating for three weeks, thanks", "heating fixed within the hour, thanks"),
            ("ça vous arrive de répondre ?", "vous répondez à quelle adresse ?"),
            ("you could have told us", "you told us in time, great"),
        ],
    )
    def test_hears_who_says_the_contrary(self, reader, mocked, meant):
        complaint, other = reader.read([mocked, meant])

        assert complaint.label is Leaning.NEGATIVE
        assert other.label is not Leaning.NEGATIVE

    def test_hears_an_enquiry(self, reader):
        asking, telling = reader.read(
            ["C’est vrai ? Quelqu’un a une source ?", "L’eau est coupée depuis ce matin."]
        )

        assert asking.enquiry > 0.5 > telling.enquiry

    def test_hears_a_cry_for_help_in_words_of_no_list(self, reader):
        cries = [
            "Le radeau dérive, mon cousin a disparu sous l’eau",
            "the raft sank, where is my son",
        ]
        calm = ["Le radeau est exposé au musée", "the raft is on show at the museum"]

        found = [one.plea for one in reader.read(cries + calm)]

        assert min(found[:2]) > 0.5 > max(found[2:])

    def test_says_against_whom_only_when_somebody_is_addressed(self, reader):
        against, nobody = reader.read(["@office vous êtes nuls, honte à vous", "Il pleut encore"])

        assert against.support < 0
        assert nobody.support is None

    def test_gives_an_interval_around_the_negative_share(self, reader):
        for found in reader.read([text for text, _, _ in CLEAR]):
            assert 0 <= found.low <= found.negative <= found.high <= 1

    @given(st.lists(st.text(max_size=300), max_size=5))
    @settings(max_examples=15, deadline=None)
    def test_survives_any_text(self, texts):
        found = load_sentiment().read(texts)

        assert len(found) == len(texts)
        assert all(np.isfinite(one.negative) for one in found)


class TestPieces:
    @pytest.mark.parametrize(
        ("text", "turned"),
        [
            ("je ne suis pas du tout déçue", ["du", "tout", "decue"]),
            ("not bad, not bad at all", ["bad", "bad", "at", "all"]),
            ("aucun souci", ["souci"]),
            ("tout va bien", []),
        ],
    )
    def test_tell_which_words_a_negation_turns(self, text, turned):
        pieces = cut([text])

        assert [pieces.tokens[0][place] for place in pieces.turned] == turned

    def test_are_the_same_on_every_machine(self):
        pieces = cut(["Eau froide !"])

        assert pieces.tokens == [["eau", "froide", "!"]]
        assert pieces.word_hash.tolist() == cut(["Eau froide !"]).word_hash.tolist()
        assert len(pieces.word_hash) == 5
        assert (pieces.letter_hash < BUCKETS).all()

    def test_count_negated_words_apart(self):
        assert len(cut(["pas content"]).word_hash) == len(cut(["tres content"]).word_hash) + 1

    @pytest.mark.parametrize(
        ("written", "tokens"),
        [
            ("NUUUUL", ["nul"]),
            ("#BalanceTonBailleur", ["#", "balance", "ton", "bailleur"]),
            ("les locataire·s", ["les", "locataires"]),
            ("@sncf.fr https://a.b/c?d", ["@", "user", "http"]),
        ],
    )
    def test_undo_spoken_habits(self, written, tokens):
        assert cut([written]).tokens == [tokens]
