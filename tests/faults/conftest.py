"""The exchanges to which faults are done: of three brokers and two workers, or without workers."""

from collections.abc import Iterator

import pytest

from exchange.runtime.settings import Settings
from tests.faults.amounts import VERIFIED_WITHIN_S
from tests.running import run_exchange, running_exchange


@pytest.fixture(scope="package")
def three() -> Iterator[Settings]:
    """Its settings; when all faults are done everything must follow from its log."""
    with running_exchange("--brokers", "3", "--workers", "2") as settings:
        yield settings
        verified = run_exchange("verify", "--home", str(settings.home), limit_s=VERIFIED_WITHIN_S)
        assert verified.returncode == 0, verified.stderr


@pytest.fixture(scope="package")
def bare() -> Iterator[Settings]:
    """Brokers, registry and database; the workers are the tests' own."""
    with running_exchange("--bare") as settings:
        assert run_exchange("deploy", "--home", str(settings.home)).returncode == 0
        yield settings
