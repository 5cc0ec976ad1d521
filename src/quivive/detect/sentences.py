"""Takes the sentence out of posts that says best what they share: word for word, never written."""

import re
from collections.abc import Iterable, Mapping

from quivive.detect.cues import OPINION, bare, words_of
from quivive.detect.lemmas import lemmas
from quivive.vocabulary.folding import fold

LONGEST = 280
"""Characters; a longer sentence is cut at a word."""
TELLS_NOTHING = 0.5
"""How much the words of a question, a wish or an opinion count: nobody can check them."""
MOST_STEMS = 12
"""Among sentences that share nothing, the one with more words that carry something, up to these."""
_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_SHORTENED = re.compile(
    r"(?<![\w.])(?:(?i:mr|mrs|ms|dr|prof|rev|gov|sen|rep|sgt|lt|capt|col|gen|maj|supt|insp|jr|sr|mm|mme|"
    r"mlle|mgr|st|ste|ave?|blvd|bl?d|sq|rd|hwy|ft|mt|dept|univ|assoc|inc|corp|co|ltd|vs|approx|env|cf|"
    r"ex|tel|calif|fla|okla|conn|tenn|ariz|mo)|M|(?:[^\W\d]\.)+[^\W\d])\.$"
)
"""Ends in a point, and the sentence goes on: "St. Louis", "M. Dupont", "7 a.m. today".

No other letter: "F. Hollande" is cut, but "building C. Nobody tells us anything" is two sentences.
"""
_LONGEST_SHORTENED = 8
_QUOTE = '"“”«»„'
_LEAD = re.compile(
    rf"(?:[\s.{_QUOTE}]*(?:(?i:rt|mt)\b[\s:{_QUOTE}]*)?@[\w.-]+\s*[:,]\s*)+|"  # RT @ana: “@leo:
    r"(?i:rt|mt)\s+(?:@[\w.-]+\s*)+|"
    r"[\s.]*(?:@[\w.-]+\s+){2,}|"
    r"[\s.]*@[\w.-]+\s+(?=[^\W\d_a-zà-ÿ])"  # "@rail is late" says it of @rail, "@ana Is it" to her
)
_TAIL = re.compile(
    r"(?:[\s(|-]*(?:(?:https?://|pic\.twitter\.com/)\S*|(?i:via)\s+@[\w.-]+\)?)"
    rf"|(?<=[.!?…{_QUOTE}\s])\s@[\w.-]+)+\s*$"
)

_TAG = re.compile(r"#\w+")
_LAST = 1_000
"""Letters at the end in which links are looked for: looking takes the square of their number."""


def sentences_of(text: str) -> list[str]:
    r"""Cut a text where sentences end.

    >>> sentences_of("Il pleut. Deux malades !\nVraiment ?")
    ['Il pleut.', 'Deux malades !', 'Vraiment ?']
    >>> sentences_of("St. Louis Co. police: no raid at 7 a.m. today. M. Dupont dément.")
    ['St. Louis Co. police: no raid at 7 a.m. today.', 'M. Dupont dément.']
    >>> sentences_of("Fuite au bât C. Personne ne répond.")
    ['Fuite au bât C.', 'Personne ne répond.']
    """
    pieces, begun = [], 0
    for end in _END.finditer(text):
        if not _goes_on(text, end):
            pieces.append(text[begun : end.start()].strip())
            begun = end.end()
    return [piece for piece in (*pieces, text[begun:].strip()) if piece]


def _goes_on(text: str, end: re.Match[str]) -> bool:
    """Tell whether the point before a space only shortens a word."""
    at = end.start()
    return "\n" not in end[0] and bool(_SHORTENED.search(text, max(at - _LONGEST_SHORTENED, 0), at))


def quotable(sentence: str) -> str:
    """Leave out who relays a sentence, to whom, and the links behind it; the words stay.

    >>> quotable("RT @ana: “@leo: L'eau de la tour est coupée” http://t.co/a via @ana")
    "L'eau de la tour est coupée"
    >>> quotable("@rail est encore en retard. @leo"), quotable("On attend @rail")
    ('@rail est encore en retard.', 'On attend @rail')
    """
    lead = _LEAD.match(sentence)
    said = sentence[lead.end() :] if lead else sentence
    bared = (said[:-_LAST] + _TAIL.sub("", said[-_LAST:])).strip()
    return (bared.strip(_QUOTE + " ") if lead else bared) or sentence


def most_telling(texts: Iterable[str], shared: Mapping[str, int]) -> str:
    """Return the sentence with most of the words that posts share; the earliest among equals.

    Args:
        texts: posts, earliest first.
        shared: stems and how many posts hold each.
    """
    best, chosen = -1.0, ""
    for text in texts:
        for sentence in sentences_of(text):
            told = _told(sentence, shared)
            if told > best:
                best, chosen = told, quotable(sentence)
    return chosen if len(chosen) <= LONGEST else chosen[:LONGEST].rsplit(" ", 1)[0] + "…"


def _told(sentence: str, shared: Mapping[str, int]) -> float:
    plain = bare(fold(sentence))
    if not words_of(_TAG.sub(" ", plain)):
        return 0.0  # hashtags that all share say nothing
    words = lemmas(plain)
    told = sum(shared.get(word, 0) for word in words) + min(len(words), MOST_STEMS) / MOST_STEMS
    return told * (TELLS_NOTHING if "?" in plain or OPINION.search(plain) else 1.0)
