"""Is all well, and if not, what is to be done: pure, from what status has found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from consumers.labels.words import Words, local_time
from consumers.log.outside_transactions import OpenTransaction
from consumers.operations.overview import (
    Brokers,
    Overview,
    Owed,
    Quarantined,
    Reconciled,
    Webhooks,
    Withdrawn,
)
from exchange.command.stack.part_views import HANGS, STOPPED, UNANSWERED, PartView
from exchange.runtime.webhook_endpoint import NOTIFIER, URL_VARIABLE

Verdict = Literal["green", "yellow", "red"]

VERDICTS: Final[Mapping[Verdict, Words]] = {
    "green": Words("一切正常", "All is well"),
    "yellow": Words("需要关注", "Needs attention"),
    "red": Words("出现故障", "Something is broken"),
}
MUCH_BEHIND: Final = 1000
OFTEN: Final = 3
SILENT_S: Final = 5 * 60
DISK_LOW: Final = 0.15
DISK_FULL: Final = 0.05
WITHDRAWAL_LIMIT_S: Final = 24 * 60 * 60
WEBHOOK_LIMIT_S: Final = 60 * 60
_IN_WORDS: Final[Mapping[str, Words]] = {
    "restarting": Words("已停止，正在重新启动", "has ended and is started again"),
    "stopped": Words("未运行", "does not run"),
    "unhealthy": Words("在运行但无响应", "runs and does not answer"),
    "failed": Words("启动失败", "did not come up"),
    "starting": Words("正在启动", "is starting"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be, and the next step; neither names a person."""

    code: str
    what: Words
    do: Words
    broken: bool = False
    """Whether something does not work at all; else it works and will not for long, or late."""


def verdict(problems: Iterable[Problem]) -> Verdict:
    """Return red where something is broken, yellow where something needs attention, else green."""
    found = [problem.broken for problem in problems]
    return "red" if any(found) else "yellow" if found else "green"


def nothing_runs() -> Problem:
    """Return the problem of a home in which nothing runs."""
    return Problem(
        "nothing_runs",
        Words("此目录中没有正在运行的交换平台。", "Nothing runs in this home."),
        Words("运行 `exchange up --detach`。", "`exchange up --detach` starts it."),
        broken=True,
    )


def problems_of(parts: Iterable[PartView], overview: Overview, logs: str) -> tuple[Problem, ...]:
    """Return what is wrong, what is broken first.

    Args:
        parts: every part of the stack that runs.
        overview: what is known of the whole.
        logs: the folder of the parts' logs, to be named.
    """
    parts = tuple(parts)
    found = [problem for part in parts for problem in _of_part(part, logs)]
    found += [*_of_brokers(overview.brokers), *_of_registry(overview.registry)]
    found += _of_owed(overview.owed, registry=overview.registry is not None)
    found += [*_of_open(overview.transactions or ()), *_of_withdrawn(overview.withdrawn or ())]
    found += [*_of_quarantine(overview.quarantined), *_of_ledger(overview.reconciled)]
    found += [*_of_webhooks(overview.webhooks, parts), *_of_disk(overview.disk_free_ratio)]
    return tuple(sorted(found, key=lambda problem: not problem.broken))


def _of_part(part: PartView, logs: str) -> Iterator[Problem]:
    name, log = part.name, f"{logs}/{part.name}.log"
    if part.waits_for == HANGS:
        yield Problem(
            "part_hangs",
            Words(f"{name} 的工作循环已停止运转。", f"{name} hangs: its work loop moves no more."),
            Words(
                f"查看 {log}；结束进程 `kill -9 {part.pid}`，系统会自动重新启动它。",
                f"Read {log}; then `kill -9 {part.pid}`: it is started again and loses nothing.",
            ),
            broken=True,
        )
    elif part.waits_for == STOPPED:
        pids = " ".join(map(str, part.stopped))
        yield Problem(
            "part_stopped",
            Words(f"{name} 的进程已被暂停（SIGSTOP）。", f"{name} was stopped (SIGSTOP) and not ended."),
            Words(
                f"运行 `kill -CONT {pids}` 让它继续；不会丢失任何内容。",
                f"`kill -CONT {pids}` lets it go on; nothing is lost.",
            ),
            broken=True,
        )
    elif part.health != "healthy":
        said = _IN_WORDS.get(part.health, Words(part.health, f"is {part.health}"))
        yield Problem(
            "part_starting" if part.health == "starting" else "part_down",
            Words(f"{name} {said.zh}。", f"{name} {said.en}."),
            Words(f"查看 {log} 的末尾。", f"The end of {log} says why."),
            broken=part.health != "starting",
        )
    elif part.waits_for == UNANSWERED:
        yield Problem(
            "part_unanswered",
            Words(f"{name} 未在 1 秒内应答。", f"{name} has not answered within a second."),
            Words(
                f"再看一次；若仍如此，查看 {log} 和机器负载。",
                f"Look again; if it stays so, read {log} and see how busy the machine is.",
            ),
        )
    elif part.waits_for is not None:
        yield Problem(
            "part_not_ready",
            Words(f"{name} 尚未就绪（{part.waits_for}）。", f"{name} is not ready ({part.waits_for})."),
            Words(
                f"若几分钟后仍如此，查看 {log}。", f"If that lasts for more than some minutes, read {log}."
            ),
        )
    if part.restarts >= OFTEN:
        yield Problem(
            "part_restarts",
            Words(
                f"{name} 已被重新启动 {part.restarts} 次。",
                f"{name} was started again {part.restarts} times.",
            ),
            Words(f"查看 {log} 中每次停止前的内容。", f"Read what {log} says before each end."),
        )
    if (part.behind or 0) > MUCH_BEHIND:
        yield Problem(
            "lag_high",
            Words(f"{name} 尚有 {part.behind} 条消息待处理。", f"{name} is {part.behind} messages behind."),
            Words(
                "稍后再看是否减少；若持续增加，用 `exchange up --workers N` 运行更多 joiner。",
                "Look again whether that falls; if it grows, run more joiners: `exchange up --workers N`.",
            ),
        )


