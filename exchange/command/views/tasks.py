"""Who owes what, as people read it."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.table import Table

from avro_schemas.typed_documents import TaskDocument
from consumers.labels.rulings import HOLDS, TASK_KINDS, TASK_STATES, conflict_words
from consumers.labels.words import TIMES, for_people, local_time, words
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)
OWED: Final = LABELS["owed"]
WHAT: Final = LABELS["what"]
OWED_BY: Final = LABELS["owed_by"]
MATTER: Final = LABELS["matter"]
SINCE: Final = LABELS["since"]
ABOUT: Final = LABELS["about"]
CASE_AND_ABOUT: Final = LABELS["case_and_about"]
_STYLES: Final = {"LATE": "bold red", "DONE": "dim"}


def owed_table(sheet: Sheet, tasks: Iterable[TaskDocument], *, of_one_case: bool = False) -> Table:
    """Return the tasks in the order given, late ones marked; every time is Asia/Shanghai's."""
    table = sheet.table(OWED, (WHAT, OWED_BY, MATTER, SINCE))
    if not of_one_case:
        table.caption, table.caption_justify = sheet.both(TIMES), "left"
    table.add_column(sheet.say(ABOUT if of_one_case else CASE_AND_ABOUT), no_wrap=True)
    for task in tasks:
        case = [] if of_one_case else [task["case_id"]]
        table.add_row(
            "\n".join((sheet.both(words(TASK_STATES, task["state"])), *_lines(sheet, task["kind"]))),
            sheet.department(task["owed_by"]),
            "" if task["matter"] is None else sheet.matter(task["matter"], task["instance"]),
            "\n".join(local_time(at) for at in (task["opened_at"], task["due"]) if at is not None),
            "\n".join([*case, *_subject(sheet, task)]),
            style=_STYLES.get(task["state"]),
        )
    return table


def _lines(sheet: Sheet, kind: str) -> tuple[str, str]:
    said = words(TASK_KINDS, kind)
    return (said.zh, said.en) if sheet.language == "zh" else (said.en, said.zh)


def _subject(sheet: Sheet, task: TaskDocument) -> Iterator[str]:
    """Yield what the task is about: a rule or a doubt in words, else the id of what to look at."""
    if task["kind"] == "RESOLVE_CONFLICT":
        yield sheet.say(conflict_words(task["subject"], sheet.policy))
    elif task["kind"] == "IDENTIFY_PERSON":
        yield sheet.say(words(HOLDS, task["subject"]))
    elif task["subject"]:
        yield for_people(task["subject"])
