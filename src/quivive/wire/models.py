"""Weights that ship with the program, read from the package."""

import io
from functools import cache
from importlib.resources import files

import numpy as np

from quivive.detect.sentiment import Model


@cache
def load_sentiment() -> Model:
    """Return the model that reads how French and English texts lean."""
    packed = (files("quivive") / "wire" / "models" / "sentiment.npz").read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as held:
        return Model(
            words=held["words"].astype(np.float32) * held["word_scale"],
            letters=held["letters"].astype(np.float32) * held["letter_scale"],
            bias=held["bias"],
            temperature=float(held["temperature"]),
        )
