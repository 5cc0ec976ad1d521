"""Finds the places a post speaks of or comes from, and says why.

A name alone is no place: towns are called like words, first names and each other. What is asked of
a name depends on how much it may mean (``docs/pathway/listen.md``): a capital letter, a word such
as "in" before it, a postcode, a department or another place of the same department beside it, or
that it is one of ours. What cannot be told apart is left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from quivive.listen.gazetteer import ARTICLES, Atlas, Entry, Ours, is_common, word_of
from quivive.listen.place_words import (
    HOUSING,
    INSIDE,
    INTO,
    INTO_ARTICLE,
    MARKERS,
    MONTHS,
    NO_PLACE,
    OF,
    OF_TOWN,
    SMALL_WORDS,
)
from quivive.listen.written import Word, words_of
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.places import HOME, Alike, Place, PlaceKind, Told, Whereabouts
from quivive.vocabulary.posts import Post

LARGE, MIDDLE, SMALL = 100_000, 20_000, 5_000
"""Inhabitants: a large town needs no more than its name, a small one a reason to be read."""

MUCH_LARGER = 5
"""How many times more people the best known of several towns has."""

_SHOUTED = 0.7

_ONE_NAME = 2
"""Words from which a name is hardly anything else; with a third it is nothing else."""

_LOOK_BACK = 4


class Met(NamedTuple):
    """A name met in a text: its words ``at`` up to ``to``."""

    at: int
    to: int
    entry: Entry


class Finder:
    """Finds places in posts.

    Args:
        load: gives the places of the organisation, with the atlas of all others; asked once, when
            the first post is read, for most of the program never needs it.
    """

    def __init__(self, load: Callable[[], Ours]) -> None:
        self._load = load
        self._in_text = lru_cache(maxsize=4_096)(self._read)
        self._in_tag = lru_cache(maxsize=4_096)(self._declared)

    @cached_property
    def ours(self) -> Ours:
        """Our places, and all others."""
        return self._load()

    @property
    def atlas(self) -> Atlas:
        """The places everybody knows."""
        return self.ours.atlas

    def find(self, post: Post) -> tuple[Whereabouts, ...]:
        """Return the places of a post, each once: what its text names, its tag, its author's own.

        What authors say of themselves never goes down to a residence: nobody is tied to a home.
        """
        tag = self._in_tag(post.place or "", Told.TAG)
        codes = frozenset(one.place.code for one in tag if one.place.code)
        text = f"{post.title}. {post.content}" if post.title else post.content
        named = self.in_text(text, codes)
        own = self._in_tag(post.attributed_to.location or "", Told.AUTHOR)
        found: dict[tuple[str, str, str], Whereabouts] = {}
        for one in (*named, *tag, *own):
            found.setdefault((one.place.kind, one.place.name, one.place.code), one)
        return tuple(found.values())

    def in_text(self, text: str, codes: frozenset[str] = frozenset()) -> tuple[Whereabouts, ...]:
        """Return the places that some words name, in their order.

        Args:
            text: as it was written.
            codes: departments that are known to be spoken of.
        """
        return self._in_text(text, codes)

    def _read(self, text: str, codes: frozenset[str]) -> tuple[Whereabouts, ...]:
        words = words_of(text)
        if not words:
            return ()
        met = list(self._met(words))
        reading = _Reading(self.ours, text, words, codes)
        reading.note_neighbours(met)
        found = [one for each in met if (one := reading.judge(each))]
        return (*found, *reading.codes_named())

    def _met(self, words: Sequence[Word]) -> Iterator[Met]:
        """Yield names, ours before others and longer before shorter; none within another."""
        at = 0
        while at < len(words):
            found = self._longest(words, at)
            if found is not None:
                yield found
                at = found.to
            else:
                at += 1

    def _longest(self, words: Sequence[Word], at: int) -> Met | None:
        best: Met | None = None
        key = words[at].key
        for entries in (self.ours.entries, self.atlas.entries):
            for entry in entries.get(key, ()):
                to = at + len(entry.words)
                if best is not None and to <= best.to:
                    break
                if _stands(words, at, entry):
                    best = Met(at, to, entry)
                    break
        if best is None and words[at].tag and (joined := self.atlas.joined.get(key)):
            return Met(at, at + 1, joined)
        return best

    def _declared(self, told: str, by: Told) -> tuple[Whereabouts, ...]:
        """Read a place as networks and authors give it: ``Lyon, France``."""
        parts = [part.strip() for part in told.split(",") if part.strip()]
        named = [(part, self.atlas.named(part)) for part in parts]
        others = {one.country for _, places in named for one in places if _is_wide(one)}
        codes = {one.code for _, places in named for one in places
                 if one.kind is PlaceKind.DEPARTMENT}  # fmt: skip
        why = (
            say("The network gives this place.")
            if by is Told.TAG
            else say("The author gives it as their own place, which is weaker.")
        )
        found = []
        for part, places in named:
            place = self._ours_in(part, residences=by is Told.TAG) or _best(
                places, countries=others, codes=codes | self.ours.codes
            )
            if place is not None:
                found.append(_told(self.ours, place, by, part, why))
        return tuple(found)

    def _ours_in(self, part: str, *, residences: bool) -> Place | None:
        words = words_of(part)
        for at, word in enumerate(words):
            for entry in self.ours.entries.get(word.key, ()):
                place = entry.places[0]
                is_home = place.kind is PlaceKind.RESIDENCE
                whole = at + len(entry.words) == len(words)
                if _stands(words, at, entry) and (residences if is_home else whole and at <= 1):
                    return place
        return None


class _Reading:
    """One text, and what its words say about each other."""

    def __init__(self, ours: Ours, text: str, words: Sequence[Word], codes: frozenset[str]) -> None:
        self.ours, self.atlas, self.text, self.words = ours, ours.atlas, text, words
        letters = [sign for sign in text if sign.isalpha()]
        self.shouted = sum(map(str.isupper, letters)) > _SHOUTED * len(letters)
        self.housing = any(word.key in HOUSING for word in words)
        self.codes = set(codes)
        self.countries: set[str] = set()
        self.postcodes = {
            place.code for word in words for place in self.atlas.by_postcode.get(word.raw, ())
        }
        self.certain: dict[int, set[str]] = {}
        self.numbered = dict(self._numbered())
        self.postcodes |= {found.code for found in self.numbered.values()}

    def note_neighbours(self, met: Iterable[Met]) -> None:
        """Note departments and countries that names without doubt stand in."""
        for one in met:
            places = one.entry.places
            self.countries |= {p.country for p in places if p.kind is PlaceKind.COUNTRY}
            sure = [p for p in places if not is_common(p) and self._capital(one)]
            codes = {p.code for p in sure if p.code and p.country == HOME}
            if len(codes) == 1 and len(sure) == len(places):
                self.certain[one.at] = codes

    def judge(self, met: Met) -> Whereabouts | None:
        """Decide whether a name is a place here, and which; None when it is not, or untold."""
        if self._is_no_place(met):
            return None
        homes = [one for one in met.entry.places if one.kind is PlaceKind.RESIDENCE]
        if homes and (why := self._why_home(met, homes)):
            home = self._one_home(homes)
            return self._told(home, met, why) if home else None
        others = tuple(one for one in met.entry.places if one.kind is not PlaceKind.RESIDENCE)
        if homes and not others:
            others = tuple(self.atlas.named(self._raw(met)))
        place = self._which(met, others)
        why = self._why(met, place) if place else None
        return self._told(place, met, why) if place and why else None

    def codes_named(self) -> Iterator[Whereabouts]:
        """Yield departments named by their number: « dans le 93 »."""
        why = say("The department is named by its number.")
        for at, found in self.numbered.items():
            ours = (one for one in self.ours.departments.values() if one.code == found.code)
            yield _told(self.ours, next(ours, found), Told.TEXT, self.words[at].raw, why)

    def _numbered(self) -> Iterator[tuple[int, Place]]:
        for at in range(2, len(self.words)):
            found = self.atlas.departments.get(self.words[at].raw)
            after = self.words[at + 1].key if at + 1 < len(self.words) else ""
            before = (self.words[at - 2].key, self.words[at - 1].key)
            if found and before == ("dans", "le") and after not in MONTHS:
                yield at, found

    def _told(self, place: Place, met: Met, why: Message) -> Whereabouts:
        return _told(self.ours, place, Told.TEXT, self._raw(met), why)

    def _raw(self, met: Met) -> str:
        return self.text[self.words[met.at].start : self.words[met.to - 1].end]

    def _near(self, met: Met) -> set[str]:
        others = {code for at, codes in self.certain.items() if at != met.at for code in codes}
        return others | self.codes | self.postcodes

    def _before(self, met: Met, back: int = 1) -> str:
        """The word before a name, its accents kept where they tell ``à`` from ``a``."""
        at = met.at - back
        if at < 0:
            return ""
        raw = self.words[at].raw.lower()
        return raw if raw == "à" else self.words[at].key

    def _capital(self, met: Met) -> bool:
        return not self.shouted and any(w.capital for w in self.words[met.at : met.to])

    def _is_no_place(self, met: Met) -> bool:
        """After « rue de », « lycée », « Mme » or a first name it is something else's name."""
        back = 1
        while self._before(met, back) in SMALL_WORDS:
            back += 1
        if self._before(met, back) in NO_PLACE and not self._is_address(met):
            return True
        previous = met.at - 1
        if previous < 0:
            return False
        before, name = self.words[previous], self.words[met.at]
        apart = self.text[before.end : name.start]
        return apart == " " and before.capital and before.key in self.atlas.first_names

    def _in_longer_name(self, met: Met, *, after: bool = False) -> bool:
        """Whether a name stands within another: « Air France », « France 3 », a full name."""
        if met.at and met.to - met.at < _ONE_NAME:
            before = self.words[met.at - 1]
            apart = self.text[before.end : self.words[met.at].start]
            if apart == " " and before.capital and before.key not in SMALL_WORDS:
                return True
        if met.to >= len(self.words):
            return False
        next_one = self.words[met.to]
        apart = self.text[self.words[met.to - 1].end : next_one.start]
        return apart == " " and (next_one.raw.isdecimal() or (after and next_one.capital))

    def _is_address(self, met: Met) -> bool:
        return self.words[met.at].raw[:1].isdigit()

    def _why_home(self, met: Met, homes: Sequence[Place]) -> Message | None:
        """Say why a name is that of a residence; None when it may well be a word."""
        word = self.words[met.at]
        marker, before = self._marker(met), self._before(met)
        after = next((one.key for one in self.words[met.to : met.to + 1]), "")
        into = before in INTO_ARTICLE or "à" in (before, self._before(met, 2))
        tied = into or before in SMALL_WORDS or before == "chez"
        capital, long = self._capital(met) or word.tag, met.to - met.at >= _ONE_NAME
        near = any(self._is_near(home, met) for home in homes)
        named = capital and (into or long or (tied and not word.first))
        return _first_of(
            (self._is_address(met), say("The address of the residence is written out.")),
            (bool(marker), say("“{before}” stands before the name.", before=marker)),
            (after in INSIDE, say("“{after}” stands after the name.", after=after)),
            (
                near and (capital or tied or long),
                say("The town of the residence stands beside it."),
            ),
            (self.housing and (capital or into or long), say("The post speaks of housing.")),
            (named, say("It is written as a name.")),
        )

    def _marker(self, met: Met) -> str:
        for back in range(1, _LOOK_BACK + 1):
            word = self._before(met, back)
            if word in MARKERS:
                return word
            short = len(word) <= 1 or word.isdecimal()
            if word not in SMALL_WORDS and not short:
                return ""
        return ""

    def _is_near(self, home: Place, met: Met) -> bool:
        """Whether the town or the department of a residence stands in the text too."""
        return (bool(home.code) and home.code in self._near(met)) or self._is_beside(home, met)

    def _is_beside(self, home: Place, met: Met) -> bool:
        town = [word_of(part) for part in re.findall(r"[^\W_]+", home.town)]
        keys = [word.key for word in self.words]
        size = len(town)
        return bool(town) and any(
            keys[at : at + size] == town and not met.at <= at < met.to
            for at in range(len(keys) - size + 1)
        )

    def _one_home(self, homes: Sequence[Place]) -> Place | None:
        """Tell residences of one name apart by their towns; when they cannot be, none."""
        if len(homes) == 1:
            return homes[0]
        nowhere = Met(-1, -1, Entry((), "", ()))
        near = [home for home in homes if self._is_beside(home, nowhere)]
        return near[0] if len(near) == 1 else None

    def _which(self, met: Met, places: Sequence[Place]) -> Place | None:
        beside = self._beside(met)
        signed = [one for one in places if one.code and one.code in beside]
        if signed:
            return _largest(signed)
        wide = self._before(met) in ("en", "dans") or self._before(met, 2) == "dans"
        if wide and (found := [one for one in places if _is_wide(one) or _is_department(one)]):
            return found[0]
        return _best(places, countries=self.countries, codes=self._near(met) | self.ours.codes)

    def _beside(self, met: Met) -> set[str]:
        """Departments by a number in brackets after a name, or a postcode beside it."""
        found = set()
        for at in (met.at - 1, met.to):
            if 0 <= at < len(self.words):
                raw = self.words[at].raw
                found |= {place.code for place in self.atlas.by_postcode.get(raw, ())}
                opened = self.text[self.words[at].start - 1 : self.words[at].start] == "("
                if at == met.to and opened and raw.upper() in self.atlas.departments:
                    found.add(raw.upper())
        return found

    def _why(self, met: Met, place: Place) -> Message | None:
        """Say why a name is a place; None when there is not enough."""
        if place.code and place.code in self._beside(met):
            return say("Its department or postcode stands beside it.")
        article = bool(met.entry.article)
        before = self._before(met, 2) if article else self._before(met)
        contracted = article and self._before(met) in INTO_ARTICLE
        if before in ("de", "d", "du", "des") and self._before(met, 3 if article else 2) in OF_TOWN:
            before = "à"
        into = before in INTO or contracted
        if _is_wide(place) or _is_department(place):
            return self._why_wide(met, place)
        common = is_common(place)
        word = self.words[met.at]
        capital = self._capital(met)
        near = bool(place.code and place.code in self._near(met) - self.codes)
        if near and capital and not (common and word.first):
            return say("Another place of the same department is named.")
        if place.alike is Alike.FIRST_NAME and not place.ours:
            home = place.country == HOME
            known = place.people >= LARGE if home else place.country in self.countries
            return _into(before) if into and capital and known else None
        if into and capital and (not common or before != "a"):
            return _into(self._before(met))
        return self._why_alone(met, place, before=before, common=common)

    def _why_alone(self, met: Met, place: Place, *, before: str, common: bool) -> Message | None:
        """Say why a name without a word such as "in" before it is a town."""
        word, capital = self.words[met.at], self._capital(met)
        length, home, into = met.to - met.at, place.country == HOME, before in INTO
        if not home and self._in_longer_name(met, after=True):
            return None
        sure = capital and not (common and word.first)
        if place.ours:
            enough = sure or word.tag or into or length >= _ONE_NAME
            return say("It is one of your towns.") if enough else None
        if common:
            large = sure and home and place.people >= LARGE
            return say("A large town, written with a capital letter.") if large else None
        known = place.people >= SMALL
        written = length >= _ONE_NAME and (capital or "-" in self._raw(met))
        named = (
            (capital and (place.people >= MIDDLE or (known and before in OF)))
            or (written and (length > _ONE_NAME or known or before in OF | INTO))
        )  # fmt: skip
        large = place.people >= LARGE or (place.people >= MIDDLE and into)
        return _first_of(
            (word.tag and known, say("It is a hashtag of its own.")),
            (named, say("It is written as a name, and is no word of the language.")),
            (large and (home or into), say("A large town.")),
        )

    def _why_wide(self, met: Met, place: Place) -> Message | None:
        """Say why a name is a department, a region or a country."""
        if not self._capital(met):
            return None
        before, further = self._before(met), self._before(met, 2)
        into = before in ("en", "in", "au", "aux") or further == "dans" or before == "dans"
        if further in ("departement", "department", "dans"):
            return _into(further)
        if into:
            return _into(before)
        if is_common(place) or self._in_longer_name(met):
            return None
        return say("It is written as a name, and is no word of the language.")


