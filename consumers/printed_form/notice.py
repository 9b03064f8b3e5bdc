"""一次性告知书: all that an applicant has to put right, in one paper; pure, from the case and the policy.

Shape: as `exchange notice --json` prints it. It tells of one application and of nobody else's.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, TypedDict

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument, MatterDocument
from consumers.labels.words import department_words, material_words, matter_words
from consumers.privacy.masking import masked_text
from exchange.domain.matters.views import OVER, OWED
from exchange.domain.policy import Policy
from topics.labels import Labels, Words
from verification.long_numbers import shown_name
from verification.times import calendar_date

LABELS: Final = Labels(__file__)
COUNTER: Final = LABELS["counter"]
NUMBERED: Final = LABELS["numbered"]
PLACE: Final = LABELS["place"]


class NoticeMaterial(TypedDict):
    """A material that is owed; `original`: the paper itself has to be shown."""

    kind: int
    name: dict[str, str]
    original: bool


class NoticeMatter(TypedDict):
    """What one matter lacks: what its department sent back, and the materials."""

    matter: int
    instance: str | None
    name: dict[str, str]
    department: dict[str, str]
    to_correct: list[str]
    materials: list[NoticeMaterial]


class CorrectionNotice(TypedDict):
    """The whole paper; `to_correct` is what the window asks, `by` None where no time is set."""

    case_id: str
    application: str
    applied_at: datetime
    applicant: str | None
    deceased: str | None
    asked_at: datetime | None
    to_correct: list[str]
    matters: list[NoticeMatter]
    by: date | None
    where: dict[str, str]
    telephone: str | None
    issued_by: dict[str, str]
    handler: str | None


def notice_of(
    document: CaseDocument, application: ApplicationEntryDocument, policy: Policy, day: date
) -> CorrectionNotice | None:
    """Return the notice for an application; None if there is nothing to put right.

    Args:
        document: The case, as ``exchange.events.Case``.
        application: One of its applications.
        policy: What things are called, and the window's rules.
        day: Today in Asia/Shanghai, from which the time is counted where nobody has asked for anything.
    """
    open_ones = [
        one
        for one in document["examinations"]
        if one["open"] and one["application"] == application["record_id"]
    ]
    put_right = max((application["recorded_at"], *_in_order(document, application)))
    matters = [
        found for matter in document["matters"] if (found := _matter(matter, application, put_right, policy))
    ]
    if not open_ones and not matters:
        return None
    asked_at = open_ones[-1]["recorded_at"] if open_ones else None
    rule = policy.window_rule
    return {
        "case_id": document["case_id"],
        "application": application["record_id"],
        "applied_at": application["recorded_at"],
        "applicant": _name(application["applicant"]["name"]["value"]),
        "deceased": _name(document["form"]["deceased"]["name"]["value"]),
        "asked_at": asked_at,
        "to_correct": [masked_text(line) for one in open_ones for line in one["to_correct"]],
        "matters": matters,
        "by": _by(calendar_date(asked_at) if asked_at else day, policy),
        "where": _both(counter_of(application, policy)),
        "telephone": rule.telephone,
        "issued_by": _both(department_words(policy.window, policy)),
        "handler": open_ones[-1]["handler"] if open_ones else None,
    }


def _in_order(document: CaseDocument, application: ApplicationEntryDocument) -> Iterator[datetime]:
    """Yield when the window found the application in order."""
    own = (one for one in document["examinations"] if one["application"] == application["record_id"])
    return (one["recorded_at"] for one in own if not one["to_correct"])


def _name(value: str | None) -> str | None:
    return value and shown_name(value)


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _by(asked_on: date, policy: Policy) -> date | None:
    days = policy.window_rule.correct_working_days
    return policy.working_days.from_on(asked_on + timedelta(days=1), days) if days else None


def counter_of(application: ApplicationEntryDocument, policy: Policy) -> Words:
    """Return the counter that took the application, and where the city says that it is."""
    counter = application["window"] or ""
    named = Words(counter, counter) if counter else COUNTER
    if counter.isdecimal():
        named = NUMBERED.filled(number=counter)
    where = policy.window_rule.where
    return PLACE.filled(where=Words(where.zh, where.en), counter=named) if where else named


def _matter(
    matter: MatterDocument, application: ApplicationEntryDocument, put_right: datetime, policy: Policy
) -> NoticeMatter | None:
    """Return what the matter lacks; what was sent back before `put_right` was put right."""
    named = application["record_id"]
    own = next((one for one in matter["applications"] if one["record_id"] == named), None)
    if own is None or own["state"] in OVER:
        return None
    last = own["result"]
    back = last is not None and last["outcome"] == "RETURNED" and last["recorded_at"] >= put_right
    to_correct = [masked_text(line) for line in last["to_correct"]] if last and back else []
    materials = list(_materials(matter, policy))
    if not to_correct and not materials:
        return None
    return {
        "matter": matter["matter"],
        "instance": matter["instance"],
        "name": _both(matter_words(matter["matter"], policy)),
        "department": _both(department_words(matter["department"], policy)),
        "to_correct": to_correct,
        "materials": materials,
    }


def _materials(matter: MatterDocument, policy: Policy) -> Iterator[NoticeMaterial]:
    for one in matter["materials"]:
        if one["required"] and one["state"] in OWED:
            name = material_words(one["kind"], policy, (matter["matter"],))
            yield {
                "kind": one["kind"],
                "name": _both(name),
                "original": one["state"] == "original_to_sight",
            }
