"""`exchange deploy`: access, topics and schemas as the files say, and the policy kept on the log.

It is a part of `exchange up` too.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from exchange.command.terminal.console import say
from exchange.command.terminal.options import HomeOption
from exchange.runtime.logs import configure_logs
from exchange.runtime.principals import ADMIN
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.parts import StartStep

if TYPE_CHECKING:  # it loads the clients
    from exchange.runtime.credentials.desk import AccessDifference

KEPT_POLICY = "policy"


@dataclass(frozen=True)
class _Deployment:
    """One thing to deploy, the part that must be up for it, and the tasks that come before it."""

    name: str
    needs: str
    module: str
    function: str
    after: tuple[str, ...] = ()
    tell: Callable[[Settings, Any], None] | None = None
    """Tells people what the function returns."""

    def needed(self, present: frozenset[str]) -> list[str]:
        """Return what must come first: those parts that are present (of brokers, all), and other tasks."""
        return [*sorted(part for part in present if part.partition("-")[0] == self.needs), *self.after]

    def carry_out(self, settings: Settings) -> None:
        # Imported here: the clients cost start-up time, for which `up` has better use.
        found = getattr(importlib.import_module(self.module), self.function)(settings)
        if self.tell:
            self.tell(settings, found)


def _tell_of_problems(_settings: Settings, found: "AccessDifference") -> None:
    """Say what nobody but the operator can put right."""
    for problem in found.problems:
        say(problem)


def _tell_of_change(settings: Settings, before: str | None) -> None:
    """Say that another policy was in use before, and what is left to do."""
    if before is not None:
        now = settings.city.policy
        city = f"{now.city.name.zh} {now.city.name.en}"
        say(said("policy_changed", before=before, version=now.version, city=city))


TASKS = (
    # First: at a first start brokers are busy for seconds with new topics, and take up no rules meanwhile.
    _Deployment(
        *("access", "kafka", "exchange.runtime.credentials.desk", "apply_access"), tell=_tell_of_problems
    ),
    _Deployment("topics", "kafka", "exchange.runtime.kafka.topic_admin", "apply_topics", after=("access",)),
    _Deployment(
        "schemas", "registry", "exchange.runtime.registry.schema_copy", "deploy_schemas", after=("topics",)
    ),
    _Deployment(
        *(KEPT_POLICY, "registry", "exchange.runtime.policy_log", "keep_policy"),
        after=("schemas",),
        tell=_tell_of_change,
    ),
)


def deploy_steps(settings: Settings, present: frozenset[str]) -> tuple[StartStep, ...]:
    """Return the tasks as steps, each to be done once the parts it needs are up, if they are started here."""
    return tuple(
        StartStep(task.name, run=partial(task.carry_out, settings), after=tuple(task.needed(present)))
        for task in TASKS
    )


def deploy(settings: Settings, report: Callable[[str], None]) -> None:
    """Apply access and topics, register schemas, keep the policy; what is already in place stays as it is."""
    for task in TASKS:
        task.carry_out(settings)
        report(f"{task.name} deployed")


def deploy_here(home: HomeOption = None) -> None:
    """Apply access, topics, schemas and policy to the Kafka and registry in use; `up` does it by itself."""
    configure_logs()
    deploy(load_settings(home, ADMIN), say)
