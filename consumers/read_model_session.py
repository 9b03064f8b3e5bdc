"""Reading the read model: a connection to a model that is there and of our layout."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from consumers.projection import Connection
from consumers.read_model_tables import VERSION
from exchange.runtime.errors import ExchangeError
from exchange.runtime.settings import Settings

CONNECT_LIMIT_S = 5

_LIFE = "SELECT version, complete FROM read_model.life"
_ABSENT = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedColumn)


@dataclass(frozen=True)
class Session:
    """An open read model. `complete`: what is not in it does not exist; else it is still being built."""

    connection: Connection
    complete: bool

    def require_complete(self) -> None:
        """Refuse to say that something is not there while it may still come.

        Raises:
            ExchangeError: the read model is being built.
        """
        if not self.complete:
            raise ExchangeError(
                "The read model is being built and does not hold everything yet; this is not in it so far.",
                "Try again in a moment; the projector's log says when it has caught up.",
            )


@contextmanager
def open_session(settings: Settings) -> Iterator[Session]:
    """Open the read model for reading.

    Raises:
        ExchangeError: it is not there, or not yet built anew; or PostgreSQL does not answer.
    """
    try:
        with psycopg.connect(settings.postgres, connect_timeout=CONNECT_LIMIT_S) as connection:
            life = connection.execute(_LIFE).fetchone()
            if life is None or life[0] != VERSION:
                raise _absent()
            yield Session(connection, bool(life[1]))
    except _ABSENT:
        raise _absent() from None
    except psycopg.OperationalError as problem:
        raise ExchangeError(
            f"PostgreSQL does not answer ({type(problem).__name__}).",
            "`exchange status` shows what runs; `exchange up` starts it.",
        ) from None


def _absent() -> ExchangeError:
    return ExchangeError(
        "There is no read model yet: the projector, which makes it, has not run.",
        "`exchange status` shows whether it runs; `exchange up` starts it.",
    )
