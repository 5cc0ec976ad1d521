"""Averages of many randomised trees, and what their past errors allow to promise.

Extremely randomised trees (Geurts, Ernst, Wehenkel 2006), grown by ``bench/train_forecast.py``
and walked here with numpy alone. A leaf keeps the mean and the variance of what was learnt there;
``Reach`` turns them into quantiles that held on cascades the trees had not seen. Trees know no
slope between two leaves, so a ``Blend`` meets them half way with a line that does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quivive.assess.forecast.features import Floats


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees laid end to end; a node's left child is the node after it.

    Attributes:
        roots: place of each tree's first node, shape ``(trees,)``.
        feature: what a node looks at, -1 at a leaf, shape ``(nodes,)``.
        threshold: goes left at or under it.  jump: places from a node to its right child.
        mean, variance: of the target among what reached the node in training.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    jump: NDArray[np.int32]
    mean: NDArray[np.float32]
    variance: NDArray[np.float32]

    def read(self, described: Floats) -> tuple[float, float]:
        """Return the mean and the standard deviation of the target, shape ``(features,)`` in."""
        values = described.astype(np.float32)
        node = self.roots
        while np.any(self.feature[node] >= 0):
            inner = self.feature[node] >= 0
            left = values[self.feature[node]] <= self.threshold[node]
            step = np.where(left, 1, self.jump[node])
            node = np.where(inner, node + step, node)
        mean = float(self.mean[node].mean())
        second = float((self.variance[node] + self.mean[node] ** 2).mean())
        return mean, float(np.sqrt(max(second - mean**2, 0.0)))


@dataclass(frozen=True, slots=True)
class Blend:
    """Trees and a line, half each; how unsure both are, the trees say.

    Attributes:
        slopes, level: of the line, fitted with Huber's loss (1964), which lets no outlier turn it;
            shape ``(features,)`` and one number.
        low, high: extremes of the target in training, which trees cannot leave, nor may the line.
    """

    forest: Forest
    slopes: Floats
    level: float
    low: float
    high: float

    def read(self, described: Floats) -> tuple[float, float]:
        """Return the mean and the standard deviation of the target, shape ``(features,)`` in."""
        mean, sd = self.forest.read(described)
        line = min(max(float(self.slopes @ described) + self.level, self.low), self.high)
        return (mean + line) / 2, sd


@dataclass(frozen=True, slots=True)
class Reach:
    """How many standard deviations the 10, 50 and 90 % quantiles lay from the mean.

    Attributes:
        place: coordinates at which it was measured, rising, shape ``(places,)``.
        steps: shape ``(3, places)``, measured on cascades left out of the training.
    """

    place: Floats
    steps: Floats

    def quantiles(self, mean: float, sd: float, place: float) -> Floats:
        """Return the three quantiles of the target, rising, shape ``(3,)``.

        >>> Reach(np.array([0.0]), np.array([[-1.0], [0.0], [2.0]])).quantiles(5.0, 0.5, 7.0)
        array([4.5, 5. , 6. ])
        """
        steps = [np.interp(place, self.place, row) for row in self.steps]
        return np.sort(mean + sd * np.array(steps))
