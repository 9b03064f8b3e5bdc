"""The registry's content as it exports it, made without a registry."""

import io
import json
import zipfile

from avro_schemas.catalogue import schema
from exchange.runtime.registry.schema_copy import keep_copy
from exchange.runtime.settings import Settings
from topics.catalogue import CREDENTIALS, subject_of


def export(*versions: tuple[str, str, str], state: str = "ENABLED") -> bytes:
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


def keep_schemas(settings: Settings) -> None:
    """Put on the log what credentials need of a registry that is away."""
    keep_copy(settings, export((subject_of(CREDENTIALS), "1", json.dumps(schema("credential")))))
