"""How well languages are named, whole and cut to a few words, beside fastText alone, and how fast.

    quivive bench languages DATA

Development (what the constants were chosen on): DEFT 2017 and TweetEval. Validation: XLM-T,
MLMA and the airlines. ``bench/short_texts.txt`` is ours, every other line for development: what
tenants write in a few words. "at home" and "abroad" are the same texts in a room of their language
and of the other one; "mistagged": at home, and the network names the other language. Only French
and English have labels; other languages are those that fastText is sure of in the tweets of three
disasters, so they show what the small words of French and English cost them, not how good fastText
is.
"""

import csv
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from bench.texts import airlines, deft, mlma, tweeteval, xlmt

from quivive.detect.languages import UNKNOWN
from quivive.wire.models import load_languages

EVENTS = {
    "es": "2012_Costa_Rica_earthquake",
    "it": "2013_Sardinia_floods",
    "pt": "2013_Brazil_nightclub_fire",
}
LENGTHS = (None, 6, 4, 3, 2, 1)
OURS = Path(__file__).with_name("short_texts.txt")
SURE = 0.8


def main() -> None:
    """Print a line for each set, language and length."""
    data = Path(sys.argv[1])
    languages = load_languages()
    sets = {
        "development": {"fr": deft(data).texts, "en": tweeteval(data, "emotion", "val").texts},
        "validation": {
            "fr": xlmt(data, "french", "train").texts + mlma(data, "fr").texts,
            "en": xlmt(data, "english", "train").texts + airlines(data).texts,
        },
        "others": {one: foreign(data, one, languages._guesser) for one in EVENTS},
    }
    for half, name in enumerate(("development", "validation")):
        for language, some in short_texts(half).items():
            tell(f"our {name} {language}", language, some, None, languages)
    for name, texts in sets.items():
        for language, some in texts.items():
            for words in LENGTHS:
                tell(f"{name} {language}", language, some, words, languages)
    whole = sets["validation"]["fr"] + sets["validation"]["en"]
    begun = time.process_time()
    languages.of(whole)
    print(f"{len(whole) / (time.process_time() - begun):,.0f} texts/s on one core")


def short_texts(half: int) -> dict[str, list[str]]:
    """Return every other line of our short texts, by language."""
    found: dict[str, list[str]] = {"fr": [], "en": []}
    for line in OURS.read_text(encoding="utf-8").splitlines()[half::2]:
        language, text = line.split("\t")
        found[language].append(text)
    return found


def foreign(data: Path, language: str, guesser: Callable) -> list[str]:
    """Return tweets of a disaster abroad that fastText is sure of."""
    event = EVENTS[language]
    file = data / "crisislex_t26" / event / f"{event}-tweets_labeled.csv"
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        texts = [row[1].replace("\n", " ") for row in list(csv.reader(lines))[1:]]
    return [text for text in texts if [(language, True)] == [
        (one, share > SURE) for one, share in guesser(text.lower())[:1]
    ]]  # fmt: skip


def tell(name: str, language: str, texts: list[str], words: int | None, languages: object) -> None:
    """Print the shares named right (wrong): alone, at home, abroad, mistagged; fastText's."""
    drawn = random.Random(1)
    some = drawn.sample(texts, min(1_000, len(texts)))
    parts = [part for part in (piece(text, words, drawn) for text in some) if part]
    abroad = "en" if language == "fr" else "fr"
    rooms = (("alone", None), ("at home", language), ("abroad", abroad))
    said = [(room, shares(languages.of(parts, home=home), language)) for room, home in rooms]
    mistagged = languages.of(parts, [abroad] * len(parts), home=language)
    said.append(("mistagged", shares(mistagged, language)))
    alone = [(languages._guesser(part.lower()) or [(UNKNOWN, 1.0)])[0][0] for part in parts]
    said.append(("fastText", shares(alone, language)))
    told = "   ".join(f"{room} {right:.3f} ({wrong:.3f})" for room, (right, wrong) in said)
    print(f"{name:18} {words or 'all':>4} words   {told}")


def shares(found: list[str], language: str) -> tuple[float, float]:
    """Return how many were named right, and wrong; the rest stays unknown."""
    right, unknown = (np.mean([one == what for one in found]) for what in (language, UNKNOWN))
    return float(right), abs(float(1 - right - unknown))


def piece(text: str, words: int | None, drawn: random.Random) -> str | None:
    """Return a run of words that holds no link, name or tag."""
    if words is None:
        return text
    plain = [word for word in text.split() if word.isalpha()]
    if len(plain) < words:
        return None
    first = drawn.randrange(len(plain) - words + 1)
    return " ".join(plain[first : first + words])


if __name__ == "__main__":
    main()
