"""Keeps short secrets (addresses, keys of channels) unreadable in the database and its backups.

A kept secret reads ``v1:<key>:<Fernet token>``: the version says how it was made, ``<key>`` names
the key, so that an installation may change its secret and still read what the old one wrote.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import say
from quivive.wire.house import data_folder, old_secret_keys, secret_key

VERSION = "v1"
PURPOSE = b"quivive: secrets in rows"
PSEUDONYMS = b"quivive: pseudonyms"


class Unreadable(Trouble):
    """A kept secret that none of our keys opens."""


def encrypt(text: str, *, secret: str = "") -> str:
    """Return ``text`` as it may be kept, under a key derived from the installation's secret.

    Two calls never give the same: the same address in two rows cannot be recognised.

    Args:
        secret: another secret than this installation's.

    >>> kept = encrypt("tgram://token/chat", secret="s")
    >>> kept.startswith("v1:"), decrypt(kept, secrets=["s"])
    (True, 'tgram://token/chat')
    """
    secret = secret or secret_key(data_folder())
    return f"{VERSION}:{_name(secret)}:{_box(secret).encrypt(text.encode()).decode()}"


def decrypt(kept: str, *, secrets: Sequence[str] = ()) -> str:
    """Return what :func:`encrypt` was given.

    Args:
        secrets: other secrets than this installation's own and older ones.

    Raises:
        Unreadable: changed, made by something else, or under a secret that is not among these.
    """
    version, _, rest = kept.partition(":")
    name, _, token = rest.partition(":")
    for secret in secrets or (secret_key(data_folder()), *old_secret_keys()):
        if version == VERSION and name == _name(secret):
            try:
                return _box(secret).decrypt(token.encode()).decode()
            except InvalidToken:
                break
    raise Unreadable(
        say("A secret kept in the database cannot be read."),
        say("Put back the file secret.key that belongs to this database, or enter it again."),
    )


def pseudonym_keys() -> list[bytes]:
    """Return the keys of pseudonyms: the present one, then older ones, which still block people."""
    return [_key(secret, PSEUDONYMS) for secret in (secret_key(data_folder()), *old_secret_keys())]


def key_names() -> list[str]:
    """Return what names the keys, present one first; nothing of a key can be read from its name."""
    return [_name(secret) for secret in (secret_key(data_folder()), *old_secret_keys())]


def _box(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_key(secret, PURPOSE)))


def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _name(secret: str) -> str:
    """Name a key without telling anything about it."""
    return hashlib.sha256(b"name of key\n" + secret.encode()).hexdigest()[:8]
