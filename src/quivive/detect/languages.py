"""In which language is a text? fastText's guess, weighed with small words and what else is known.

``score[l] = (fastText[l] + doubt) · prior[l] · e^(small words of l) · tag · author · home``, where
``doubt = (1 + letters)^-1.5``: of a short text fastText knows little, and says so too seldom. The
likeliest language is named when it holds most of the sum; else the answer is ``und``.

Source: Joulin and others 2016, *Bag of tricks for efficient text classification* (fastText). The
rest is ours: ``bench/languages.py`` measures what it adds.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from quivive.vocabulary.folding import fold

UNKNOWN = "und"

Guesser: TypeAlias = Callable[[str], Sequence[tuple[str, float]]]
"""Language codes (ISO 639) with probabilities, likeliest first, for one line of text."""

_SMALL_WORDS = {
    "fr": """
        le la les l' un une des du de d' et est c' n' j' m' t' s' qu' ai ont sont etait ete etre
        avoir fait faire je tu il elle nous vous ils elles ce cette ces cet mon ton son ma ta sa
        mes tes ses notre votre leur leurs qui que quoi dont ou mais donc car ni pas moins tres
        trop pour par sur sous dans avec sans chez vers entre depuis pendant quand comme comment
        pourquoi si oui non merci bonjour bonsoir svp rien tout tous toute toutes meme aussi encore
        toujours jamais deja alors ici ca cela ceux au aux en se ne va vais vont peut faut apres
        avant quelqu' quelque aucun aucune chaque autre bien mal bah mdr ptdr quel quelle personne
    """,
    "en": """
        the an of and is are was were be been being am i you he she it we they this that these
        those my your his her its our their who which what where when why how but or so not yes do
        does did don doesn didn isn wasn can could will would should shall may might must has have
        had having for from by with without about into over under after before between during to in
        at if then than too very more less most just only still again also ever never always there
        here all any some every thanks thank please hello hi good bad get got going up out off re ve
        ll im dont cant wont because while nothing anyone someone everyone today tonight
    """,
    "es": """
        el la los las un una unos de del y es en que por para con su sus lo se no mas muy pero como
        esta este esto son fue ha han hay ya al si porque todo todos hoy mi me te tu yo nos
    """,
    "it": """
        il lo la i gli le un una di del della dei delle dell e che per con non si sono ha ho hanno
        anche piu ma come nel nella nei da dal dalla al alla questo questa mi ti ci cosi solo ora
    """,
    "pt": """
        o a os as um uma de do da dos das e que em no na nos nas por para com se nao mais muito mas
        como foi eu ele ela tem ja ao sao isso esse essa meu minha voce tudo hoje
    """,
    "de": """
        der die das und ist ein eine nicht ich du er sie es wir ihr mit auf fur von zu im den dem
        auch wie aber noch nur so was hat haben sind war bei nach
    """,
    "nl": """
        de het een en is niet ik je van op dat te in met voor zijn er maar ook wat nog naar heb
        heeft was aan bij
    """,
}
"""Words that sentences of a language hold most often. Our own lists, folded."""

_OURS = ("fr", "en")
_PRIOR_OF_OURS, _PRIOR_OF_OTHERS = 0.3, 0.04
_MOST_WORDS = 3
"""Small words counted; more would only repeat what fastText knows of a long text."""
_TAG = 15.0
"""How much likelier the language is that the network names, where it names one."""
_USUAL = 20.0
"""How much likelier the language is that the same author mostly writes."""
_HOME = 6.0
"""How much likelier the language is that most write here: a room in French hears of little else."""
_ENOUGH = 0.6
_LONG, _SURE = 60, 0.9
"""A text of so many letters, and a guess so sure, need no second opinion."""
_READ = 400
"""Letters looked at; a longer text does not change its language unseen."""

_MASKED = re.compile(r"(?:https?://|www\.)\S+|@\w+|\bhttp\b|\bRT\b")
_OF_MASKED = ("@", "http", "www.", "RT")
"""One of them is in all that is masked: looked for first, for most texts hold none."""
_SIGN, _DIGIT = re.compile(r"[^\w\s'.,!?-]"), re.compile(r"[\d_]")
_WORD = re.compile(r"[^\W\d_]+'?")


def _languages_by_word() -> dict[str, dict[str, float]]:
    """Share each small word, elided or not, out among the languages that use it."""
    users: dict[str, list[str]] = defaultdict(list)
    for language, words in _SMALL_WORDS.items():
        for word in words.split():
            users[word].append(language)
    shared = {word: dict.fromkeys(which, 1 / len(which)) for word, which in users.items()}
    return {f"{word}'": shares for word, shares in shared.items()} | shared


_BY_WORD = _languages_by_word()


class Languages:
    """Names languages with a guesser.

    >>> nothing_learned = Languages(lambda text: [])
    >>> nothing_learned.of(["Le chauffage est en panne depuis hier", "¿?"])
    ['fr', 'und']
    """

    def __init__(self, guesser: Guesser) -> None:
        """Keep the guesser."""
        self._guesser = guesser

    def of(
        self,
        texts: Sequence[str],
        tags: Sequence[str | None] | None = None,
        authors: Sequence[str] | None = None,
        home: str | None = None,
    ) -> list[str]:
        """Return the language of each text: a code of ISO 639, or ``und`` where nobody can tell.

        What is said beside the texts only tips the scales: a long text speaks for itself.

        Args:
            tags: what the network says (BCP 47), which is often wrong.
            authors: who wrote each; what they surely write elsewhere in ``texts`` counts.
            home: what most write here: the language of the room, or ``mostly`` of a file.
        """
        scores = self._all_scores(texts, tags)
        if home:
            scores = [_favour(of_text, home, _HOME) for of_text in scores]
        if authors is not None:
            usual = _usual(authors, [_likeliest(of_text, _SURE) for of_text in scores])
            scores = [
                _favour(of_text, usual.get(author, UNKNOWN), _USUAL)
                for of_text, author in zip(scores, authors, strict=True)
            ]
        return [_likeliest(of_text) for of_text in scores]

    def mostly(self, texts: Sequence[str], tags: Sequence[str | None] | None = None) -> str | None:
        """Return the language of more than half of what can surely be read; None without one."""
        sure = [_likeliest(of_text, _SURE) for of_text in self._all_scores(texts, tags)]
        return _usual([""] * len(sure), sure).get("")

    def _all_scores(
        self, texts: Sequence[str], tags: Sequence[str | None] | None
    ) -> list[dict[str, float]]:
        tags = tags or [None] * len(texts)
        return [self._scores(text, tag) for text, tag in zip(texts, tags, strict=True)]

    def _scores(self, text: str, tag: str | None) -> dict[str, float]:
        """Weigh the languages of a text; the entry ``und`` holds what all others may be."""
        plain = _plain(text[:_READ])
        if not _WORD.search(plain):
            return {}
        guessed = dict(self._guesser(plain))
        best = max(guessed, key=lambda one: guessed[one], default=UNKNOWN)
        if len(plain) >= _LONG and guessed.get(best, 0.0) >= _SURE:
            return {best: guessed[best]}
        doubt = float((1 + len(plain)) ** -1.5)
        hits = _small_words(plain)
        named = (tag or "").replace("_", "-").split("-")[0].lower()
        scores = {
            one: (guessed.get(one, 0.0) + doubt)
            * (_PRIOR_OF_OURS if one in _OURS else _PRIOR_OF_OTHERS)
            * math.exp(min(hits.get(one, 0.0), _MOST_WORDS))
            for one in {*guessed, *hits, *_OURS}
        }
        scores[UNKNOWN] = doubt * 0.2
        return _favour(scores, named, _TAG)


def _plain(text: str) -> str:
    """Return a text's words and the marks that part them, in small letters.

    >>> _plain("RT @ana : L’eau revient à 8h 👍 https://a.b")
    "l'eau revient à h"
    """
    text = text.replace("’", "'")
    if any(map(text.__contains__, _OF_MASKED)):
        text = _MASKED.sub(" ", text)
    return " ".join(_DIGIT.sub(" ", _SIGN.sub(" ", text)).lower().split())


def _small_words(plain: str) -> dict[str, float]:
    hits: dict[str, float] = defaultdict(float)
    for word in _WORD.findall(fold(plain)):
        if word in _BY_WORD:
            for language, share in _BY_WORD[word].items():
                hits[language] += share
    return hits


def _favour(scores: dict[str, float], language: str, times: float) -> dict[str, float]:
    if language not in scores or language == UNKNOWN:
        return scores
    return {**scores, language: scores[language] * times}


def _likeliest(scores: dict[str, float], enough: float = _ENOUGH) -> str:
    best = max(scores, key=lambda one: (scores[one], one), default=UNKNOWN)
    return best if scores and scores[best] >= enough * sum(scores.values()) else UNKNOWN


def _usual(authors: Iterable[str], found: Iterable[str]) -> dict[str, str]:
    """Return the language that each author writes more than half the time."""
    written: dict[str, list[str]] = defaultdict(list)
    for author, language in zip(authors, found, strict=True):
        if language != UNKNOWN:
            written[author].append(language)
    usual = {}
    for author, languages in written.items():
        most = max(sorted(set(languages)), key=languages.count)
        if 2 * languages.count(most) > len(languages):
            usual[author] = most
    return usual
