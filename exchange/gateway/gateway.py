"""All that a request may need, put together once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import SkipValidation

if TYPE_CHECKING:  # what it is made of is put together by the worker alone
    from consumers.log.copies import Connection
    from exchange.gateway.database import Database
    from exchange.gateway.index import IndexDecoders, IndexNews
    from exchange.gateway.intake import Intake
    from exchange.gateway.notes import AccessNotes
    from exchange.gateway.principal_limits import PrincipalLimits
    from exchange.gateway.sign_in import FindCredential, SignIn
    from exchange.gateway.tokens import Tokens
    from exchange.gateway.topic_ends import TopicEnds
    from exchange.runtime.registry.client import Registry
    from exchange.runtime.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Gateway:
    """One running gateway."""

    settings: "Settings"
    registry: "Registry"
    find_credential: "FindCredential"
    tokens: "Tokens"
    sign_in: "SignIn"
    intake: "Intake"
    notes: "AccessNotes"
    database: "Database"
    news: "IndexNews"
    decoders: "IndexDecoders"
    topic_ends: "TopicEnds"
    limits: "PrincipalLimits"
    answering: set[tuple[str, str]] = field(default_factory=set)
    """Keys whose first answer is being worked on, by whose they are."""
    uploading: set[UUID] = field(default_factory=set)
    """Batches that are coming in."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends all streams."""

    async def ask(self, principal: str, question: "Callable[[Connection], T]") -> T:
        """Return what a caller's question to the database finds, once it is its turn among the caller's.

        Raises:
            ProblemError: too many of them wait, or as `Database.ask`.
        """
        async with self.limits.turn(principal):
            return await self.database.ask(question)

    def serves(self, client_id: str) -> bool:
        """Say whether a client that waits for something is to wait on: asked again and again."""
        return not self.stopping.is_set() and self.find_credential(client_id) is not None

    def stop(self) -> None:
        """Ask everything that waits to end."""
        self.stopping.set()
        self.news.wake()


GatewayHere = NamedDependency[SkipValidation[Gateway]]
"""As handlers ask for it; what it is made of is nothing that a request could get wrong."""
