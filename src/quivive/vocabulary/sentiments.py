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
    """How a text reads. All shares are calibrated probabilities.

    Attributes:
        language: ISO 639 code by our own detection, or ``und`` where nobody can tell.
        negative, neutral, positive: sum 1.
        low, high: 80 % bounds of the share that is negative among texts read like this, on topics
            where a fifth to a half of the texts complains.
        anger, irony, enquiry: that it is angry, means the opposite, asks whether something is true;
            irony and French anger are unfounded (``docs/measures/tone.md``).
        plea: that it asks for help or tells of people in danger or need.
        support: from -1 (against whom it addresses) to 1 (for them); None when it addresses nobody.
        reasons: words of the text that weighed most for the label, strongest first.
    """

    language: str
    label: Leaning
    negative: float
    neutral: float
    positive: float
    low: float = 0.0
    high: float = 1.0
    anger: float | None = None
    irony: float | None = None
    enquiry: float | None = None
    plea: float | None = None
    support: float | None = None
    reasons: tuple[str, ...] = ()
