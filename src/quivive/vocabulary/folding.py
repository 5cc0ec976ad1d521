"""How words are compared: without case, accents, elisions or the marks of inclusive writing.

Used wherever two texts meet: queries and posts, word lists and posts, one post and its copy.
"""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f\u200b-\u200d\ufe0f\u00ad]+")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2018": "'", "\u00b4": "'"})
_INCLUSIVE = re.compile(r"(?<=\w)[\u00b7\u2022\u2027](?=\w)")


def fold(text: str) -> str:
    """Return ``text`` as it is compared: small letters, no accents, straight apostrophes.

    Ligatures open (``cœur`` is ``coeur``) and the middle dot of inclusive writing closes
    (``locataire·s`` is ``locataires``). Word boundaries stay where they were: an elision keeps
    its apostrophe, which is not a letter, so ``l'office`` still holds the word ``office``.

    >>> fold("L’Élu·e a du CŒUR")
    "l'elue a du coeur"
    """
    if text.isascii():
        return text.lower()
    plain = text.translate(_APOSTROPHES).casefold().replace("œ", "oe").replace("æ", "ae")
    decomposed = _MARKS.sub("", unicodedata.normalize("NFKD", plain))
    return _INCLUSIVE.sub("", decomposed)
