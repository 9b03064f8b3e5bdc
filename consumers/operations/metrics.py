"""The overview as metrics: asked anew at each scrape; what is not known is left out, never guessed."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from prometheus_client.registry import Collector

from consumers.operations.failed_logins import LoginLogs
from consumers.operations.overview import Overview, Owed, Quarantined, look
from exchange.runtime import metrics
from exchange.runtime.home import Home
from exchange.runtime.monitor import stops_of
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import PartState, read_state

SCRAPE_LIMIT_S: Final = 2.0


class OverviewCollector(Collector):
    """Serves the metrics of the whole exchange; one part has it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._logins = CountedLogins(LoginLogs(Home(settings.home).logs))

    def describe(self) -> Iterable[Any]:
        """Return the metrics without values, so that nobody is asked at the start."""
        yield from families(Overview(), ())
        yield metrics.STOPS.family()
        yield metrics.FAILED_LOGINS.family()

    def collect(self) -> Iterable[Any]:
        """Return the metrics as they are now."""
        home = Home(self._settings.home)
        state = read_state(home)
        parts = state.parts if state else ()
        yield from families(look(self._settings, SCRAPE_LIMIT_S), parts)
        stops = metrics.STOPS.family()
        for part in parts:
            if part.name.startswith("joiner"):
                for cause, count in stops_of(home, part.name).items():
                    stops.add_metric((part.name, cause), count)
        yield stops
        yield self._logins.family()


class CountedLogins:
    """Counts failed logins, whoever asks and however many do at once."""

    def __init__(self, logs: LoginLogs) -> None:
        self._logs = logs
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def family(self) -> Any:
        """Return how many there have been at each door that writes a log here."""
        family = metrics.FAILED_LOGINS.family()
        with self._lock:
            self._counts.update(one.door for one in self._logs.read())
            for door in self._logs.doors:
                family.add_metric((door,), self._counts[door])
        return family


def families(overview: Overview, parts: Iterable[PartState]) -> Iterator[Any]:
    """Yield every metric of the overview, without values if nobody answered."""
    restarts = metrics.RESTARTS.family()
    for part in parts:
        restarts.add_metric((part.name,), part.restarts)
    yield restarts
    brokers = overview.brokers
    yield _single(metrics.BROKERS, brokers.alive if brokers else None)
    yield _single(metrics.UNDERREPLICATED, brokers.underreplicated if brokers else None)
    yield _single(metrics.DISK_FREE, overview.disk_free_ratio)
    yield from _owed(overview.owed)
    yield _quarantined(overview.quarantined)
    seen = overview.reconciled
    yield _single(metrics.RECONCILED_AGE, seen.age_seconds if seen else None)
    yield _single(metrics.MISSING, seen.missing if seen else None)
    yield _single(metrics.NOT_HEALED, seen.not_healed if seen else None)
    yield _single(metrics.HEALED, seen.healed if seen else None)
    waiting = overview.webhooks
    yield _single(metrics.WEBHOOKS_PENDING, waiting.pending if waiting else None)
    yield _single(metrics.WEBHOOKS_DEAD, waiting.dead if waiting else None)
    yield _single(metrics.OLDEST_WEBHOOK, waiting.oldest_seconds if waiting else None)
    yield _single(metrics.PEOPLE_REFUSED, overview.people_refused)
    failed = metrics.OVERVIEW_FAILED.family()
    for question, answer in (
        ("brokers", brokers),
        ("read_model", overview.owed),
        ("quarantine", overview.quarantined),
    ):
        failed.add_metric((question,), int(answer is None))
    yield failed


def _owed(owed: Owed | None) -> Iterator[Any]:
    yield _single(metrics.OLDEST_WITHDRAWAL, owed.oldest_withdrawal_seconds if owed else None)
    tasks = metrics.TASKS.family()
    if owed is not None:
        for (kind, state), count in owed.tasks.items():
            tasks.add_metric((kind, state), count)
    yield tasks


def _quarantined(found: Quarantined | None) -> Any:
    family = metrics.QUARANTINE.family()
    for department, count in (found.entries if found else {}).items():
        family.add_metric((department,), count)
    return family


def _single(metric: metrics.Metric, value: float | None) -> Any:
    family = metric.family()
    if value is not None:
        family.add_metric((), value)
    return family
