"""Timestamps by an authority outside (RFC 3161): only a hash leaves, a signed time comes back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    ExtensionNotFound,
    load_pem_x509_certificates,
)
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Request

ACCEPTED = (0, 1)
"""PKIStatus granted, and granted with modifications."""


def question(url: str, record: bytes, *, certificates: bool = True) -> Request:
    """Return what an authority is asked about a record.

    ``certificates``: its own may come with the answer. Some authorities put several in an order
    that strict readers refuse (X.690, 11.6); asked without, their answer can be read.
    """
    asked = TimestampRequestBuilder(
        data=record, hash_algorithm=HashAlgorithm.SHA256, cert_req=certificates
    ).build()
    return Request(
        url=url,
        method="POST",
        headers={"Content-Type": "application/timestamp-query"},
        body=asked.as_bytes(),
        largest_bytes=100_000,
    )


def time_of(reply: bytes, record: bytes) -> datetime:
    """Return the time an authority gave a record; who the authority is, is not asked here.

    Raises:
        BadFile: it is no timestamp, was refused, or is of something else.
    """
    response = _read(reply)
    if response.status not in ACCEPTED:
        raise BadFile(
            say("The authority refused to give a timestamp."),
            say("Ask it why, or choose another one."),
        )
    if response.tst_info.message_imprint.message != sha256(record).digest():
        raise BadFile(
            say("The timestamp is of something else."),
            say("Ask for the bundle again, where it was made."),
        )
    return response.tst_info.gen_time


def trusting(roots: Sequence[Certificate]) -> Callable[[bytes, bytes], datetime]:
    """Return a reader of timestamps that also checks who signed them.

    Args:
        roots: certificates one trusts, and the authority's own where the answer carries none;
            an empty list leaves the signature unchecked.
    """

    def read(reply: bytes, record: bytes) -> datetime:
        at = time_of(reply, record)
        if not roots:
            return at
        builder = VerifierBuilder()
        response = _read(reply)
        if not response.signed_data.certificates and all(map(_signs_others, roots)):
            raise BadFile(
                say("The timestamp does not carry the certificate of whoever signed it."),
                say("Ask the authority for it, and put it into the same file as its root."),
            )
        for one in roots:
            if _signs_others(one):
                builder = builder.add_root_certificate(one)
            elif not response.signed_data.certificates:
                builder = builder.tsa_certificate(one)
        try:
            builder.build().verify_message(response, record)
        except (VerificationError, ValueError):
            raise BadFile(
                say("The timestamp is not signed by an authority you trust."),
                say("Give the certificate of the authority that signed it."),
            ) from None
        return at

    return read


def _signs_others(certificate: Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(BasicConstraints).value.ca
    except ExtensionNotFound:
        return False


def load_roots(path: Path) -> list[Certificate]:
    """Read certificates from a PEM file.

    Raises:
        BadFile: there are none in it.
    """
    try:
        return load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise BadFile(
            say("{name} holds no certificate that can be read.", name=path.name),
            say("Give a PEM file, with the certificate of the authority."),
        ) from None


def _read(reply: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(reply)
    except ValueError:
        raise BadFile(
            say("This is no timestamp."), say("Ask the authority again, or choose another one.")
        ) from None
