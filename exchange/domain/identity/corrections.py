"""Tells a correction from a resurrection: old systems correct by revoking a document and issuing it anew."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from exchange.domain.identity.persons import Persons
from exchange.domain.policy import Policy
from exchange.domain.records.document_versions import Versions, is_revoked
from exchange.domain.values import Taken


def reissued(persons: Persons, policy: Policy) -> Mapping[str, frozenset[str]]:
    """Return the records of documents that replaced revoked ones within the policy's time.

    Each is mapped to the records of the documents that its own replaced. The log's append times count, not
    what the departments wrote.
    """
    revoked = [versions for versions in persons.documents if is_revoked(versions)]
    window = timedelta(minutes=policy.periods.correction_minutes)
    found: dict[str, frozenset[str]] = {}
    for versions in persons.documents if revoked else ():
        former = [one for one in revoked if _takes_the_place(versions, one, window)]
        ids = frozenset(entry.record.record_id for one in former for entry in one)
        found |= {entry.record.record_id: ids for entry in versions if ids}
    return found


def _takes_the_place(versions: Versions, former: Versions, window: timedelta) -> bool:
    one, other = versions[0], former[-1]
    same = (one.record.type, one.record.department) == (other.record.type, other.record.department)
    return same and not is_revoked(versions) and timedelta(0) <= _taken_at(one) - _taken_at(other) <= window


def _taken_at(entry: Taken) -> datetime:
    return datetime.fromisoformat(entry.taken_at)
