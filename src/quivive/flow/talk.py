"""What caught posts say, in the order heard: claims, answers to our own words, what is new.

It runs after the counts and beside them, on its own state: a slow encoder never delays an alarm.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from quivive.detect import backlash, firsts
from quivive.detect.backlash import Answers
from quivive.detect.claims import Reader
from quivive.detect.clusters import Claims
from quivive.detect.firsts import Firsts
from quivive.detect.rumours import rumours_of
from quivive.vocabulary.claims import FoundClaim
from quivive.vocabulary.matches import Match
from quivive.vocabulary.signals import Signal
from quivive.vocabulary.topics import Topic


class Talk(msgspec.Struct):
    """Where reading one topic stands; saved with what was found."""

    claims: Claims = msgspec.field(default_factory=Claims)
    answers: Answers = msgspec.field(default_factory=Answers)
    firsts: Firsts = msgspec.field(default_factory=Firsts)


class Said(NamedTuple):
    """What a batch gave: claims with new posts, and signals in the order found."""

    claims: list[FoundClaim]
    signals: list[Signal]


def read(talk: Talk, matches: Sequence[Match], *, topic: Topic, reader: Reader) -> Said:
    """Read matches of one topic, in the order heard; ``talk`` learns them."""
    found = reader.take(talk.claims, matches, topic)
    signals = rumours_of(found)
    for match in matches:
        signals += backlash.hear(talk.answers, match, topic)
        signals += firsts.hear(talk.firsts, match, topic)
    return Said(found, sorted(signals, key=lambda signal: signal.found_at))
