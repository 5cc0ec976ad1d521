"""Build hook: a wheel or source archive carries the generated files, made by build_assets.py."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PrepareGeneratedFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before anything is packed, also for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the generated files up to date; the ``artifacts`` setting then packs them."""
        sys.path.insert(0, self.root)
        from build_assets import prepare  # found beside this file, not installed

        prepare(Path(self.root))
