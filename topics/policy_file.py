"""YAML files that a city may change: read with their lines kept, so that every complaint says where.

Shape: `read_policy(path, Model)` gives a validated value, or raises `PolicyFileError` whose text is one
`file:line: what is wrong` per line.
"""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from topics.yaml_text import KeyPath, YamlTextError, line_of, read_yaml

ModelT = TypeVar("ModelT", bound=BaseModel)


class PolicyFileError(ValueError):
    """A policy file is wrong; the text names the file and the line of each finding."""


def error_at(path: Path, text: str, keys: KeyPath, message: str) -> PolicyFileError:
    """An error that names the file, the line of a path of keys in its text, and the path."""
    return PolicyFileError(_finding(path, text, keys, message))


def read_policy(path: Path, model: type[ModelT]) -> tuple[ModelT, str]:
    """The file as a validated value, and its text for `error_at` of checks across fields.

    Raises:
        PolicyFileError: the file is missing, is not in UTF-8 or not YAML, has a key twice, or does not fit
            the model.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return model.model_validate(read_yaml(text)), text
    except FileNotFoundError as error:
        raise PolicyFileError(f"{path.name}: no such file") from error
    except UnicodeDecodeError as error:
        raise PolicyFileError(f"{path.name}: it is not in UTF-8") from error
    except YamlTextError as error:
        raise PolicyFileError(f"{path.name}:{error.line}: {error.problem}") from error
    except ValidationError as error:
        found = (
            _finding(path, text, entry["loc"], entry["msg"]) for entry in error.errors(include_url=False)
        )
        raise PolicyFileError("\n".join(found)) from error


def _finding(path: Path, text: str, keys: KeyPath, message: str) -> str:
    where = ".".join(str(key) for key in keys)
    return f"{path.name}:{line_of(text, keys)}: {where}: {message}" if where else f"{path.name}:1: {message}"
