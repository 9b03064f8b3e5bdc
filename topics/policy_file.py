"""YAML files that a city may change: read with their lines kept, so that every complaint says where.

Shape: `read_policy(path, Model)` gives a validated value, or raises `PolicyFileError` whose text is one
`file:line: what is wrong` per line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from topics.yaml_text import KeyPath, YamlTextError, line_of, read_yaml

NEAR: Final = 0.7
"""So alike, from 0 to 1, is a word to the one that was meant."""
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


def no_such(what: str, word: object, known: Iterable[object]) -> str:
    """Say that a word is not known, which one is nearest to it, and which there are."""
    words = [str(one) for one in known]
    guess = "".join(f"; {near} is meant, perhaps" for near in get_close_matches(str(word), words, 1, NEAR))
    return f"no such {what}: {word}{guess}; known: {', '.join(words)}"


def read_policy(path: Path, model: type[ModelT], known: object = None) -> tuple[ModelT, str]:
    """The file as a validated value, and its text for `error_at` of checks across fields.

    Args:
        path: of the file.
        model: its shape.
        known: what the model's own checks look words up in, as pydantic's validation context.

    Raises:
        PolicyFileError: the file is missing, is not in UTF-8 or no YAML, has a key twice, or does not fit the
            model.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return model.model_validate(read_yaml(text), context=known), text
    except FileNotFoundError as error:
        raise PolicyFileError(PolicyFinding(path.name, None, "no such file")) from error
    except UnicodeDecodeError as error:
        raise PolicyFileError(PolicyFinding(path.name, None, "it is not in UTF-8")) from error
    except YamlTextError as error:
        raise PolicyFileError(PolicyFinding(path.name, error.line, error.problem)) from error
    except ValidationError as error:
        found = (
            _finding(path, text, entry["loc"], _told(entry)) for entry in error.errors(include_url=False)
        )
        raise PolicyFileError(*found) from error


def _finding(path: Path, text: str, keys: KeyPath, message: str) -> PolicyFinding:
    where = ".".join(str(key) for key in keys)
    line = line_of(text, keys) if where else 1
    return PolicyFinding(path.name, line, f"{where}: {message}" if where else message)


def _told(error: ErrorDetails) -> str:
    """Return what a check of ours says; else what pydantic says, and the value found where it is one word."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    found = error["input"]
    return f"{error['msg']}, not {found!r}" if isinstance(found, (str, int, float)) else error["msg"]
