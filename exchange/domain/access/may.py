"""What the holder of an account may do in gateway, desk and console, and with what."""

from collections.abc import Mapping

from exchange.domain.policy_files.access import AccessTable, KeptWithin

WorkPlace = Mapping[KeptWithin, str]
"""Of a holder, what it is kept within; of a thing, where it belongs: department, county, bank, case."""


def may(table: AccessTable, role: str, action: str, kept_within: WorkPlace, about: WorkPlace) -> bool:
    """Say whether somebody may do something; what the table does not say is refused.

    Args:
        table: who may what.
        role: of the account.
        action: what is to be done.
        kept_within: of the account; whatever it has counts, also beyond what its role asks for.
        about: where the thing belongs with which it is to be done.
    """
    entry = table.roles.get(role)
    if entry is None or action not in entry.may or not entry.within <= kept_within.keys():
        return False
    return all(about.get(limit) == name for limit, name in kept_within.items())
