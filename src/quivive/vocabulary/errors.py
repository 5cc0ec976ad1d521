"""Errors that say what happened, to what, and what to do next."""

from quivive.vocabulary.messages import Message, in_english, render


class Trouble(Exception):
    """Something a person has to know, in three parts.

    Attributes:
        what: what happened and to which thing.  remedy: what to do next.
    """

    def __init__(self, what: Message, remedy: Message) -> None:
        """Keep both parts apart, so that a page can set them apart and translate them."""
        self.what = what
        self.remedy = remedy
        super().__init__(f"{render(what, in_english)} {render(remedy, in_english)}")


class BadQuery(Trouble):
    """A query that cannot be read.

    Attributes:
        line, column: where, both from 1.
    """

    def __init__(self, what: Message, remedy: Message, *, line: int, column: int) -> None:
        """Remember the place, so that an editor can point at it."""
        super().__init__(what, remedy)
        self.line = line
        self.column = column


class BadRecord(Trouble):
    """One record of a file that is not a post we can read.

    Attributes:
        field: the field at fault, empty when the record as a whole is.
    """

    def __init__(self, what: Message, remedy: Message, *, field: str = "") -> None:
        """Remember the field."""
        super().__init__(what, remedy)
        self.field = field


class BadFile(Trouble):
    """A file that cannot be read as a whole, or no further than a place."""


class NotAllowed(Trouble):
    """A person may not do this, or not now."""