def _of_brokers(brokers: Brokers | None) -> Iterator[Problem]:
    if brokers is None:
        yield Problem(
            "brokers_away",
            Words("Kafka 没有应答。", "Kafka does not answer."),
            Words(
                "没有记录会丢失：发布方会收到错误。查看 kafka 的日志与磁盘空间。",
                "Nothing is lost, publishers are refused. See the logs of kafka, and the disk.",
            ),
            broken=True,
        )
        return
    if brokers.missing:
        yield Problem(
            "broker_missing",
            Words(
                f"缺少 {brokers.missing} 个 Kafka 节点。", f"{brokers.missing} of Kafka's brokers are away."
            ),
            Words("重新启动它；不可再停其他节点。", "Bring it back, and stop no other one meanwhile."),
        )
    elif brokers.underreplicated:
        yield Problem(
            "underreplicated",
            Words(
                f"{brokers.underreplicated} 个分区的副本尚未同步。",
                f"{brokers.underreplicated} partitions have replicas that are not in sync.",
            ),
            Words("等待同步完成；不可停止其他节点。", "Wait until they are; stop no broker meanwhile."),
        )


def _of_registry(answers: bool | None) -> Iterator[Problem]:
    if answers is None:
        yield Problem(
            "registry_away",
            Words(
                "模式注册中心没有应答：`exchange publish` 和查询命令都会被拒绝。",
                "The schema registry does not answer: `exchange publish` and reading commands are refused.",
            ),
            Words(
                "它的数据在 postgres 中：先看 postgres 是否应答，再查看两者的日志。已入库的记录不会丢失。",
                "It keeps everything in postgres: see whether that answers, then the logs of both. What the "
                "log has taken is kept.",
            ),
            broken=True,
        )


