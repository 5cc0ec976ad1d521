"""Queries in the words of networks: never narrower, and what is lost is said."""

import pytest

from quivive.listen.query import parse
from quivive.listen.translation import Translation, translate
from quivive.vocabulary.capabilities import Capabilities, Operator

ALL, ANY, NOT, GROUPS, PHRASE = (
    Operator.ALL,
    Operator.ANY,
    Operator.NOT,
    Operator.GROUPS,
    Operator.PHRASE,
)
HASHTAG, AUTHOR, LANGUAGE, PREFIX = (
    Operator.HASHTAG,
    Operator.AUTHOR,
    Operator.LANGUAGE,
    Operator.PREFIX,
)
TAGS = Capabilities(operators=frozenset({HASHTAG}))
PLAIN = Capabilities(operators=frozenset({ALL, PHRASE, HASHTAG, AUTHOR, LANGUAGE}))
RICH = Capabilities(
    operators=frozenset({ALL, ANY, NOT, GROUPS, PHRASE, HASHTAG, AUTHOR, LANGUAGE}), longest=60
)
BARS = Capabilities(operators=frozenset({ALL, ANY, NOT, PHRASE}), any_sign="|")


def said(query: str, can: Capabilities) -> Translation:
    return translate(parse(query), can)


class TestATranslation:
    @pytest.mark.parametrize(
        ("query", "can", "searches"),
        [
            ("gaz fuite", PLAIN, ["gaz fuite"]),
            ("gaz OU fuite", PLAIN, ["gaz", "fuite"]),
            ("gaz (fuite OU feu)", PLAIN, ["gaz fuite", "gaz feu"]),
            ('"eau froide"', PLAIN, ['"eau froide"']),
            ("gaz SAUF feu", PLAIN, ["gaz"]),
            ("gaz SAUF feu", RICH, ["gaz -feu"]),
            ("gaz SAUF (feu eau)", RICH, ["gaz"]),
            ("gaz SAUF feu*", RICH, ["gaz"]),
            ("gaz OU fuite feu", RICH, ["gaz OR (fuite feu)"]),
            ("gaz OU fuite", BARS, ["gaz | fuite"]),
            ("gaz OU fuite feu", BARS, ["gaz", "fuite feu"]),
            ("gaz from:ana", PLAIN, ["gaz from:ana"]),
            ("gaz from:ana,ben lang:fr", PLAIN, ["gaz from:ana lang:fr", "gaz from:ben lang:fr"]),
            ("gaz followers:>10", PLAIN, ["gaz"]),
            ("gaz NEAR/3 fuite", PLAIN, ["gaz fuite"]),
            ("SENTENCE(gaz fuite SAUF eau)", RICH, ["gaz fuite"]),
            ('"gaz fuite"~3', PLAIN, ["gaz fuite"]),
            ("locataire·s", PLAIN, ["locataires", "locataire"]),
            ("#gaz", TAGS, ["#gaz"]),
            ("#gaz fuite", TAGS, ["#gaz"]),
            ("#gaz OU fuite", TAGS, ["#gaz"]),
            ("hashtag:gaz", TAGS, ["#gaz"]),
            ("gaz", Capabilities(), []),
            ("x" * 50 + " OU " + "y" * 50, RICH, ["x" * 50, "y" * 50]),
        ],
    )
    def test_asks_for_what_the_query_wants(self, query, can, searches):
        assert list(said(query, can).searches) == searches

    @pytest.mark.parametrize(
        ("query", "can", "lost"),
        [
            ("gaz fuite", PLAIN, []),
            ("gaz SAUF feu", PLAIN, [("SAUF feu", False)]),
            ("gaz followers:>10", PLAIN, [("followers:>10", False)]),
            ("gaz NEAR/3 fuite", PLAIN, [("gaz NEAR/3 fuite", False)]),
            ("gaz lang:fr", PLAIN, [("lang:fr", True)]),
            ("chauff*", PLAIN, [("chauff*", True)]),
            ("panne~1", PLAIN, [("panne~1", True)]),
            ("#gaz fuite", TAGS, [("fuite", False)]),
            ("#gaz OU fuite", TAGS, [("fuite", False), ("#gaz OU fuite", True)]),
            ("fuite", TAGS, [("fuite", True), ("fuite", True)]),
            ("x" * 70, RICH, [("x" * 70, True)]),
            ("followers:>10", PLAIN, [("followers:>10", False), ("followers:>10", True)]),
        ],
    )
    def test_says_what_it_lost_and_whether_posts_are_missed(self, query, can, lost):
        assert [(one.text, one.missed) for one in said(query, can).lost] == lost

    def test_stops_before_it_asks_too_much(self):
        query = " ".join(f"(a{n}a OR b{n}b OR c{n}c)" for n in range(12))

        found = said(query, PLAIN)

        assert len(found.searches) <= 200
        assert any(one.missed for one in found.lost)
