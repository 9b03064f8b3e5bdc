"""PostgreSQL and whole machines are lost: from the log alone everything comes back as it was."""

import copy
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest

from avro_schemas.catalogue import schema
from exchange.runtime.principals import ADMIN
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.schema_copy import deploy_schemas
from exchange.runtime.settings import Settings, load_settings
from tests.journeys.log_tools import Encoding, produce, wait_for_count
from tests.people import id_number
from tests.running import GRACE, run_exchange, running_exchange

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

DEATH = {"death_time": "2026-03-01", "death_cause": "心力衰竭"}
NEWER_FIELD = {"name": "ward", "type": ["null", "string"], "default": None}


def test_without_its_database_and_on_another_machine_the_exchange_is_as_it_was(tmp_path: Path) -> None:
    """Even what was written with a schema that no file here knows is read by the schema's id."""
    with running_exchange() as settings:
        number = _publish_with_a_newer_schema(settings)
        _stop(settings.home)
        shutil.rmtree(settings.home / "data" / "postgres")
        again = _start(settings.home)
        assert _schema(again, number) == _newer()
        _equal(again.home)
        assert (
            "already running" in run_exchange("backup", str(tmp_path / "b"), "--home", str(again.home)).stderr
        )

        _stop(again.home)
        saved, elsewhere = str(tmp_path / "saved"), tmp_path / "elsewhere"
        key = str(again.home / "secrets" / "backup_key")
        assert run_exchange("backup", saved, "--home", str(again.home)).returncode == 0
        assert run_exchange("backup", "--verify", saved, "--home", str(again.home)).returncode == 0
        assert run_exchange("restore", saved, "--key", key, "--home", str(elsewhere)).returncode == 0
        try:
            assert _schema(_start(elsewhere), number) == _newer()
            _equal(elsewhere)
        finally:
            _stop(elsewhere)


def _newer() -> dict[str, Any]:
    text: dict[str, Any] = copy.deepcopy(dict(schema("death_certificate")))
    text["fields"].append(NEWER_FIELD)
    return text


def _publish_with_a_newer_schema(settings: Settings) -> int:
    """Publish a record as today's department does and one as tomorrow's; return tomorrow's schema id."""
    encoding = Encoding(settings)
    today = encoding.encode("hukou_cancellation", {"id_number": id_number(), "cancelled_at": "2026-03-01"})
    topic, key, value = encoding.encode("death_certificate", {"id_number": id_number(), **DEATH})
    with Registry(settings.registry) as registry:
        _, number = registry.register(f"{topic}-value", _newer())
    deploy_schemas(settings)
    # The same field by field, and null for the new one, which is a zero in Avro.
    produce(settings, [today, (topic, key, struct.pack(">bI", 0, number) + value[5:] + b"\0")])
    wait_for_count(settings, "receipts", 2)
    return number


def _schema(settings: Settings, number: int) -> object:
    with Registry(settings.registry) as registry:
        return registry.schema_by_id(number)


def _equal(home: Path) -> None:
    """Everything follows from the log, and nothing of it is missing."""
    for words in (["verify"], ["reconcile", "--check"]):
        done = run_exchange(*words, "--home", str(home))
        assert done.returncode == 0, done.stderr


def _start(home: Path) -> Settings:
    started = run_exchange("up", "--detach", "--home", str(home), environment=GRACE)
    assert started.returncode == 0, started.stderr
    return load_settings(home, ADMIN)


def _stop(home: Path) -> None:
    run_exchange("down", "--home", str(home))
