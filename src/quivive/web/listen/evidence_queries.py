"""All that pages read of evidence, and the bundle one takes to a lawyer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
from django.conf import settings
from django.db.models import QuerySet

from quivive.listen import evidence
from quivive.listen.evidence import MANIFEST, Entry, Finding, Manifest
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.models import Capture, Post
from quivive.web.listen.queries import screenshot
from quivive.web.people.models import AuditLine
from quivive.wire.pages import browser_for
from quivive.wire.timestamps import time_of

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
READ_ME = """Each file of records/ is one post as the room knew it, in canonical JSON (sorted
keys, no spaces, UTF-8). manifest.json names its SHA-256 and the line of the audit log that
holds it.

  quivive verify THIS.zip                         checks everything
  sha256sum records/*                             by hand: each file is named by its hash
  openssl ts -verify -data records/H.json -in stamps/H.tsr -CAfile authority.pem
                                                  who signed the time (RFC 3161); where it
                                                  says “signer certificate not found”, add
                                                  -untrusted and the signer's own certificate
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage:
    """One piece of evidence, and what holds of it now.

    Attributes:
        facts: what the record says; empty once it was forgotten.
    """

    capture: Capture
    facts: dict[str, Any]
    findings: list[Finding]

    @property
    def post(self) -> Said | None:
        """The post as it was kept; None once it was forgotten, or made unreadable."""
        try:
            return msgspec.convert(self.facts.get("post"), Said)
        except msgspec.ValidationError:
            return None


def authority() -> str:
    """Return who confirms times, by the name of its host; empty when nobody was chosen."""
    return urlsplit(settings.TIMESTAMP_URL).hostname or ""


def takes_pictures() -> bool:
    """Tell whether whoever runs the room wants pages to be opened for evidence."""
    return bool(settings.PAGE_CAPTURE)


def keepable_post(post_id: int) -> Post | None:
    """Return a post that its author did not take back."""
    rows = Post.objects.filter(pk=post_id, deleted_at=None)
    return rows.select_related("author").first()


def lacks_browser() -> bool:
    """Tell whether pictures are wanted, and this machine has no browser to take them."""
    return takes_pictures() and browser_for(settings.PAGE_CAPTURE) is None


def captures() -> QuerySet[Capture]:
    """Return all evidence, newest first."""
    return Capture.objects.select_related("by")


def evidence_page(capture_id: int) -> EvidencePage | None:
    """Return one piece of evidence, checked anew; None when there is none."""
    capture = captures().filter(pk=capture_id).first()
    if capture is None:
        return None
    files = dict(_files([capture], made_at=capture.at, made_by=""))
    return EvidencePage(
        capture=capture,
        facts=msgspec.json.decode(capture.record) if capture.record else {},
        findings=evidence.check(files, time_of) if capture.record else [],
    )


def write_bundle(path: Any, ids: Sequence[int], *, made_at: datetime, made_by: str) -> int:
    """Write a bundle of evidence that can be checked anywhere; return how many records."""
    rows = list(captures().filter(pk__in=ids).exclude(record="").order_by("at", "pk"))
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, body in _files(rows, made_at=made_at, made_by=made_by):
            packed.writestr(ZipInfo(name, made_at.timetuple()[:6]), body)
    return len(rows)


def _files(
    rows: Sequence[Capture], *, made_at: datetime, made_by: str
) -> Iterator[tuple[str, bytes]]:
    entries, sent = [], set()
    for row in rows:
        record = row.record.encode()
        name = f"records/{row.sha256}.json"
        yield name, record
        pictures = {}
        for digest in msgspec.json.decode(record)["pictures"] if record else ():
            found = screenshot(digest)
            if found is not None:
                pictures[digest] = f"pictures/{digest}.{ENDINGS[found.kind]}"
                if digest not in sent:
                    sent.add(digest)
                    yield pictures[digest], found.body
        stamp = f"stamps/{row.sha256}.tsr" if row.stamp else ""
        if row.stamp:
            yield stamp, bytes(row.stamp)
        entries.append(
            Entry(record=name, sha256=row.sha256, pictures=pictures, stamp=stamp, audit=_line(row))
        )
    manifest = Manifest(made_at=made_at, made_by=made_by, entries=tuple(entries))
    yield MANIFEST, evidence.canonical(msgspec.to_builtins(manifest))
    yield "README.txt", READ_ME.encode()


def _line(row: Capture) -> evidence.AuditLine | None:
    line = AuditLine.objects.filter(action="evidence.capture", subject=f"capture/{row.pk}").last()
    if line is None:
        return None
    return evidence.AuditLine(
        at=line.at,
        person=line.person_id,
        action=line.action,
        subject=line.subject,
        detail=line.detail,
        previous=line.previous,
        hash=line.hash,
    )
