"""Posts that meet queries: words, folding, phrases, hashtags, fields, and many topics at once."""

from datetime import UTC, datetime

import pytest

from quivive.listen.matching import Clause, compile_watch, explain
from quivive.listen.query import parse
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post


def said(content: str, handle: str = "ana", **others) -> Post:
    return Post(
        id=f"https://example.org/{handle}/1",
        network="example",
        published=datetime(2026, 1, 1, tzinfo=UTC),
        attributed_to=Account(id=f"example:{handle}", handle=handle),
        content=content,
        **others,
    )


def catches(query: str, post: Post | str) -> bool:
    post = said(post) if isinstance(post, str) else post
    return bool(compile_watch({"topic": parse(query)}).match([post]))


class TestAWord:
    @pytest.mark.parametrize(
        ("query", "content"),
        [
            ("chauffage", "CHAUFFAGE en panne"),
            ("erables", "aux Érables"),
            ("ÉRABLES", "aux erables"),
            ("érables", "aux E\u0301rables"),
            ("office", "l’office ne répond pas"),
            ("office", "qu'est-ce que l'office"),
            ("coeur", "au cœur de la ville"),
            ("cœur", "COEUR"),
            ("chauffage", "le #chauffage !"),
            ("chauffage", "chauffage🔥"),
            ("HLM", "logement d'HLM."),
            ("été", "(été)"),
            ("ana_b", "merci @ana_b"),
        ],
    )
    def test_is_found_however_it_is_written(self, query, content):
        assert catches(query, content)

    @pytest.mark.parametrize(
        ("query", "content"),
        [
            ("eau", "beau bateau"),
            ("chauffage", "#chauffagepanne"),
            ("chauffage", "chauffage_collectif"),
            ("ana", "@ana_b"),
            ("gaz", ""),
            ("gaz", "gazé"),
            ("12", "1200 euros"),
        ],
    )
    def test_is_a_whole_word(self, query, content):
        assert not catches(query, content)


class TestInclusiveWriting:
    @pytest.mark.parametrize(
        "content",
        ["Les locataire·s", "les locataire.s", "LOCATAIRE(S)", "locataire-s", "locataire•s"],
    )
    @pytest.mark.parametrize("query", ["locataire", "locataires", "locataire·s", "locataire(s)"])
    def test_is_found_by_each_of_its_forms(self, query, content):
        assert catches(query, content)

    @pytest.mark.parametrize("query", ["élu", "élue", "élus", "élues", "elu·e·s"])
    @pytest.mark.parametrize("content", ["les élu·e·s", "l’élu.e.s", "élu(e)s", "ÉLU-E-S"])
    def test_names_four_forms(self, query, content):
        assert catches(query, content)

    @pytest.mark.parametrize(
        ("query", "content"),
        [
            ("interlocutrice", "vos interlocuteur·trice·s"),
            ("directrices", "les directeur·rices"),
            ("usagères", "usager·ère·s"),
            ("toutes", "à tous·tes"),
            ('"locataire en colère"', "locataire·s en colère"),
            ('"locataires en colère"', "locataire·s en colère"),
        ],
    )
    def test_is_read_aloud(self, query, content):
        assert catches(query, content)

    def test_leaves_other_dots_alone(self):
        assert catches("Lyon", "Paris·Lyon")
        assert not catches("ParisLyon", "Paris·Lyon")


class TestAPhrase:
    @pytest.mark.parametrize(
        "content", ["l'eau froide", "EAU  FROIDE", "eau\nfroide", "eau, froide", "#eau froide"]
    )
    def test_is_words_in_a_row(self, content):
        assert catches('"eau froide"', content)

    @pytest.mark.parametrize(
        "content", ["eau très froide", "froide eau", "eau froides", "eaufroide"]
    )
    def test_is_exact(self, content):
        assert not catches('"eau froide"', content)

    def test_can_hold_wildcards(self):
        assert catches('"panne* de chauff*"', "pannes de chauffages")

    def test_does_not_run_into_the_hashtags(self):
        assert not catches('"eau froide"', said("plus d'eau", hashtags=("froide",)))

    def test_is_what_a_word_with_signs_inside_means(self):
        assert catches("rendez-vous", "un rendez vous")
        assert not catches("aujourd'hui", "aujourd")


class TestAWildcard:
    @pytest.mark.parametrize(
        ("query", "content", "found"),
        [
            ("chauff*", "chauffagiste", True),
            ("chauff*", "chauff", True),
            ("chauff*", "rechauffer", False),
            ("cha*age", "chauffage", True),
            ("cha*age", "chauffages", False),
            ("cha*cha", "chacha", True),
            ("cha*cha", "cha", False),
            ("cha*cha gaz", "charcha gaz", True),
            ("eau?", "eaux", True),
            ("eau?", "eau", False),
            ("#eau*", "#eauFroide", True),
            ("#eau*", "eau", False),
            ("él*", "ELUE", True),
        ],
    )
    def test_stands_for_letters(self, query, content, found):
        assert catches(query, content) is found

    def test_may_come_often_without_taking_for_ever(self):
        assert catches("aa*a*a*a*a*a*a*a*b", "a" * 3_000 + "b")
        assert not catches("aa*a*a*a*a*a*a*a*b", "a" * 3_000)


