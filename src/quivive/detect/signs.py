"""Plain signs in a text that a model weighs beside its words: questions, faces, who speaks, how.

The patterns of enquiry are those of Zhao, Resnick and Mei 2015 (*Enquiring minds*) as the trade
writes them in French and English; a question about truth is not any question mark.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quivive.detect.contraries import contraries
from quivive.detect.service_voice import service_voice
from quivive.vocabulary.folding import fold

VOICE = ("an organisation apologises", "an organisation serves")
CONTRARIES = (
    *("thanks beside a trouble", "thanks that end a request"),
    *("a question of one who waits", "a wish that it were otherwise"),
)
LAST = (*VOICE, *CONTRARIES)
"""Signs whose weights are learned once all else stands."""
SIGNS = (
    *("enquiry", "question", "ends asking", "shouts", "exclaims", "good faces", "bad faces"),
    *LAST,
)

_ENQUIRY = re.compile(
    r"\b(?:c'est vrai ?\?|est-ce (?:que c'est )?vrai|vrai ou faux|info ou intox|sérieux ?\?"
    r"|quelqu'un (?:peut|sait|a (?:une|des) (?:sources?|infos?|nouvelles)|confirme)"
    r"|sérieusement ?\?|confirm(?:é|er|ation) ?\?|vous confirmez|(?:une|des|quelle) sources? ?\?"
    r"|(?:avez-vous|t'as|vous avez) (?:un document|une preuve|des preuves|une source|un témoin)"
    r"|is (?:this|that|it) true|for real ?\?|really ?\?|can (?:anyone|someone) confirm|any proof"
    r"|any(?:one|body) (?:else )?(?:in [\w ]{1,40} )?(?:know|hear\w*|confirm)|sources? ?\?"
    r"|is it confirmed|confirmed ?\?|fact ?check|hoax ?\?|where did you (?:hear|get|see))",
    re.IGNORECASE,
)
_ASKED = (
    *("?", "vra", "nfo", "quelqu", "conf", "document", "preuve", "source", "temo"),
    *("true", "proof", "any", "check", "d you"),
)
"""One of them is in every enquiry, folded: looked for first, for most texts hold none."""
_GOOD = "😀😃😄😁😊😍🥰😘😻👍👏🙏💪🎉🥳❤💙💚💛🧡💜💕😎🤩✨🏆"
_BAD = "😡😠🤬👿💩👎🤮🤢😤😒🙄😞😔😟😢😭😩😫🖕💔😱😨🤡"
_GOOD_FACES = re.compile(rf"[{_GOOD}]|:-?\)|<3")
_BAD_FACES = re.compile(rf"[{_BAD}]|:-?\(|:'\(")
_OF_FACES = frozenset(f"{_GOOD}{_BAD}:<")
"""Every face holds one of these, and few texts do: asking for them is ten times as fast."""
_SHOUTED = re.compile(r"\b[A-ZÀ-Þ]{3,}\b")
_MANY = 3.0


def signs_of(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the signs of each text between 0 and 1, shape (texts, signs), as ``SIGNS`` orders.

    >>> (signs_of(["Quelqu’un confirme ? C’est une HONTE !!!"]) > 0).astype(int).tolist()
    [[1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]]
    """
    return np.array([_signs(text.replace("’", "'")) for text in texts], np.float32).reshape(
        -1, len(SIGNS)
    )


def _signs(text: str) -> tuple[float, ...]:
    asks, smiles, folded = "?" in text, not _OF_FACES.isdisjoint(text), fold(text)
    return (
        float(any(map(folded.__contains__, _ASKED)) and _ENQUIRY.search(text) is not None),
        float(asks),
        float(asks and text.rstrip(" .!…").endswith("?")),
        _few(len(_SHOUTED.findall(text))),
        _few(text.count("!")),
        _few(len(_GOOD_FACES.findall(text))) if smiles else 0.0,
        _few(len(_BAD_FACES.findall(text))) if smiles else 0.0,
        *service_voice(folded),
        *contraries(folded),
    )


def _few(count: int) -> float:
    return min(count, _MANY) / _MANY
