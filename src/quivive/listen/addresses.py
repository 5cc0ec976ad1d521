"""What an address, or a network's name as tools write it, tells of a post."""

import re
from urllib.parse import urlsplit

_STATUS = re.compile(r"(?:twitter|x)\.com/([^/?#\s]+)/status(?:es)?/(\d{1,20})")
_NETWORKS = {
    "x": "x.com twitter.com twitter",
    "facebook": "facebook.com fb.com fb.watch",
    "instagram": "instagram.com",
    "youtube": "youtube.com youtu.be",
    "linkedin": "linkedin.com",
    "tiktok": "tiktok.com",
    "reddit": "reddit.com redd.it",
    "telegram": "t.me telegram.me",
    "bluesky": "bsky.app",
    "threads": "threads.net threads.com",
}
_OF = {one: name for name, hosts in _NETWORKS.items() for one in (name, *hosts.split())}


def status_of(address: str) -> tuple[str, str]:
    """Read the handle and the number out of a tweet's address; empty where it is none.

    >>> status_of("https://twitter.com/ana/status/536831867329466369")
    ('ana', '536831867329466369')
    """
    found = _STATUS.search(address)
    return (found.group(1), found.group(2)) if found else ("", "")


def network_at(address: str) -> str:
    """Name the network an address belongs to; empty where it is none we know.

    >>> network_at("https://m.facebook.com/100/posts/222"), network_at("https://example.org/a")
    ('facebook', '')
    """
    if address.startswith("at://"):
        return "bluesky"
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
    parts = host.split(".")
    return _OF.get(".".join(parts[-2:]), "")


def network_called(name: str) -> str:
    """Bring a network's name to ours; as it was where it is none we know.

    >>> network_called("Twitter"), network_called("Facebook Page"), network_called("Forum")
    ('x', 'facebook', 'Forum')
    """
    first, _, _ = name.strip().lower().removeprefix("www.").partition(" ")
    return _OF.get(first, name.strip())
