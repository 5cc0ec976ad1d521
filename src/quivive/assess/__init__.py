"""Signals to threat: the three axes with reasons and uncertainty."""

from quivive.assess.heard import ActorRole, Heard, Organisation
from quivive.assess.settings import AssessSettings
from quivive.assess.sheet import assess

__all__ = ["ActorRole", "AssessSettings", "Heard", "Organisation", "assess"]
