"""YAML files that a city may change: read with their lines kept, so that every complaint says where.

Shape: `read_policy(path, Model)` gives a validated value, or raises `PolicyFileError` whose text is one
`file:line: what is wrong` per line.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import ScalarNode

KeyPath = Sequence[str | int]
ModelT = TypeVar("ModelT", bound=BaseModel)


class PolicyFileError(ValueError):
    """A policy file is wrong; the text names the file and the line of each finding."""


class _Constructor(RoundTripConstructor):
    """Says where a date stands that is none; ruamel's own says only what is wrong with it."""

    def construct_yaml_timestamp(self, node: ScalarNode, values: Any = None) -> Any:
        """A date or an instant.

        Raises:
            ConstructorError: it is none of the calendar.
        """
        try:
            return super().construct_yaml_timestamp(node, values)
        except ValueError as error:
            raise ConstructorError(problem=f"{node.value}: {error}", problem_mark=node.start_mark) from error


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_yaml_timestamp)


def load_yaml(path: Path) -> Any:
    """The file's data, with the lines kept inside it for `line_of`.

    Raises:
        PolicyFileError: the file is missing or no YAML, or a key stands twice in one mapping.
    """
    try:
        yaml = YAML(typ="rt")
        yaml.Constructor = _Constructor
        return yaml.load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PolicyFileError(f"{path.name}: no such file") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyFileError(f"{path.name}:{line}: {error.problem}") from error


def line_of(data: Any, keys: KeyPath) -> int:
    """The line (from 1) of the value at a path of keys, or of its nearest ancestor that the file has."""
    line = _first_line(data)
    for key in keys:
        found = _line_of_child(data, key)
        if found is None:
            break
        line, data = found, data[key]
    return line


def error_at(path: Path, data: Any, keys: KeyPath, message: str) -> PolicyFileError:
    """An error that names the file, the line of a path of keys, and the path."""
    return PolicyFileError(_finding(path, data, keys, message))


def validation_error(path: Path, data: Any, error: ValidationError) -> PolicyFileError:
    """Pydantic's findings, each at its own line of the file."""
    return PolicyFileError(
        "\n".join(
            _finding(path, data, entry["loc"], entry["msg"]) for entry in error.errors(include_url=False)
        )
    )


def read_policy(path: Path, model: type[ModelT]) -> tuple[ModelT, Any]:
    """The file as a validated value, and its data for `error_at` of checks across fields.

    Raises:
        PolicyFileError: the file cannot be read or does not fit the model.
    """
    data = load_yaml(path)
    try:
        return model.model_validate(_plain(data)), data
    except ValidationError as error:
        raise validation_error(path, data, error) from error


def _finding(path: Path, data: Any, keys: KeyPath, message: str) -> str:
    where = ".".join(str(key) for key in keys)
    return f"{path.name}:{line_of(data, keys)}: {where}: {message}" if where else f"{path.name}:1: {message}"


def _first_line(data: Any) -> int:
    return int(data.lc.line) + 1 if isinstance(data, CommentedMap | CommentedSeq) else 1


def _line_of_child(data: Any, key: str | int) -> int | None:
    # Not `key in data`: what a merge key (<<) brings in has no line of its own here.
    if isinstance(data, CommentedMap) and key in (data.lc.data or {}):
        return int(data.lc.key(key)[0]) + 1
    if isinstance(data, CommentedSeq) and isinstance(key, int) and key < len(data):
        return int(data.lc.item(key)[0]) + 1
    return None


def _plain(data: Any) -> Any:
    """Plain dicts, lists and scalars: strict models refuse ruamel's own kinds of them."""
    if isinstance(data, dict):
        return {_plain(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return _scalar(data)


def _scalar(value: Any) -> Any:
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value
