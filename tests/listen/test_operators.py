"""Every operator of the query language, one after the other: what it finds and what it does not."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from quivive.listen import positions
from quivive.listen.explaining import explain
from quivive.listen.known import Known, Stored
from quivive.listen.matching import compile_watch
from quivive.listen.query import parse, parse_search
from quivive.listen.query.fields import FIELDS
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post

KNOWN = Known(
    panels={"Press": ("@Courrier", "n:42"), "Élus": ("maire",)},
    agencies={"Nord": ("Résidence Les Érables", "Villeneuve")},
    zone=ZoneInfo("Europe/Paris"),
)


def post(content: str = "panne", **facts) -> Post:
    account = {"id": "n:1", "handle": "ana"} | facts.pop("by", {})
    moment = {"published": datetime(2026, 11, 20, 22, 30, tzinfo=UTC)}
    return Post(
        **{"id": "https://site.example/p/1", "network": "micro", "content": content}
        | moment
        | facts,
        attributed_to=Account(**account),
    )


def catches(query: str, one: Post | str, stored: Stored | None = None) -> bool:
    one = post(one) if isinstance(one, str) else one
    asked = parse(query) if stored is None else parse_search(query)
    return bool(explain(asked, one, KNOWN, stored or Stored()))


def judge(cases):
    return pytest.mark.parametrize(("query", "found", "missed"), cases)


class TestLogic:
    @judge(
        [
            ("gaz fuite", "fuite de gaz", "gaz"),
            ("gaz AND fuite", "fuite de gaz", "fuite"),
            ("gaz ET fuite", "fuite de gaz", "fuite"),
            ("gaz OR fuite", "une fuite", "eau"),
            ("gaz OU fuite", "le gaz", "eau"),
            ("gaz NOT radio", "gaz", "gaz radio"),
            ("gaz AND NOT radio", "gaz", "gaz radio"),
            ("gaz SAUF radio", "gaz", "gaz radio"),
            ("gaz ET SAUF radio", "gaz", "gaz radio"),
            ("gaz -radio", "gaz", "gaz radio"),
            ("gaz OU fuite eau", "gaz", "fuite"),
            ("(gaz OU fuite) eau", "fuite eau", "gaz"),
            ("gaz\nfuite eau", "gaz", "fuite"),
            ("fuite eau\ngaz", "fuite eau", "fuite"),
            ("gaz -(radio OU jeu)", "gaz", "gaz jeu"),
            ("gaz or fuite", "gaz or fuite", "gaz"),
        ],
    )
    def test_joins_words(self, query, found, missed):
        assert catches(query, found)
        assert not catches(query, missed)


class TestWords:
    @judge(
        [
            ('"eau chaude"', "plus d’eau chaude", "chaude, l’eau"),
            ('raw:"Sic!"', "(Sic!)", "(sic!)"),
            ('raw:"C++"', "du C++", "du C+"),
            ("raw:Élu", "un Élu", "un Elu"),
            ("raw:Élu", "un Élu", "des Élus"),
            ("chauff*", "les chauffagistes", "réchauffer"),
            ("cha*ge", "chauffage", "chauffages"),
            ("organi?e", "organise", "organie"),
            ("chaufage~1", "chauffage", "chauffe"),
            ("chauffagiste~2", "chaufagste", "chauffage"),
            ("chauffage~1", "chuaffage", "chufafge"),
        ],
    )
    def test_are_found_exactly_or_roughly(self, query, found, missed):
        assert catches(query, found)
        assert not catches(query, missed)

    @judge(
        [
            ("erables", "LES ÉRABLES", "ERABLE"),
            ("ÉLÉPHANT", "elephant", "éléphants"),
            ("office", "l'office", "officiel"),
            ("office", "l’office", "officiel"),
            ("hlm", "d’HLM", "dhlm"),
            ("HLM", "d'HLM.", "HLMs"),
            ("l’office", "l'office", "office"),
            ("locataire", "locataire·s", "colocataire"),
            ("locataires", "locataire·s", "locataire"),
            ("locataires", "les locataire(s)", "locataire"),
            ("locatrices", "locateur·rice·s", "locateur"),
            ("locataires", "locataires·trices", "locataire"),
            ("habitantes", "habitant·e·s", "habitants"),
            ("habitantes", "habitant.e.s", "habitants"),
            ("chauffage", "#PanneDeChauffage", "#pannedechauffage"),
            ("hlm", "#HLMLyon2026", "#hlmlyon"),
            ('"panne de chauffage"', "#PanneDeChauffage", "#Panne #Chauffage"),
            ("#pannedechauffage", "#PanneDeChauffage", "PanneDeChauffage"),
            ("🔥", "ça brûle🔥🔥", "ça brûle"),
            ("👍🏽", "bravo 👍🏽", "bravo 👍"),
            ("coeur", "cœur", "chœur"),
        ],
    )
    def test_are_folded(self, query, found, missed):
        assert catches(query, found)
        assert not catches(query, missed)


class TestDistance:
    @judge(
        [
            ("gaz NEAR/1 fuite", "fuite de gaz", "fuite de ce gaz"),
            ("gaz NEAR/0 fuite", "gaz, fuite", "gaz de fuite"),
            ("gaz ONEAR/1 fuite", "gaz en fuite", "fuite de gaz"),
            ("gaz NEAR/1 (fuite OU odeur)", "odeur de gaz", "odeur de ce gaz"),
            (
                "(gaz NEAR/1 fuite) NEAR/1 cave",
                "fuite de gaz en cave",
                "fuite de gaz et pas de cave",
            ),
            ('"gaz fuite"~1', "fuite de gaz", "fuite de ce gaz"),
            ('"gaz gaz"~1', "gaz au gaz", "le gaz"),
            ("SENTENCE(gaz fuite)", "Rien. Une fuite de gaz !", "Plus de gaz. Une fuite ?"),
            ("SENTENCE(gaz SAUF fuite)", "Du gaz. Une fuite.", "Du gaz en fuite."),
            ("SENTENCE(gaz fuite)", "M. Petit a du gaz au bât. C : fuite", "gaz\nfuite"),
            ("gaz NEAR/3 loc*", "gaz chez les locataire·s", "gaz chez mes très chers locataires"),
        ],
    )
    def test_is_counted_in_words(self, query, found, missed):
        assert catches(query, found)
        assert not catches(query, missed)


class TestATextThatRepeatsAWordEndlessly:
    """Whoever writes one must not hold up the posts of all others: work is counted, not time."""

    @pytest.fixture
    def steps(self, monkeypatch):
        counted = []
        for owner, name in ((positions.Stretch, "between"), (positions, "_one_each")):
            real = getattr(owner, name)
            monkeypatch.setattr(
                owner, name, lambda *given, real=real: counted.append(1) or real(*given)
            )
        return counted

    @judge(
        [
            ("eau NEAR/50 eau NEAR/50 eau NEAR/50 eau", "eau " * 2_000, "eau eau"),
            ("eau ONEAR/50 eau ONEAR/50 chaude", "eau eau chaude", "chaude " + "eau " * 2_000),
            ('"eau chaude"~50', "eau chaude " * 2_000, "eau " * 2_000),
        ]
    )
    def test_is_judged_in_few_steps(self, query, found, missed, steps):
        watch = compile_watch({"t": parse(query)}, KNOWN)

        assert [at for at, _ in watch.match([post(found), post(missed)])] == [0]
        assert len(steps) < 100_000

    def test_is_explained_by_its_first_places(self, steps):
        (clause,) = explain(parse("eau NEAR/5 chaude"), post("eau chaude x" * 2_000), KNOWN)

        assert "eau chaude" in clause.words
        assert len(steps) < 1_000


class TestFieldsOfText:
    def test_look_where_they_say(self):
        one = post(
            "panne #PanneGaz @office🔥",
            title="Le chauffage",
            url="https://www.journal.example/lyon/gaz",
            links=("https://petition.example/gaz?x=1",),
            language="fr-CA",
            by={"handle": "Ana", "name": "Ana Petit", "summary": "Journaliste à Lyon"},
        )
        for query in (
            "title:chauffage", 'title:"le chauffage"', "title:(chauffage OU gaz)", "text:panne",
            "hashtag:pannegaz", "hashtag:#PanneGaz", "emoji:🔥", "url:journal.example/lyon",
            "site:journal.example", "link:petition.example", "from:ana", "from:@ANA",
            "from:(ben, ana)", 'author:"ana petit"', "mention:office", "bio:journaliste*",
            "lang:fr", "lang:fr-CA", "source:micro", "raw:PanneGaz",
        ):  # fmt: skip
            assert catches(query, one), query
        for query in (
            "title:panne", "text:chauffage", "hashtag:panne", "emoji:💧", "url:autre",
            "site:rnal.example", "link:journal.example", "from:an", "author:ben", "mention:ana",
            "bio:lyonnais", "lang:en", "lang:fr-BE", "source:mic",
        ):  # fmt: skip
            assert not catches(query, one), query

    def test_to_is_the_head_of_a_post_or_any_mention_of_a_reply(self):
        assert catches("to:office", "@office@social.example bonjour")
        assert not catches("to:office", "bonjour @office")
        assert catches("to:office", post("bonjour @office", in_reply_to="x"))

    @pytest.mark.parametrize(
        ("kind", "facts"),
        [
            ("post", {}),
            ("reply", {"in_reply_to": "x"}),
            ("quote", {"quote_of": "x"}),
            ("repost", {"repost_of": "x"}),
            ("article", {"kind": "article"}),
            ("review", {"kind": "review"}),
            ("comment", {"kind": "comment", "in_reply_to": "x"}),
        ],
    )
    def test_type_is_what_it_is(self, kind, facts):
        assert catches(f"type:{kind}", post(**facts))
        assert catches(f"type:({kind}, post)", post(**facts))
        others = {"post", "reply", "quote", "repost", "article", "review", "comment"} - {kind}
        assert not catches(f"type:{','.join(sorted(others))}", post(**facts))


class TestFieldsOfTheAuthor:
    @judge(
        [
            ("followers:>1000", {"followers": 1001}, {"followers": 1000}),
            ("followers:>=1k", {"followers": 1000}, {"followers": 999}),
            ("followers:10..20", {"followers": 20}, {"followers": 21}),
            ("following:<50", {"following": 49}, {"following": 50}),
            ("posts:>100", {"posts": 101}, {}),
            ("created:<30d", {"created": date(2026, 11, 1)}, {"created": date(2020, 1, 1)}),
            ("created:>1y", {"created": date(2020, 1, 1)}, {"created": date(2026, 11, 1)}),
            ("is:verified", {"verified": True}, {"verified": False}),
            ("is:known", {"handle": "courrier"}, {"handle": "ana"}),
            ("is:known", {"id": "n:42"}, {}),
            ('panel:"press"', {"handle": "Courrier"}, {"handle": "maire"}),
            ("panel:elus", {"handle": "Maire"}, {"handle": "courrier"}),
        ],
    )
    def test_tell_who_wrote(self, query, found, missed):
        assert catches(query, post(by=found))
        assert not catches(query, post(by=missed))


class TestFieldsOfReachPlaceAndTime:
    @judge(
        [
            ("engagement:>5", {"likes": 2, "reposts": 2, "replies": 2}, {"likes": 5}),
            ("reposts:>10", {"reposts": 11}, {"reposts": 10}),
            ("replies:>10", {"replies": 11}, {}),
            ("reach:>10k", {"views": 10_001}, {"views": 9, "by": {"followers": 99_999}}),
            ("reach:>10k", {"by": {"followers": 10_001}}, {}),
            ('place:"les erables"', {"place": "Résidence Les Érables, Lyon"}, {"place": "Lyon"}),
            ("city:lyon", {"place": "Lyon, France"}, {"place": "Lyon-Bron, France"}),
            ("country:france", {"place": "Lyon, France"}, {"place": "France, Monde"}),
            ("agency:nord", {"place": "Villeneuve, France"}, {"place": "Lyon"}),
            ("has:media", {"media": ("a.png",)}, {}),
            ("has:link", {"links": ("https://x.example",)}, {}),
            ("has:place", {"place": "Lyon"}, {}),
        ],
    )
    def test_tell_how_far_and_where(self, query, found, missed):
        assert catches(query, post(**found))
        assert not catches(query, post(**missed))

    @judge(
        [
            ("since:2026-11-20", "2026-11-19T23:00Z", "2026-11-19T22:59Z"),
            ("until:2026-11-20", "2026-11-20T22:59Z", "2026-11-20T23:00Z"),
            ("since:2026-11-20T14:30", "2026-11-20T13:30Z", "2026-11-20T13:00Z"),
            ("hour:8-18", "2026-07-01T06:00Z", "2026-07-01T16:00Z"),
            ("hour:22-6", "2026-07-01T03:59Z", "2026-07-01T04:00Z"),
            ("hour:8", "2026-07-01T06:59Z", "2026-07-01T07:00Z"),
        ],
    )
    def test_tell_when_on_the_clock_on_the_wall(self, query, found, missed):
        assert catches(query, post(published=datetime.fromisoformat(found)))
        assert not catches(query, post(published=datetime.fromisoformat(missed)))


class TestFieldsOfState:
    @judge(
        [
            ("status:open", Stored(status="open"), Stored(status="closed")),
            ("assigned:ana", Stored(assigned=("Ana",)), Stored()),
            ("tag:urgent", Stored(tags=("Urgent", "x")), Stored(tags=("urgently",))),
            ("priority:high", Stored(priority="high"), Stored()),
            ('claim:"fuite de gaz"', Stored(claims=("Une fuite de gaz au 3",)), Stored()),
            ("stance:denies", Stored(stances=("denies",)), Stored(stances=("relays",))),
            ("stance:(relays,asks)", Stored(stances=("asks",)), Stored(stances=("denies",))),
            ("crisis:heating", Stored(crises=("Heating",)), Stored()),
            ("velocity:>20/h", Stored(velocity_per_hour=21.0), Stored(velocity_per_hour=20.0)),
            ("is:botlike", Stored(botlike=True), Stored(botlike=None)),
        ],
    )
    def test_ask_what_became_of_a_stored_post(self, query, found, missed):
        assert catches(query, post(), found)
        assert not catches(query, post(), missed)


class TestTheTableOfFields:
    def test_shows_examples_that_can_be_read(self):
        for name, kind in FIELDS.items():
            root = parse_search(kind.example).root
            assert root.name == name
