"""Files of posts that sources hand over: each content is imported once, as a person would."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import msgspec

from quivive.listen.mapping import Mapping
from quivive.listen.sourcing import Brought
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.web.listen.models import Import, SavedMapping
from quivive.web.listen.queries import office_mapping
from quivive.web.listen.services.imports import bring_file, queue_import
from quivive.web.people.queries import room_zone


def hand_over(files: Sequence[Brought], *, source_id: int, now: datetime) -> None:
    """Queue files for import, in the transaction that keeps the source's cursor.

    Raises:
        NoAnswer: there is no mapping of that name; no file was taken.
    """
    for file in files:
        digest = sha256(file.body).hexdigest()
        if Import.objects.filter(source_id=source_id, digest=digest).exists():
            continue
        mapping = saved_mapping(file.mapping)
        import_id = bring_file(name=file.name, content=BytesIO(file.body), person=None, now=now)
        Import.objects.filter(pk=import_id).update(source_id=source_id)
        if mapping is None:
            brought = Path(Import.objects.get(pk=import_id).path)
            mapping = office_mapping(brought, zone=room_zone())
        queue_import(
            import_id=import_id,
            file_format="csv" if mapping else "auto",
            mapping=mapping,
            person=None,
            now=now,
        )


def saved_mapping(name: str) -> Mapping | None:
    """Return a mapping by the name people gave it; None for no name.

    Raises:
        NoAnswer: there is none of that name.
    """
    if not name:
        return None
    saved = SavedMapping.objects.filter(name=name).first()
    if saved is None:
        raise NoAnswer(
            say("There is no saved mapping called {name}.", name=name),
            say("Import one such file by hand, save its mapping, and give its name here."),
            kind=Kind.SETTINGS,
        )
    return msgspec.convert(saved.mapping, Mapping)
