"""Whether all is well and, if not, what is to be done: pure, from what status has found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from consumers.labels.words import local_time
from consumers.log.outside_transactions import OpenTransaction
from consumers.operations.failed_logins import FailedLogins
from consumers.operations.overview import (
    Brokers,
    Overview,
    Owed,
    Quarantined,
    Reconciled,
    Webhooks,
    Withdrawn,
)
from consumers.operations.part_views import HANGS, STOPPED, UNANSWERED, PartView
from exchange.runtime.webhook_endpoint import NOTIFIER, URL_VARIABLE
from topics.labels import Labels, Words

Verdict = Literal["green", "yellow", "red"]

LABELS: Final = Labels(__file__)
VERDICTS: Final = LABELS.table("verdicts")
MUCH_BEHIND: Final = 1000
OFTEN: Final = 3
SILENT_S: Final = 5 * 60
DISK_LOW: Final = 0.15
DISK_FULL: Final = 0.05
MANY_FAILED_LOGINS: Final = 10
WITHDRAWAL_LIMIT_S: Final = 24 * 60 * 60
WEBHOOK_LIMIT_S: Final = 60 * 60


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be, and the next step; neither names a person."""

    code: str
    what: Words
    do: Words
    broken: bool = False
    """Whether something does not work at all; otherwise it works, but late or not for much longer."""


def verdict(problems: Iterable[Problem]) -> Verdict:
    """Return red if something is broken, yellow if something needs attention, else green."""
    found = [problem.broken for problem in problems]
    return "red" if any(found) else "yellow" if found else "green"


def nothing_runs() -> Problem:
    """Return the problem of a home in which nothing runs."""
    return _problem("nothing_runs", broken=True)


def problems_of(parts: Iterable[PartView], overview: Overview, logs: str) -> tuple[Problem, ...]:
    """Return what is wrong, starting with what is broken.

    Args:
        parts: every part of the running stack.
        overview: what is known about the whole.
        logs: the folder of the parts' logs, to be named.
    """
    parts = tuple(parts)
    found = [problem for part in parts for problem in _of_part(part, logs)]
    found += [*_of_brokers(overview.brokers), *_of_registry(overview.registry)]
    found += _of_owed(overview.owed, registry=overview.registry is not None)
    found += [*_of_open(overview.transactions or ()), *_of_withdrawn(overview.withdrawn or ())]
    found += [*_of_quarantine(overview.quarantined), *_of_ledger(overview.reconciled)]
    found += [*_of_webhooks(overview.webhooks, parts), *_of_disk(overview.disk_free_ratio)]
    found += _of_logins(overview.failed_logins, logs)
    return tuple(sorted(found, key=lambda problem: not problem.broken))


def _problem(code: str, *, do: str = "do", broken: bool = False, **details: object) -> Problem:
    """Return the problem in the words of the labels, with its details in place.

    Args:
        code: as the labels have it.
        do: the label of the next step, if there are several.
        broken: whether something does not work at all.
        details: what the sentences tell; nothing about a person.
    """
    said = LABELS.table(code)
    return Problem(code, said["what"].filled(**details), said[do].filled(**details), broken)


def _of_part(part: PartView, logs: str) -> Iterator[Problem]:
    name, log = part.name, f"{logs}/{part.name}.log"
    if part.waits_for == HANGS:
        yield _problem("part_hangs", broken=True, name=name, log=log, pid=part.pid)
    elif part.waits_for == STOPPED:
        yield _problem("part_stopped", broken=True, name=name, pids=" ".join(map(str, part.stopped)))
    elif part.health != "healthy":
        starts = part.health == "starting"
        state = LABELS.table("health").get(part.health, Words(part.health, f"is {part.health}"))
        yield _problem(
            "part_starting" if starts else "part_down", broken=not starts, name=name, state=state, log=log
        )
    elif part.waits_for == UNANSWERED:
        yield _problem("part_unanswered", name=name, log=log)
    elif part.waits_for is not None:
        yield _problem("part_not_ready", name=name, waits_for=part.waits_for, log=log)
    if part.restarts >= OFTEN:
        yield _problem("part_restarts", name=name, restarts=part.restarts, log=log)
    if (part.behind or 0) > MUCH_BEHIND:
        yield _problem("lag_high", name=name, behind=part.behind)


