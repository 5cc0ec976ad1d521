"""The query language: what can be written, and what one is told when it cannot be read."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.listen import told_mistakes

from quivive.listen.matching import explain
from quivive.listen.query import And, Field, Not, Or, Query, Words, hints, parse
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import BadQuery
from quivive.vocabulary.messages import in_english, render
from quivive.vocabulary.posts import Post


def canonical(text: str) -> str:
    return str(parse(text))


def refused(text: str) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        parse(text)
    return caught.value


class TestAQuery:
    @pytest.mark.parametrize(
        ("typed", "means"),
        [
            ("heating boiler", "heating boiler"),
            ("heating AND boiler", "heating boiler"),
            ("chauffage ET panne OU gaz SAUF radio", "chauffage panne OR gaz -radio"),
            ("a1 OR b1 c1 OR d1", "a1 OR b1 c1 OR d1"),
            ("(a1 OR b1) c1", "(a1 OR b1) c1"),
            ("heating AND NOT car", "heating -car"),
            ("heating -(car OR -bus)", "heating -(car OR -bus)"),
            ("heating\n\n  boiler OR gas\n", "heating OR boiler OR gas"),
            ("heating\r\nboiler", "heating OR boiler"),
            ("((heating))", "heating"),
            ("« eau froide »", '"eau froide"'),
            ("“cold water”", '"cold water"'),
            ('FROM:@ana from:"Ana B" lang:pt-BR', 'from:ana from:"Ana B" lang:pt-BR'),
            ("#gaz* chauff?ge d’HLM", "#gaz* chauff?ge d’HLM"),
            ('"OR" "-x" "title:x"', '"OR" "-x" "title:x"'),
            ("ORAN ETE NOTE", "ORAN ETE NOTE"),
            ("or et sauf", "or et sauf"),
            ("locataire(s) panne", '"locataire(s)" panne'),
            ("rendez-vous", "rendez-vous"),
            ('panne~1 "eau froide"~3', 'panne~1 "eau froide"~3'),
            ("gaz NEAR/3 (feu OU fuite) ONEAR/0 eau", "gaz NEAR/3 (feu OR fuite) ONEAR/0 eau"),
            ("a1 NEAR/3 (b1 NEAR/2 c1)", "a1 NEAR/3 (b1 NEAR/2 c1)"),
            ("SENTENCE(gaz OU fuite SAUF feu)", "SENTENCE(gaz OR fuite -feu)"),
            ('"NEAR/3" "x~1" near', '"NEAR/3" "x~1" near'),
            ("title:(gaz OR fuite -feu)", "title:gaz OR title:fuite -title:feu"),
            ("type:(post, reply) from:(ana,ben)", "type:post,reply from:ana,ben"),
            ('raw:" Sic!" followers:>=10k', 'raw:" Sic!" followers:>=10k'),
        ],
    )
    def test_says_what_was_meant(self, typed, means):
        assert canonical(typed) == means
        assert canonical(means) == means

    def test_remembers_where_each_part_stands(self):
        query = parse('gaz (panne OR "eau froide") SAUF lang:fr')

        assert query.root == And(
            (
                Words("gaz", 0, 3),
                Or((Words("panne", 5, 10), Words("eau froide", 14, 26)), 5, 26),
                Not(Field("lang", "fr", 33, 40), 28, 40),
            ),
            0,
            40,
        )
        assert query == Query(query.text, query.root)

    @pytest.mark.parametrize(
        "long",
        [
            " OR ".join(f"word{number}" for number in range(5_000)),
            " ".join(f"word{number}" for number in range(12_000)),
            "\n".join("heating (boiler OR gas)" for _ in range(4_000)),
            "(gas boiler) OR " * 5_000 + "gas",
            "(" * 99 + "gas" + ")" * 99,
            "x" * 100_000,
        ],
    )
    def test_can_be_very_long(self, long):
        assert canonical(canonical(long)) == canonical(long)


MISTAKES = (
    ("", (1, 1), 'Write at least one word, for example: heating OR "hot water".'),
    (" \n ", (1, 1), 'Write at least one word, for example: heating OR "hot water".'),
    ("a1 (b1", (1, 4), "Write ) where the group ends, or delete this bracket."),
    ("(a1\nb1)", (1, 1), "Write ) where the group ends, or delete this bracket."),
    ("a1\nb1)", (2, 3), "Delete it, or write ( where the group begins."),
    ("()", (1, 1), "Write a word between them, or delete them."),
    ('a1 "b1', (1, 4), 'Write " after the last word of the phrase.'),
    ("a1 «b1", (1, 4), "Write » after the last word of the phrase."),
    ("b1”", (1, 3), "Delete it, or open the phrase before its first word."),
    ("a1 - b1", (1, 4), "as in -car"),
    ("a1 NOT -b1", (1, 8), "Keep one of them, or none."),
    ("OR a1", (1, 1), "Write a word before OR"),
    ("a1\nET b1", (2, 1), "Write a word before ET"),
    ("a1 OR OR b1", (1, 7), "Write a word before OR"),
    ("a1 OR", (1, 4), "Write a word after OR"),
    ("a1 OR\nb1", (1, 4), "Write a word after OR on the same line"),
    ("(a1 AND)", (1, 5), "Write a word after AND"),
    ("NOT", (1, 1), "Write a word after NOT"),
    ("titre:x", (1, 1), "Write title: for that."),
    ("folowers:>9", (1, 1), "Write followers: for that."),
    ("zzz:x", (1, 1), "The fields are title:, text:, raw:,"),
    ("see https://example.org", (1, 5), "Write link: for that."),
    ("zzz:(x y)", (1, 1), "The fields are title:, text:, raw:,"),
    ("a1 from: b1", (1, 4), "as in from:ana"),
    ("from:an*", (1, 6), "Write the name without * or ?"),
    ("lang:french", (1, 6), "as in lang:fr"),
    ("mo~1", (1, 3), "A word needs 4 letters before 1 of them may differ."),
    ("panne~", (1, 6), "Write panne~1, or delete the sign."),
    ("panne~3", (1, 6), "Write panne~1, or delete the sign."),
    ('"eau"~3', (1, 6), "Write a second word"),
    ('"eau froide"~', (1, 13), 'Write for example "eau froide"~5.'),
    ("gas NEAR leak", (1, 9), "Write for example NEAR/5."),
    ("gas ONEAR/101 leak", (1, 10), "Write for example ONEAR/5."),
    ("gas NEAR/3", (1, 5), "Write a word after NEAR/3"),
    ("NEAR/3 gas", (1, 1), "Write a word before NEAR/3"),
    ("gas NEAR/3 from:ana", (1, 12), "Move this part out of the distance"),
    ("gas NEAR/3 -leak", (1, 12), "Move this part out of the distance"),
    (f"gas NEAR/{'9' * 5_000} leak", (1, 9), "Write for example NEAR/5."),
    (f'"gas leak"~{"9" * 5_000}', (1, 11), 'Write for example "gas leak"~5.'),
    ("gas NEAR/3 (leak smell)", (1, 13), "Move this part out of the distance"),
    ("gas NEAR/3 " * 22 + "gas", (1, 225), "Split the query"),
    ("SENTENCE(gas from:ana)", (1, 14), "Write this part after the closing bracket."),
    ("SENTENCE(-gas)", (1, 10), "for example: heating NOT car"),
    ("-SENTENCE(-gas)", (1, 1), "for example: heating NOT car"),
    ("title:(gas NEAR/2 leak)", (1, 1), "Close the bracket earlier"),
    ("followers:many", (1, 11), "as in followers:>1000"),
    ("velocity:>many", (1, 1), "reposts:>20"),
    ("created:<2", (1, 9), "created:30d..1y"),
    ("gas since:20/11/2026", (1, 11), "as in since:2026-11-20"),
    ("gas hour:8h", (1, 10), "as in hour:8-18"),
    ("gas type:story", (1, 10), "Write one of these: post, reply, repost"),
    ("title:b*", (1, 7), "Write at least two letters before"),
    ("gas status:open", (1, 5), "use it to search among the posts"),
    ("gas is:botlike", (1, 5), "created:<30d posts:>1000"),
    ("a1 *", (1, 4), "Write at least two letters before the first * or ?"),
    ("a1 b*", (1, 5), "Write at least two letters before the first * or ?"),
    ("panne ?", (1, 7), "Write at least two letters before the first * or ?"),
    ('"eau f*"', (1, 7), "Write at least two letters before the first * or ?"),
    ('"cold * water"', (1, 7), '"cold water"~1'),
    ('gas "cold ? water"~3', (1, 11), '"cold water"~1'),
    ('title:"cold * water"', (1, 8), "Write at least two letters before"),
    ('gas raw:" "', (1, 5), 'as in raw:"Sic!"'),
    ("a1 ...", (1, 4), "Write a word, a hashtag or an emoji here"),
    ('""', (1, 1), "Write a word, a hashtag or an emoji here"),
    ("NOT a1", (1, 1), "for example: heating NOT car"),
    ("a1 OR NOT b1", (1, 7), "for example: heating NOT car"),
    ("a1\n-b1", (2, 1), "for example: heating NOT car"),
    ("(" * 10_000 + "a1" + ")" * 10_000, (1, 101), "Split the query"),
    ("(" * 10_000, (1, 101), "Split the query"),
)
"""What was typed, line and column of the mistake, and a part of what to write instead."""


class TestABadQuery:
    @pytest.mark.parametrize(("typed", "place", "remedy"), MISTAKES)
    def test_is_refused_at_its_place_with_what_to_write(self, typed, place, remedy):
        trouble = refused(typed)

        assert (trouble.line, trouble.column) == place
        assert remedy in str(trouble)

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_is_told_in_full_in_each_language(self, language):
        """After a change that is meant: ``python -m tests.listen.told_mistakes``."""
        assert told_mistakes.snapshot(language).read_text(encoding="utf-8") == told_mistakes.told(
            language, [typed for typed, _place, _remedy in MISTAKES]
        )


class TestAHint:
    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ("gas or leak", "write OR in capitals"),
            ("gas ADJ/3 leak", "NEAR/5 and ONEAR/5"),
            ("gas NEAR5 leak", "NEAR/5 and ONEAR/5"),
            ("gas XOR leak", "NEAR/5 and ONEAR/5"),
            ("gaz SANS fuite", "The word SANS is looked for"),
            ("gas | leak", "The word | is looked for"),
            ("gas !leak", "The word !leak is looked for"),
            ("SENTENCE (gas leak)", "The word SENTENCE is looked for"),
            ('"gas leak" ~3', "The word ~3 is looked for"),
            ("gas W3C near5", ""),
        ],
    )
    def test_says_which_words_may_have_been_meant_as_operators(self, query, told):
        said = [render(hint, in_english) for hint in hints(parse(query))]

        assert [told in one for one in said] == ([True] if told else [])


DOCS = Path(__file__).parents[2] / "docs" / "pathway"


class TestTheDocumentation:
    @pytest.mark.parametrize("page", ["query.md", "query.fr.md"])
    def test_shows_queries_that_find_what_it_says(self, page):
        rows = re.findall(r"^\| `([^`]+)` \| (\*.+) \| *(.*) \|$", read(page), re.MULTILINE)

        assert len(rows) > 10
        for query, found, missed in rows:
            for words in re.findall(r"\*([^*]+)\*", found):
                assert finds(query, words), (query, words)
            for words in re.findall(r"\*([^*]+)\*", missed):
                assert not finds(query, words), (query, words)

    @pytest.mark.parametrize("page", ["query.md", "query.fr.md"])
    def test_shows_whole_queries_that_can_be_read(self, page):
        (example,) = re.findall(r"```query\n(.+?)```", read(page), re.DOTALL)

        assert isinstance(parse(example).root, Or)


def read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def finds(query: str, words: str) -> bool:
    post = Post(
        id="p",
        network="n",
        published=datetime(2026, 1, 1, tzinfo=UTC),
        attributed_to=Account(id="a"),
        content=words,
    )
    return bool(explain(parse(query), post))
