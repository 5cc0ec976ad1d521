"""Names that say nothing: the same account always gets the same one, and only the key leads back.

Keyed hashes as in ENISA, *Pseudonymisation techniques and best practices* (2019), 4.1: HMAC-SHA256
(RFC 2104), cut to 80 bits. Without the key nobody can try names until one fits.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping

import msgspec

from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post

LENGTH = 20
"""Hexadecimal digits kept: enough that two of a million accounts never meet."""

ERASED = "erased:"
"""How addresses begin that lead to nobody any more."""

TAKEN_BACK = "taken-back:"
"""How the address begins of whoever took a post back: it stands at their tombstones alone."""

_MENTION = re.compile(r"(?<![\w@])@([\w.\-]+(?:@[\w.\-]+)?)")


class Pseudonyms:
    """Gives pseudonyms under one key.

    >>> names = Pseudonyms(b"key of the room")
    >>> names.of("x:12") == names.of("x:12") != names.of("x:13")
    True
    """

    def __init__(self, key: bytes) -> None:
        """Keep the key."""
        self._key = key

    def of(self, text: str) -> str:
        """Return the pseudonym of an address or a name, 20 hexadecimal digits."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:LENGTH]

    def of_erased(self, uid: str) -> str:
        """Return what stands in place of an address, of a post or its author, once erased."""
        return f"{ERASED}{self.of(uid)}"

    def of_taken_back(self, uid: str) -> str:
        """Return what stands in place of an author at the tombstones of what they took back."""
        return uid if uid.startswith((ERASED, TAKEN_BACK)) else f"{TAKEN_BACK}{self.of(uid)}"

    def of_account(self, account: Account, network: str) -> frozenset[str]:
        """Return the pseudonyms an account may be known by: its address, and its name there."""
        names = [account.id, named(network, account.handle)] if account.handle else [account.id]
        return frozenset(map(self.of, names))

    def hide(self, post: Post) -> Post:
        """Return a post in which nobody can be recognised by name or address (LR-06).

        Whoever is spoken to with ``@`` is hidden too. What people say of themselves or of others
        in plain words stays: this is pseudonymised, not anonymous.
        """
        author = post.attributed_to
        return msgspec.structs.replace(
            post,
            id=self._address(post.id),
            attributed_to=Account(
                id=f"somebody:{self.of(author.id)}",
                followers=author.followers,
                following=author.following,
                posts=author.posts,
                created=author.created.replace(day=1) if author.created else None,
                verified=author.verified,
                has_avatar=author.has_avatar,
            ),
            content=self.hide_names(post.content, post.network),
            title=self.hide_names(post.title, post.network) if post.title else post.title,
            mentions=tuple(f"@{self._name(one, post.network)}" for one in post.mentions),
            in_reply_to=self._address(post.in_reply_to) if post.in_reply_to else None,
            repost_of=self._address(post.repost_of) if post.repost_of else None,
            quote_of=self._address(post.quote_of) if post.quote_of else None,
            conversation=self._address(post.conversation) if post.conversation else None,
            media=(),
            url=None,
        )

    def hide_names(self, text: str, network: str) -> str:
        """Replace every ``@name`` in a text."""
        return _MENTION.sub(lambda found: f"@{self._name(found[1], network)}", text)

    def _name(self, handle: str, network: str) -> str:
        return self.of(named(network, handle.lstrip("@")))[:10]

    def _address(self, uid: str) -> str:
        return f"post:{self.of(uid)}"


def named(network: str, handle: str) -> str:
    """Return one spelling for an account known by name, whatever its capitals.

    >>> named("mastodon", "@Ana@Social.example")
    'mastodon/ana@social.example'
    """
    return f"{network}/{handle.lstrip('@').casefold()}"


def renamed(post: Post, addresses: Mapping[str, str]) -> Post:
    """Return a post whose references follow posts that got another address."""

    def new(uid: str | None) -> str | None:
        return addresses.get(uid, uid) if uid else uid

    return msgspec.structs.replace(
        post,
        in_reply_to=new(post.in_reply_to),
        repost_of=new(post.repost_of),
        quote_of=new(post.quote_of),
        conversation=new(post.conversation),
    )
