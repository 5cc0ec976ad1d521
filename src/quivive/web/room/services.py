"""What people change from the room's own pages."""

from datetime import datetime

from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.room.queries import WATCHED
from quivive.web.waiting.services import note_change


def say_watched(*, person: Person, now: datetime) -> None:
    """Note that a person looked around: the watch has a time and a name (R-13)."""
    audit(person=person, action=WATCHED, now=now)
    note_change("lookout", now=now)


def speak(*, person: Person, language: str) -> None:
    """Keep the language a person chose in the menu."""
    person.language = language
    person.save(update_fields=["language"])
