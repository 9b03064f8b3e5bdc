"""The workbench: numbers of what there is to do, and what has waited longest."""

from collections.abc import Iterator
from typing import NamedTuple

from litestar import get

from avro_schemas.typed_documents import TaskDocument
from consumers.labels.rulings import TASK_KINDS
from consumers.labels.words import for_people, words
from consumers.read_model.queue_reader import RECALLED
from exchange.console.console import AskerHere
from exchange.console.pages.frame import Frame
from exchange.console.pages.parts import READY
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, PageRequestHere, html
from exchange.desk.workbench import HAND_OUT, Workbench, workbench
from exchange.domain.case_disclosure import recipient_of
from topics.labels import Words


class CountView(NamedTuple):
    """A number, what it counts by the name of its words, and its list."""

    name: str
    number: int
    late: int
    address: str


class OwedView(NamedTuple):
    """A task: where it is done, what is owed about what, of whom and where, since when."""

    address: str
    kind: Words
    matter: str
    case_id: str
    name: str
    place: str
    is_late: bool
    since: str
    until: str


def workbench_page(frame: Frame, found: Workbench) -> str:
    """Return the page."""
    return render(
        "workbench/bench",
        frame,
        counts=list(_counts(frame, found)),
        owed=list(_owed(frame, found)),
        owed_in_all=_number(found, found.listed)[0],
    )


def _counts(frame: Frame, found: Workbench) -> Iterator[CountView]:
    """Yield the numbers, what is urgent first; what is not the visitor's to do has none."""
    page = frame.addresses.page
    if recipient_of(frame.kept, frame.policy):
        yield CountView("recalled", *_number(found, RECALLED), page("/recalls"))
    else:
        yield CountView("recalled", found.recalled, 0, page("/queue", due="recalled"))
    if frame.at_window:
        yield CountView("owed", *_number(found, found.listed), "#owed")
    yield CountView("late", found.queue.late, 0, page("/queue", due="late"))
    yield CountView("today", found.queue.due_today, 0, page("/queue", due="today"))
    if frame.may("hand_out"):
        yield CountView("hand_out", *_number(found, (HAND_OUT,)), page("/handovers"))
    yield CountView("ready", found.queue.by_state.get(READY, 0), 0, page("/queue", state=READY))


def _number(found: Workbench, kinds: tuple[str, ...]) -> tuple[int, int]:
    counts = [found.tasks[kind] for kind in kinds if kind in found.tasks]
    return sum(one.number for one in counts), sum(one.late for one in counts)


def _owed(frame: Frame, found: Workbench) -> Iterator[OwedView]:
    for one in found.first:
        matter = frame.naming.matter(one["matter"], one["instance"]) if one["matter"] else ""
        yield OwedView(
            _address(frame, one),
            words(TASK_KINDS, one["kind"]),
            matter,
            one["case_id"],
            for_people(found.names.get(one["case_id"]) or ""),
            one["county"] or "",
            one["state"] == "LATE",
            frame.naming.moment(one["opened_at"]),
            frame.naming.moment(one["due"]) if one["due"] else "",
        )


def _address(frame: Frame, task: TaskDocument) -> str:
    """Return where a task is done: a recall is signed for in the inbox, which needs no case to be shown."""
    signs = task["kind"] in RECALLED and recipient_of(frame.kept, frame.policy)
    return frame.addresses.page("/recalls" if signs else f"/cases/{task['case_id']}")


@get("/workbench", include_in_schema=False, sync_to_thread=True)
def show_workbench(pages: PageRequestHere, asker: AskerHere) -> AnyResponse:
    """Show what there is to do; one access record names whose tasks are shown."""
    return html(workbench_page(pages.counted_frame(asker), workbench(pages.console.desk, asker)))