def _of_brokers(brokers: Brokers | None) -> Iterator[Problem]:
    if brokers is None:
        yield _problem("brokers_away", broken=True)
    elif brokers.missing:
        yield _problem("broker_missing", missing=brokers.missing)
    elif brokers.underreplicated:
        yield _problem("underreplicated", partitions=brokers.underreplicated)


def _of_registry(answers: bool | None) -> Iterator[Problem]:
    if answers is None:
        yield _problem("registry_away", broken=True)


def _of_owed(owed: Owed | None, *, registry: bool) -> Iterator[Problem]:
    if owed is None:
        yield _problem("read_model_away", do="do" if registry else "do_without_registry", broken=True)
    elif owed.oldest_withdrawal_seconds > WITHDRAWAL_LIMIT_S:
        yield _problem("withdrawal_unacknowledged", hours=int(owed.oldest_withdrawal_seconds // 3600))
    elif owed.late:
        yield _problem("tasks_late", late=owed.late)


def _of_open(found: Iterable[OpenTransaction]) -> Iterator[Problem]:
    for topic, here in _by_topic(found).items():
        since = min((one.since for one in here if one.since is not None), default=None)
        yield _problem(
            "outside_transaction_open",
            where=_where(topic, (one.partition for one in here)),
            began="" if since is None else LABELS["began"].filled(at=local_time(since)),
            waiting=sum(one.waiting for one in here),
        )


def _of_withdrawn(found: Iterable[Withdrawn]) -> Iterator[Problem]:
    for one in found:
        where = _where(one.topic, one.partitions)
        latest = local_time(one.latest)
        yield _problem("outside_transaction_taken_back", where=where, records=one.records, latest=latest)


def _by_topic(found: Iterable[OpenTransaction]) -> dict[str, list[OpenTransaction]]:
    topics: dict[str, list[OpenTransaction]] = {}
    for one in found:
        topics.setdefault(one.topic, []).append(one)
    return topics


def _where(topic: str, partitions: Iterable[int]) -> str:
    return f"{topic}/{','.join(map(str, partitions))}"


def _of_quarantine(found: Quarantined | None) -> Iterator[Problem]:
    if found is not None and found.rules_failed:
        yield _problem("rule_failed", records=found.rules_failed)


def _of_ledger(seen: Reconciled | None) -> Iterator[Problem]:
    if seen is None:
        return
    if seen.not_healed:
        yield _problem("record_missing", broken=True, records=seen.not_healed)
    if seen.age_seconds > SILENT_S:
        yield _problem("reconciler_silent", minutes=int(seen.age_seconds // 60))


def _of_webhooks(waiting: Webhooks | None, parts: Iterable[PartView]) -> Iterator[Problem]:
    if waiting is None or not (waiting.dead or waiting.oldest_seconds > WEBHOOK_LIMIT_S):
        return
    runs = any(part.name == NOTIFIER for part in parts)
    yield _problem(
        "webhooks_undelivered",
        do="do" if runs else "do_without_notifier",
        pending=waiting.pending,
        minutes=int(waiting.oldest_seconds // 60),
        dead=waiting.dead,
        variable=URL_VARIABLE,
    )


def _of_logins(failed: FailedLogins | None, logs: str) -> Iterator[Problem]:
    if failed is not None and failed.since is not None and failed.count >= MANY_FAILED_LOGINS:
        yield _problem(
            "failed_logins",
            count=failed.count,
            addresses=failed.addresses,
            since=local_time(failed.since),
            logs=logs,
        )


def _of_disk(free_ratio: float | None) -> Iterator[Problem]:
    if free_ratio is not None and free_ratio < DISK_LOW:
        full = free_ratio < DISK_FULL
        yield _problem("disk_full" if full else "disk_low", broken=full, free=f"{free_ratio:.0%}")
