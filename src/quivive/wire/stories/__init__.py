"""Stories that come with Qui-vive, to rehearse with."""

import tomllib
from importlib.resources import files

import msgspec

from quivive.listen.rehearsal import Story


def our_story() -> Story:
    """Read the story of the stuck lift."""
    text = (files(__name__) / "lift.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Story)
