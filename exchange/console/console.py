"""All that a request may need, put together once."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from exchange.console.session_watch import SessionWatch
from exchange.desk.asker import Asker
from exchange.desk.sessions import DeskSession

if TYPE_CHECKING:  # what it is made of is put together by the worker alone
    from exchange.console.queue_marks import QueueMarks
    from exchange.desk.applicant_codes import CodeDesk
    from exchange.desk.desk import Desk
    from exchange.desk.sign_in import AccountSignIn
    from exchange.runtime.uploads.store import UploadStore
    from exchange.serving.holder_limits import HolderLimits

CHECKS_AT_ONCE: Final = 2
"""How many passwords are looked at together: each takes 64 MiB and a core for a moment."""
_AT_DOOR: Final = CHECKS_AT_ONCE + 2
T = TypeVar("T")


@dataclass(frozen=True)
class DeskConsole:
    """One running console."""

    desk: "Desk"
    sign_in: "AccountSignIn"
    codes: "CodeDesk"
    uploads: "UploadStore"
    limits: "HolderLimits"
    marks: "QueueMarks"
    checking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHECKS_AT_ONCE))
    door: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_AT_DOOR, "door"))
    """Threads of those who come in: whoever works within, however slowly, is not in their way."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends all streams."""

    @cached_property
    def watch(self) -> SessionWatch:
        """Return what says whether the sessions of open streams still hold."""

        async def read(sessions: Sequence[DeskSession]) -> list[DeskSession]:
            return await self.at_door(lambda: self.sign_in.sessions.valid_of(sessions, datetime.now(UTC)))

        return SessionWatch(read)

    async def at_door(self, ask: Callable[[], T]) -> T:
        """Return what a question about sessions and accounts finds."""
        return await asyncio.get_running_loop().run_in_executor(self.door, ask)

    def stop(self) -> None:
        """Ask everything that waits to end."""
        self.stopping.set()


ConsoleHere = NamedDependency[SkipValidation[DeskConsole]]
"""As handlers ask for it; what it is made of is nothing that a request could get wrong."""
AskerHere = NamedDependency[SkipValidation[Asker]]
"""Whoever asks, of a handler that asks who it is."""
SessionHere = NamedDependency[SkipValidation[DeskSession]]
"""The same with the session by which they come."""
