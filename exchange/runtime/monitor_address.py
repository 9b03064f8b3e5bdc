"""Where the monitor of a part is: noted in the home, `run/targets/<part>.json`, as Prometheus finds it."""

import json
import os
from pathlib import Path

from exchange.runtime.home import Home, write_private


def note_monitor(home: Home, part: str, target: str) -> None:
    """Note that this process serves what a part says of itself, at `host:port`."""
    path = _place(home, part)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    # Labels with two underscores are dropped before anything is stored.
    labels = {"part": part, "__meta_pid": str(os.getpid())}
    write_private(path, json.dumps([{"targets": [target], "labels": labels}]) + "\n")


def find_monitor(home: Home, part: str, pid: int | None) -> str | None:
    """Return the address at which this life of a part serves; None where it does not serve (yet)."""
    path = _place(home, part)
    if pid is None or not path.exists():
        return None
    target = json.loads(path.read_text(encoding="utf-8"))[0]
    return f"http://{target['targets'][0]}" if target["labels"]["__meta_pid"] == str(pid) else None


def _place(home: Home, part: str) -> Path:
    return home.run / "targets" / f"{part}.json"
