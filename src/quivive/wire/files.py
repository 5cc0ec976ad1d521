"""Files of posts in and out: the front door to what import, export and the quarantine need."""

from quivive.wire.archives import Limits
from quivive.wire.exports import write_posts
from quivive.wire.plans import formats
from quivive.wire.previews import Look, look_at
from quivive.wire.quarantine import Batch, Quarantined, as_file
from quivive.wire.reading import read_bytes, read_posts

__all__ = [
    "Batch",
    "Limits",
    "Look",
    "Quarantined",
    "as_file",
    "formats",
    "look_at",
    "read_bytes",
    "read_posts",
    "write_posts",
]
