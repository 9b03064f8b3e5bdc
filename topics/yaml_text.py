"""YAML as it is read everywhere here: plain values, each key once, and the line of each if asked for.

The rules are those of YAML 1.2, so that a department called `on` is a word. libyaml is used, because every
command and every part of the exchange reads some 60 kB of it before anything else.
"""

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

import yaml

KeyPath = Sequence[str | int]

_MERGE: Final = "tag:yaml.org,2002:merge"
_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAYTIME: Final = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_WORDS: Final = {
    # tag: what an unquoted word that is more than text looks like, and its possible first characters
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "tag:yaml.org,2002:null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "tag:yaml.org,2002:int": (r"[-+]?(0|[1-9][0-9_]*)|0x[0-9a-fA-F]+|0o[0-7]+", "-+0123456789"),
    "tag:yaml.org,2002:float": (r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    "tag:yaml.org,2002:timestamp": (rf"{_DAY}(T{_DAYTIME}(Z|[-+][0-9]{{2}}:[0-9]{{2}}))?", "0123456789"),
    _MERGE: (r"<<", "<"),
}


class YamlTextError(ValueError):
    """It is not YAML, or a key stands twice in one mapping; `line` says where, from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


class _Loader(yaml.CSafeLoader):
    """Refuses a key that stands twice: one of the two was meant to be another."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as the class above has it

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a dict of it, as the class above does."""
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key is no word", problem_mark=key.start_mark)
            if key.tag != _MERGE and key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f'found duplicate key "{key.value}"', problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        """Make a date or an instant of it, or say where there is one that the calendar does not have."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.MarkedYAMLError(
                problem=f"{node.value}: {error}", problem_mark=node.start_mark
            ) from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)
for _tag, (_form, _first) in _WORDS.items():
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_form})$"), list(_first))


def read_yaml(text: str) -> Any:
    """Return the text's data.

    Raises:
        YamlTextError: it has none, or a key is twice in one mapping.
    """
    try:
        return _Loader(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlTextError(mark.line + 1 if mark else 1, error.problem or str(error)) from error
    except yaml.YAMLError as error:
        raise YamlTextError(1, str(error)) from error


def read_packaged(package: str, *parts: str) -> Any:
    """Return the data of a file that is shipped within one of our packages.

    Args:
        package: the one whose folder holds it.
        parts: the parts of its path from there.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return read_yaml(files(package).joinpath(*parts).read_text(encoding="utf-8"))


def line_of(text: str, keys: KeyPath) -> int:
    """Return the line (from 1) of the value at a path of keys, or of its nearest ancestor that is there."""
    node = _Loader(text).get_single_node()
    line = node.start_mark.line + 1 if node else 1
    for key in keys:
        found = _child(node, key)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, key: str | int) -> tuple[int, yaml.Node] | None:
    """Return the line and the node of what a mapping or a list has under a key."""
    if isinstance(node, yaml.MappingNode):
        found = ((name.start_mark.line + 1, value) for name, value in node.value if name.value == str(key))
        return next(found, None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark.line + 1, node.value[key]
    return None
