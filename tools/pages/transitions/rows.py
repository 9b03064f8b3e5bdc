"""The rows of a table: an event as it is for several matters, where they do not differ in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tools.pages.transitions.cells import Table
from tools.pages.transitions.events import EVENTS, Event
from tools.pages.transitions.words import cell_text

IMPOSSIBLE: Final = "–"
Texts = tuple[str | None, ...]
"""A cell for each point of life; None where the event cannot happen."""


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """What an event does at each point of life, to some matters; of several events, each does just that."""

    events: tuple[Event, ...]
    matters: tuple[int, ...]
    all_matters: bool
    texts: Texts

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as the page has it: the events, the matters if it is not for all, and what is done."""
        whose = "" if self.all_matters else f" ({', '.join(map(str, self.matters))})"
        english, term = (
            " / ".join(words) for words in zip(*((e.name, e.term) for e in self.events), strict=True)
        )
        name = f"{'… ' * self.events[0].depth}{english}{whose} {term}"
        return (name, *(IMPOSSIBLE if text is None else text for text in self.texts))


def rows_of(tables: Sequence[Table], points: Sequence[str]) -> Iterator[TransitionRow]:
    """Yield the rows that change anything and those upon which such a row comes; equal neighbours are one."""
    rows = [row for event in EVENTS for row in _for_all(event, tables, points)]
    wanted = {event.key for row in rows if any(row.texts) for event in row.events[0].chain}
    told = {row.events[0].key for row in rows if any(row.texts)}
    last: TransitionRow | None = None
    for row in rows:
        key = row.events[0].key
        if key not in wanted or (key in told and not any(row.texts)):
            continue
        if last and _may_join(last, row):
            last = replace(last, events=last.events + row.events)
            continue
        if last:
            yield last
        last = row
    if last:
        yield last


def _may_join(one: TransitionRow, other: TransitionRow) -> bool:
    """Say whether two rows do the same upon the same; what comes upon one of them must find its row."""
    same = (one.matters, one.texts, one.events[0].upon) == (other.matters, other.texts, other.events[0].upon)
    followed = {event.upon.key for event in EVENTS if event.upon}
    return same and not any(event.key in followed for event in (*one.events, *other.events))


def _for_all(event: Event, tables: Sequence[Table], points: Sequence[str]) -> list[TransitionRow]:
    """Return one row for all matters that do not differ; none for those where the event cannot happen."""
    rows: list[TransitionRow] = []
    for table in tables:
        texts = tuple(_text(table, event, point) for point in points)
        if all(text is None for text in texts):
            continue
        at = next((at for at, row in enumerate(rows) if _agree(row.texts, texts)), None)
        if at is None:
            rows.append(TransitionRow((event,), (table.matter,), len(tables) == 1, texts))
        else:
            matters = (*rows[at].matters, table.matter)
            rows[at] = TransitionRow(
                (event,), matters, len(matters) == len(tables), _both(rows[at].texts, texts)
            )
    return rows


def _agree(one: Texts, other: Texts) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def _both(one: Texts, other: Texts) -> Texts:
    return tuple(b if a is None else a for a, b in zip(one, other, strict=True))


def _text(table: Table, event: Event, point: str) -> str | None:
    cell = table.cells.get((event.key, point))
    return None if cell is None else cell_text(cell)
