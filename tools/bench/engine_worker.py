"""The join's own worker with a rule that is next to nothing in place of the city's.

It runs in a process of its own, started by the benchmark as ``python -m tools.bench.engine_worker`` with its
home, and is ready and ends as the join's worker does.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from exchange.runtime.join import worker
from exchange.runtime.settings import load_settings
from tools.bench.counting import CountingRule


def main() -> None:
    """Run until SIGTERM."""
    settings = load_settings(Path(sys.argv[1]), "joiner")
    # All else is what the join runs with, and stays so however the join changes.
    with patch.object(worker, "make_step", lambda *_: CountingRule(settings.city.catalogue)):
        worker.run(settings)


if __name__ == "__main__":
    main()
