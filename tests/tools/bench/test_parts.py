"""What is measured is also shown, with what it is to reach."""

from tools.bench.parts import PARTS
from tools.bench.tables import ROWS, figures_table

RATES = ("100", "200", "half")
LATENCY = {
    **{name: dict.fromkeys(RATES, 8.0) for name in ("p50_ms", "p99_ms", "raw_p50_ms", "raw_p99_ms")},
    "ratio_p99": {"100": 1.1, "200": 1.2, "half": 1.3},
    "half_per_second": 480.4,
}


def test_each_part_has_its_rows_in_the_order_of_the_measuring() -> None:
    assert list(ROWS) == list(PARTS)


def test_latency_is_judged_beside_the_raw_loop_at_two_hundred_a_second() -> None:
    table = figures_table({"latency": LATENCY})
    measured, figures, to_reach = ([*column.cells] for column in table.columns)
    assert [figure for figure, limit in zip(figures, to_reach, strict=True) if limit] == ["1.20"]
    assert "publish → announcement at half of the highest rate, 480/s, p50; p99" in measured
