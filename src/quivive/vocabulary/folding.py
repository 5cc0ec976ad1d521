"""How words are compared: without case, accents, elisions or the marks of inclusive writing.

Used wherever two texts meet: queries and posts, word lists and posts, one post and its copy.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

_RARE = re.compile(r"[^\x00-\x7f]+")
_MARKS = re.compile("[\u0300-\u036f\u200b-\u200d\u2060\ufe0f\ufeff\u00ad]+")
_COMMON = (
    *(("\u2019", "'"), ("\u02bc", "'"), ("\u2018", "'"), ("\u00b4", "'"), ("œ", "oe"), ("æ", "ae")),
    *(
        ("é", "e"),
        ("è", "e"),
        ("ê", "e"),
        ("à", "a"),
        ("â", "a"),
        ("ç", "c"),
        ("ù", "u"),
        ("û", "u"),
    ),
    *(("ô", "o"), ("î", "i"), ("\u00a0", " "), ("\u202f", " "), ("…", "...")),
)
"""What French uses most, put plainly at once: Unicode's own tables say the same but more slowly."""

# Endings of inclusive writing, folded. Dots, dashes, slashes and brackets have other uses, so
# after them only endings that are hardly ever a word or part of an address are read.
SURE_ENDINGS = (
    *("e", "s", "es", "ne", "nes", "trice", "trices", "rice", "rices"),
    *("euse", "euses", "ere", "eres", "ve", "ves"),
)
SIGNS_OF_ENDINGS = "./(-"
_SURE = f"(?:{'|'.join(SURE_ENDINGS)})"
_WIDE = (
    "(?:e|s|es|x|aux|ux|[nltrsvf]es?|s?ses?|esses?|i?eres?|eu[sr]es?|t?rices?|ices?|elles?"
    "|ales?|aines?|[eo]nnes?|ines?)"
)
MIDDLE_DOTS = "\u00b7\u2022\u2027\u2219\u22c5"
_ENDING = rf"(?:[{MIDDLE_DOTS}]{_WIDE}|[./(-]{_SURE}\)?)"
_INCLUSIVE = re.compile(  # begins with its rarest characters: this runs over every post
    rf"[{MIDDLE_DOTS}./(-](?:(?<=\w\w[{MIDDLE_DOTS}]){_WIDE}(?!\w)|(?<=\w\w[./(-]){_SURE}(?!\w|[)]\w\w))"
)
_INCLUSIVE_WORD = re.compile(rf"(?<!\w)(\w\w+)({_ENDING}{{1,3}}s?)(?!\w)")
_CLOSING = re.compile(rf"(?<=\w)[{MIDDLE_DOTS}](?={_WIDE}(?!\w))")

_FEMININES = (
    ("teur", "trice"),
    ("eur", "rice"),
    ("eur", "euse"),
    ("eux", "elle"),
    ("eau", "elle"),
    ("er", "ere"),
    ("f", "ve"),
    ("x", "se"),
    ("s", "te"),
)
"""Endings that change instead of growing: what a masculine loses, what the feminine gains."""

_READINGS = 4
"""Masculine and feminine, singular and plural."""


def fold(text: str) -> str:
    """Return ``text`` as it is compared: small letters, no accents, straight apostrophes.

    Ligatures open (``cœur`` is ``coeur``) and the middle dot of inclusive writing closes
    (``locataire·s`` is ``locataires``). Word boundaries stay where they were: an elision keeps
    its apostrophe, which is not a letter, so ``l'office`` still holds the word ``office``.

    >>> fold("L’Élu·e a du CŒUR")
    "l'elue a du coeur"
    """
    return text.lower() if text.isascii() else _closed(_open(text))


def readings(text: str) -> tuple[str, ...]:
    """Every way to read a text aloud: inclusive writing names several forms at once.

    The first reading is :func:`fold`; the others, if any, use one form throughout.

    >>> readings("Les élu·e·s")
    ('les elues', 'les elu', 'les elus', 'les elue')
    >>> readings("Un(e) locataire(s)")[1:]
    ('un locataire', 'une locataires')
    """
    return _readings_of(_open(text))


def fold_each(texts: Sequence[str], between: str = "\0") -> list[str]:
    r"""Fold many texts at once, each with its readings separated by ``between``.

    Args:
        texts: none may hold the character ``\1``.
        between: separates the readings of one text.

    >>> fold_each(["Été", "Locataire·s"], between="|")
    ['ete', 'locataires|locataire']
    """
    if not texts:
        return []
    folded = _open_common("\1".join(texts)).split("\1")
    folded = [text if text.isascii() else _RARE.sub(_decompose, text) for text in folded]
    for index in _inclusive_ones("\1".join(folded), folded):
        folded[index] = between.join(_readings_of(folded[index]))
    return folded


def _open(text: str) -> str:
    """Fold all but the marks of inclusive writing."""
    text = _open_common(text)
    return text if text.isascii() else _RARE.sub(_decompose, text)


def _closed(text: str) -> str:
    """Take out the middle dots of inclusive writing, which few texts hold."""
    return _CLOSING.sub("", text) if any(map(text.__contains__, MIDDLE_DOTS)) else text


def _open_common(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = text.casefold()
    for sign, plain in _COMMON:
        text = text.replace(sign, plain)
    return text


def _decompose(rare: re.Match[str]) -> str:
    return _decomposed(rare[0])


@lru_cache(maxsize=20_000)
def _decomposed(rare: str) -> str:
    """The same few signs and emoji come again and again."""
    # Fancy letters (𝐂) and signs (™) only show their capitals once they are decomposed.
    return _MARKS.sub("", unicodedata.normalize("NFKD", rare)).casefold()


def _inclusive_ones(joined: str, texts: list[str]) -> Iterator[int]:
    """Indexes of the texts that hold inclusive writing, each once."""
    index, border, told = 0, len(texts[0]), -1
    for mark in _INCLUSIVE.finditer(joined):
        while mark.start() > border:
            index += 1
            border += len(texts[index]) + 1
        if index != told:
            told = index
            yield index


def _readings_of(opened: str) -> tuple[str, ...]:
    """The readings of a text that is folded but for its marks of inclusive writing."""
    found = [_closed(opened)]
    if _INCLUSIVE.search(opened):
        forms = (partial(_form, number=number) for number in range(_READINGS))
        found += (_INCLUSIVE_WORD.sub(form, opened) for form in forms)
    return tuple(dict.fromkeys(found))


def _form(word: re.Match[str], number: int) -> str:
    """One of the forms that an inclusive word names; the last when it names fewer."""
    stem, endings = word[1], re.findall(r"\w+", word[2])
    forms = [stem]
    plural = endings[-1].endswith(("s", "x")) and not stem.endswith(("s", "x"))
    if plural:
        forms.append(f"{stem}s")
    if grown := endings[0].removesuffix("s"):
        woman = _feminine(stem, grown)
        forms.append(woman)
        if endings[-1].endswith("s"):
            forms.append(f"{woman}s")
    return forms[min(number, len(forms) - 1)]


def _feminine(stem: str, ending: str) -> str:
    for lost, gained in _FEMININES:
        if ending == gained and stem.endswith(lost):
            return stem.removesuffix(lost) + gained
    return stem + ending
