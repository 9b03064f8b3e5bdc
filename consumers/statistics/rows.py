"""Statistics as JSON."""

from dataclasses import asdict

from consumers.read_model.rows import plain
from consumers.statistics.report import Statistics


def statistics_row(found: Statistics) -> dict[str, object]:
    """Return statistics as JSON: codes and numbers, null where withheld or unknown."""
    asked = {
        {"begin": "from", "end": "to"}.get(name, name): value for name, value in asdict(found.asked).items()
    }
    tables = {
        name: [dict(row) for row in getattr(found, name)]
        for name in ("states", "days", "on_time", "channels")
    }
    told: dict[str, object] = plain({"as_of": found.as_of, **asked, **found.totals, **tables})
    return told
