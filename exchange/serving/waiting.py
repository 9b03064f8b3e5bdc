"""Waiting for what may never come."""

import asyncio


async def passed(event: asyncio.Event, within_s: float) -> bool:
    """Wait for an event; say whether it came within that time."""
    try:
        await asyncio.wait_for(event.wait(), within_s)
    except TimeoutError:
        return False
    return True
