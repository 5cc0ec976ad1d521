"""Rows from a coroutine: asked in a thread, whose connection is closed when it has aged."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import close_old_connections

T = TypeVar("T")


async def in_thread(ask: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    """Run a function that reads or writes rows, without holding the other coroutines up."""

    def work() -> T:
        close_old_connections()
        try:
            return ask(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.to_thread(work)
