"""A second opinion: Tantivy, a search engine of its own, finds the same with what both can say.

Both can say: all, any and none of some words, phrases, the beginning of a word, and words with
slips. Texts have no elision, hashtag or inclusive writing here, which are read in ways of our own.
"""

import random
import re
from datetime import UTC, datetime

import pytest
import tantivy
from tantivy import Filter, Occur, TextAnalyzerBuilder, Tokenizer

from quivive.listen.matching import compile_watch
from quivive.listen.query import And, Node, Not, Or, Query, Words, parse
from quivive.listen.query.tree import says_nothing
from quivive.listen.words import parts_of
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post

SPOKEN = [
    *("eau", "Eau", "gaz", "GAZ", "fuite", "fuites", "froide", "élu", "élus", "cœur", "été"),
    *("chauffage", "chauffages", "chaufage", "cahuffage", "chauffagiste", "office,"),
    *("panne.", "panne!"),
]
ASKED = [
    *("eau", "gaz", "fuite", "fuit*", "élu", "elus", "coeur", "chauff*", "chauffage~1"),
    *("chauffages~2", "office", "panne", "ete", "pan*"),
]
PHRASES = ("eau froide", "fuite gaz", "chauffage en panne", "panne chauff eau", "gaz gaz")
POSTS, QUERIES = 400, 300


@pytest.fixture(scope="module")
def texts() -> list[str]:
    chance = random.Random(3)
    return [
        " ".join(chance.choices([*SPOKEN, "en", "chauff"], k=chance.randint(1, 9)))
        for _ in range(POSTS)
    ]


@pytest.fixture(scope="module")
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("text", tokenizer_name="folding")
    return builder.build()


@pytest.fixture(scope="module")
def index(schema, texts) -> tantivy.Index:
    folding = TextAnalyzerBuilder(Tokenizer.simple())
    folding = folding.filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()
    made = tantivy.Index(schema)
    made.register_tokenizer("folding", folding)
    writer = made.writer(15_000_000, 1)
    for number, text in enumerate(texts):
        writer.add_document(tantivy.Document(number=number, text=text))
    writer.commit()
    made.reload()
    return made


def said(schema: tantivy.Schema, node: Node) -> tantivy.Query:
    """Say a tree to Tantivy."""
    match node:
        case Or():
            return tantivy.Query.boolean_query(
                [(Occur.Should, said(schema, part)) for part in node.parts]
            )
        case And():
            return tantivy.Query.boolean_query(
                [
                    (Occur.MustNot, said(schema, part.part))
                    if isinstance(part, Not)
                    else (Occur.Must, said(schema, part))
                    for part in node.parts
                ]
            )
        case Words(edits=0):
            words = parts_of(node.text)
            if len(words) > 1:
                return tantivy.Query.phrase_query(schema, "text", words)
            if "*" in words[0]:
                pattern = re.escape(words[0]).replace(r"\*", ".*")
                return tantivy.Query.regex_query(schema, "text", pattern)
            return tantivy.Query.term_query(schema, "text", words[0])
        case Words():
            return tantivy.Query.fuzzy_term_query(
                schema, "text", parts_of(node.text)[0], node.edits, True
            )
    raise AssertionError(node)


def made_tree(chance: random.Random, depth: int = 0) -> Node:
    """A random tree of what both can say; what is left out stands beside something wanted."""
    kind = chance.random()
    if depth > 2 or kind < 0.3:
        return _leaf(chance)
    parts = tuple(made_tree(chance, depth + 1) for _ in range(chance.randint(2, 3)))
    if kind < 0.6:
        return Or(parts, 0, 0)
    without = Not(made_tree(chance, depth + 1), 0, 0)
    return And((*parts[:2], without) if kind < 0.8 else parts, 0, 0)


def _leaf(chance: random.Random) -> Words:
    if chance.random() < 0.3:
        return Words(chance.choice(PHRASES), 0, 0)
    word, _, edits = chance.choice(ASKED).partition("~")
    return Words(word, 0, 0, edits=int(edits or 0))


class TestTantivy:
    def test_finds_the_same_posts(self, texts, schema, index):
        chance = random.Random(11)
        made = (made_tree(chance) for _ in range(QUERIES))
        trees = [tree for tree in made if not says_nothing(tree)]
        queries = {str(number): parse(str(Query("", tree))) for number, tree in enumerate(trees)}
        ours: dict[str, set[int]] = {name: set() for name in queries}
        for number, names in compile_watch(queries).match([*map(post, texts)]):
            for name in names:
                ours[name].add(number)

        searcher = index.searcher()
        for name, query in queries.items():
            hits = searcher.search(said(schema, query.root), POSTS).hits
            theirs = {searcher.doc(address)["number"][0] for _score, address in hits}
            assert ours[name] == theirs, str(query)

        assert len(queries) > QUERIES // 2
        assert sum(map(bool, ours.values())) > len(queries) // 2

    @pytest.mark.parametrize("apart", range(5))
    def test_counts_the_words_between_in_the_same_way(self, texts, schema, index, apart):
        """Its slop counts moves: two words that change places have made two already."""
        ours = f"eau ONEAR/{apart} gaz"
        if apart > 1:
            ours += f" OR gaz ONEAR/{apart - 2} eau"
        caught = {at for at, _ in compile_watch({"": parse(ours)}).match([*map(post, texts)])}

        asked = tantivy.Query.phrase_query(schema, "text", ["eau", "gaz"], apart)
        searcher = index.searcher()
        hits = searcher.search(asked, POSTS).hits

        assert caught == {searcher.doc(address)["number"][0] for _score, address in hits}
        assert caught


def post(text: str) -> Post:
    return Post(
        id=text,
        network="n",
        published=datetime(2026, 1, 1, tzinfo=UTC),
        attributed_to=Account(id="a"),
        content=text,
    )
