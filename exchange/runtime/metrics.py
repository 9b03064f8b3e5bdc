"""Every metric of the exchange, in one list: what is not in it is not measured, alarmed at or drawn.

No label ever holds what a person could be found by: labels are codes of the catalogue, the policy and the
reasons, or names of parts.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

MetricKind = Literal["counter", "gauge", "histogram"]

STOP_CAUSES: Final = ("fenced", "undelivered", "rules_fail", "other")
LATENCY_S: Final = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)
BATCH_RECORDS: Final = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. ``told_by`` are the parts that serve it; ``buckets`` are a histogram's upper bounds."""

    name: str
    kind: MetricKind
    told_by: str
    english: str
    chinese: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    def counter(self, registry: CollectorRegistry) -> Counter:
        """Return it as a counter that a part counts up itself."""
        return Counter(self.name, self.english, self.labels, registry=registry)

    def gauge(self, registry: CollectorRegistry) -> Gauge:
        """Return it as a gauge that a part sets itself."""
        return Gauge(self.name, self.english, self.labels, registry=registry)

    def histogram(self, registry: CollectorRegistry) -> Histogram:
        """Return it as a histogram that a part fills itself."""
        return Histogram(self.name, self.english, self.labels, registry=registry, buckets=self.buckets)

    def family(self) -> Any:
        """Return it empty, to be filled at the moment when somebody asks."""
        made = CounterMetricFamily if self.kind == "counter" else GaugeMetricFamily
        return made(self.name, self.english, labels=self.labels)

    @property
    def series(self) -> frozenset[str]:
        """The names under which a query finds it."""
        if self.kind == "histogram":
            return frozenset(f"{self.name}_{end}" for end in ("bucket", "count", "sum"))
        return frozenset({self.name})


LIVE = Metric(
    "exchange_live", "gauge", "all", "1 while the part's work loop moves, else 0", "工作循环是否在运转"
)
READY = Metric(
    "exchange_ready", "gauge", "all", "1 while the part has caught up and works, else 0", "是否就绪"
)
HEARTBEAT_AGE = Metric(
    "exchange_heartbeat_age_seconds", "gauge", "all", "Since the work loop last moved", "距上次心跳的秒数"
)
TRIED_AGAIN = Metric(
    "exchange_tried_again_total",
    "counter",
    "projector, clock, reconciler, notifier",
    "Times it had to wait for another part and begin again, by what was missing",
    "因其他部分不可用而重试的次数",
    ("error",),
)

RECORDS = Metric(
    "exchange_records_total",
    "counter",
    "joiner",
    "Records answered, by type and outcome (ACCEPTED, DUPLICATE, HELD, REJECTED or UNDECODABLE)",
    "已处理记录数，按类型与受理状态",
    ("type", "outcome"),
)
REASONS = Metric(
    "exchange_reasons_total",
    "counter",
    "joiner",
    "Reasons for which records were refused or held, by code",
    "退回或暂存的原因数，按原因代码",
    ("code",),
)
QUARANTINED = Metric(
    "exchange_quarantined_total",
    "counter",
    "joiner",
    "Entries put into quarantine, by the department that owns the topic",
    "新增隔离条目数，按部门",
    ("department",),
)
ANNOUNCEMENTS = Metric(
    "exchange_announcements_total",
    "counter",
    "joiner",
    "Announcements to departments",
    "发出的通知数，按部门",
    ("department",),
)
OUTCOME_SECONDS = Metric(
    "exchange_outcome_seconds",
    "histogram",
    "joiner",
    "From the log's append time of a record to its receipt, acknowledged by the brokers",
    "记录入库到回执确认的秒数",
    buckets=LATENCY_S,
)
ANNOUNCED_SECONDS = Metric(
    "exchange_announced_seconds",
    "histogram",
    "joiner",
    "From the log's append time of a record to the announcements that it caused, acknowledged by the brokers",
    "记录入库到通知确认的秒数",
    buckets=LATENCY_S,
)
BATCH_SIZE = Metric(
    "exchange_batch_records",
    "histogram",
    "joiner",
    "Messages in a batch",
    "每批消息数",
    buckets=BATCH_RECORDS,
)
BATCH_SECONDS = Metric(
    "exchange_batch_seconds",
    "histogram",
    "joiner",
    "From a batch's fetch to its end: folded, acknowledged, kept",
    "每批处理秒数",
    buckets=LATENCY_S,
)
TO_RESTORE = Metric(
    "exchange_states_to_restore",
    "gauge",
    "joiner",
    "Changelog messages still to be read before records are taken",
    "尚待恢复的状态日志条数",
)

