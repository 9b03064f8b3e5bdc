"""`make bench`: measure the exchange on this machine, print a table, write JSON."""

import os
import platform
import tempfile
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from exchange.command.terminal.console import say
from exchange.runtime.settings import load_settings
from tools.bench import bulk, measures
from tools.bench.stack import exchange

FULL = {
    "bulk_people": 4_000,
    "people": 15_000,
    "rate": 200,
    "latency_people": 1_500,
    "flood": 30_000,
    "sizes": (10_000, 40_000, 200_000),
    "sample": 5_000,
}
QUICK = {
    "bulk_people": 1_000,
    "people": 3_000,
    "rate": 200,
    "latency_people": 600,
    "flood": 6_000,
    "sizes": (2_000, 4_000),
    "sample": 1_000,
}
RUNS = 3
SECOND_PEOPLE, THIRD_PEOPLE, FOURTH_PEOPLE = 1_000_000, 1_200_000, 1_600_000
FIFTH_PEOPLE, SIXTH_PEOPLE = 1_700_000, 1_800_000


def bench(
    out: Annotated[Path | None, typer.Option(help="Write the figures here as JSON.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A tenth of the work: to try it, not to quote.")
    ] = False,
) -> None:
    """Measure throughput, latency, memory and start-up on the real stack, in a home of its own.

    Takes about twenty minutes on two cores. Figures are ratios or medians of runs in this one session.
    """
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        figures = _measure(Path(folder), QUICK if quick else FULL)
    if out is not None:
        out.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
    Console().print(_table(figures))


def _measure(home: Path, size: dict[str, Any]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    }
    say("Start of the stack, warm …")
    exchange(home, "up", "--detach")
    exchange(home, "down")
    figures["warm_up"] = measures.warm_up(home, RUNS)
    exchange(home, "up", "--detach", "--bare")
    try:
        exchange(home, "deploy")
        settings = load_settings(home)
        say("Rebuild and replay, beside raw …")
        measures.fill(settings, range(SIXTH_PEOPLE, SIXTH_PEOPLE + size["bulk_people"]))
        figures["bulk"] = bulk.bulk(settings, RUNS)
        figures["memory"] = {"short": bulk.memory(settings)}
        say("Throughput, live beside raw …")
        figures["throughput"] = measures.throughput(settings, range(size["people"]), RUNS)
        figures["memory"]["middle"] = bulk.memory(settings)
        say("Latency …")
        people = range(SECOND_PEOPLE, SECOND_PEOPLE + size["latency_people"])
        figures["latency"] = measures.latency(settings, people, size["rate"], RUNS)
        say("Latency of the others in a flood …")
        figures["flood"] = measures.flood(
            settings,
            range(FOURTH_PEOPLE, FOURTH_PEOPLE + size["latency_people"]),
            range(FIFTH_PEOPLE, FIFTH_PEOPLE + size["flood"]),
            size["rate"] // 2,
        )
        say("Growth and memory …")
        figures["growth"] = measures.growth(
            settings, size["sizes"], THIRD_PEOPLE, size["sample"], size["sizes"][1]
        )
        say("Recovery …")
        figures["recovery"] = bulk.recovery(settings, RUNS)
        figures["memory"]["long"] = bulk.memory(settings)
    finally:
        exchange(home, "down")
    return figures


def _table(figures: dict[str, Any]) -> Table:
    through, late, growth = figures["throughput"], figures["latency"], figures["growth"]
    costs = ", ".join(f"{us:.0f} µs at {size:,}" for size, us in growth["cpu_us_per_record"].items())
    table = Table("measured", "figure", "to reach", title="make bench")
    table.add_row("live ÷ raw loop, records/s", f"{through['ratio']:.2f}", "≥ 0.5")
    table.add_row("live, records/s", f"{through['live_records_per_second']:,.0f}", "")
    table.add_row("raw loop, records/s", f"{through['raw_records_per_second']:,.0f}", "")
    table.add_row(
        f"publish → announcement at {late['rate_per_second']}/s, p50", f"{late['p50_ms']:.1f} ms", "≤ 15 ms"
    )
    table.add_row(
        f"publish → announcement at {late['rate_per_second']}/s, p99", f"{late['p99_ms']:.1f} ms", "≤ 60 ms"
    )
    table.add_row(
        f"worker with {growth['memory_cases']:,} cases", f"{growth['memory_mb']:.0f} MB", "≤ 300 MB"
    )
    _add_flood(table, figures["flood"])
    _add_bulk(table, figures)
    table.add_row("exchange up, warm", f"{figures['warm_up']['seconds']:.1f} s", "≤ 12 s")
    table.add_row("CPU per record, most cases ÷ fewest", f"{growth['ratio']:.2f}", "flat")
    table.add_row("CPU per record", costs, "")
    return table


def _add_flood(table: Table, figures: dict[str, Any]) -> None:
    calm, flooded = figures["calm_ms"], figures["flooded_ms"]
    name = f"others' p99 in a flood of one department ÷ without, at {figures['rate_per_second']}/s"
    table.add_row(name, f"{figures['ratio_p99']:.2f}", "≤ 2")
    table.add_row(
        "the same, p50 and p99",
        f"{flooded['p50']:.1f}, {flooded['p99']:.1f} ms ÷ {calm['p50']:.1f}, {calm['p99']:.1f} ms",
        "",
    )


def _add_bulk(table: Table, figures: dict[str, Any]) -> None:
    ratio, rate = figures["bulk"]["ratio"], figures["bulk"]["messages_per_second"]
    fold = "raw loop, the same fold, one process"
    table.add_row(f"rebuild ÷ {fold}", f"{ratio['rebuild_1']:.2f}", "≥ 0.9")
    table.add_row(f"rebuild, two processes ÷ {fold}", f"{ratio['rebuild_2']:.2f}", "≥ 1.7")
    table.add_row(f"replay ÷ {fold}", f"{ratio['replay_1']:.2f}", "≥ 0.9")
    table.add_row(f"{fold}, messages/s; with two", f"{rate['fold_1']:,.0f}; {rate['fold_2']:,.0f}", "")
    table.add_row("raw loop that decodes, messages/s", f"{rate['decode_1']:,.0f}", "")
    recovery, memory = figures["recovery"], figures["memory"]
    name = f"cold recovery of {recovery['offsets']:,} offsets, start-up taken off, ÷ raw reader"
    table.add_row(name, f"{recovery['ratio']:.2f}", "≤ 2")
    table.add_row(
        "cold recovery; start-up in it", f"{recovery['seconds']:.1f}; {recovery['start_seconds']:.1f} s", ""
    )
    sizes = " / ".join(f"{one['memory_mb']:.0f} MB" for one in memory.values())
    counts = " / ".join(f"{one['messages']:,}" for one in memory.values())
    table.add_row(f"peak memory of a rebuilding process, {counts} messages", sizes, "flat")
