"""The alarms and the dashboard ask for what is measured, and every alarm is explained to whoever it wakes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exchange.runtime.metrics import METRICS
from tests.cells import each_cell
from tests.docs.pages import DOCS, ROOT
from topics.yaml_text import read_yaml
from verification.reasons import catalogue

FOLDER = ROOT / "compose" / "monitoring"
SERIES = {series: metric for metric in METRICS for series in metric.series}
NAME = re.compile(r"\bexchange_[a-z_]+\b")
SELECTED = re.compile(r"\b(exchange_[a-z_]+)\{([^}]*)\}")
GROUPED = re.compile(r"\bby \(([a-z_, ]+)\)")
TARGET_LABELS = {"part", "job", "le"}


def load(name: str) -> Any:
    """A YAML file of the folder."""
    return read_yaml((FOLDER / name).read_text(encoding="utf-8"))


def rules() -> list[dict[str, Any]]:
    """Every alert."""
    return [rule for group in load("alerts.yml")["groups"] for rule in group["rules"]]


def queries() -> Iterator[str]:
    """Everything that is asked of Prometheus."""
    yield from (rule["expr"] for rule in rules())
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
    yield from (target["expr"] for panel in dashboard["panels"] for target in panel["targets"])


@each_cell("query", sorted(set(queries())))
def test_every_query_asks_for_what_is_measured(query: str) -> None:
    """A name misspelt alarms at nothing, for ever, and nobody notices."""
    names = NAME.findall(query)
    assert names or "up{" in query
    for name in names:
        assert name in SERIES, name
    for name, selectors in SELECTED.findall(query):
        asked = {one.partition("=")[0].strip() for one in selectors.split(",")}
        assert asked <= {*SERIES[name].labels, *TARGET_LABELS}
    for grouped in GROUPED.findall(query):
        labels = {label for name in names for label in SERIES[name].labels}
        assert {one.strip() for one in grouped.split(",")} <= labels | TARGET_LABELS


def test_codes_in_queries_are_codes_that_there_are() -> None:
    """`rule_faild` would never come."""
    text = "\n".join(queries())
    assert set(re.findall(r'code="([^"]*)"', text)) <= catalogue().keys()
    assert set(re.findall(r'state="([^"]*)"', text)) <= {"OPEN", "LATE"}


def test_every_alert_says_in_both_languages_what_it_is_and_how_urgent() -> None:
    """Whoever is woken reads one line."""
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert rule["annotations"]["summary"]
        assert re.search("[一-鿿]", rule["annotations"]["description"]), rule["alert"]


def test_the_operators_page_explains_each_alert_and_no_other() -> None:
    """What it means and what to do, under the alert's own name."""
    page = DOCS / "how-to" / "operator.md"
    text = page.read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([A-Z][A-Za-z]+)` \|", text, re.MULTILINE))
    assert explained == {rule["alert"] for rule in rules()}


def test_prometheus_looks_where_the_parts_note_their_ports() -> None:
    """No port is fixed, so the files are the only way to them."""
    config = load("prometheus.yml")
    (job,) = config["scrape_configs"]
    assert job["job_name"] == "exchange"
    assert job["file_sd_configs"][0]["files"][0].endswith("/run/targets/*.json")
    assert [Path(name).name for name in config["rule_files"]] == ["alerts.yml"]
    assert (FOLDER / "alerts.yml").exists()


def test_no_panel_lies_on_another() -> None:
    """A dashboard that opens in disorder is not looked at."""
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
