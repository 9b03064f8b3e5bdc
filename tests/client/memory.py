"""Conversations with the gateway in memory: no network, and a clock that only waiting moves."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

from life_events_client.access import Access
from life_events_client.steps import (
    Answer,
    Ask,
    Conversation,
    Cut,
    Do,
    Emit,
    NextBytes,
    Result,
    Step,
    Wait,
)
from tests.client.gateway import SECRET, Broken, Gateway


class Clock:
    """Seconds that pass while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the moment."""
        return self.now


def access_to(clock: Callable[[], float], patience_s: float = 1e9) -> Access:
    """A credential that waits as long as it may."""
    return Access("https://exchange", "police.1", SECRET, patience_s=patience_s, clock=clock, jitter=float)


class MemoryRunner:
    """Does steps against a gateway in memory."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self.gateway, self.clock = gateway, clock
        self._stream: Iterator[bytes] = iter(())

    def run(self, conversation: Conversation[Result]) -> Result:
        """Return what a conversation ends with."""
        try:
            next(self.iterate(conversation))
        except StopIteration as end:
            result: Result = end.value
            return result
        raise AssertionError

    def iterate(self, conversation: Conversation[Result]) -> Generator[Any, None, Result]:
        """Yield what it emits."""
        came: Any = None
        with closing(conversation):
            while True:
                try:
                    step = conversation.send(came)
                except StopIteration as end:
                    result: Result = end.value
                    return result
                came = (yield step.value) if isinstance(step, Emit) else self._do(step)

    def _do(self, step: Step) -> Any:
        match step:
            case Ask():
                return self._ask(step)
            case NextBytes():
                try:
                    return next(self._stream, None)
                except Broken:
                    return Cut("silence")
            case Wait(seconds):
                self.clock.now += seconds
            case Do(call):
                return call()
        return None

    def _ask(self, step: Ask) -> Answer | Cut:
        target = f"{step.path}?{urlencode(step.params)}"
        try:
            reply = self.gateway.answer(step.method, target, step.headers, step.content)
        except Broken:
            return Cut("cut")
        self._stream = reply.stream or iter(())
        return Answer(reply.status, reply.headers, reply.body)
