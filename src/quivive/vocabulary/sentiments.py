"""What a text leans to, as a property of the text and never of a person's emotion."""

from enum import StrEnum

import msgspec


class Leaning(StrEnum):
    """Label of a text; ``UNCERTAIN`` is an answer."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNCERTAIN = "uncertain"


class Sentiment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a text reads.

    Attributes:
        language: ISO 639 code by our own detection, or ``und`` where nobody can tell.
        negative, neutral, positive: calibrated probabilities, sum 1.
        reasons: words of the text that weighed most for the label, strongest first.
    """

    language: str
    label: Leaning
    negative: float
    neutral: float
    positive: float
    reasons: tuple[str, ...] = ()
