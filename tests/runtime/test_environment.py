"""What stands in the environment of whoever calls."""

import os

import pytest

from exchange.runtime.environment import forget_postgres_variables

OTHERS = {"PGSSLMODE": "require", "PGSERVICE": "city", "PGHOSTADDR": "192.0.2.1", "PGOPTIONS": "-c x=y"}


@pytest.mark.parametrize(
    ("address", "left"), [({}, set()), ({"EXCHANGE_POSTGRES": "postgresql://db/exchange"}, set(OTHERS))]
)
def test_what_is_meant_for_other_databases_does_not_count_for_our_own(
    address: dict[str, str], left: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With PGSSLMODE=require nobody reached it, and was told to start it."""
    for name in [name for name in os.environ if name.startswith("PG") or name == "EXCHANGE_POSTGRES"]:
        monkeypatch.delenv(name)
    for name, value in {**OTHERS, **address}.items():
        monkeypatch.setenv(name, value)
    forget_postgres_variables()
    assert {name for name in os.environ if name.startswith("PG")} == left
