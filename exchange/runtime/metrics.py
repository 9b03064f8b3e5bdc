"""Every metric of the exchange, in one list: what is not in it is not measured, alerted on or drawn.

No label ever holds anything by which a person could be found: labels are codes of the catalogue, the policy
and the reasons, or names of parts.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from topics.labels import Labels, Words

if TYPE_CHECKING:  # parts serve metrics; commands need the names alone
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

MetricKind = Literal["counter", "gauge", "histogram"]

LABELS: Final = Labels(__file__)
STOP_CAUSES: Final = ("fenced", "undelivered", "rules_fail", "other")
LATENCY_S: Final = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)
BATCH_RECORDS: Final = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; what it means is a label.

    Attributes:
        served_by: The parts that serve it.
        buckets: A histogram's upper bounds.
    """

    name: str
    kind: MetricKind
    served_by: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def meaning(self) -> Words:
        """What it counts or measures."""
        return LABELS[self.name]

    def counter(self, registry: "CollectorRegistry") -> "Counter":
        """Return it as a counter that a part counts up itself."""
        from prometheus_client import Counter  # noqa: PLC0415 - as above

        return Counter(self.name, self.meaning.en, self.labels, registry=registry)

    def gauge(self, registry: "CollectorRegistry") -> "Gauge":
        """Return it as a gauge that a part sets itself."""
        from prometheus_client import Gauge  # noqa: PLC0415 - as above

        return Gauge(self.name, self.meaning.en, self.labels, registry=registry)

    def histogram(self, registry: "CollectorRegistry") -> "Histogram":
        """Return it as a histogram that a part fills itself."""
        from prometheus_client import Histogram  # noqa: PLC0415 - as above

        return Histogram(self.name, self.meaning.en, self.labels, registry=registry, buckets=self.buckets)

    def family(self) -> Any:
        """Return it empty, to be filled when somebody asks."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415 - as above

        made = CounterMetricFamily if self.kind == "counter" else GaugeMetricFamily
        return made(self.name, self.meaning.en, labels=self.labels)

    @property
    def series(self) -> frozenset[str]:
        """The names by which a query finds it."""
        if self.kind == "histogram":
            return frozenset(f"{self.name}_{end}" for end in ("bucket", "count", "sum"))
        return frozenset({self.name})


LIVE = Metric("exchange_live", "gauge", "all")
READY = Metric("exchange_ready", "gauge", "all")
HEARTBEAT_AGE = Metric("exchange_heartbeat_age_seconds", "gauge", "all")
TRIED_AGAIN = Metric(
    "exchange_tried_again_total",
    "counter",
    "projector, clock, reconciler, notifier",
    ("error",),
)

RECORDS = Metric(
    "exchange_records_total",
    "counter",
    "joiner",
    ("type", "outcome"),
)
REASONS = Metric(
    "exchange_reasons_total",
    "counter",
    "joiner",
    ("code",),
)
QUARANTINED = Metric(
    "exchange_quarantined_total",
    "counter",
    "joiner",
    ("department",),
)
ANNOUNCEMENTS = Metric(
    "exchange_announcements_total",
    "counter",
    "joiner",
    ("department",),
)
OUTCOME_SECONDS = Metric(
    "exchange_outcome_seconds",
    "histogram",
    "joiner",
    buckets=LATENCY_S,
)
ANNOUNCED_SECONDS = Metric(
    "exchange_announced_seconds",
    "histogram",
    "joiner",
    buckets=LATENCY_S,
)
BATCH_SIZE = Metric(
    "exchange_batch_records",
    "histogram",
    "joiner",
    buckets=BATCH_RECORDS,
)
BATCH_SECONDS = Metric(
    "exchange_batch_seconds",
    "histogram",
    "joiner",
    buckets=LATENCY_S,
)
TO_RESTORE = Metric(
    "exchange_states_to_restore",
    "gauge",
    "joiner",
)

CARRIED = Metric(
    "exchange_carried_total",
    "counter",
    "projector, reconciler, notifier",
)
LAG = Metric(
    "exchange_lag_messages",
    "gauge",
    "joiner, projector, reconciler, notifier",
)
QUARANTINE = Metric(
    "exchange_quarantine_entries",
    "gauge",
    "projector",
    ("department",),
)
TASKS = Metric(
    "exchange_tasks",
    "gauge",
    "projector",
    ("kind", "state"),
)
OLDEST_WITHDRAWAL = Metric(
    "exchange_oldest_unacknowledged_withdrawal_seconds",
    "gauge",
    "projector",
)
RECONCILED_AGE = Metric(
    "exchange_reconciled_age_seconds",
    "gauge",
    "projector",
)
MISSING = Metric(
    "exchange_missing_records",
    "gauge",
    "projector",
)
NOT_HEALED = Metric(
    "exchange_unhealed_records",
    "gauge",
    "projector",
)
HEALED = Metric(
    "exchange_healed_records",
    "gauge",
    "projector",
)
WEBHOOKS_DELIVERED = Metric(
    "exchange_webhooks_delivered_total",
    "counter",
    "notifier",
)
WEBHOOKS_FAILED = Metric(
    "exchange_webhooks_failed_attempts_total",
    "counter",
    "notifier",
)
WEBHOOKS_PENDING = Metric(
    "exchange_webhooks_pending",
    "gauge",
    "projector",
)
WEBHOOKS_DEAD = Metric(
    "exchange_webhooks_dead",
    "gauge",
    "projector",
)
OLDEST_WEBHOOK = Metric(
    "exchange_oldest_pending_webhook_seconds",
    "gauge",
    "projector",
)
RESTARTS = Metric(
    "exchange_restarts_total",
    "counter",
    "projector",
    ("of",),
)
STOPS = Metric(
    "exchange_stops_total",
    "counter",
    "projector",
    ("of", "cause"),
)
FAILED_LOGINS = Metric(
    "exchange_failed_logins_total",
    "counter",
    "projector",
    ("door",),
)
PEOPLE_REFUSED = Metric("exchange_accounts_over_people_limit", "gauge", "projector")
BROKERS = Metric("exchange_brokers", "gauge", "projector")
UNDERREPLICATED = Metric(
    "exchange_underreplicated_partitions",
    "gauge",
    "projector",
)
DISK_FREE = Metric("exchange_disk_free_ratio", "gauge", "projector")
OVERVIEW_FAILED = Metric(
    "exchange_overview_failed",
    "gauge",
    "projector",
    ("question",),
)

METRICS: Final[tuple[Metric, ...]] = (
    *(LIVE, READY, HEARTBEAT_AGE, TRIED_AGAIN),
    *(RECORDS, REASONS, QUARANTINED, ANNOUNCEMENTS, OUTCOME_SECONDS, ANNOUNCED_SECONDS),
    *(BATCH_SIZE, BATCH_SECONDS, TO_RESTORE, CARRIED, LAG),
    *(QUARANTINE, TASKS, OLDEST_WITHDRAWAL, RECONCILED_AGE, MISSING, NOT_HEALED, HEALED),
    *(WEBHOOKS_DELIVERED, WEBHOOKS_FAILED, WEBHOOKS_PENDING, WEBHOOKS_DEAD, OLDEST_WEBHOOK),
    *(RESTARTS, STOPS, FAILED_LOGINS, PEOPLE_REFUSED, BROKERS, UNDERREPLICATED, DISK_FREE, OVERVIEW_FAILED),
)
