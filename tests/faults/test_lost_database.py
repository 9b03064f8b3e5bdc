"""PostgreSQL and whole machines are lost: from the log alone everything comes back as it was."""

import copy
import shutil
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from avro_schemas.catalogue import schema
from exchange.desk.accounts import Handed, open_accounts
from exchange.desk.applicant_codes import open_codes
from exchange.desk.asker import Asker, shell
from exchange.desk.materials import OfferedFile, upload
from exchange.desk.sign_in import SignInRefusedError
from exchange.domain.accounts import AccountGrant
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN, DESK
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.schema_copy import deploy_schemas
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.uploads.store import open_store
from tests.journeys.log_tools import Encoding, produce, wait_for_count
from tests.paper_files import pdf
from tests.people import id_number
from tests.running import GRACE, run_exchange, running_exchange
from tests.signing_in import shown_by, sign_in_of

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

DEATH = {"death_time": "2026-03-01", "death_cause": "心力衰竭"}
ADDRESS, CASE_ID = "192.0.2.9", "c" * 32
NEWER_FIELD = {"name": "ward", "type": ["null", "string"], "default": None}


def test_without_its_database_and_on_another_machine_the_exchange_is_as_it_was(tmp_path: Path) -> None:
    """Even what was written with a schema that no file here knows is read; people come in as before."""
    with running_exchange() as settings:
        number = _publish_with_a_newer_schema(settings)
        people = _let_in(settings)
        _stop(settings.home)
        shutil.rmtree(settings.home / "data" / "postgres")
        again = _start(settings.home)
        assert _schema(again, number) == _newer()
        _equal(again.home)
        _come_in(again, people)
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
            restored = _start(elsewhere)
            assert _schema(restored, number) == _newer()
            _equal(elsewhere)
            _come_in(restored, people)
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


@dataclass(frozen=True)
class People:
    """Who may come in, and what was handed in.

    Attributes:
        supervisor: has password and one-time code, and was given another department since.
        suspended: may not come in.
        code: an applicant's, on the 收件凭证.
        digest: of an uploaded file.
        history: all that was done to accounts.
    """

    supervisor: Handed
    suspended: Handed
    code: str
    digest: str
    history: list[AccountGrant]


def _let_in(settings: Settings) -> People:
    accounts, root, now = open_accounts(settings), shell("root"), datetime.now(UTC)
    supervisor = accounts.create("chen", "supervisor", {"department": "police"}, root, now)
    accounts.grant("chen", "supervisor", {"department": "justice"}, root, now)
    suspended = accounts.create("zhou", "hotline", {}, root, now)
    accounts.suspend("zhou", root, now)
    codes = open_codes(load_settings(settings.home, DESK))
    code = codes.create(str(uuid4()), CASE_ID, root, now)
    offered, store = OfferedFile(pdf(), "register.pdf", 3), open_store(Home(settings.home))
    digest = upload(settings.city, root, offered, store).sha256
    people = People(supervisor, suspended, code, digest, accounts.history(root))
    _come_in(settings, people)
    return people


def _come_in(settings: Settings, people: People) -> None:
    """Whoever may does, by password and one-time code or by an applicant's; the file is there."""
    sign_in, now = sign_in_of(settings.home), datetime.now(UTC)
    token = sign_in.sign_in(shown_by(people.supervisor, now), ADDRESS, "console", now)
    assert sign_in.find(token, now).asker == Asker("chen", "supervisor", {"department": "justice"}, "console")
    with pytest.raises(SignInRefusedError):
        sign_in.sign_in(shown_by(people.suspended, now), ADDRESS, "console", now)
    token = sign_in.sign_in_with_code(people.code, ADDRESS, "console", now)
    assert sign_in.find(token, now).asker.kept_within == {"case": CASE_ID}
    assert open_accounts(settings).history(shell("root")) == people.history
    assert open_store(Home(settings.home)).get(people.digest) == pdf()


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
