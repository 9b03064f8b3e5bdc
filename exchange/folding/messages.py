"""Messages as the log has them, and what decodes them: the forms in which the step asks for both."""

from collections.abc import Callable
from typing import Any, Protocol


class LogRecord(Protocol):
    """A message as the log has it; ``timestamp`` gives its kind and the append time in milliseconds."""

    def topic(self) -> str: ...  # noqa: D102
    def partition(self) -> int: ...  # noqa: D102
    def offset(self) -> int: ...  # noqa: D102
    def key(self) -> bytes | None: ...  # noqa: D102
    def value(self) -> bytes | None: ...  # noqa: D102
    def timestamp(self) -> tuple[int, int]: ...  # noqa: D102


Decode = Callable[[str, bytes | None], Any]
"""Topic, value → the document that the topic's schema describes."""
