"""`exchange topics`: the catalogue of topics, and whether the brokers hold it."""

import json
from typing import Annotated, Any

import typer

from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.runtime.kafka.topic_admin import apply_topics, compare
from exchange.runtime.principals import ADMIN
from exchange.runtime.settings import load_settings
from topics.catalogue import Catalogue, Topic

ApplyOption = Annotated[
    bool,
    typer.Option("--apply/--check", help="Create what is missing, or only compare (exit 1 on a difference)."),
]


def topics(json_lines: JsonOption = False, apply: ApplyOption = True, home: HomeOption = None) -> None:
    """Show every topic, after creating missing ones; refuse (exit code 1) where the brokers disagree."""
    settings = load_settings(home, ADMIN)
    if apply:
        created = set(apply_topics(settings).created)
        _show(settings.city.catalogue, json_lines, {name: ["created"] for name in created})
        return
    differences = compare(settings)
    notes: dict[str, list[str]] = {}
    for difference in differences:
        notes.setdefault(difference.topic, []).append(
            f"{difference.setting} is {difference.found}, wanted {difference.wanted}"
        )
    _show(settings.city.catalogue, json_lines, notes)
    if differences:
        typer.echo(f"{len(differences)} differences from topics/catalogue.yaml", err=True)
        raise typer.Exit(1)


def _show(catalogue: Catalogue, json_lines: bool, notes: dict[str, list[str]]) -> None:
    for topic in catalogue.topics:
        said = notes.get(topic.name, [])
        if json_lines:
            typer.echo(json.dumps(_as_json(topic, said), ensure_ascii=False))
        else:
            typer.echo(_as_line(topic, said), err=True)


def _as_json(topic: Topic, notes: list[str]) -> dict[str, Any]:
    return {
        "topic": topic.name,
        "schema": topic.schema,
        "key": topic.key,
        "owner": topic.owner,
        "readers": list(topic.readers),
        "partitions": topic.partitions,
        "cleanup": topic.cleanup,
        "retention_ms": topic.retention_ms,
        "max_message_bytes": topic.max_message_bytes,
        "notes": notes,
    }


def _as_line(topic: Topic, notes: list[str]) -> str:
    line = f"{topic.name:<42} {topic.partitions:>3} × {topic.cleanup:<8} {topic.owner:<21}"
    return f"{line} {'; '.join(notes)}".rstrip()
