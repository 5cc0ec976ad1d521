"""How does a post stand to a claim: relays it, denies it, asks about it, comments on it?

A linear model: ``logit = bias + cues · weights``, and for an answer ``+ mean of its pieces of words
· V``; softmax. The cues are ours and one can name them (``stance_cues.py``); what a piece of a word
means by itself comes from a sentence encoder, in many languages (``meanings.py``). Answers and
posts that answer nobody have weights of their own: these hardly ever comment, those mostly do. A
post that answers nobody and asks something else than whether the claim is so does not ask about it.
``bench/train_stance.py`` learns them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from quivive.detect.pieces import plain
from quivive.detect.stance_cues import NAMES, Told, asks_about, cues_of
from quivive.vocabulary.claims import Stance
from quivive.vocabulary.messages import Message, say

Singles = NDArray[np.float32]
Alone: TypeAlias = Callable[[str], Singles]
"""A word to what each of its pieces means by itself, shape (pieces, meanings.SIZE)."""
Pull: TypeAlias = Callable[[str], tuple[Singles, int]]
"""A word to what its pieces add to each stance together, shape (4,), and how many they are."""

STANCES = (Stance.RELAYS, Stance.DENIES, Stance.ASKS, Stance.COMMENTS)
MOST_REASONS = 4
MARKED = 0.3
"""Cues are named as reasons from here on: six words are not "long"."""
REMEMBERED = 20_000
_NOTHING = say("Nothing in it speaks for another stance.")
_SAID = (*NAMES.values(), say("Its words are like those of posts that stand so."))


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, columns in the order of ``STANCES``.

    Attributes:
        cues, bias: of answers, shape (cues, 4) and (4,).
        own_cues, own_bias: of posts that answer nobody.
        pull: of the words of answers, from ``pulls``.
    """

    cues: Singles
    bias: Singles
    own_cues: Singles
    own_bias: Singles
    pull: Pull


class Stood(msgspec.Struct, frozen=True, kw_only=True):
    """How a post stands.

    Attributes:
        shares: probability of each stance, in the order of ``STANCES``.
        reasons: what spoke most for it, strongest first.
    """

    stance: Stance
    shares: tuple[float, float, float, float]
    reasons: tuple[Message, ...]


def pulls(weights: Singles, usual: Singles, alone: Alone) -> Pull:
    """Return what tells the pull of a word, and remembers it.

    Args:
        weights: of what pieces mean, shape (meanings.SIZE, 4).
        usual: what a piece adds on average, shape (4,).
    """

    @lru_cache(REMEMBERED)
    def pull(word: str) -> tuple[Singles, int]:
        each = alone(word) @ weights - usual
        return each.sum(axis=0), len(each)

    return pull


def words_in(text: str) -> list[str]:
    """Return the words whose pieces are read; links and names are masked."""
    return plain(text).split()


def read(told: Sequence[Told], model: Model) -> list[Stood]:
    """Return how each post stands, in order; one does not depend on the others."""
    return [_read(one, model) for one in told]


def _read(told: Told, model: Model) -> Stood:
    cues = np.array(cues_of(told), np.float32)
    by_words = np.zeros(len(STANCES), np.float32)
    if told.depth:
        weights, bias = model.cues, model.bias
        pulled = [model.pull(word) for word in words_in(told.text)]
        many = max(sum(pieces for _, pieces in pulled), 1)
        by_words = np.asarray(sum((pull for pull, _ in pulled), by_words) / many, np.float32)
    else:
        weights, bias = model.own_cues, model.own_bias
    by_cue = cues[:, None] * weights
    logits = by_cue.sum(axis=0) + by_words + bias
    if not told.depth and told.claim and not asks_about(told.text, told.claim):
        logits[STANCES.index(Stance.ASKS)] = -np.inf
    raised = np.exp(logits - logits.max())
    best = int(logits.argmax())
    rounded = [round(float(share), 3) for share in raised / raised.sum()]
    marked = np.where(cues[:, None] >= MARKED, by_cue, 0)
    return Stood(
        stance=STANCES[best],
        shares=(rounded[0], rounded[1], rounded[2], rounded[3]),
        reasons=_reasons(np.vstack([marked, by_words]), best),
    )


def _reasons(by_each: Singles, best: int) -> tuple[Message, ...]:
    """Return what pulled most towards a stance against the mean of the three others."""
    others = (by_each.sum(axis=1) - by_each[:, best]) / (len(STANCES) - 1)
    pull = by_each[:, best] - others
    strongest = np.argsort(-pull, kind="stable")[:MOST_REASONS].tolist()
    return tuple(_SAID[place] for place in strongest if pull[place] > 0) or (_NOTHING,)
