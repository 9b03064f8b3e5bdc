"""What a conversation with the exchange is made of: steps that a client does, and what came of each.

A conversation is a generator without clock, network or disk: it yields a step, is sent what came of it, and
ends with its result. `client` and `async_client` do the steps; so does a test, from memory.
"""

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias, TypeVar

Result = TypeVar("Result")
SILENCE: Final = "silence"
SLOWEST_S: Final = 30.0
"""How long an answer may take beyond what it was asked to wait."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Send one request. What comes of it is an `Answer` or a `Cut`.

    Attributes:
        stream: Leave the answer's body to be read by `NextBytes`.
        patience_s: How long nothing may come before that counts as a cut.
    """

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)
    stream: bool = False
    patience_s: float = SLOWEST_S

    def with_header(self, name: str, value: str) -> "Ask":
        """Return the same with one header more."""
        return replace(self, headers={**self.headers, name: value})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the exchange answers.

    Attributes:
        headers: Their names are in lower case.
        repeated: The request had been sent before, and may have been heard then.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    repeated: bool = False

    @property
    def retry_after_s(self) -> float | None:
        """Seconds after which it wants to be asked again, if it says so."""
        said = self.headers.get("retry-after", "")
        return float(said) if said.isdecimal() else None

    @property
    def may_be_repeated(self) -> bool:
        """Whether the same request may have another answer later."""
        if self.status == 409:  # what was cut off here may still be at work there
            return str(self.problem().get("code")).endswith("_in_progress")
        return self.status in {408, 429} or self.status >= 500

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)

    def problem(self) -> dict[str, Any]:
        """Return the problem that the body describes, empty if it describes none."""
        try:
            found = self.json()
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection failed or fell silent (`SILENCE`); whether the request arrived, nobody knows."""

    kind: str
    may_be_repeated: bool = True
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class NextBytes:
    """Read on in the answer that streams: some bytes, None at its end, or a `Cut`."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Do:
    """Call something that may block, such as a disk; what comes of it is what it returns."""

    call: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Emit:
    """Hand a value to the caller. The conversation goes on when the caller asks for the next."""

    value: Any


Step: TypeAlias = Ask | NextBytes | Wait | Do | Emit
Conversation: TypeAlias = Generator[Step, Any, Result]
