"""What a person saw where no machine may look: typed by hand, then treated like any other post."""

from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

import msgspec

from quivive.listen.records import checked
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.posts import Post

BROUGHT = "urn:quivive:seen:"
"""Every address of a post that a person brought begins with this."""

NETWORKS = {
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "instagram.com": "instagram",
    "linkedin.com": "linkedin",
    "nextdoor.fr": "nextdoor",
    "nextdoor.com": "nextdoor",
    "tiktok.com": "tiktok",
    "whatsapp.com": "whatsapp",
    "x.com": "x",
    "twitter.com": "x",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "bsky.app": "bluesky",
    "t.me": "telegram",
    "reddit.com": "reddit",
}
"""Names of networks by their site, where links of people point."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a person saw.

    Attributes:
        words: as they stood there.  author: as shown there; empty when not known.
        at: when it was written.  address: of the page; empty for a paper or a conversation.
    """

    words: str
    at: datetime
    author: str = ""
    address: str = ""
    network: str = ""


def witnessed(seen: Seen, *, now: datetime) -> Post:
    """Make a post of what a person saw; the same thing typed twice is the same post.

    Raises:
        BadRecord: a date or an address that no post can have.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> found = witnessed(Seen(words="Froid", at=at, address="https://m.facebook.com/g"), now=at)
    >>> found.network, found.url
    ('facebook', 'https://m.facebook.com/g')
    """
    told = "\n".join([seen.address, seen.author, " ".join(seen.words.split())])
    network = seen.network or network_of(seen.address) or "seen"
    return checked(
        Post(
            id=BROUGHT + sha256(told.encode()).hexdigest()[:32],
            network=network,
            published=min(seen.at, now),
            attributed_to=Account(
                id=f"{BROUGHT}{network}:{seen.author}" if seen.author else UNTOLD,
                name=seen.author or None,
            ),
            content=seen.words,
            url=seen.address or None,
            seen_at=now,
            brought="seen",
        )
    )


def network_of(address: str) -> str:
    """Name the network a link points to; empty for one we do not know.

    >>> network_of("https://www.tiktok.com/@ana/video/1"), network_of("https://ville.example/")
    ('tiktok', '')
    """
    host = (urlsplit(address).hostname or "").lower()
    parts = host.split(".")
    ends = (".".join(parts[at:]) for at in range(len(parts)))
    return next((NETWORKS[end] for end in ends if end in NETWORKS), "")
