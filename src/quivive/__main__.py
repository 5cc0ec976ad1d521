"""``python -m quivive`` is the ``quivive`` command."""

from quivive.cli import main

main()
