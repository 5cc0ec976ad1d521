"""Labelled texts as the benches read them: one function a data set, its licence with it."""

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quivive.detect.pieces import plain
from quivive.vocabulary.folding import fold

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
FRAMES_SEED, DRAWN = 11, 12
"""Texts that are drawn of each frame."""
OPERATOR = ("free", "freebox")
RUN, SHARED = 12, 0.5
"""Letters of a run, and the share of a text's runs in one other text from which it repeats it."""
_SLOT = re.compile(r"\{(\w+)\}")
LEANINGS = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}


class Texts(NamedTuple):
    """Texts with one label each; ``groups`` names brand or thread where the set tells."""

    texts: list[str]
    labels: NDArray[np.int64]
    groups: Sequence[str] = ()


def xlmt(data: Path, language: str, half: str) -> Texts:
    """XLM-T sentiment (Apache-2.0): 0 negative, 1 neutral, 2 positive."""
    return _pair(data / "xlmt_sentiment" / f"{language}_{half}")


def tweeteval(data: Path, task: str, half: str) -> Texts:
    """TweetEval: emotion (0 anger), irony; English, no licence: only to measure on."""
    return _pair(data / "tweeteval" / f"{task}_{half}")


def deft(data: Path) -> Texts:
    """DEFT 2017 task 1 (CeCILL), French: objective as neutral, mixed as 3."""
    with (data / "deft2017_fr/task1_train_filtered.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    named = {"negative": NEGATIVE, "objective": NEUTRAL, "positive": POSITIVE, "mixed": 3}
    return Texts([row["text"] for row in rows], np.array([named[row["label"]] for row in rows]))


def mlma(data: Path, language: str) -> Texts:
    """MLMA hate speech (MIT): 1 where annotators felt or heard anger."""
    with (data / f"mlma_hate/{language}.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    angry = [int("anger" in row["annotator_sentiment"]) for row in rows]
    return Texts([row["tweet"] for row in rows], np.array(angry))


def airlines(data: Path) -> Texts:
    """US airlines (CC BY-NC-SA): to measure on, never to train on."""
    with gzip.open(data / "us_airline/tweets.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    labels = [LEANINGS[row["airline_sentiment"]] for row in rows]
    return Texts([r["text"] for r in rows], np.array(labels), [r["airline"] for r in rows])


def sanders(data: Path) -> Texts:
    """Sanders brands (no licence): to measure on, never to train on."""
    with (data / "sanders_brands/tweets.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Sentiment"] in LEANINGS]
    labels = [LEANINGS[row["Sentiment"]] for row in rows]
    return Texts([r["TweetText"] for r in rows], np.array(labels), [r["Topic"] for r in rows])


def enquiries(data: Path) -> Texts:
    """RumourEval 2017: 1 where a post asks; the group is the thread."""
    with gzip.open(data / "rumoureval2017/traindev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    labels = [int(row["stance"] == "query") for row in rows]
    return Texts([r["text"] for r in rows], np.array(labels), [r["thread"] for r in rows])


def free(data: Path) -> Texts:
    """Tweets to a French telecom operator (MIT); no labels that people gave, so -1.

    The group is the author; ``OPERATOR`` are the operator's own accounts.
    """
    with gzip.open(data / "free_telecom_fr/tweets.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    authors = [row["author"].lower() for row in rows]
    return Texts([row["text"] for row in rows], np.full(len(rows), -1), authors)


def covid(data: Path) -> Texts:
    """A quarter of the replies to COVID-19 rumours (MIT), English; no label used, so -1."""
    with gzip.open(data / "covid19_rumours/replies.csv.gz", "rt", encoding="utf-8") as lines:
        texts = [row["comment"] for row in csv.DictReader(lines)][::4]
    return Texts(texts, np.full(len(texts), -1))


def everyday(data: Path) -> Texts:
    """A sixth of the tweets beside the matter in CrisisLexT6 (MIT), English; no label used."""
    texts = []
    for path in sorted((data / "crisislex_t6").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = csv.DictReader(lines, skipinitialspace=True)
            texts += [row["tweet"] for row in rows if row["label"] == "off-topic"]
    return Texts(texts[::6], np.full(len(texts[::6]), -1))


def same_words(text: str) -> str:
    """Return what two near repeats share: folded letters only."""
    return "".join(filter(str.isalpha, fold(plain(text).replace("http", ""))))


def holders_of(texts: Sequence[str]) -> dict[str, list[int]]:
    """Return the texts that hold each run of letters."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for run in _runs(text):
            holders[run].append(number)
    return dict(holders)


def nearly_repeats(text: str, holders: dict[str, list[int]]) -> bool:
    """Tell whether one of the texts that ``holders_of`` took holds half of this one's runs."""
    runs = _runs(text)
    shared = Counter(number for run in runs for number in holders.get(run, ()))
    return max(shared.values(), default=0) >= SHARED * len(runs)


def _runs(text: str) -> set[str]:
    letters = same_words(text)
    return {letters[at : at + RUN] for at in range(max(1, len(letters) - RUN + 1))}


def event_of(thread: Sequence[str]) -> str:
    """Name the event that a thread of RumourEval speaks of, by the words of its posts."""
    said = " ".join(thread).lower()
    return max(EVENTS, key=lambda event: sum(said.count(word) for word in EVENTS[event]))


EVENTS = {
    "other": (),
    "charlie": ("charlie", "paris", "hebdo", "kouachi"),
    "ferguson": ("ferguson", "brown", "wilson"),
    "ottawa": ("ottawa", "parliament", "canad"),
    "sydney": ("sydney", "lindt", "martin place", "siege"),
    "germanwings": ("germanwings", "4u9525", "lufthansa", "pilot", "airbus"),
    "putin": ("putin", "russia"),
    "prince": ("prince", "toronto"),
    "ebola": ("ebola",),
}


class OwnWords(NamedTuple):
    """Sentences that we wrote, with what we meant: 1 where angry, 1 where ironic."""

    texts: list[str]
    leaning: NDArray[np.int64]
    anger: NDArray[np.int64]
    irony: NDArray[np.int64]


def own_words(language: str) -> OwnWords:
    """What people say to organisations and of their days, written by us and ours to give away.

    Each sentence comes twice: as it stands, and as a post to somebody.
    """
    return _own(f"own_words_{language}.txt")


def own_turns(language: str) -> OwnWords:
    """What negations turn, and what they do not ("not bad"); as ``own_words``."""
    return _own(f"own_turns_{language}.txt")


def own_service(language: str) -> OwnWords:
    """What people ask, tell and reproach organisations, at length; as ``own_words``."""
    return _own(f"own_service_{language}.txt")


def own_replies(language: str, *, aside: bool = False) -> OwnWords:
    """What organisations answer, and customers who complain in words like theirs; as ``own_words``.

    Args:
        aside: return the half that nothing is learned from, every other sentence.
    """
    return _half(f"own_replies_{language}.txt", aside=aside)


def own_contraries(language: str, *, aside: bool = False) -> OwnWords:
    """Thanks, questions and wishes, meant or not; as ``own_replies``."""
    return _half(f"own_contraries_{language}.txt", aside=aside)


def _half(name: str, *, aside: bool) -> OwnWords:
    some = _own(name)
    half = np.arange(len(some.texts)) // 2 % 2 == int(aside)
    return OwnWords([some.texts[at] for at in np.flatnonzero(half)], *(a[half] for a in some[1:]))


def own_frames(language: str) -> OwnWords:
    """Turns of phrase around things, organisations and events: what says it, not of what, counts.

    Sections of ``own_frames_*.txt`` that name no leaning are what its frames are filled with.
    """
    filling, frames = _frames(f"own_frames_{language}.txt")
    chance = np.random.default_rng(FRAMES_SEED)
    texts, meant = [], []
    for frame, kind in frames:
        for draw in range(DRAWN):
            text = _SLOT.sub(lambda slot: str(chance.choice(filling[slot[1]])), frame)
            upper = text[0].upper() + text[1:]
            texts.append((text, upper, f"@user {upper}.")[draw % 3])
            meant.append(kind)
    return OwnWords(texts, *np.array(meant).T)


def _frames(name: str) -> tuple[dict[str, list[str]], list[tuple[str, tuple[int, int, int]]]]:
    """Return what fills slots, by their name, and frames with leaning, anger (-1) and irony."""
    filling: dict[str, list[str]] = {}
    frames = []
    for line in filter(None, Path(__file__).with_name(name).read_text("utf-8").splitlines()):
        if line.startswith("# "):
            title = line[2:].split()
        elif title[0] in LEANINGS:
            frames.append((line, (LEANINGS[title[0]], -1, int("ironic" in title))))
        else:
            filling.setdefault(title[0], []).append(line)
    return filling, frames


def _own(name: str) -> OwnWords:
    file = Path(__file__).with_name(name)
    texts, meant, kind = [], [], (NEUTRAL, 0, 0)
    for line in filter(None, file.read_text(encoding="utf-8").splitlines()):
        if line.startswith("# "):
            leaning, *more = line[2:].split()
            kind = (LEANINGS[leaning], int("angry" in more), int("ironic" in more))
        else:
            texts += [line, f"@user {line[0].upper()}{line[1:]}."]
            meant += [kind, kind]
    return OwnWords(texts, *np.array(meant).T)


def own_pleas(language: str) -> Texts:
    """Cries for help (1) and sentences that sound like them (0), written by us, ours to give away.

    As ``own_words``, each comes twice.
    """
    file = Path(__file__).with_name(f"own_pleas_{language}.txt")
    texts, labels, asks = [], [], 0
    for line in filter(None, file.read_text(encoding="utf-8").splitlines()):
        if line.startswith("# "):
            asks = int(line == "# asks")
        else:
            texts += [line, f"@user {line[0].upper()}{line[1:]}."]
            labels += [asks, asks]
    return Texts(texts, np.array(labels))


def _pair(stem: Path) -> Texts:
    texts = Path(f"{stem}_text.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    labels = np.array(Path(f"{stem}_labels.txt").read_text(encoding="utf-8").split(), int)
    assert len(texts) == len(labels), stem
    return Texts(texts, labels)