def _of_owed(owed: Owed | None, *, registry: bool) -> Iterator[Problem]:
    if owed is None:
        yield Problem(
            "read_model_away",
            Words("查询库没有应答，或尚未建立。", "The read model does not answer, or is not built yet."),
            Words(
                "记录照常处理，查询命令暂不可用。查看 postgres 与 projector 的日志。",
                "Records are still taken; reading commands wait. See the logs of postgres and projector.",
            )
            if registry
            else Words(
                "查询库和注册中心都依赖 postgres：用 `ps` 查看其进程是否停住（T）或在等磁盘（D）。",
                "Both stand on postgres: `ps` shows whether its processes are stopped (T) or wait for a "
                "disk (D).",
            ),
            broken=True,
        )
        return
    if owed.oldest_withdrawal_seconds > WITHDRAWAL_LIMIT_S:
        hours = int(owed.oldest_withdrawal_seconds // 3600)
        yield Problem(
            "withdrawal_unacknowledged",
            Words(
                f"有撤销通知 {hours} 小时未签收。", f"A withdrawal has not been signed for in {hours} hours."
            ),
            Words(
                "运行 `exchange tasks` 查看责任部门并联系其签收。",
                "`exchange tasks` shows which department; ask it to sign: `exchange acknowledge`.",
            ),
        )
    elif owed.late:
        yield Problem(
            "tasks_late",
            Words(f"{owed.late} 项待办逾期。", f"{owed.late} tasks are late."),
            Words("运行 `exchange tasks` 查看责任部门。", "`exchange tasks` shows who owes them."),
        )


def _of_open(found: Iterable[OpenTransaction]) -> Iterator[Problem]:
    for topic, here in _by_topic(found).items():
        where, waiting = _where(topic, (one.partition for one in here)), sum(one.waiting for one in here)
        since = min((one.since for one in here if one.since is not None), default=None)
        began = Words("", "") if since is None else Words(f"自 {local_time(since)} 起", local_time(since))
        yield Problem(
            "outside_transaction_open",
            Words(
                f"{where} 上有外部事务{began.zh}尚未结束，{waiting} 条消息因此无法读取。",
                f"A department's client has left a transaction open on {where}"
                f"{began.en and f', since {began.en}'}: {waiting} messages wait behind it.",
            ),
            Words(
                "请该部门提交或回滚事务，并改为不使用事务发布（不设 transactional.id）；"
                "其客户端若已退出，Kafka 会在事务超时后自行回滚，最长 15 分钟。",
                "Have its client commit or abort, and publish without transactions from now on (no "
                "transactional.id). Where that client is gone, Kafka aborts by itself within 15 minutes.",
            ),
        )


def _of_withdrawn(found: Iterable[Withdrawn]) -> Iterator[Problem]:
    for one in found:
        where = _where(one.topic, one.partitions)
        yield Problem(
            "outside_transaction_taken_back",
            Words(
                f"外部事务回滚，撤回了 {where} 上的 {one.records} 条记录，"
                f"最近一次在 {local_time(one.latest)}。",
                f"A department's client took {one.records} records on {where} back by aborting its "
                f"transaction, last at {local_time(one.latest)}: nobody has read them.",
            ),
            Words(
                "请该部门确认；需要的记录须重新发布，且不使用事务。一天后不再提示，"
                "`exchange reconcile --day` 仍可查到。",
                "Ask the department; what was not meant to be taken back it publishes again, without "
                "transactions. This goes after a day; `exchange reconcile --day` still shows it.",
            ),
        )


def _by_topic(found: Iterable[OpenTransaction]) -> dict[str, list[OpenTransaction]]:
    topics: dict[str, list[OpenTransaction]] = {}
    for one in found:
        topics.setdefault(one.topic, []).append(one)
    return topics


def _where(topic: str, partitions: Iterable[int]) -> str:
    return f"{topic}/{','.join(map(str, partitions))}"


def _of_quarantine(found: Quarantined | None) -> Iterator[Problem]:
    if found is not None and found.rules_failed:
        yield Problem(
            "rule_failed",
            Words(
                f"有 {found.rules_failed} 条记录因规则出错被隔离，尚待处理。",
                f"On {found.rules_failed} records a rule failed; they are in quarantine, still open.",
            ),
            Words(
                "查看 joiner 日志，修正规则，然后 `exchange quarantine retry --code rule_failed`。",
                "The joiner's log says where; mend it, then `exchange quarantine retry --code rule_failed`.",
            ),
        )


def _of_ledger(seen: Reconciled | None) -> Iterator[Problem]:
    if seen is None:
        return
    if seen.not_healed:
        yield Problem(
            "record_missing",
            Words(
                f"{seen.not_healed} 条记录重新投递后仍未生效。",
                f"{seen.not_healed} records have no effect, though they were delivered again.",
            ),
            Words(
                "运行 `exchange reconcile --check` 查看是哪些，再查看 joiner 的日志。",
                "`exchange reconcile --check` names them; read the joiner's log about them.",
            ),
            broken=True,
        )
    if seen.age_seconds > SILENT_S:
        minutes = int(seen.age_seconds // 60)
        yield Problem(
            "reconciler_silent",
            Words(
                f"已 {minutes} 分钟未对账。",
                f"Nobody has compared the log with the cases for {minutes} minutes.",
            ),
            Words("查看 reconciler 的日志。", "Read the log of the reconciler."),
        )


def _of_webhooks(waiting: Webhooks | None, parts: Iterable[PartView]) -> Iterator[Problem]:
    if waiting is None or not (waiting.dead or waiting.oldest_seconds > WEBHOOK_LIMIT_S):
        return
    minutes = int(waiting.oldest_seconds // 60)
    yield Problem(
        "webhooks_undelivered",
        Words(
            f"门户尚未接收 {waiting.pending} 条通知，最久 {minutes} 分钟；另有 {waiting.dead} 条已停止重试。",
            f"The portal has not taken {waiting.pending} webhooks, the oldest for {minutes} minutes; "
            f"{waiting.dead} more are tried no more.",
        ),
        Words(
            "运行 `exchange webhooks list` 查看原因；门户恢复后运行 `exchange webhooks retry --all`。",
            "`exchange webhooks list` says why; once the portal answers, `exchange webhooks retry --all`.",
        )
        if any(part.name == NOTIFIER for part in parts)
        else Words(
            f"没有 notifier 在运行：设置 {URL_VARIABLE} 后运行 `exchange down` 和 `exchange up`；"
            "不再需要时运行 `exchange webhooks discard --all`。",
            f"No notifier runs: set {URL_VARIABLE}, then `exchange down` and `exchange up`; "
            "or close them: `exchange webhooks discard --all`.",
        ),
    )


def _of_disk(free_ratio: float | None) -> Iterator[Problem]:
    if free_ratio is not None and free_ratio < DISK_LOW:
        yield Problem(
            "disk_full" if free_ratio < DISK_FULL else "disk_low",
            Words(f"磁盘仅剩 {free_ratio:.0%}。", f"Only {free_ratio:.0%} of the disk is free."),
            Words(
                "腾出或扩充空间：磁盘写满时 Kafka 会停止。",
                "Make room or add some: on a full disk Kafka stops.",
            ),
            broken=free_ratio < DISK_FULL,
        )
