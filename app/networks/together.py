"""Several questions to a network at once, as if they were one."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*questions: Coroutine[Any, Any, Any]) -> list[Any]:
    """Ask several things at once; when one fails, the others are dropped before its failure is raised."""
    tasks = [asyncio.ensure_future(question) for question in questions]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
