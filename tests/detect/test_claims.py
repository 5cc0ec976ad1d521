"""Claims grow online: a post joins one or begins one, and never moves again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from quivive.detect.claims import Reader
from quivive.detect.clusters import FADES_S, MOST_CLAIMS, Claims, Cluster, Known, forget, tidy
from quivive.detect.copies import Copies
from quivive.detect.rumours import rumours_of
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.claims import FoundClaim, Stance
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.vocabulary.topics import Topic
from quivive.wire.models import load_encoder, load_sentiment, load_stance

ACROSS = Path(__file__).parent / "sayings" / "across.jsonl"
TOPIC = Topic(id="town", name="town", query="town", own_accounts=("office",))
BEGAN = datetime(2026, 3, 1, 8, tzinfo=UTC)


def post(name: str, minute: int, text: str, **more: object) -> Match:
    author = Account(id=str(more.pop("author", f"author of {name}")))
    made = Post(
        id=name,
        network="x",
        published=BEGAN + timedelta(minutes=minute),
        attributed_to=author,
        content=text,
    )
    return Match(post=msgspec.structs.replace(made, **more), topics=("town",))


def follow(*matches: Match, reader: Reader | None = None) -> dict[str, FoundClaim]:
    """Place posts one by one and return each claim whole."""
    claims, reader = Claims(), reader or Reader(load_stance())
    whole: dict[str, FoundClaim] = {}
    for match in matches:
        for found in reader.take(claims, [match], TOPIC):
            before = whole[found.id].standings if found.id in whole else ()
            standings = (*before, *found.standings)
            whole[found.id] = msgspec.structs.replace(found, standings=standings)
    return whole


RUMOUR = (
    "Mon cousin le dit : deux locataires de la tour Hugo sont hospitalisés pour une fuite de gaz."
)
TALK = (
    post("a", 0, RUMOUR),
    post("b", 5, "Aucun locataire de la tour Hugo n'est hospitalisé, il n'y a pas de fuite de gaz"),
    post("c", 9, "Deux hospitalisés à la tour Hugo ? Quelqu'un peut confirmer ?"),
    post("d", 12, "", repost_of="a"),
    post("e", 15, "Courage à eux", in_reply_to="a"),
    post("f", 20, "Le marché de Noël ouvre samedi sur la place, venez nombreux"),
)


class TestAClaim:
    """Posts that speak of the same thing ..."""

    def test_holds_who_relays_denies_asks_and_comments(self) -> None:
        found = follow(*TALK)["a"]

        assert {one.post: one.stance for one in found.standings} == {
            "a": Stance.RELAYS,
            "b": Stance.DENIES,
            "c": Stance.ASKS,
            "d": Stance.RELAYS,
            "e": Stance.COMMENTS,
        }

    def test_leaves_other_talk_alone(self) -> None:
        assert [one.post for one in follow(*TALK)["f"].standings] == ["f"]

    def test_has_a_sentence_that_somebody_wrote(self) -> None:
        found = follow(*TALK)["a"]

        assert found.sentence in RUMOUR
        assert found.sentence_from == "a"

    def test_has_reasons_for_every_stance(self) -> None:
        assert all(one.reasons for one in follow(*TALK)["a"].standings)

    def test_keeps_a_denial_out_of_its_copies(self) -> None:
        assert {one.post: one.copy_of for one in follow(*TALK)["a"].standings}["b"] == "b"

    def test_is_denied_by_who_repeats_a_denial_in_answer_to_it(self) -> None:
        denial = TALK[1].post.content
        again = post("g", 30, f"RT @mairie: {denial}", in_reply_to="b")

        assert follow(*TALK, again)["a"].standings[-1].stance is Stance.DENIES


class TestATakenBackSaying:
    """An author who was misled says so without naming the matter ..."""

    RETRACTION = "J'ai supprimé mon message, on m'avait mal renseignée. Désolée."

    def test_belongs_to_what_they_said_and_denies_it(self) -> None:
        found = follow(*TALK, post("g", 40, self.RETRACTION, author="author of a"))["a"]

        assert found.standings[-1].post == "g"
        assert found.standings[-1].stance is Stance.DENIES

    def test_and_to_nothing_else_when_they_said_nothing(self) -> None:
        assert "g" in follow(*TALK, post("g", 40, self.RETRACTION))


class TestADenialInOtherWords:
    """Two words of what was just said, in a sentence that negates ..."""

    SAYS_NO = "Le gaz marche très bien chez moi, tour Hugo, je ne sens pas la moindre odeur"

    def test_belongs_to_the_claim_while_it_is_recent(self) -> None:
        found = follow(TALK[0], post("g", 30, self.SAYS_NO))

        assert [one.post for one in found["a"].standings] == ["a", "g"]

    def test_and_not_days_later(self) -> None:
        assert "g" in follow(TALK[0], post("g", 2_000, self.SAYS_NO))

    def test_nor_when_what_is_shared_is_not_negated(self) -> None:
        text = "Je vis tour Hugo, au gaz depuis dix ans dans ce quartier. Personne ne sourit ici."

        assert "g" in follow(TALK[0], post("g", 30, text))


class TestAPostThatOnlyTouchesAClaim:
    """Two crowds talk at once; a comment shares words with what one of them claims ..."""

    AT_THE_MARKET = ("vin chaud", "chorale", "crêpes", "patinoire", "chalets", "fanfare", "santons")
    MARKET = tuple(
        post(f"market {place}", 2 * place, f"Marché de Noël samedi : {what}, manège gratuit")
        for place, what in enumerate(AT_THE_MARKET)
    )
    FIRE = (
        post("fire", 1, "Incendie à Vaise, les pompiers évacuent trente locataires"),
        post("fire 2", 3, "À Vaise les pompiers luttent contre un incendie depuis midi"),
        post("fire 3", 5, "Incendie de Vaise : les pompiers cherchent deux disparus"),
    )
    TALK = sorted((*MARKET, *FIRE), key=lambda match: match.post.published)
    PROUD = "Trop fiers des pompiers de l'incendie de Vaise, bravo !"
    TURN = (
        "Trop fiers des pompiers de l'incendie de Vaise, ils tiendront samedi le manège du marché"
    )

    def test_begins_its_own_where_it_is_of_the_other_talk(self) -> None:
        found = follow(*self.TALK, post("x", 20, f"{self.TURN} de Noël, bravo !"))

        assert [one.post for one in found["x"].standings] == ["x"]

    def test_and_stays_where_it_is_of_the_same(self) -> None:
        last = follow(*self.TALK, post("x", 20, self.PROUD))["fire"].standings[-1]

        assert (last.post, last.stance) == ("x", Stance.COMMENTS)


class TestTheSentence:
    """What is quoted of a claim ..."""

    def test_is_not_the_greeting_before_it(self) -> None:
        text = "Bonjour à tous. L'eau de la tour Hugo contient du plomb."

        assert (
            follow(post("a", 0, text))["a"].sentence == "L'eau de la tour Hugo contient du plomb."
        )

    def test_is_what_can_be_checked(self) -> None:
        text = "Je n'en peux plus de ce quartier, de ces tours, de tout cela. L'eau est coupée."

        assert follow(post("a", 0, text))["a"].sentence == "L'eau est coupée."

    def test_is_not_cut_at_a_shortened_word(self) -> None:
        text = "Pas de collecte au sq. Victor Hugo aujourd'hui. Merci à tous."

        assert follow(post("a", 0, text))["a"].sentence == text.removesuffix(" Merci à tous.")

    def test_is_not_the_hashtags_that_all_share(self) -> None:
        said = (
            post(name, 0, f"{text} #TourHugo #Plomb")
            for name, text in (("a", "L'eau contient du plomb."), ("b", "Du plomb dans l'eau."))
        )

        assert follow(*said)["a"].sentence == "L'eau contient du plomb."

    def test_leaves_out_who_relays_it_and_the_link(self) -> None:
        text = "RT @lea: “L'eau de la tour Hugo contient du plomb” https://paper.example/1"

        assert follow(post("a", 0, text))["a"].sentence == "L'eau de la tour Hugo contient du plomb"


class TestARumourCandidate:
    """A claim is one (R-25) ..."""

    def test_when_one_asserts_and_one_asks(self) -> None:
        assert follow(*TALK[:2])["a"].rumour_at is None
        assert follow(*TALK)["a"].rumour_at == TALK[2].post.published

    def test_when_two_assert_it_with_no_source(self) -> None:
        again = post("b", 5, "URGENT deux locataires de la tour Hugo hospitalisés, fuite de gaz")

        assert follow(TALK[0], again)["a"].rumour_at == again.post.published

    def test_also_when_they_name_who_says_so_but_bring_no_link(self) -> None:
        told = "Selon la préfecture, deux locataires de la tour Hugo sont hospitalisés"

        found = follow(post("a", 0, told), post("b", 5, f"URGENT {told}"))["a"]

        assert found.rumour_at is not None
        assert all(one.sourced for one in found.standings)

    def test_but_not_when_they_bring_a_link(self) -> None:
        text = f"{RUMOUR} https://paper.example/1"

        assert follow(post("a", 0, text), post("b", 5, text))["a"].rumour_at is None

    def test_nor_when_one_person_repeats_it_or_others_repost_it(self) -> None:
        same = post("b", 5, RUMOUR, author="author of a")

        assert follow(TALK[0], same, TALK[3])["a"].rumour_at is None

    @pytest.mark.parametrize(
        "text",
        [
            "Courage aux locataires de la tour Hugo, je pense à vous",
            "Je trouve que le gaz de la tour Hugo coûte trop cher",
            "My thoughts are with the tenants of the Hugo tower tonight",
            "You should all be ashamed of the gas in the Hugo tower",
            "Good luck to the tenants of the Hugo tower without gas",
            "Our hearts go out to the tenants of the Hugo tower",
            "Sending love and strength to the tenants of the Hugo tower",
            "De tout cœur avec les locataires de la tour Hugo sans gaz",
        ],
    )
    def test_nor_when_two_wish_or_judge_the_same(self, text: str) -> None:
        assert follow(post("a", 0, text), post("b", 5, text))["a"].rumour_at is None

    def test_nor_when_somebody_asks_anything_else_in_an_answer(self) -> None:
        when = post("b", 5, "Et ça ouvre quand, la tour Hugo ?", in_reply_to="a")
        true = post("c", 9, "C'est vrai ? Quelqu'un a une source ?", in_reply_to="a")

        assert follow(TALK[0], when)["a"].rumour_at is None
        assert follow(TALK[0], when, true)["a"].rumour_at == true.post.published

    def test_nor_when_somebody_asks_anything_else_in_a_post_of_its_own(self) -> None:
        other = post("b", 5, "La fuite de gaz, la tour Hugo : ça va. On mange où samedi soir ?")

        found = follow(TALK[0], other)["a"]

        assert [one.post for one in found.standings] == ["a", "b"]
        assert found.standings[1].stance is not Stance.ASKS
        assert found.rumour_at is None

    def test_nor_when_answers_say_it_again(self) -> None:
        again = post(
            "b", 5, "Deux locataires de la tour Hugo hospitalisés, fuite de gaz", in_reply_to="a"
        )

        assert follow(TALK[0], again)["a"].rumour_at is None

    def test_when_two_state_it_under_a_post_of_ours(self) -> None:
        ours = post("z", -5, "La permanence de la tour Hugo est ouverte", author="office")
        first = post("a", 0, RUMOUR, in_reply_to="z")
        again = post(
            "b", 5, "Deux locataires de la tour Hugo hospitalisés, fuite de gaz", in_reply_to="z"
        )

        found = follow(ours, first, again)

        assert [one.post for one in found["z"].standings] == ["z"]
        assert found["a"].rumour_at == again.post.published

    def test_with_the_sentence_of_those_who_state_it(self) -> None:
        wish = post("z", -5, "Courage aux locataires de la tour Hugo après la fuite de gaz")
        found = follow(wish, *TALK[:4])

        assert found["z"].sentence_from == "a"

    def test_nor_by_what_we_write_ourselves(self) -> None:
        ours = post("b", 5, "Deux locataires de la tour Hugo hospitalisés ?", author="office")

        assert follow(TALK[0], ours)["a"].rumour_at is None


class TestTheNoteOfARumourCandidate:
    """Says what is known, and no more ..."""

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ("Police say two tenants of the Hugo tower are in hospital", "on another's word"),
            ("La mairie confirme que deux locataires sont hospitalisés", "on another's word"),
            ("Trois blessés tour Hugo, annonce la préfecture de région", "on another's word"),
            ("Deux locataires de la tour Hugo hospitalisés cette nuit", "several people without"),
            ("Selon une voisine deux locataires sont hospitalisés", "several people without"),
        ],
    )
    def test_tells_apart_who_names_another_and_who_names_nobody(
        self, words: str, told: str
    ) -> None:
        found = follow(post("a", 0, words), post("b", 5, f"URGENT {words}"))

        (note,) = rumours_of(list(found.values()))

        assert told in note.reason.text
        assert "source" not in note.reason.text

    def test_says_that_somebody_asks_only_where_one_asked_whether_it_is_so(self) -> None:
        when = post("b", 5, "Et ça ouvre quand, la tour Hugo ?", in_reply_to="a")
        again = post("c", 9, "URGENT deux locataires de la tour Hugo hospitalisés, fuite de gaz")

        (note,) = rumours_of(list(follow(TALK[0], when, again).values()))

        assert "asks whether" not in note.reason.text


class TestGrowing:
    """Whatever the size of batches and however often the state is saved ..."""

    def test_claims_come_out_the_same(self) -> None:
        one_by_one = follow(*TALK)
        claims, reader = Claims(), Reader(load_stance())

        together = {found.id: found for found in reader.take(claims, TALK, TOPIC)}

        assert together == one_by_one

    def test_go_on_from_a_checkpoint(self) -> None:
        claims, reader = Claims(), Reader(load_stance())
        reader.take(claims, TALK[:2], TOPIC)

        restored = msgspec.msgpack.decode(msgspec.msgpack.encode(claims), type=Claims)

        assert reader.take(restored, TALK[2:], TOPIC) == reader.take(claims, TALK[2:], TOPIC)

    def test_quiet_claims_are_forgotten_and_rumours_are_not(self) -> None:
        claims, reader = Claims(), Reader(load_stance())
        reader.take(claims, TALK, TOPIC)

        forget(claims, BEGAN.timestamp() + FADES_S + 3600)

        assert list(claims.open) == ["a"]
        assert "f" not in claims.known


class TestAFlood:
    def test_of_claims_is_cut_to_what_was_said_last_and_to_rumours(self):
        at = BEGAN.timestamp()
        claims = Claims(tidied=at // 3600)
        for n in range(2 * MOST_CLAIMS + 1):
            rumour_at = at if n == 0 else 0.0
            one = Cluster(f"c{n}", "fr", "", "", at + n, at + n, rumour_at=rumour_at)
            claims.open[one.id] = one
            claims.known[f"p{n}"] = Known(one.id, Stance.RELAYS, f"p{n}", 0, "")
        tidy(claims, at)
        assert len(claims.open) == MOST_CLAIMS
        assert {"c0", f"c{2 * MOST_CLAIMS}"} < claims.open.keys()
        assert {known.claim for known in claims.known.values()} <= claims.open.keys()


class TestMeaning:
    """With an encoder ..."""

    def test_a_question_in_another_language_joins_the_claim(self) -> None:
        def encode(text: str) -> NDArray[np.float32]:
            gas = "gaz" in text.lower() or "gas" in text.lower()
            return np.array([1.0, 0.0] if gas else [0.0, 1.0], np.float32)

        reader = Reader(load_stance(), encode)
        asked = post("en", 30, "Anyone heard about neighbours taken ill by gas? Is this true?")

        found = follow(*TALK, asked, reader=reader)["a"]

        assert found.standings[-1].post == "en"
        assert found.standings[-1].stance is Stance.ASKS

    def test_posts_of_one_language_need_more_in_common_than_a_crisis(self) -> None:
        def encode(text: str) -> NDArray[np.float32]:
            turned = [0.6, 0.8] if "manque" in text else [0.0, -1.0]
            return np.array([1.0, 0.0] if "gaz" in text else turned, np.float32)

        reader = Reader(load_stance(), encode)
        denied = post("g", 30, "C'est faux, personne ne manque à l'appel")

        assert "g" in follow(*TALK, denied, reader=reader)


class TestAPostToldTwice:
    def test_breaks_nothing_when_its_first_telling_is_forgotten(self) -> None:
        claims, reader = Claims(), Reader(load_stance())
        reader.take(claims, [post("a", 0, RUMOUR)], TOPIC)
        claims.known.clear()
        claims.copies = Copies()
        reader.take(claims, [post("a", 0, "Un cousin de Marseille est passé")], TOPIC)

        (found,) = reader.take(claims, [post("b", 1, "Le cousin mange une pomme")], TOPIC)

        assert found.id == "b"


class TestTwoLanguages:
    """A claim said in French, and again in English ..."""

    def test_is_one_claim_and_no_other_is_taken_for_it(self) -> None:
        rows = [msgspec.json.decode(line) for line in ACROSS.read_bytes().splitlines()]
        rows = [row for row in rows if row["part"] == "develop"]
        texts = [row[language] for language in ("french", "english") for row in rows]
        read = load_sentiment().read(texts)
        told = [
            msgspec.structs.replace(post(str(place), place, text), sentiment=sentiment)
            for place, (text, sentiment) in enumerate(zip(texts, read, strict=True))
        ]

        claims = follow(*told, reader=Reader(load_stance(), load_encoder()))

        together = {tuple(one.post for one in claim.standings) for claim in claims.values()}
        assert together == {(str(row), str(row + len(rows))) for row in range(len(rows))}
