"""Which places a post speaks of: ours by what tenants call them, towns only where something tells.

The sentences were written for these tests; nothing here comes from a collection.
"""

from datetime import UTC, datetime

import pytest

from quivive.listen.gazetteer import Ours
from quivive.listen.known import Known
from quivive.listen.matching import compile_watch, explain
from quivive.listen.query import parse
from quivive.listen.whereabouts import Finder
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.messages import in_english, render
from quivive.vocabulary.places import Place, PlaceKind, Scope, Told
from quivive.vocabulary.posts import Post
from quivive.wire.gazetteers import load_atlas


def home(name, town, code="69", **more):
    return Place(kind=PlaceKind.RESIDENCE, name=name, town=town, code=code, ours=True, **more)


OURS = (
    home("Résidence Les Érables", "Villeurbanne", agency="Nord", address="12 rue des Lilas"),
    home("Jean Moulin", "Bron", agency="Est", other_names=("la barre Moulin",)),
    home("Le Clos Fleuri", "Lyon", agency="Nord"),
    home("Les Tilleuls", "Bron"),
    home("Les Tilleuls", "Lyon"),
)


@pytest.fixture(scope="module")
def finder():
    return Finder(lambda: Ours(OURS, load_atlas()))


def post(content="panne", *, place=None, location=None):
    return Post(
        id="n:1",
        network="n",
        published=datetime(2026, 3, 2, tzinfo=UTC),
        attributed_to=Account(id="n:ana", handle="ana", location=location),
        content=content,
        place=place,
    )


def names(finder, content="panne", **more):
    return [one.place.name for one in finder.find(post(content, **more))]


class TestAResidence:
    @pytest.mark.parametrize(
        "said",
        [
            "Toujours pas de chauffage aux Érables !",
            "Les Érables, bât C : une fuite depuis lundi",
            "bat c des erables rien ne marche",
            "panne d'ascenseur aux érables, villeurbanne",
            "#LesErables plus d'eau chaude",
            "RESIDENCE LES ERABLES : ON EN A MARRE",
            "Encore inondé au 12 rue des Lilas",
            "On vit aux Érables depuis vingt ans",
        ],
    )
    def test_is_known_by_what_tenants_call_it(self, finder, said):
        assert "Résidence Les Érables" in names(finder, said)

    @pytest.mark.parametrize(
        "said",
        [
            "les érables du jardin sont malades",
            "Du sirop d'érable au petit déjeuner",
            "J'ai planté trois érables",
            "La rue des Érables est barrée",
        ],
    )
    def test_is_not_the_tree_it_is_called_after(self, finder, said):
        assert names(finder, said) == []

    @pytest.mark.parametrize(
        "said", ["rue Jean Moulin bouchée", "le collège Jean Moulin ferme", "lycée Jean-Moulin"]
    )
    def test_is_not_the_school_or_street_of_its_name(self, finder, said):
        assert names(finder, said) == []

    def test_goes_by_its_other_names(self, finder):
        assert "Jean Moulin" in names(finder, "Incendie à la barre Moulin")

    def test_is_told_from_another_of_its_name_by_the_town(self, finder):
        found = finder.find(post("Pas d'eau aux Tilleuls, à Bron"))

        assert ("Les Tilleuls", "Bron") in [(one.place.name, one.place.town) for one in found]

    def test_is_left_out_when_nothing_tells_it_from_another_of_its_name(self, finder):
        assert names(finder, "Pas d'eau aux Tilleuls") == []

    def test_says_why(self, finder):
        (found,) = finder.find(post("bâtiment C des Érables"))

        assert found.scope is Scope.BUILDING
        assert found.words == "Érables"
        assert render(found.reason, in_english) == "“batiment” stands before the name."

    def test_is_never_read_from_what_authors_say_of_themselves(self, finder):
        """LR-09: nobody is tied to a home."""
        assert names(finder, location="Les Érables") == []


