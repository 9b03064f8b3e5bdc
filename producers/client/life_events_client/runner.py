"""Does the steps of conversations, one after the other, in the thread that asks."""

from collections.abc import Generator, Iterator
from contextlib import closing
from threading import Event
from typing import Any

import httpx2

from life_events_client.access import Access
from life_events_client.http import BROKEN, Closed, answer, cut, request, settings
from life_events_client.steps import Answer, Ask, Conversation, Cut, Do, Emit, NextBytes, Result, Step, Wait


class Runner:
    """Connections to the exchange, which any thread may use."""

    def __init__(self, access: Access) -> None:
        self._http = httpx2.Client(**settings(access))
        self.closing = Event()

    def run(self, conversation: Conversation[Result]) -> Result:
        """Return what a conversation ends with that emits nothing."""
        steps = self.iterate(conversation)
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        raise TypeError("a conversation that emits is iterated")

    def iterate(self, conversation: Conversation[Result]) -> Generator[Any, None, Result]:
        """Yield what a conversation emits."""
        came: Any = None
        with closing(_Stream()) as stream, closing(conversation):
            while True:
                try:
                    step = conversation.send(came)
                except StopIteration as end:
                    result: Result = end.value
                    return result
                if isinstance(step, Emit):
                    came = yield step.value
                else:
                    came = self._do(step, stream)

    def _do(self, step: Step, stream: "_Stream") -> Any:
        if self.closing.is_set():
            raise Closed
        match step:
            case Ask():
                return self._ask(step, stream)
            case NextBytes():
                return stream.read()
            case Wait(seconds):
                self.closing.wait(seconds)
            case Do(call):
                return call()
        return None

    def _ask(self, step: Ask, stream: "_Stream") -> Answer | Cut:
        stream.close()
        try:
            response = self._http.send(self._http.build_request(**request(step)), stream=True)
            if step.stream and response.is_success:
                stream.open(response)
                return answer(response)
            with closing(response):
                return answer(response, response.read())
        except BROKEN as problem:
            return cut(problem)

    def close(self) -> None:
        """Close the connections; what waits raises `Closed`."""
        self.closing.set()
        self._http.close()


class _Stream:
    """The answer of a conversation that is read bit by bit, if there is one."""

    def __init__(self) -> None:
        self._response: httpx2.Response | None = None
        self._bits: Iterator[bytes] = iter(())

    def open(self, response: httpx2.Response) -> None:
        """Read this one from now on."""
        self._response, self._bits = response, response.iter_bytes()

    def read(self) -> bytes | Cut | None:
        """Return some more of it; None at its end."""
        try:
            return next(self._bits, None)
        except BROKEN as problem:
            return cut(problem)

    def close(self) -> None:
        """Let it go."""
        if self._response:
            self._response.close()
            self._response = None
