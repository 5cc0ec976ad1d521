"""How one indicator is written down, with what it adds to the score."""

from quivive.assess.settings import AssessSettings
from quivive.vocabulary.assessments import Axis, Indicator
from quivive.vocabulary.messages import Message


def clamp(value: float) -> float:
    """Keep a value within 0 and 1."""
    return min(1.0, max(0.0, value))


def term(
    code: str,
    axis: Axis,
    *,
    value: float,
    sd: float,
    explanation: Message,
    settings: AssessSettings,
    assumed: bool = False,
    evidence: tuple[str, ...] = (),
) -> Indicator:
    """Write one indicator down.

    Args:
        code: as in ``docs/pathway/assess.md``.
        axis: where it belongs.
        value: 0 to 1.
        sd: standard deviation of ``value``.
        explanation: one sentence.
        settings: weights.
        assumed: nobody gave it, and a prior stands in.
        evidence: posts behind it.
    """
    weight = settings.terms[code]
    return Indicator(
        code=code,
        axis=axis,
        value=value,
        weight=weight,
        sd=sd,
        points=100 * settings.axes[axis] * weight * value,
        explanation=explanation,
        assumed=assumed,
        evidence=evidence,
    )
