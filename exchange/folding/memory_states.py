"""States kept in memory: for replays, for questions about the past, and for tests."""

from collections import defaultdict
from collections.abc import Mapping

from exchange.folding.work import Batch


class MemoryStates:
    """Keeps what batches leave, as the store on disk does, and forgets it with the process."""

    def __init__(self) -> None:
        self.kept: dict[int, dict[str, bytes]] = defaultdict(dict)
        self._homes: dict[int, dict[str, str]] = defaultdict(dict)
        self._wakes: dict[int, dict[str, str]] = defaultdict(dict)

    def load(self, partition: int, keys: list[str]) -> Mapping[str, bytes]:
        """Return what is kept under these keys."""
        return {key: self.kept[partition][key] for key in keys if key in self.kept[partition]}

    def homes(self, partition: int, record_ids: list[str]) -> Mapping[str, str]:
        """Return the cases that took these records."""
        homes = self._homes[partition]
        return {record_id: homes[record_id] for record_id in record_ids if record_id in homes}

    def due(self, partition: int, until: str) -> list[str]:
        """Return the cases that have to be looked at before then."""
        return [case_id for case_id, at in self._wakes[partition].items() if at < until]

    def apply(self, batch: Batch) -> None:
        """Keep what a batch has changed."""
        for partition, states in batch.states.items():
            for key, value in states.items():
                if value is None:
                    self.kept[partition].pop(key, None)
                else:
                    self.kept[partition][key] = value
        for partition, homes in batch.homes.items():
            self._homes[partition] |= homes
        for partition, until in batch.looked_until.items():
            for case_id in self.due(partition, until):
                del self._wakes[partition][case_id]
        for partition, wakes in batch.wakes.items():
            self._wakes[partition] |= wakes
