"""The shipped access table, and users of the brokers of every kind."""

from typing import Final

from exchange.domain.policy import HERE
from exchange.domain.policy_files.access import ACCESS_TABLE, load_access, own_principals
from topics.catalogue import load_catalogue

CATALOGUE: Final = load_catalogue()
TABLE: Final = load_access(HERE / ACCESS_TABLE, CATALOGUE)
OWN: Final = tuple(name for name in own_principals(CATALOGUE) if name != "admin")
"""Those of ours that the brokers refuse something."""
OUTSIDE: Final = (
    *CATALOGUE.publishers,
    "auditors",
    "bank.91620500439150008B",
    "county.620502",
    "system.portal",
)
