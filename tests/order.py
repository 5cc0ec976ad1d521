"""In which order tests run: long ones first, so that all processors are busy to the end.

Some long tests mostly wait for other processes, so there is one worker more than processors.
"""

import os

import pytest


@pytest.hookimpl(trylast=True)  # after they were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes more than a few seconds before everything else."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes ``--numprocesses auto`` starts."""
    return (os.cpu_count() or 1) + 1