def _stands(words: Sequence[Word], at: int, entry: Entry) -> bool:
    """Tell whether an entry's words, and its article, stand at a place."""
    if any(
        at + step >= len(words) or words[at + step].key != word
        for step, word in enumerate(entry.words)
    ):
        return False
    if not entry.article:
        return True
    return at > 0 and words[at - 1].key in ARTICLES[entry.article]


def _is_wide(place: Place) -> bool:
    return place.kind in (PlaceKind.REGION, PlaceKind.COUNTRY)


def _is_department(place: Place) -> bool:
    return place.kind is PlaceKind.DEPARTMENT


def _best(places: Sequence[Place], *, countries: set[str], codes: set[str]) -> Place | None:
    """Choose among places of one name: ours, near, of this country, or much larger; else none."""
    mine = [one for one in places if one.ours]
    near = [one for one in places if one.code and one.code in codes and one.country == HOME]
    there = [one for one in places if one.country in countries and one.country != HOME]
    home = [one for one in places if one.country == HOME and one.people >= MIDDLE]
    for some in (mine, near, there, home):
        if some:
            return _largest(some)
    towns = sorted(
        (one for one in places if one.kind is PlaceKind.TOWN), key=lambda one: -one.people
    )
    others = [one for one in places if one.kind is not PlaceKind.TOWN]
    if not towns:
        countries_first = sorted(others, key=lambda one: one.kind is not PlaceKind.COUNTRY)
        return next(iter(countries_first), None)
    apart = len(towns) == 1 or towns[0].people >= MUCH_LARGER * max(1, towns[1].people)
    if any(one.kind is PlaceKind.COUNTRY for one in others):
        return next(one for one in others if one.kind is PlaceKind.COUNTRY)
    return towns[0] if apart else None


def _largest(places: Sequence[Place]) -> Place:
    return max(places, key=lambda one: (one.kind is PlaceKind.TOWN, one.people))


def _told(ours: Ours, place: Place, by: Told, words: str, why: Message) -> Whereabouts:
    return Whereabouts(place=place, scope=ours.scope(place), told=by, words=words, reason=why)


def _first_of(*reasons: tuple[bool, Message]) -> Message | None:
    """Return the first reason that holds."""
    return next((why for holds, why in reasons if holds), None)


def _into(before: str) -> Message:
    return say("“{before}” before it says that it is a place.", before=before)
