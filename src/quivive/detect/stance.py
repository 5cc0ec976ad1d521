"""How does a post stand to a claim: relays it, denies it, asks about it, comments on it?

A linear model over cues that one can name, in French and English alike: ``logit = bias + cues ·
weights``, softmax. The cues are ours (``cues.py``); the weights come from labelled English replies
(``bench/train_stance.py``), and carry over to French because a cue means the same in both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from quivive.detect.cues import (
    ASSENT,
    DENIAL,
    DOUBT,
    NEGATION,
    QUESTION_WORD,
    REPORT,
    SWEAR,
    asks,
    bare,
    words_of,
)
from quivive.detect.enquiry import enquires
from quivive.vocabulary.claims import Stance
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say

Singles = NDArray[np.float32]

STANCES = (Stance.RELAYS, Stance.DENIES, Stance.ASKS, Stance.COMMENTS)
MOST_REASONS = 3
FEW_WORDS = 4
REPEATED = 0.5
"""Share of the words of the shorter text that the other holds, from which it repeats it."""
SHOUTED = 0.4
_QUOTED = re.compile(r'[“"«]\s*(@?\w[^“”"«»]{12,})[”"»]?|(?<![\w@])RT\s?[“":@].*', re.IGNORECASE)
_CAPITALS = re.compile(r"[A-Z]")
_LETTERS = re.compile(r"[A-Za-z]")
_SOURCE = re.compile(r"https?://|(?<!\w)(?:selon|d'apres|according to|source ?:|communique|via @)")
_ALONE = re.compile(r"^\W*(?:non|no|nope|faux|false|lies?|mensonges?|fake|wrong|bs|bullshit)\W*$")
_FIRST_NO = re.compile(r"^\W*(?:non|no|nope|faux|false|wrong|intox|mensonge|fake)(?!\w)")
_FIRST_YES = re.compile(r"^\W*(?:oui|yes|yep|yeah|exact\w*|true|vrai|d'accord)(?!\w)")
_LAUGH = re.compile(
    "[\U0001f600-\U0001f606\U0001f923\U0001f644\U0001f611]|(?<!\\w)(?:mdr|lol|haha)"
)
_SAD = re.compile(
    "[\U0001f614\U0001f61e\U0001f622\U0001f62d\U0001f64f\U0001f494\U0001f621\U0001f624]"
)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, shape (cues, 4), columns in the order of ``STANCES``.

    Attributes:
        bias: shape (4,).
    """

    weights: Singles
    bias: Singles


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A post as its stance is read.

    Attributes:
        claim: words of the post that made the claim; empty for that post itself.
        answered: words of the post it answers, when known.
        depth: 0 a post of its own, 1 an answer, 2 an answer to an answer ...
        copy: it repeats the claim with the same words.
        linked: it brings a link.
    """

    text: str
    claim: str = ""
    answered: str = ""
    depth: int = 0
    copy: bool = False
    linked: bool = False


class Stood(msgspec.Struct, frozen=True, kw_only=True):
    """How a post stands.

    Attributes:
        shares: probability of each stance, in the order of ``STANCES``.
        reasons: what spoke most for it, strongest first.
    """

    stance: Stance
    shares: tuple[float, float, float, float]
    reasons: tuple[Message, ...]


NAMES: dict[str, Message] = {
    "own": say("It is a post of its own, not an answer."),
    "answer": say("It answers somebody."),
    "deep": say("It lies deep in a conversation."),
    "asks": say("It holds a question mark."),
    "ends asking": say("It ends in a question."),
    "asks twice": say("It asks more than once."),
    "question word": say("It begins like a question."),
    "enquires": say("It asks whether it is true, or for a source."),
    "negation": say("It says no, not or never."),
    "negations": say("It negates more than once."),
    "denial": say("It calls something false, a rumour or a lie."),
    "denial negated": say("It calls something false, with a negation."),
    "denial asked": say("It asks whether something is false."),
    "negation asked": say("It asks with a negation."),
    "first no": say("It begins with no."),
    "first yes": say("It begins with yes."),
    "alone": say("It says nothing but no or false."),
    "doubt": say("It doubts or wants proof."),
    "assent": say("It agrees or confirms."),
    "report": say("It reads like a report."),
    "swears": say("It swears or mocks."),
    "source": say("It names a source."),
    "linked": say("It brings a link."),
    "quotes": say("It quotes the words of another."),
    "only quotes": say("It quotes and adds next to nothing."),
    "short": say("It is very short."),
    "length": say("It is long."),
    "hashtag": say("It carries a hashtag."),
    "shouts": say("It is written in capitals."),
    "exclaims": say("It exclaims."),
    "number": say("It gives a number."),
    "new number": say("It gives another number than the claim."),
    "claim": say("It repeats words of the claim."),
    "all claim": say("It repeats nearly all words of the claim."),
    "claim negated": say("It repeats the claim, but negates it or calls it false."),
    "claim asked": say("It repeats the claim as a question."),
    "claim plain": say("It repeats the claim, and nothing turns it."),
    "answered": say("It repeats words of the post that it answers."),
    "answers a question": say("It answers a question."),
    "answers a denial": say("It answers a denial."),
    "negation differs": say("It negates what the claim affirms, or the reverse."),
    "laughs": say("It laughs."),
    "mourns": say("It shows sorrow or anger."),
    "copy": say("It says the same with the same words."),
}
"""Each cue in a sentence; the order is that of the weights."""


def cues_of(told: Told) -> list[float]:
    """Return the cues of a post, each 0 to 1, in the order of ``NAMES``."""
    own_text = _QUOTED.sub(" ", told.text)
    folded, own = fold(told.text), bare(fold(own_text))
    words, own_words = set(words_of(bare(folded))), words_of(own)
    claim, answered = bare(fold(told.claim)), bare(fold(told.answered))
    claim_words, answered_words = set(words_of(claim)), set(words_of(answered))
    negations = len(NEGATION.findall(own))
    denial = DENIAL.search(own) is not None
    asking = "?" in own
    quotes = own_text != told.text
    letters = len(_LETTERS.findall(own_text))
    shared = len(words & claim_words)
    numbers = {word for word in own_words if word[0].isdigit()}
    known = {word for word in claim_words if word[0].isdigit()}
    differs = bool(claim) and (negations > 0) != (NEGATION.search(claim) is not None)
    repeats = shared >= REPEATED * max(min(len(claim_words), len(words)), 1) and bool(claim)
    turned = denial or differs
    questions = asks(own)
    return [
        float(value)
        for value in (
            told.depth == 0,
            told.depth == 1,
            min(told.depth, 4) / 4,
            asking,
            own.rstrip(" .!…").endswith("?"),
            own.count("?") > 1,
            QUESTION_WORD.match(own) is not None,
            enquires(own),
            negations > 0,
            min(max(negations - 1, 0), 2) / 2,
            denial,
            denial and negations > 0,
            denial and asking,
            negations > 0 and asking,
            _FIRST_NO.match(own) is not None,
            _FIRST_YES.match(own) is not None,
            _ALONE.match(own) is not None,
            DOUBT.search(own) is not None,
            ASSENT.search(own) is not None,
            REPORT.search(own) is not None,
            SWEAR.search(own) is not None,
            _SOURCE.search(folded) is not None,
            told.linked or "http" in folded,
            quotes,
            quotes and len(own_words) < FEW_WORDS,
            len(own_words) < FEW_WORDS,
            min(len(own_words), 30) / 30,
            "#" in folded,
            letters > 0 and len(_CAPITALS.findall(own_text)) > SHOUTED * letters,
            "!" in own,
            bool(numbers),
            bool(numbers - known) and bool(known),
            shared / max(len(claim_words | words), 1),
            shared / max(len(words), 1),
            repeats and turned and not asking,
            repeats and questions,
            repeats and not turned and not questions,
            len(words & answered_words) / max(len(answered_words | words), 1),
            "?" in answered,
            DENIAL.search(answered) is not None,
            differs,
            _LAUGH.search(own_text.lower()) is not None,
            _SAD.search(own_text) is not None,
            told.copy,
        )
    ]


def read(told: Sequence[Told], model: Model) -> list[Stood]:
    """Return how each post stands, in order."""
    if not told:
        return []
    cues = np.array([cues_of(one) for one in told], np.float32)
    logits = cues @ model.weights + model.bias
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = raised / raised.sum(axis=1, keepdims=True)
    return [_stood(cues[row], shares[row], model) for row in range(len(told))]


def _stood(cues: Singles, shares: Singles, model: Model) -> Stood:
    best = int(shares.argmax())
    others = (model.weights.sum(axis=1) - model.weights[:, best]) / (len(STANCES) - 1)
    pull = cues * (model.weights[:, best] - others)
    names = list(NAMES.values())
    strongest = np.argsort(-pull, kind="stable")[:MOST_REASONS].tolist()
    rounded = [round(float(share), 3) for share in shares]
    return Stood(
        stance=STANCES[best],
        shares=(rounded[0], rounded[1], rounded[2], rounded[3]),
        reasons=tuple(names[place] for place in strongest if pull[place] > 0),
    )


def names_a_source(text: str) -> bool:
    """Tell whether a text brings a link or names who says so."""
    return _SOURCE.search(fold(text)) is not None
