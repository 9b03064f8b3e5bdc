"""Departments' programs in one process, which is killed: each hands in by a batch, singly and by its outbox.

It is started with the folder that has its work, and has nothing of ours but the client. What may be handed in
grows step by step, as a file there says; what was done is kept beside it, so that the next process goes on.
"""

import json
import os
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from life_events_client import Client, Outbox, PlainRecord, Receipt, RecordRefused
from life_events_client.batches import Batch
from life_events_client.publishing import collect
from life_events_client.runner import Runner

STEPS: Final = 12
"""In so many parts the work is released."""
PATIENCE_S: Final = 1800.0
_LOOK_S: Final = 0.1


@dataclass(frozen=True)
class Work:
    """What one department hands in by one way, in its order, and how much of it is done."""

    client: Client
    records: list[PlainRecord]
    name: str
    folder: Path

    def steps(self) -> Iterator[tuple[int, list[PlainRecord]]]:
        """Yield the numbers and records of steps as they are released."""
        for step in range(STEPS):
            while int((self.folder / "released").read_text(encoding="ascii")) <= step:
                time.sleep(_LOOK_S)
            bounds = (len(self.records) * at // STEPS for at in (step, step + 1))
            yield step, self.records[slice(*bounds)]

    @property
    def done(self) -> int:
        """How many things were done, by this process and those before it."""
        return self._journal.stat().st_size if self._journal.exists() else 0

    def note(self) -> None:
        """Note that one thing more is done."""
        with self._journal.open("ab") as journal:
            journal.write(b".")

    @property
    def _journal(self) -> Path:
        return self.folder / f"{self.name}.done"


def by_batch(work: Work) -> None:
    """Each step is a batch with an id of its own; after a kill it is sent again under it."""
    runner, way = Runner(work.client.access), work.client.way
    for step, records in work.steps():
        if step < work.done or not records:
            continue
        batch = Batch.of(str(uuid5(NAMESPACE_OID, f"{work.name}/{step}")), records)
        runner.run(way.store(batch))
        answered: deque[Receipt] = deque()
        runner.run(collect(way, batch, answered.append))
        assert [one.record_id for one in answered] == [one.record_id for one in records]
        work.note()
    runner.close()


def singly(work: Work) -> None:
    """One after the other; the one that was under way at a kill is sent again."""
    before = 0
    for _, records in work.steps():
        for number, record in enumerate(records, before):
            if number >= work.done:
                with suppress(RecordRefused):
                    work.client.publish(record)
                work.note()
        before += len(records)


def by_outbox(work: Work) -> None:
    """Put as it is released, delivered behind."""
    with Outbox(work.client) as outbox:
        for step, records in work.steps():
            if step >= work.done:
                outbox.put(*records)
                work.note()
        assert outbox.settled(PATIENCE_S)


WAYS: Final[dict[str, Callable[[Work], None]]] = {"batch": by_batch, "singly": singly, "outbox": by_outbox}


def main(folder: Path) -> None:
    """Hand everything in; return when all of it is answered."""
    task: dict[str, Any] = json.loads((folder / "task.json").read_bytes())
    clients = {
        name: Client(task["url"], *secrets, store=folder / f"{name}.sqlite", patience_s=PATIENCE_S)
        for name, secrets in task["credentials"].items()
    }
    with ThreadPoolExecutor(len(clients) * len(WAYS)) as pool:
        running = [
            pool.submit(do, Work(clients[name], _records(folder, f"{name}-{way}"), f"{name}-{way}", folder))
            for name in clients
            for way, do in WAYS.items()
        ]
        for failed in (one for one in wait(running, return_when=FIRST_EXCEPTION).done if one.exception()):
            traceback.print_exception(failed.exception())
            os._exit(1)  # the others would go on for as long as they have patience


def _records(folder: Path, name: str) -> list[PlainRecord]:
    with (folder / f"{name}.jsonl").open("rb") as lines:
        return [PlainRecord(one["type"], one["record"]) for one in map(json.loads, lines)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
