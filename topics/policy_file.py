"""YAML files that a city may change: read with their lines kept, so that every complaint says where.

Shape: `read_policy(path, Model)` gives a validated value, or raises `PolicyFileError` whose text is one
`file:line: what is wrong` per line: what was found, what may stand there, and the nearest word.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from topics.yaml_text import KeyPath, YamlTextError, line_of, read_yaml

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """One thing that is wrong: in which file, at which line (None: in the file as a whole), and what."""

    file: str
    line: int | None
    problem: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.problem}"


class PolicyFileError(ValueError):
    """A policy file is wrong; the text names the file and the line of each finding."""

    def __init__(self, *findings: PolicyFinding) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def error_at(path: Path, text: str, keys: KeyPath, message: str) -> PolicyFileError:
    """An error that names the file, the line of a path of keys in its text, and the path."""
    return PolicyFileError(_finding(path, text, keys, message))


def read_policy(path: Path, model: type[ModelT], known: object = None) -> tuple[ModelT, str]:
    """The file as a validated value, and its text for `error_at` of checks across fields.

    Args:
        path: of the file.
        model: its shape.
        known: what the model's own checks look words up in, as pydantic's validation context.

    Raises:
        PolicyFileError: the file is missing, is not in UTF-8 or not YAML, has a key twice, or does not fit
            the model.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return model.model_validate(_data(text), context=known), text
    except FileNotFoundError as error:
        raise PolicyFileError(PolicyFinding(path.name, None, "no such file")) from error
    except UnicodeDecodeError as error:
        raise PolicyFileError(PolicyFinding(path.name, None, "it is not in UTF-8")) from error
    except YamlTextError as error:
        raise PolicyFileError(PolicyFinding(path.name, error.line, error.problem)) from error
    except ValidationError as error:
        found = (
            _finding(path, text, entry["loc"], _told(dict(entry), model))
            for entry in error.errors(include_url=False)
        )
        raise PolicyFileError(*found) from error


@lru_cache(maxsize=32)
def _data(text: str) -> Any:
    """The text's data, kept for the files of two cities: a policy that is checked is read several times.

    A model makes values of its own from it, and changes nothing in it.
    """
    return read_yaml(text)


@cache
def load_file(path: Path, model: type[ModelT]) -> ModelT:
    """The file as a validated value, read once.

    Raises:
        PolicyFileError: as `read_policy` says.
    """
    return read_policy(path, model)[0]


def no_such(what: str, found: object, known: Iterable[object]) -> str:
    """What is said of a word that is none of those known: the word, the nearest one, and all of them."""
    words = [str(one) for one in known]
    return f"no such {what}: {found}{_nearest(str(found), words)}; known: {', '.join(words) or 'none'}"


def _nearest(found: str, words: Sequence[str]) -> str:
    nearest = get_close_matches(found, words, 1)
    return f" ({nearest[0]}?)" if nearest else ""


def _told(entry: dict[str, Any], model: type[BaseModel]) -> str:
    """What a model says of a value, with what was found, the nearest word, and the keys that there are."""
    keys, found = entry["loc"], entry["input"]
    match entry["type"]:
        case "extra_forbidden":
            return no_such("key", keys[-1], _keys_of(model, keys[:-1]))
        case "value_error":
            return str(entry["ctx"]["error"])
        case "missing":
            return str(entry["msg"])
        case "literal_error":
            allowed = entry["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            return f"{entry['msg']}, not {found}{_nearest(str(found), allowed)}"
    shown = type(found).__name__ if isinstance(found, dict | list) else found
    return f"{entry['msg']}, not {shown}"


def _keys_of(model: type[BaseModel], keys: KeyPath) -> list[str]:
    """The keys that may stand where a path of keys leads within a model."""
    within: Any = model
    for key in keys:
        within = _value_of(within, str(key))
    return [field.alias or name for name, field in within.model_fields.items()]


def _value_of(annotation: Any, key: str) -> Any:
    """What stands under a key of a model, a mapping or a list; null aside."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        return _not_null(fields[key])
    kinds = get_args(annotation)
    return _not_null(kinds[-1] if issubclass(get_origin(annotation), Mapping) else kinds[0])


def _not_null(annotation: Any) -> Any:
    kinds = get_args(annotation)
    return next(kind for kind in kinds if kind is not NoneType) if NoneType in kinds else annotation


def _finding(path: Path, text: str, keys: KeyPath, message: str) -> PolicyFinding:
    where = ".".join(str(key) for key in keys)
    line = line_of(text, keys) if where else 1
    return PolicyFinding(path.name, line, f"{where}: {message}" if where else message)
