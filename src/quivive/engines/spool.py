"""A temporary file of caught posts, read back in time order: flat memory for any replay."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from types import TracebackType

import msgspec
import numpy as np

from quivive.vocabulary.matches import Match


class Spool:
    """Holds matches on disk and 24 bytes of each in memory."""

    def __init__(self) -> None:
        """Open the file; it vanishes with the process."""
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Match)
        self._heard: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
        self._sizes: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
        self.last_heard: datetime | None = None

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, matches: Sequence[Match]) -> None:
        """Append matches in any order."""
        if not matches:
            return
        encoded = [self._encoder.encode(match) for match in matches]
        self._file.write(b"".join(encoded))
        self._sizes.append(np.array([len(one) for one in encoded], dtype=np.int64))
        self._heard.append(np.array([m.post.heard_at.timestamp() for m in matches]))
        latest = max(match.post.heard_at for match in matches)
        self.last_heard = max(latest, self.last_heard or latest)

    def in_time_order(self) -> Iterator[Match]:
        """Read all back, earliest heard first; those heard together in the order added."""
        if not self._sizes:
            return
        sizes = np.concatenate(self._sizes)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        for place in np.argsort(np.concatenate(self._heard), kind="stable"):
            self._file.seek(int(starts[place]))
            yield self._decoder.decode(self._file.read(int(sizes[place])))