class TestATown:
    @pytest.mark.parametrize(
        ("said", "town"),
        [
            ("Je suis à Nice", "Nice"),
            ("Incendie à Tours (37)", "Tours"),
            ("Le Mans sous la neige", "Le Mans"),
            ("tout le monde au Mans", "Le Mans"),
            ("saint denis 93200, encore une panne", "Saint-Denis"),
            ("#SaintEtienne ce soir", "Saint-Étienne"),
            ("manif à lyon", "Lyon"),
            ("Le maire de Grenoble répond", "Grenoble"),
            ("À Notre-Dame-des-Landes on attend", "Notre-Dame-des-Landes"),
            ("London is calling", "London"),
        ],
    )
    def test_is_found_where_something_tells_it_is_one(self, finder, said, town):
        assert town in names(finder, said)

    @pytest.mark.parametrize(
        "said",
        [
            "I had a nice day",
            "Nice weather today",
            "Les tours de la cité",
            "Merci à Florence pour son aide",
            "Orange a coupé le réseau",
            "Jean Toulouse est parti",
            "Chirac est mort",
            "Turkey is on the table",
            "on a bien ri, us aussi",
            "voir https://exemple.fr/Marseille ou @Marseille",
        ],
    )
    def test_is_not_a_word_a_name_or_an_address(self, finder, said):
        assert names(finder, said) == []

    def test_of_several_is_the_one_whose_department_is_named(self, finder):
        found = finder.find(post("Saint-Martin (978) et Saint-Denis dans le 93"))

        assert {one.place.code for one in found if one.place.name == "Saint-Denis"} == {"93"}

    def test_of_ours_is_nearer_than_one_of_the_same_department_and_of_the_country(self, finder):
        scopes = {
            town: finder.find(post(f"Un problème à {town} hier"))[0].scope
            for town in ("Villeurbanne", "Décines-Charpieu", "Grenoble", "Berlin")
        }

        assert scopes == {
            "Villeurbanne": Scope.TOWN,
            "Décines-Charpieu": Scope.DEPARTMENT,
            "Grenoble": Scope.NATIONAL,
            "Berlin": Scope.ABROAD,
        }


class TestADepartment:
    @pytest.mark.parametrize(
        ("said", "code"),
        [("Inondations dans l'Aude", "11"), ("dans le 93 ça chauffe", "93"), ("En Gironde", "33")],
    )
    def test_is_found_by_name_or_number(self, finder, said, code):
        assert [one.place.code for one in finder.find(post(said))] == [code]

    @pytest.mark.parametrize("said", ["la Loire est en crue", "dans le 12 janvier", "cher ami"])
    def test_is_not_its_river_a_day_or_a_word(self, finder, said):
        assert names(finder, said) == []


class TestWhatIsDeclared:
    def test_by_the_network_needs_no_more(self, finder):
        found = finder.find(post(place="Villeurbanne, France"))

        assert [(one.place.name, one.told) for one in found] == [
            ("Villeurbanne", Told.TAG),
            ("France", Told.TAG),
        ]

    def test_by_the_author_is_weaker(self, finder):
        (found,) = finder.find(post(location="Toulouse"))

        assert found.is_weak

    def test_as_a_joke_is_nowhere(self, finder):
        assert names(finder, location="somewhere between two worlds") == []

    def test_abroad_is_read_with_its_country(self, finder):
        assert {one.scope for one in finder.find(post(place="Vienna, Austria"))} == {Scope.ABROAD}


class TestAQuery:
    @pytest.mark.parametrize(
        ("query", "found", "missed"),
        [
            ("agency:nord", "Fuite aux Érables, Villeurbanne", "Fuite à la barre Moulin"),
            ('place:"les érables"', "bâtiment C des Érables", "les érables sont malades"),
            ("city:bron", "La résidence Jean Moulin sans eau", "Fuite à Villeurbanne"),
            ("dept:69", "Encore une panne à Villeurbanne", "Encore une panne à Grenoble"),
            ("dept:Rhône", "Encore une panne à Villeurbanne", "Encore une panne à Grenoble"),
            ("country:France", "Une panne à Grenoble", "Une panne à Berlin"),
            ("country:germany", "Une panne à Berlin", "Une panne à Grenoble"),
        ],
    )
    def test_asks_where(self, finder, query, found, missed):
        watch = compile_watch({"t": parse(query)}, Known(finder=finder))

        assert [index for index, _ in watch.match([post(found), post(missed)])] == [0]

    def test_leaves_out_what_authors_say_of_themselves(self, finder):
        watch = compile_watch({"t": parse("city:Toulouse")}, Known(finder=finder))

        assert watch.match([post(location="Toulouse")]) == []

    def test_is_explained_by_the_place_that_met_it(self, finder):
        (clause,) = explain(parse("agency:nord"), post("bât C des Érables"), Known(finder=finder))

        assert clause.words == ("Résidence Les Érables",)
