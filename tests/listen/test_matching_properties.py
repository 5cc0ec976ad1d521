"""Random queries on random posts: the fast matcher must say what the obvious one says."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.listen.reference_query import catches

from quivive.listen.matching import compile_watch, explain
from quivive.listen.query import And, Field, Not, Or, Query, Words, parse
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

phrases = st.lists(st.sampled_from(ASKED), min_size=1, max_size=3).map(" ".join)
leaves = st.one_of(
    st.builds(Words, st.one_of(st.sampled_from(ASKED), phrases), st.just(0), st.just(0)),
    st.builds(Field, st.just("from"), st.sampled_from(HANDLES), st.just(0), st.just(0)),
    st.builds(Field, st.just("lang"), st.sampled_from(["fr", "en-GB"]), st.just(0), st.just(0)),
)


def grown(parts: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        *(st.builds(kind, several, st.just(0), st.just(0)) for kind in (And, Or)),
        st.builds(Not, parts, st.just(0), st.just(0)),
    )


trees = st.recursive(leaves, grown, max_leaves=8).filter(lambda tree: not says_nothing(tree))
queries = trees.map(lambda tree: parse(str(Query(text="", root=tree))))
texts = st.one_of(
    st.lists(st.sampled_from(SAID), max_size=9).flatmap(
        lambda words: st.sampled_from([" ", ", ", "", "\n"]).map(lambda gap: gap.join(words))
    ),
    st.text(max_size=20),
)


@st.composite
def posts(draw: st.DrawFn) -> Post:
    return Post(
        id="p",
        network="n",
        published=datetime(2026, 1, 1, tzinfo=UTC),
        attributed_to=Account(id="c.d", handle=draw(st.sampled_from([None, "ANA", "Benedicte"]))),
        content=draw(texts),
        hashtags=tuple(draw(st.lists(st.sampled_from(["eau", "#Chauffage", "x"]), max_size=2))),
        repost_of=draw(st.sampled_from([None, None, "o"])),
        language=draw(st.sampled_from([None, "fr", "FR-ca", "en", "en-gb", "fro"])),
    )


class TestTheMatcher:
    @settings(max_examples=200, deadline=None)
    @given(st.lists(queries, min_size=1, max_size=5), st.lists(posts(), max_size=6))
    def test_says_what_the_obvious_reading_says(self, asked, said):
        watch = {str(number): query for number, query in enumerate(asked)}

        caught = compile_watch(watch).match(said)

        expected = [
            (index, tuple(name for name, query in watch.items() if catches(query, post)))
            for index, post in enumerate(said)
        ]
        assert caught == [(index, names) for index, names in expected if names]

    @settings(max_examples=100, deadline=None)
    @given(queries, posts())
    def test_explains_what_it_catches_and_nothing_else(self, query, post):
        clauses = explain(query, post)

        assert bool(clauses) <= catches(query, post)
        for clause in clauses:
            assert clause.text == query.text[clause.start : clause.end]
            assert clause.words


class TestAQuery:
    @settings(max_examples=150, deadline=None)
    @given(trees)
    def test_written_out_and_read_again_says_the_same(self, tree):
        written = str(tree)

        assert str(parse(written)) == written


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
