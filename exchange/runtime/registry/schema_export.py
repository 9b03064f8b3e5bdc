"""What the registry's own export says: a ZIP as Apicurio's `/admin/export` gives it."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any, Final

_CONTENT: Final = re.compile(r"content/([0-9a-f]+)\.Content\.json")
_VERSION: Final = re.compile(r"groups/default/artifacts/[^/]+/versions/[^/]+\.ArtifactVersion\.json")

KnownSchemas = Mapping[tuple[str, str], tuple[int, int]]
"""Subject and schema (`as_known`) → version and id: what a registry is known to hold without asking it."""


def as_known(text: Mapping[str, Any]) -> str:
    """Return a schema as the registry tells one from another: by all but its words."""
    return json.dumps(_without_words(text))


def _without_words(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {
            name: _without_words(inner)
            for name, inner in node.items()
            if not (name == "doc" and isinstance(inner, str))
        }
    return [*map(_without_words, node)] if isinstance(node, list) else node


def schemas_by_id(export: bytes) -> dict[int, str]:
    """The schemas of an export by the ids that stand in messages."""
    return _schemas_of(files_of(export))


def _schemas_of(files: Mapping[str, bytes]) -> dict[int, str]:
    numbers = {
        found[1]: json.loads(text)["contentId"]
        for name, text in files.items()
        if (found := _CONTENT.fullmatch(name))
    }
    return {number: files[f"content/{digest}.Content.data"].decode() for digest, number in numbers.items()}


def known_from(export: bytes) -> KnownSchemas:
    """What the registry was seen to hold; versions that it no longer gives out are not among it."""
    files = files_of(export)
    texts = _schemas_of(files)
    versions = (json.loads(text) for name, text in files.items() if _VERSION.fullmatch(name))
    return {
        (each["artifactId"], as_known(text)): (each["versionOrder"], each["contentId"])
        for each in versions
        if each["state"] == "ENABLED" and (text := _as_json(texts[each["contentId"]])) is not None
    }


def _as_json(text: str) -> Any:
    """What a registry that others use as well keeps for them need be no Avro."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def files_of(export: bytes) -> dict[str, bytes]:
    """What an export holds, except for the moment when it was made."""
    with zipfile.ZipFile(io.BytesIO(export)) as content:
        return {name: content.read(name) for name in content.namelist() if not name.startswith("manifest-")}
