"""Random queries on random posts: the fast matcher must say what the obvious one says."""

import re
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.listen.reference_query import NORTH, PRESS, catches, distance, tell

from quivive.listen.known import Known
from quivive.listen.matching import compile_watch, explain
from quivive.listen.outlines import Scanner
from quivive.listen.positions import is_close
from quivive.listen.query import And, Field, Near, Not, Or, Query, Sentence, Words, parse
from quivive.listen.query.tree import says_nothing
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.folding import fold, fold_each, readings
from quivive.vocabulary.posts import Post

# Few words, so that random queries and random posts meet often.
SAID = [
    *(
        "eau",
        "Eau",
        "EAU",
        "l'eau",
        "l’eau",
        "beau",
        "eaux",
        "eau_froide",
        "chauffage",
        "Chauffagiste",
    ),
    *("élu", "élue", "élu·e·s", "elu", "locataire·s", "locataire(s)", "locataires", "usager·ère"),
    *("cœur", "coeur", "🔥", "👩‍🔥", "#eau", "#eauFroide", "#chauffage", "@office", "office"),
    *(
        "eaeau",
        "eauea",
        "12",
        "bât.",
        "C",
        "été",
        "été",
        "...",
        "-",
        "\n",
        "ﬁn",
        "𝐞𝐚𝐮",
        "İ",
        "ß",
        "\0",
        "\1",
    ),
    *("#EauFroide", "#HLMEau2026", "#eau_froide", "chaufage", "cahuffage", "eau. Panne", "eau ! "),
]
ASKED = [
    *("eau", "eaux", "beau", "chauffage", "chauff*", "ea?", "élu", "élue", "élus", "élu·e", "ELU"),
    *(
        "locataire",
        "locataires",
        "locataire·s",
        "coeur",
        "œu*",
        "🔥",
        "#eau",
        "#eau*",
        "#chauffage",
    ),
    *(
        "l’eau",
        "@office",
        "office",
        "off*ce",
        "bât",
        "été",
        "fin",
        "ss",
        "ch*ge",
        "ea*ea",
        "ea*e*a*",
        "ea**?u",
        "ea?e*",
        "usagere",
    ),
]
HANDLES = ["ana", "Bénédicte", "c.d"]

FIELDS = [
    *(("from", one) for one in (*HANDLES, "ana,c.d")),
    *(("lang", one) for one in ("fr", "en-GB", "en,fr")),
    *(("title", one) for one in ("eau", "eau froide", "chauff*")),
    *(("hashtag", one) for one in ("eau", "eaufroide", "chauffage")),
    *(("raw", one) for one in ("Eau", "l’eau", "élu·e·s", "chauffage")),
    *(("bio", "journaliste"), ("type", "post,reply"), ("type", "repost"), ("city", "lyon")),
    *(("followers", ">10"), ("followers", "<10"), ("created", "<30d"), ("agency", "north")),
    *(("is", "known"), ("panel", "press"), ("since", "2026-01-02"), ("until", "2026-01-01")),
    *(("hour", "8-18"), ("hour", "22-6"), ("mention", "office"), ("has", "media")),
]
KNOWN = Known(panels={"Press": PRESS}, agencies={"North": NORTH}, tell=tell)

phrases = st.lists(st.sampled_from(ASKED), min_size=1, max_size=3).map(" ".join)
exact = st.builds(Words, st.one_of(st.sampled_from(ASKED), phrases), st.just(0), st.just(0))
fuzzy = st.builds(
    lambda text, edits: Words(text, 0, 0, edits),
    st.sampled_from(["chauffage", "chauffagiste", "locataires", "coeurs"]),
    st.integers(1, 2),
)
loose = st.builds(
    lambda words, apart: Words(" ".join(words), 0, 0, apart=apart),
    st.lists(st.sampled_from(["eau", "chauff*", "élu·e", "office", "ea?"]), min_size=2, max_size=3),
    st.integers(1, 3),
)
placed = st.one_of(exact, fuzzy, loose)
nears = st.recursive(
    placed,
    lambda parts: st.one_of(
        st.builds(
            lambda left, right, apart, ordered: Near(left, right, apart, ordered, 0, 0),
            parts,
            parts,
            st.integers(0, 3),
            st.booleans(),
        ),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: Or(tuple(some), 0, 0)),
    ),
    max_leaves=4,
)
fields = st.sampled_from(FIELDS).map(lambda pair: Field(*pair, 0, 0))


def grown(parts: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        *(st.builds(kind, several, st.just(0), st.just(0)) for kind in (And, Or)),
        st.builds(Not, parts, st.just(0), st.just(0)),
    )


sentences = st.recursive(nears, grown, max_leaves=4).map(lambda part: Sentence(part, 0, 0))
leaves = st.one_of(exact, fields, fuzzy, loose, nears, sentences)
trees = st.recursive(leaves, grown, max_leaves=8).filter(lambda tree: not says_nothing(tree))
queries = trees.map(lambda tree: parse(str(Query(text="", root=tree))))
texts = st.one_of(
    st.lists(st.sampled_from(SAID), max_size=7).flatmap(
        lambda words: st.sampled_from([" ", ", ", "", "\n"]).map(lambda gap: gap.join(words))
    ),
    st.text(max_size=20),
)


