"""Weights that ship with the program, read from the package."""

import io
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quivive.assess.forecast.cascade import CascadeModel, Expert
from quivive.assess.forecast.forest import Forest, Reach
from quivive.assess.forecast.volume import HOURS, VolumeModel
from quivive.detect.sentiment import Model

_Arrays = dict[str, NDArray[Any]]


@cache
def load_sentiment() -> Model:
    """Return the model that reads how French and English texts lean."""
    held = _unpack("sentiment")
    return Model(
        words=held["words"].astype(np.float32) * held["word_scale"],
        letters=held["letters"].astype(np.float32) * held["letter_scale"],
        bias=held["bias"].astype(np.float32),
        temperature=float(held["temperature"]),
    )


@cache
def load_cascade() -> CascadeModel:
    """Return the model that foresees how many reposts a post will have."""
    held = _unpack("cascade")
    return CascadeModel(
        reaching=_expert(held, "reaching"),
        timing=_expert(held, "timing"),
        small=_expert(held, "small"),
        ages=held["ages"].astype(np.float64),
        low=held["low"].astype(np.float64),
        high=held["high"].astype(np.float64),
    )


@cache
def load_volume() -> VolumeModel:
    """Return the model that foresees how many posts a topic will bring."""
    held = _unpack("volume")
    return VolumeModel(tuple(_expert(held, f"h{hours}") for hours in HOURS))


def _unpack(name: str) -> _Arrays:
    packed = (files("quivive") / "wire" / "models" / f"{name}.npz").read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as held:
        return {one: held[one] for one in held.files}


def _expert(held: _Arrays, name: str) -> Expert:
    return Expert(
        forest=Forest(
            roots=held[f"{name}_roots"].astype(np.int64),
            feature=held[f"{name}_feature"].astype(np.int16),
            threshold=held[f"{name}_threshold"].astype(np.float32),
            jump=held[f"{name}_jump"].astype(np.int32),
            mean=held[f"{name}_mean"].astype(np.float32),
            variance=held[f"{name}_variance"].astype(np.float32),
        ),
        reach=Reach(
            place=held[f"{name}_place"].astype(np.float64),
            steps=held[f"{name}_steps"].astype(np.float64),
        ),
    )
