"""What the gateway has noted is forgotten after a time, as `gateway.yaml` says: it sees to it itself."""

import asyncio
from typing import Final

from consumers.log.copies import Connection
from exchange.domain.policy_files.gateway import GatewayPolicy
from exchange.gateway.database import Database
from exchange.runtime.logs import logger
from exchange.serving.problems import ProblemError

EVERY_S: Final = 3600.0
_FORGET: Final = {
    "answers": "DELETE FROM gateway.answers WHERE made_at < now() - make_interval(hours => %s)",
    # A batch that goes on is as young as its last beginning: then it stays, whichever of the two is first.
    "batches": "DELETE FROM gateway.batches WHERE made_at < now() - make_interval(days => %s)",
    "submissions": "DELETE FROM gateway.submissions WHERE made_at < now() - make_interval(days => %s)",
}

log = logger("gateway.retention")


def forget_old(connection: Connection, policy: GatewayPolicy) -> dict[str, int]:
    """Forget what is older than it is kept; return how much of what."""
    kept = {
        "answers": policy.answers_kept_hours,
        "batches": policy.batches_kept_days,
        "submissions": policy.submissions_kept_days,
    }
    return {name: connection.execute(_FORGET[name], (age,)).rowcount for name, age in kept.items()}


async def keep_forgetting(database: Database, policy: GatewayPolicy) -> None:
    """Forget at once and then every hour; while PostgreSQL is away, the next time."""
    while True:
        try:
            forgotten = await database.ask(lambda connection: forget_old(connection, policy))
        except ProblemError as problem:
            log.warning("not_forgotten", code=problem.code)
        else:
            for name, count in forgotten.items():
                log.info("forgotten", name=name, count=count)
        await asyncio.sleep(EVERY_S)