CARRIED = Metric(
    "exchange_carried_total",
    "counter",
    "projector, reconciler, notifier",
    "Messages carried into the read model or the ledger, or looked at for the portal",
    "写入查询库或台账、或为门户通知而读取的消息数",
)
LAG = Metric(
    "exchange_lag_messages",
    "gauge",
    "joiner, projector, reconciler, notifier",
    "Messages in the log that the part has still to take",
    "尚待处理的消息数",
)
QUARANTINE = Metric(
    "exchange_quarantine_entries",
    "gauge",
    "projector",
    "Open entries in quarantine, by department",
    "隔离区条目数，按部门",
    ("department",),
)
TASKS = Metric(
    "exchange_tasks",
    "gauge",
    "projector",
    "Tasks owed, by kind and state (OPEN or LATE)",
    "待办数，按类型与状态",
    ("kind", "state"),
)
OLDEST_WITHDRAWAL = Metric(
    "exchange_oldest_unacknowledged_withdrawal_seconds",
    "gauge",
    "projector",
    "Age of the oldest withdrawal that no department has signed for; 0 where there is none",
    "最久未签收撤销通知的秒数",
)
RECONCILED_AGE = Metric(
    "exchange_reconciled_age_seconds",
    "gauge",
    "projector",
    "Since the reconciler last compared the log with what came of it",
    "距上次对账的秒数",
)
MISSING = Metric(
    "exchange_missing_records",
    "gauge",
    "projector",
    "Records that the join has passed without effect, those included that are being delivered again",
    "未生效的记录数",
)
NOT_HEALED = Metric(
    "exchange_unhealed_records",
    "gauge",
    "projector",
    "Of the missing records those that being delivered again did not help",
    "重新投递后仍未生效的记录数",
)
HEALED = Metric(
    "exchange_healed_records",
    "gauge",
    "projector",
    "Records that were missing once and are not any more",
    "已补救的记录数",
)
WEBHOOKS_DELIVERED = Metric(
    "exchange_webhooks_delivered_total",
    "counter",
    "notifier",
    "Deliveries that the portal has taken",
    "门户已接收的通知数",
)
WEBHOOKS_FAILED = Metric(
    "exchange_webhooks_failed_attempts_total",
    "counter",
    "notifier",
    "Attempts to tell the portal that have failed",
    "向门户推送失败的次数",
)
WEBHOOKS_PENDING = Metric(
    "exchange_webhooks_pending",
    "gauge",
    "projector",
    "Deliveries that the portal has still to take; none told where no webhooks were ever set up",
    "待推送门户的通知数",
)
WEBHOOKS_DEAD = Metric(
    "exchange_webhooks_dead",
    "gauge",
    "projector",
    "Deliveries that are tried no more and wait for a person",
    "已停止重试的门户通知数",
)
OLDEST_WEBHOOK = Metric(
    "exchange_oldest_pending_webhook_seconds",
    "gauge",
    "projector",
    "Age of the oldest delivery that the portal has still to take; 0 where there is none",
    "最久未送达门户通知的秒数",
)
RESTARTS = Metric(
    "exchange_restarts_total",
    "counter",
    "projector",
    "Times the supervisor has started a part again",
    "部件被重新启动的次数",
    ("of",),
)
STOPS = Metric(
    "exchange_stops_total",
    "counter",
    "projector",
    "Stops of a joiner by itself: fenced (another worker has the partition), undelivered (the brokers did "
    "not take a batch), rules_fail (on one record after the other), other",
    "归并进程自行停止的次数，按原因",
    ("of", "cause"),
)
BROKERS = Metric("exchange_brokers", "gauge", "projector", "Brokers that answer", "在线的 Kafka 节点数")
UNDERREPLICATED = Metric(
    "exchange_underreplicated_partitions",
    "gauge",
    "projector",
    "Partitions with fewer replicas in sync than they have",
    "副本不足的分区数",
)
DISK_FREE = Metric(
    "exchange_disk_free_ratio", "gauge", "projector", "Free part of the home's disk, 0 to 1", "磁盘剩余比例"
)
OVERVIEW_FAILED = Metric(
    "exchange_overview_failed",
    "gauge",
    "projector",
    "1 where a question about the whole was not answered in time, so that its figures are missing",
    "概览查询是否失败",
    ("question",),
)

METRICS: Final[tuple[Metric, ...]] = (
    *(LIVE, READY, HEARTBEAT_AGE, TRIED_AGAIN),
    *(RECORDS, REASONS, QUARANTINED, ANNOUNCEMENTS, OUTCOME_SECONDS, ANNOUNCED_SECONDS),
    *(BATCH_SIZE, BATCH_SECONDS, TO_RESTORE, CARRIED, LAG),
    *(QUARANTINE, TASKS, OLDEST_WITHDRAWAL, RECONCILED_AGE, MISSING, NOT_HEALED, HEALED),
    *(WEBHOOKS_DELIVERED, WEBHOOKS_FAILED, WEBHOOKS_PENDING, WEBHOOKS_DEAD, OLDEST_WEBHOOK),
    *(RESTARTS, STOPS, BROKERS, UNDERREPLICATED, DISK_FREE, OVERVIEW_FAILED),
)

_HEAD = """# Metrics

Generated by `make docs` from `exchange/runtime/metrics.py`; do not edit.

Each part of ours serves them as `/metrics` on a port of the loopback, beside `/livez` and `/readyz`.
`exchange status --json` names the ports, and Prometheus finds them by the files in `run/targets` of the home.
Each target has the label `part`. What is about the whole exchange is told by one part only.

| metric | kind | labels | told by | meaning | 含义 |
|---|---|---|---|---|---|
"""


def render() -> str:
    """The reference page as Markdown, ending in a newline."""
    return _HEAD + "".join(f"{_row(metric)}\n" for metric in METRICS)


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    cells = (f"`{metric.name}`", metric.kind, labels, metric.told_by, metric.english, metric.chinese)
    return f"| {' | '.join(cells)} |"
