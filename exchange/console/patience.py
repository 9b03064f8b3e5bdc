"""Gives up on whoever sends a body slowly: the framework reads it whole, and waits for ever."""

import asyncio

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.asgi_types import HTTPReceiveMessage

from exchange.serving import bodies
from exchange.serving.problems import ProblemError


def with_patience(app: ASGIApp) -> ASGIApp:
    """Return the application with an end to the time that a body may take; streams wait for no body."""

    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        is_whole, end = False, asyncio.get_running_loop().time() + bodies.PIECE_S

        async def receive_in_time() -> HTTPReceiveMessage:
            nonlocal is_whole
            if is_whole:
                return await receive()  # type: ignore[return-value]
            try:
                async with asyncio.timeout_at(end):
                    message = await receive()
            except TimeoutError:
                raise ProblemError("body_late", 408, seconds=int(bodies.PIECE_S)) from None
            is_whole = not message.get("more_body", False)
            return message  # type: ignore[return-value]

        await app(scope, receive_in_time, send)

    return patient
