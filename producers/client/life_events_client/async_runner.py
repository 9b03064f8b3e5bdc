"""Does the steps of conversations without keeping the event loop waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from typing import Any

import httpx2

from life_events_client.access import Access
from life_events_client.http import BROKEN, answer, cut, request, settings
from life_events_client.steps import Answer, Ask, Conversation, Cut, Do, Emit, NextBytes, Result, Step, Wait


class AsyncRunner:
    """Connections to the exchange, which the tasks of one event loop may use."""

    def __init__(self, access: Access) -> None:
        self._http = httpx2.AsyncClient(**settings(access))

    async def run(self, conversation: Conversation[Result]) -> Result:
        """Return what a conversation ends with that emits nothing."""
        kept: list[Result] = []

        def whole() -> Conversation[None]:
            kept.append((yield from conversation))

        async for _ in self.iterate(whole()):
            raise TypeError("a conversation that emits is iterated")
        return kept[0]

    async def iterate(self, conversation: Conversation[None]) -> AsyncIterator[Any]:
        """Yield what a conversation emits."""
        came: Any = None
        async with aclosing(_AsyncStream()) as stream:
            with closing(conversation):
                while True:
                    try:
                        step = conversation.send(came)
                    except StopIteration:
                        return
                    if isinstance(step, Emit):
                        came = yield step.value
                    else:
                        came = await self._do(step, stream)

    async def _do(self, step: Step, stream: "_AsyncStream") -> Any:
        match step:
            case Ask():
                return await self._ask(step, stream)
            case NextBytes():
                return await stream.read()
            case Wait(seconds):
                await asyncio.sleep(seconds)
            case Do(call):
                return await asyncio.to_thread(call)
        return None

    async def _ask(self, step: Ask, stream: "_AsyncStream") -> Answer | Cut:
        await stream.aclose()
        try:
            response = await self._http.send(self._http.build_request(**request(step)), stream=True)
            if step.stream and response.is_success:
                stream.open(response)
                return answer(response)
            async with aclosing(response):
                return answer(response, await response.aread())
        except BROKEN as problem:
            return cut(problem)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class _AsyncStream:
    """The answer of a conversation that is read bit by bit, if there is one."""

    def __init__(self) -> None:
        self._response: httpx2.Response | None = None
        self._bits: AsyncIterator[bytes] | None = None

    def open(self, response: httpx2.Response) -> None:
        """Read this one from now on."""
        self._response, self._bits = response, response.aiter_bytes()

    async def read(self) -> bytes | Cut | None:
        """Return some more of it; None at its end."""
        try:
            return await anext(self._bits, None) if self._bits else None
        except BROKEN as problem:
            return cut(problem)

    async def aclose(self) -> None:
        """Let it go."""
        if self._response:
            await self._response.aclose()
            self._response = None
