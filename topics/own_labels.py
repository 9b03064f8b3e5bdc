"""A city's own words: a file in `labels/` of its folder says some of our labels otherwise.

Shape: `labels/PATH` is laid over our file `PATH`, such as `consumers/labels/words.yaml`, label by label and
language by language; what it leaves out stays ours. It has the details of ours, so that nothing is lost.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from string import Formatter
from typing import Any, Final

from topics.policy_file import PolicyFileError, PolicyFinding, no_such
from topics.yaml_text import KeyPath, YamlTextError, line_of, read_yaml

OWN_LABELS: Final = Path("labels")
ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = ("consumers", "exchange")
NO_LABELS: Final = frozenset({"exchange/runtime/sentences.yaml"})
"""Beside a module of its name, too, but what commands answer to operators."""


def label_files() -> tuple[str, ...]:
    """The paths of our label files, of which a city may have its own, sorted."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.yaml"))
    names = (path.relative_to(ROOT).as_posix() for path in found if path.with_suffix(".py").is_file())
    return tuple(sorted(set(names) - NO_LABELS))


def label_samples(head: str) -> Mapping[str, bytes]:
    """Our label files by their paths within a city's folder, each line a comment, so none in force.

    Args:
        head: what people are told above them.
    """
    return {(OWN_LABELS / name).as_posix(): _sample(head, name).encode() for name in label_files()}


def own_label_files(folder: Path) -> tuple[str, ...]:
    """The paths within a city's folder of the label files that it has."""
    names = ((OWN_LABELS / name).as_posix() for name in label_files())
    return tuple(name for name in names if (folder / name).is_file())


def with_own(ours: dict[str, Any], path: Path, folder: Path) -> dict[str, Any]:
    """Our labels of the file at a path, or a city's laid over them, where it has a file for it.

    Raises:
        PolicyFileError: as `laid_over` says.
    """
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else None
    if name is None or not (folder / OWN_LABELS / name).is_file():
        return ours
    return laid_over(ours, folder, name)


def laid_over(ours: Mapping[str, Any], folder: Path, name: str) -> dict[str, Any]:
    """Our labels of a file, and a city's where it has its own.

    Args:
        ours: what our file holds.
        folder: the city's.
        name: the path of our file.

    Raises:
        PolicyFileError: the city's file does not fit ours; each finding has its line.
    """
    path, own_name = folder / OWN_LABELS / name, (OWN_LABELS / name).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
        own = read_yaml(text) or {}
    except UnicodeDecodeError as error:
        raise PolicyFileError(PolicyFinding(own_name, None, "it is not in UTF-8")) from error
    except YamlTextError as error:
        raise PolicyFileError(PolicyFinding(own_name, error.line, error.problem)) from error
    wrong = [_finding(own_name, text, keys, problem) for keys, problem in _problems(ours, own)]
    if wrong:
        raise PolicyFileError(*wrong)
    laid: dict[str, Any] = _laid(ours, own)
    return laid


def own_label_findings(folder: Path) -> Iterator[PolicyFinding]:
    """Yield what is wrong with a city's labels: in each file, and with files that are none of ours."""
    known = label_files()
    for path in sorted((folder / OWN_LABELS).rglob("*")):
        name = path.relative_to(folder / OWN_LABELS).as_posix()
        if name in known:
            try:
                laid_over(read_yaml((ROOT / name).read_text(encoding="utf-8")), folder, name)
            except PolicyFileError as error:
                yield from error.findings
        elif path.is_file():
            near = get_close_matches(name, known, 1)
            problem = no_such("file of labels", name, near or known)
            yield PolicyFinding((OWN_LABELS / name).as_posix(), None, problem)


def _sample(head: str, name: str) -> str:
    lines = (*head.splitlines(), *(ROOT / name).read_text(encoding="utf-8").splitlines())
    return "".join(f"# {line}\n" for line in lines)


def _problems(ours: Any, own: Any, keys: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield what does not fit ours, each with its path of keys."""
    if isinstance(ours, str):
        yield from ((keys, problem) for problem in _problems_of_text(ours, own))
    elif not isinstance(own, dict):
        yield keys, f"needs {' or '.join(map(str, ours))}, not {_shown(own)}"
    else:
        for key, value in own.items():
            if key in ours:
                yield from _problems(ours[key], value, (*keys, key))
            else:
                yield (*keys, key), no_such("label" if not keys else "key", key, ours)


def _problems_of_text(ours: str, own: Any) -> Iterator[str]:
    if not isinstance(own, str) or not own.strip():
        yield f"needs text, not {_shown(own)}"
        return
    known = _details(ours)
    try:
        found = _details(own)
    except ValueError as error:
        yield f"a brace too many or too few: {error}"
        return
    unknown = sorted(found.keys() - known.keys() - set(known.values()))
    lacking = sorted(set(known.values()) - set(found.values()))
    for detail in unknown:
        yield no_such("detail", f"{{{detail}}}", [f"{{{one}}}" for one in known])
    for name in () if unknown else lacking:  # an unknown one is likely meant to be it
        yield f"lacks {{{name}}}, which is told here"


def _details(text: str) -> dict[str, str]:
    """The details of a text, as they stand within braces, with the name of each."""
    return {
        name + (f"!{change}" if change else "") + (f":{form}" if form else ""): name
        for _, name, form, change in Formatter().parse(text)
        if name is not None
    }


def _shown(found: Any) -> str:
    if isinstance(found, dict | list):
        return type(found).__name__
    return str(found) if found and str(found).strip() else "nothing"


def _laid(ours: Any, own: Any) -> Any:
    if isinstance(ours, str):
        return own
    return {key: _laid(value, own[key]) if key in own else value for key, value in ours.items()}


def _finding(file: str, text: str, keys: KeyPath, problem: str) -> PolicyFinding:
    where = ".".join(map(str, keys))
    return PolicyFinding(file, line_of(text, keys), f"{where}: {problem}" if where else problem)
