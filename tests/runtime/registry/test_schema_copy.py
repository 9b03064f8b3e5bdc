"""What is read from a registry's export, without a registry."""

import io
import json
import zipfile

from avro_schemas.catalogue import schema
from exchange.runtime.registry.client import as_known
from exchange.runtime.registry.schema_copy import known_from


def _export(*versions: tuple[str, str, str], state: str = "ENABLED") -> bytes:
    """What Apicurio exports of these subjects, versions and texts, the last of them in this state."""
    with zipfile.ZipFile(into := io.BytesIO(), "w") as files:
        for number, (subject, version, text) in enumerate(versions, 1):
            entry = {
                "artifactId": subject,
                "version": version,
                "versionOrder": int(version),
                "state": state if number == len(versions) else "ENABLED",
                "contentId": number,
            }
            folder = f"groups/default/artifacts/{subject}/versions"
            files.writestr(f"{folder}/{version}.ArtifactVersion.json", json.dumps(entry))
            files.writestr(f"content/{number:x}.Content.json", json.dumps({"contentId": number}))
            files.writestr(f"content/{number:x}.Content.data", text)
    return into.getvalue()


def test_each_version_is_known_by_its_subject_and_its_schema() -> None:
    """With the version and the id that the registry itself would answer; others keep what is none."""
    tick, move = schema("clock_tick"), schema("person_move")
    export = _export(
        ("a-value", "1", json.dumps(tick)), ("b", "1", "syntax"), ("a-value", "2", json.dumps(move))
    )
    assert known_from(export) == {("a-value", as_known(tick)): (1, 1), ("a-value", as_known(move)): (2, 3)}


def test_what_is_no_longer_given_out_is_not_known() -> None:
    """So the registry itself is asked about it."""
    assert known_from(_export(("a-value", "1", json.dumps(schema("clock_tick"))), state="DISABLED")) == {}
