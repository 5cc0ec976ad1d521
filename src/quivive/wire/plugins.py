"""Finds the plug-ins that lie in their folders: a file dropped in is a source known."""

import importlib
import pkgutil
from functools import cache

import quivive.listen.sources
from quivive.listen.sourcing import Source


@cache
def sources() -> dict[str, Source]:
    """Find every source plug-in, by kind, in the order of their titles."""
    folder = quivive.listen.sources
    names = [info.name for info in pkgutil.iter_modules(folder.__path__)]
    found = [importlib.import_module(f"{folder.__name__}.{name}").SOURCE for name in names]
    return {one.kind: one for one in sorted(found, key=lambda one: one.title.text)}