MOMENTS = st.integers(0, 71).map(
    lambda hour: datetime(2025, 12, 31, tzinfo=UTC) + timedelta(hours=hour)
)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    return Account(
        id=draw(st.sampled_from(["c.d", "e.f"])),
        handle=draw(st.sampled_from([None, "ANA", "Benedicte"])),
        followers=draw(st.sampled_from([None, 5, 10, 50])),
        created=draw(st.sampled_from([None, date(2025, 12, 20), date(2020, 1, 1)])),
        summary=draw(st.sampled_from([None, "Journaliste à Lyon", "journalistes"])),
    )


@st.composite
def posts(draw: st.DrawFn) -> Post:
    return Post(
        id="p",
        network="n",
        published=draw(MOMENTS),
        attributed_to=draw(accounts()),
        content=draw(texts),
        hashtags=tuple(
            draw(st.lists(st.sampled_from(["eau", "#Chauffage", "EauFroide"]), max_size=2))
        ),
        repost_of=draw(st.sampled_from([None, None, "o"])),
        in_reply_to=draw(st.sampled_from([None, "q"])),
        title=draw(st.sampled_from([None, "Eau froide", "le chauffage", "#EauFroide"])),
        place=draw(st.sampled_from([None, "Lyon, France", "Lyonnais"])),
        mentions=tuple(draw(st.lists(st.sampled_from(["office", "ana"]), max_size=1))),
        media=tuple(draw(st.lists(st.just("m.png"), max_size=1))),
        language=draw(st.sampled_from([None, "fr", "FR-ca", "en", "en-gb", "fro"])),
    )


class TestTheMatcher:
    @settings(max_examples=100, deadline=None)
    @given(st.lists(queries, min_size=1, max_size=4), st.lists(posts(), max_size=4))
    def test_says_what_the_obvious_reading_says(self, asked, said):
        watch = {str(number): query for number, query in enumerate(asked)}

        caught = compile_watch(watch, KNOWN).match(said)

        expected = [
            (index, tuple(name for name, query in watch.items() if catches(query, post)))
            for index, post in enumerate(said)
        ]
        assert caught == [(index, names) for index, names in expected if names]

    @settings(max_examples=60, deadline=None)
    @given(queries, posts())
    def test_explains_what_it_catches_and_nothing_else(self, query, post):
        clauses = explain(query, post, KNOWN)

        assert bool(clauses) <= catches(query, post)
        for clause in clauses:
            assert clause.text == query.text[clause.start : clause.end]
            assert clause.words


class TestAQuery:
    @settings(max_examples=60, deadline=None)
    @given(trees)
    def test_written_out_and_read_again_says_the_same(self, tree):
        written = str(tree)

        assert str(parse(written)) == written


class TestAWordWithMistakes:
    @settings(max_examples=300, deadline=None)
    @given(st.text("abc", min_size=4, max_size=7), st.text("abc", max_size=8), st.integers(1, 2))
    def test_is_found_within_its_distance(self, word, other, edits):
        assert is_close(word, other, edits) == (distance(word, other) <= edits)


class TestTheQuickLook:
    @settings(max_examples=300, deadline=None)
    @given(st.lists(texts, max_size=6), st.lists(st.sampled_from(ASKED), min_size=1, max_size=5))
    def test_misses_nothing_that_folding_would_show(self, said, asked):
        literals = list({fold(word) for word in asked} - {""})
        said = [text.replace("\0", " ").replace("\1", " ") for text in said]
        scanner = Scanner([(text, False, False) for text in literals])

        look = scanner.look(said)

        assert set(scanner.search(fold_each(said))) <= {
            *look.hits,
            *((index, number) for index in look.strange for number in range(len(literals))),
        }

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.one_of(texts, st.text()), max_size=6))
    def test_is_as_good_as_folding_but_for_signs_nobody_asks_for(self, said):
        said = [text.replace("\0", " ").replace("\1", " ") for text in said]
        asked = "🔥»”é"

        look = Scanner([("eau", True, True)], signs=[asked]).look(said)

        for index, text in enumerate(said):
            (whole,) = fold_each([text])
            if (told := look.folded(index)) is not None:
                assert _plain(told[0], asked) == _plain(whole, asked)
                assert told[1].split() == re.findall(r"\w+", whole)
                assert told[1][0] == told[1][-1] == " "

    def test_leaves_what_it_cannot_tell_to_folding(self):
        scanner = Scanner([("strasse", True, True), ("🔥", False, False)])

        look = scanner.look(["Straße", "STRASSE ё", "🔥", "un(e) élu(e)", "œuf 🚒"])

        assert look.hits == [(1, 0)]
        assert look.strange == {0, 2, 3}
        assert look.folded(1) is None  # nobody asks for ё, but it makes words
        assert look.folded(4) == ("oeuf \a", " oeuf   ")


def _plain(text: str, asked: str) -> str:
    """Put one sign in the place of those that nobody asks for."""
    return re.sub(rf"[^\0\t\n\r -\x7f{asked}]+", "\a", text)


class TestFolding:
    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.one_of(texts, st.text()), max_size=5))
    def test_many_texts_at_once_is_folding_each(self, many):
        many = [text.replace("\0", "").replace("\1", "") for text in many]

        assert fold_each(many, between="\0") == ["\0".join(readings(text)) for text in many]

    @settings(max_examples=150, deadline=None)
    @given(texts)
    def test_twice_changes_nothing_more(self, text):
        assert fold(fold(text)) == fold(text)
