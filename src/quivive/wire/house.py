"""Where this installation keeps its things: the data folder and its secrets."""

import os
import secrets
from pathlib import Path

from platformdirs import user_data_path


def data_folder() -> Path:
    """Return the data folder, made if need be: ``QUIVIVE_DATA`` or the platform's usual place."""
    folder = Path(os.environ.get("QUIVIVE_DATA") or user_data_path("quivive", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """Return this installation's secret, made once and readable by its owner only."""
    if given := os.environ.get("QUIVIVE_SECRET_KEY"):
        return given
    place = folder / "secret.key"
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return place.read_text()
