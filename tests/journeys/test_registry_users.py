"""The registry: nobody without a password, readers read, and the deploy step alone changes anything."""

import json
from typing import Any, Final

import pytest

from avro_schemas.catalogue import schema
from exchange.runtime.home import Home
from exchange.runtime.http_clients import part_client
from exchange.runtime.principals import OPERATOR, PARTS
from exchange.runtime.registry.access import DEPLOYER, READER, registry_passwords
from exchange.runtime.registry.client import LEVEL
from exchange.runtime.settings import Settings, load_settings
from tests.waiting import PATIENCE_S

SUBJECT: Final = "clock-value"
SCHEMA: Final = {"schema": json.dumps(schema("clock_tick")), "schemaType": "AVRO"}
RULE: Final = {"ruleType": "COMPATIBILITY", "config": LEVEL}
READS: Final = (
    ("GET", "/apis/ccompat/v7/subjects", None),
    ("GET", f"/apis/ccompat/v7/subjects/{SUBJECT}/versions/latest", None),
    ("GET", "/apis/ccompat/v7/schemas/ids/1", None),
    ("GET", "/apis/ccompat/v7/config", None),
    ("GET", "/apis/registry/v3/search/artifacts", None),
    ("GET", "/apis/registry/v3/system/info", None),
)
WRITES: Final = (
    ("POST", f"/apis/ccompat/v7/subjects/{SUBJECT}/versions", SCHEMA),
    ("PUT", "/apis/ccompat/v7/config", {"compatibility": LEVEL}),
    ("DELETE", "/apis/ccompat/v7/subjects/absent-value", None),
    ("PUT", "/apis/registry/v3/admin/rules/COMPATIBILITY", RULE),
    ("GET", "/apis/registry/v3/admin/export", None),
    ("GET", "/apis/registry/v3/admin/config/properties", None),
)
"""What could change it, or takes all of it away; none of it leaves it otherwise than it was."""
NOT_FOUND, REFUSED, UNKNOWN = 404, 403, 401


def answers(stack: Settings, auth: tuple[str, str] | None) -> list[int]:
    """The registry's answers to all that is asked above; 200 stands for all that it was ready to do."""
    root, _, _ = stack.registry.url.partition("/apis/")
    with part_client(root, PATIENCE_S, auth=auth) as client:
        told = [client.request(how, path, json=body) for how, path, body in (*READS, *WRITES)]
    return [200 if one.is_success or one.status_code == NOT_FOUND else one.status_code for one in told]


def as_user(stack: Settings, user: str) -> tuple[str, str]:
    """A user of the registry with the password from the home."""
    return user, registry_passwords(Home(stack.home))[user]


@pytest.mark.parametrize("auth", [None, (READER, ""), (READER, "0f"), (DEPLOYER, "0f"), ("nobody", "0f")])
def test_nobody_comes_in_without_a_password(stack: Settings, auth: Any) -> None:
    """Whatever is asked for, and whoever one says one is."""
    assert answers(stack, auth) == [UNKNOWN] * len((*READS, *WRITES))


def test_a_reader_reads_and_changes_nothing(stack: Settings) -> None:
    """Every part of ours but the deploy step is a reader."""
    assert answers(stack, as_user(stack, READER)) == [200] * len(READS) + [REFUSED] * len(WRITES)


def test_the_deployer_reads_and_writes(stack: Settings) -> None:
    """What a reader is refused, the registry does do."""
    assert answers(stack, as_user(stack, DEPLOYER)) == [200] * len((*READS, *WRITES))


def test_only_who_deploys_comes_as_the_deployer(stack: Settings) -> None:
    """A part that is led astray registers no schema; nobody's password is shown where settings are."""
    assert stack.registry.user == DEPLOYER
    others = [load_settings(stack.home, principal).registry for principal in (OPERATOR, *PARTS)]
    assert {other.user for other in others} == {READER}
    assert stack.registry.password not in repr(stack)
