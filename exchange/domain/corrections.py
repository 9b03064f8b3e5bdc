"""Tells a correction from a resurrection: old systems correct by revoking a document and issuing it anew."""

from datetime import datetime, timedelta

from exchange.domain.chains import Chain, is_revoked
from exchange.domain.persons import Persons
from exchange.domain.policy import Policy
from exchange.domain.values import Taken


def reissued(persons: Persons, policy: Policy) -> frozenset[str]:
    """Return the records whose document took the place of a revoked one within the policy's time.

    The log's append times count, not what the departments wrote.
    """
    revoked = [chain for chain in persons.documents if is_revoked(chain)]
    if not revoked:
        return frozenset()
    window = timedelta(minutes=policy.periods.correction_minutes)
    return frozenset(
        entry.record.record_id
        for chain in persons.documents
        if any(_takes_the_place(chain, former, window) for former in revoked)
        for entry in chain
    )


def _takes_the_place(chain: Chain, former: Chain, window: timedelta) -> bool:
    one, other = chain[0], former[-1]
    same = (one.record.type, one.record.department) == (other.record.type, other.record.department)
    return same and not is_revoked(chain) and timedelta(0) <= _taken_at(one) - _taken_at(other) <= window


def _taken_at(entry: Taken) -> datetime:
    return datetime.fromisoformat(entry.taken_at)
