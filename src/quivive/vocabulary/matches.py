"""A post that a topic's query caught, and what we made of it."""

import msgspec

from quivive.vocabulary.posts import Post
from quivive.vocabulary.sentiments import Sentiment


class Match(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One post with the topics that caught it.

    Attributes:
        topics: ids of the topics, in the watch's order.
        relayed: True when the post itself says nothing that matches, but reposts one that did.
            Our own answer to one that did is no repost: it is what we say of the matter.
        sentiment: how its words read; None before enrichment or when it has no words.
    """

    post: Post
    topics: tuple[str, ...]
    relayed: bool = False
    sentiment: Sentiment | None = None