class TestAHashtag:
    def test_is_found_in_the_words_and_among_the_posts_hashtags(self):
        assert catches("#LesErables", "on gèle #leserables")
        assert catches("#LesErables", said("on gèle", hashtags=("LesÉrables",)))
        assert catches("leserables", said("on gèle", hashtags=("#LesÉrables",)))

    def test_needs_its_sign(self):
        assert not catches("#gel", "du gel")
        assert not catches("#gel", "x#gel")


class TestASign:
    def test_is_found_anywhere(self):
        assert catches("🔥", "encore🔥🔥 !")
        assert catches("👩\u200d🔥", "une 👩\u200d🔥\ufe0f")
        assert catches("€", "12€")


class TestAField:
    def test_from_takes_a_handle_or_an_id(self):
        assert catches("from:@ANA", said("", handle="Ana"))
        assert catches('from:"example:ana"', said(""))
        assert not catches("from:ana", said("ana", handle="ana2"))

    def test_lang_takes_a_code(self):
        assert catches("lang:fr", said("", language="fr-CA"))
        assert catches("lang:nb", said("", language="no"))
        assert catches("lang:pt-BR", said("", language="PT_br"))
        assert not catches("lang:pt-BR", said("", language="pt"))
        assert not catches("lang:fr", said("", language="fro"))
        assert not catches("lang:fr", said("fr"))


class TestARepost:
    def test_without_words_of_its_own_never_matches(self):
        assert not catches("from:ana OR lang:fr", said("", language="fr", repost_of="x"))
        assert not catches("gel", said("", hashtags=("gel",), repost_of="x"))

    def test_with_words_matches_by_them(self):
        assert catches("gel", said("encore du gel", repost_of="x"))


class TestAWatch:
    def test_names_the_topics_in_its_own_order(self):
        queries = {"z": "gaz", "b": "eau OR gaz", "c": "lang:fr", "a": "gaz -eau"}
        watch = compile_watch({name: parse(query) for name, query in queries.items()})

        caught = watch.match([said("gaz"), said("rien"), said("eau, gaz", language="fr")])

        assert caught == [(0, ("z", "b", "a")), (2, ("z", "b", "c"))]

    def test_matches_nothing_when_it_is_empty(self):
        assert compile_watch({}).match([said("gaz")]) == []
        assert compile_watch({"gas": parse("gaz")}).match([]) == []

    def test_keeps_posts_apart(self):
        watch = compile_watch({"phrase": parse('"eau froide"'), "word": parse("bateau")})

        assert watch.match([said("l'eau"), said("froide bat"), said("eau")]) == []

    def test_counts_right_over_many_posts(self):
        posts = [said("gaz" if number % 7 == 0 else "été 🔥") for number in range(9_000)]

        caught = compile_watch({"gas": parse("gaz")}).match(posts)

        assert [index for index, _ in caught] == list(range(0, 9_000, 7))

    def test_survives_characters_that_separate_inside(self):
        posts = [said("a\0b\1c\n"), said("\1\0gaz"), said("gaz\0")]

        assert [index for index, _ in compile_watch({"gas": parse("gaz")}).match(posts)] == [1, 2]

    @pytest.mark.parametrize("typed", ["chauff* OR " * 3_000 + "gaz", "eau " * 3_000])
    def test_reads_very_long_queries(self, typed):
        assert catches(typed, "eau, gaz")

    def test_reads_a_long_list_of_words_as_it_reads_a_short_one(self):
        names = " OR ".join(f"name{number}" for number in range(100))
        watch = compile_watch({"list": parse(f"{names} OR #tag OR lang:fr OR élu·e")})

        posts = [said("NAME7"), said("name7x #name"), said("#tag"), said("élue"), said("tag")]

        assert [index for index, _ in watch.match(posts)] == [0, 2, 3]


class TestAnExplanation:
    def test_tells_which_clauses_met_which_words(self):
        query = parse('(chauffage OR gaz) "eau froide" from:ana -radio #gel*')
        post = said("Le CHAUFFAGE, l’Eau, froide #GelÀLyon")

        assert explain(query, post) == (
            Clause(text="chauffage", start=1, end=10, words=("CHAUFFAGE",)),
            Clause(text='"eau froide"', start=19, end=31, words=("Eau, froide",)),
            Clause(text="from:ana", start=32, end=40, words=("ana",)),
            Clause(text="#gel*", start=48, end=53, words=("#GelÀLyon",)),
        )

    def test_names_every_word_a_clause_met_once(self):
        (clause,) = explain(parse("œuf*"), said("Œufs, oeufs, œuf, Œufs"))

        assert clause.words == ("Œufs", "oeufs", "œuf")

    def test_reads_inclusive_writing(self):
        (clause,) = explain(parse("élus"), said("les élu·e·s"))

        assert clause.words == ("elus",)

    def test_is_empty_for_a_post_that_does_not_match(self):
        assert explain(parse("gaz eau"), said("gaz")) == ()
        assert explain(parse("from:ana"), said("", repost_of="x")) == ()
