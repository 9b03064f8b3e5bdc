"""The worker that is measured without the city's rules is the join's own in all else."""

from pathlib import Path

import pytest

from exchange.runtime.join import worker
from exchange.runtime.settings import Settings
from tests.nowhere import nowhere
from tools.bench import engine_worker
from tools.bench.counting import CountingRule


def test_the_joins_own_worker_runs_with_the_counting_rule(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rules: list[object] = []

    def run(settings: Settings) -> None:
        rules.append(worker.make_step(settings, None))  # type: ignore[arg-type] # asks no registry

    monkeypatch.setattr(worker, "run", run)
    monkeypatch.setattr(
        engine_worker,
        "load_settings",
        lambda home, _principal: nowhere(home),
    )
    monkeypatch.setattr("sys.argv", ["engine_worker", str(tmp_path)])
    engine_worker.main()
    assert [type(rule) for rule in rules] == [CountingRule]
