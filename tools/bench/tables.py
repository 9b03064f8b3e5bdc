"""The figures as people read them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from rich.table import Table

from tools.bench.latency import HALF

FigureRow = tuple[str, str, str]
"""What was measured, the figure, what it is to reach."""


def figures_table(figures: Mapping[str, Any]) -> Table:
    """Return the figures of the parts that were measured."""
    table = Table("measured", "figure", "to reach", title="make bench")
    for name, rows in ROWS.items():
        if name in figures:
            for row in rows(figures[name]):
                table.add_row(*row)
    return table


def ratios_table(figures: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Table:
    """Return both checkouts' figures beside each other, with here ÷ base."""
    table = Table("part", "figure", "base", "here", "here ÷ base", title="make bench")
    for part, found in figures.items():
        for name, one in found.items():
            table.add_row(part, name, f"{one['base']:,.2f}", f"{one['here']:,.2f}", f"{one['ratio']:.2f}")
    return table


def _rules(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    cpu = found["cpu_us_per_record"]
    yield "rules, CPU per record over the sample city", f"{cpu['sample']:,.0f} µs", "≤ ¼ of before"
    yield "the same, one record at a time", f"{cpu['sample_singly']:,.0f} µs", ""
    yield "the same, decoded alone", f"{cpu['sample_decoded']:,.0f} µs", ""
    costs = ", ".join(f"{us:,.0f} µs at {size}" for size, us in cpu["records_per_case"].items())
    yield "CPU per record by records in a case with an application", costs, ""
    yield "the same, 100 ÷ 5", f"{found['ratio_100_to_5']:.2f}", "≤ 2"


def _start(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    yield "exchange up, warm", f"{found['seconds']:.1f} s", "≤ ⅔ of before"


def _idle(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    yield "everything idle, of one core", f"{found['per_cent']:.1f} %", "≤ 10 %"
    by_part = sorted(found["per_cent_by_part"].items(), key=lambda one: one[1], reverse=True)
    yield "the same, by part", ", ".join(f"{name} {used:.1f}" for name, used in by_part), ""


def _sample(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    name = f"sample city of {found['records']:,.0f} records, published and answered"
    yield name, f"{found['seconds']:.1f} s", "≤ ¼ of before"
    yield "the same, records/s", f"{found['records_per_second']:,.0f}", ""
    yield "the same ÷ raw loop, the same fold", f"{found['ratio_to_raw']:.2f}", ""


def _engine(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    rates = f"{found['events_per_second']:,.0f}; {found['raw_events_per_second']:,.0f}"
    costs = f"{found['cpu_us_per_event']:.0f}; {found['raw_cpu_us_per_event']:.0f} µs"
    yield "engine ÷ raw loop, with next to no rule", f"{found['ratio_to_raw']:.2f}", "≥ 0.6"
    small = found["ratio_to_raw_with_small_batches"]
    yield "the same ÷ raw loop with batches as small as the join's", f"{small:.2f}", ""
    yield "the same, CPU per event; raw", costs, "≤ 60 µs"
    yield "the same, events/s; raw", rates, ""


def _bulk(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    ratio, rate = found["ratio"], found["messages_per_second"]
    fold = "raw loop, the same fold, one process"
    yield f"rebuild ÷ {fold}", f"{ratio['rebuild_1']:.2f}", "≥ 0.9"
    yield f"rebuild, two processes ÷ {fold}", f"{ratio['rebuild_2']:.2f}", "≥ 1.7"
    yield "rebuild, two processes ÷ one", f"{rate['rebuild_2'] / rate['rebuild_1']:.2f}", "≥ 1.8"
    yield f"replay ÷ {fold}", f"{ratio['replay_1']:.2f}", "≥ 0.9"
    yield f"{fold}, messages/s; with two", f"{rate['fold_1']:,.0f}; {rate['fold_2']:,.0f}", ""
    yield "raw loop that decodes, messages/s", f"{rate['decode_1']:,.0f}", ""
    yield "raw loop with the fold ÷ that decodes", f"{rate['fold_1'] / rate['decode_1']:.3f}", "≥ 0.15"
    yield _memory(found)


def _live(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    yield "live ÷ raw loop, records/s", f"{found['ratio_to_raw']:.2f}", "≥ 0.85"
    yield "live, records/s", f"{found['records_per_second']:,.0f}", ""
    yield "raw loop, records/s", f"{found['raw_records_per_second']:,.0f}", ""
    yield _memory(found)


def _latency(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    for rate, p50 in found["p50_ms"].items():
        at = f"half of the highest rate, {found['half_per_second']:.0f}/s" if rate == HALF else f"{rate}/s"
        p99, raw = found["p99_ms"][rate], (found["raw_p50_ms"][rate], found["raw_p99_ms"][rate])
        yield f"publish → announcement at {at}, p50; p99", f"{p50:.1f}; {p99:.1f} ms", ""
        yield "the same, raw loop with a transaction per batch", f"{raw[0]:.1f}; {raw[1]:.1f} ms", ""
        yield (
            "the same, p99 ÷ raw loop's",
            f"{found['ratio_p99'][rate]:.2f}",
            "≤ 1.5" if rate == "200" else "",
        )


def _flood(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    calm, flooded = found["calm_ms"], found["flooded_ms"]
    name = f"others' p99 in a flood of one department ÷ without, at {found['rate_per_second']}/s"
    yield name, f"{found['ratio_p99']:.2f}", "≤ 2"
    yield (
        "the same, p50 and p99",
        f"{flooded['p50']:.1f}, {flooded['p99']:.1f} ms ÷ {calm['p50']:.1f}, {calm['p99']:.1f} ms",
        "",
    )


def _door(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    intake, memory, wait, outbox = (found[name] for name in ("intake", "memory", "wait", "outbox_per_second"))
    yield "intake of a batch ÷ the publisher's", f"{intake['ratio']:.2f}", "≥ 0.7"
    rates = f"{intake['records_per_second']:,.0f}/s ÷ {intake['publisher_per_second']:,.0f}/s"
    yield "the same, in records", rates, ""
    yield f"gateway after a batch of {memory['lines']:,}", f"{memory['gateway_mb']:.0f} MB", "≤ 150 MB"
    rate = f"{wait['rate_per_second']}/s"
    yield f"POST …?wait → receipt at {rate}, p50; p99", f"{wait['p50_ms']:.1f}; {wait['p99_ms']:.1f} ms", ""
    joined = f"{wait['join_p50_ms']:.1f}; {wait['join_p99_ms']:.1f} ms"
    yield f"publish → announcement at {rate}, p50; p99", joined, ""
    yield "the first's p99 ÷ the second's", f"{wait['ratio_p99']:.2f}", "≤ 1.5"
    yield "outbox, records put one by one", f"{outbox['singly']:,.0f}/s", ""
    yield "outbox, records put by hundreds", f"{outbox['in_hundreds']:,.0f}/s", "≥ 5,000/s"


def _growth(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    yield f"worker with {found['memory_cases']:,} cases", f"{found['memory_mb']:.0f} MB", "≤ 250 MB"
    yield "CPU per record, most cases ÷ fewest", f"{found['ratio']:.2f}", "flat"
    costs = ", ".join(f"{us:.0f} µs at {size:,}" for size, us in found["cpu_us_per_record"].items())
    yield "CPU per record", costs, ""


def _desk(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    of = f"of {found['cases']:,} cases and {found['matters']:,} matters, {found['users']} users"
    for name, said in (
        ("first", "a queue's first page"),
        ("deep", "a page far down"),
        ("counts", "a queue's counts, of what was told"),
        ("number", "search by number"),
        ("name", "search by name"),
    ):
        ms = found["ms"][name]
        yield f"{said} {of}, p50; p95", f"{ms['p50']:.1f}; {ms['p95']:.1f} ms", "p95 ≤ 100 ms"
    yield "a page far down ÷ the first, nobody else there", f"{found['ratio_deep']:.2f}", "≤ 1.5"
    yield (
        "rows of these cases, CPU of their making; until written",
        (f"{found['rows_cpu_s']:.0f}; {found['rows_s']:.0f} s"),
        "",
    )


def _console(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    of = f"of {found['cases']:,} cases, {found['users']} users"
    for name, said in (
        ("queue", "the queue"),
        ("filtered", "the queue with filters"),
        ("find", "what is found"),
        ("case", "a case"),
        ("workbench", "the workbench"),
        ("form", "the form of an application"),
    ):
        ms = found["ms"][name]
        yield f"page: {said} {of}, p50; p95", f"{ms['p50']:.0f}; {ms['p95']:.0f} ms", "p95 ≤ 200 ms"
    news, effect = found["arrival_ms"], found["effect_ms"]
    yield "publish → told in the browser, p50; p95", f"{news['p50']:.0f}; {news['p95']:.0f} ms", "p95 ≤ 1 s"
    yield "form opened → accepted, p50; p95", f"{effect['p50']:.0f}; {effect['p95']:.0f} ms", "p95 ≤ 500 ms"
    yield f"{found['streams']} open streams, of one core", f"{found['streams_per_cent']:.1f} %", "≤ 10 %"
    yield "console after all that", f"{found['memory_mb']:.0f} MB", "≤ 200 MB"


def _recovery(found: Mapping[str, Any]) -> Iterator[FigureRow]:
    name = f"cold recovery of {found['offsets']:,} offsets, start-up taken off, ÷ raw reader"
    yield name, f"{found['ratio']:.2f}", "≤ 2"
    yield "cold recovery; start-up in it", f"{found['seconds']:.1f}; {found['start_seconds']:.1f} s", ""
    yield _memory(found)


def _memory(found: Mapping[str, Any]) -> FigureRow:
    one = found["memory"]
    name = f"peak memory of a rebuilding process, {one['messages']:,} messages"
    return name, f"{one['memory_mb']:.0f} MB", "flat"


ROWS: Final[Mapping[str, Callable[[Any], Iterator[FigureRow]]]] = {
    "rules": _rules,
    "start": _start,
    "idle": _idle,
    "sample": _sample,
    "door": _door,
    "console": _console,
    "engine": _engine,
    "bulk": _bulk,
    "live": _live,
    "latency": _latency,
    "flood": _flood,
    "growth": _growth,
    "desk": _desk,
    "recovery": _recovery,
}
