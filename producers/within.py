"""What a bank or a county may publish as its department: what is its own. Pure."""

from collections.abc import Mapping
from typing import Final

from exchange.domain.credentials import Holder
from exchange.domain.policy import Policy
from verification.characters import spelling
from verification.numbers import is_uscc
from verification.reasons import Reason, reason

_NAMES_A_BANK: Final = ("instance", "bank_uscc", "bank_name", "issuer_uscc", "issuer_name")
"""Fields that may name a bank; what a record is about is named before who issued it."""


def not_its_own(record: Mapping[str, object], holder: Holder, policy: Policy) -> Reason | None:
    """Return why a record is not its publisher's own; None if it is.

    Args:
        record: as it was handed in, not yet checked.
        holder: a department may publish all of its records, a bank or a county those that name it.
        policy: knows the county's name, and by which names banks go.
    """
    if holder.county is not None:
        name = policy.city.county_name(holder.county)
        return None if _is(record.get("county"), name) else reason("other_county", "county")
    return _not_of_the_bank(record, holder.bank, policy) if holder.bank is not None else None


def _not_of_the_bank(record: Mapping[str, object], bank: str, policy: Policy) -> Reason | None:
    named = {field: value for field in _NAMES_A_BANK if isinstance(value := record.get(field), str)}
    if not named:
        return reason("other_bank", "issuer_uscc")
    banks = {field: policy.banks.instance_of(value) or value for field, value in named.items()}
    first = next(iter(banks))
    # Behind it, a name that nobody knows may be that of a branch or a clerk's office; a bank's is a bank's.
    others = (
        field for field in banks if field == first or banks[field] != named[field] or is_uscc(named[field])
    )
    wrong = next((field for field in others if not _is(banks[field], bank)), None)
    return reason("other_bank", wrong) if wrong else None


def _is(written: object, name: str) -> bool:
    return isinstance(written, str) and spelling(written) == spelling(name)
