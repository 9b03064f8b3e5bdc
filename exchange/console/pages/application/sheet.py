"""The application as one page: all matters, all materials once, and nothing asked that data has told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from avro_schemas.typed_documents import CaseDocument
from consumers.labels.words import material_words
from exchange.console.pages.application.card import CARDS
from exchange.console.pages.forms import FieldView, FormSheetView, sheet_values
from exchange.console.pages.frame import Frame
from exchange.console.pages.parts import OWED_MATERIALS, READY, proofs_of_death
from exchange.console.pages.rendering import render
from exchange.domain.matters.views import SETTLED
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import Matter
from topics.labels import Words
from verification.code_lists import code_list

_MATTERS: Final = "several.matters"
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "deceased": ("id_number", "name"),
    "applicant": (
        *("applicant.name", "applicant.id_number", "applicant.relation", "applicant.phone"),
        *("channel", "delivery"),
    ),
    "more_of_applicant": (
        *("applicant.sex", "applicant.ethnicity", "applicant.residential_address"),
        *("applicant.registered_address", "window"),
    ),
    "money": (
        *("banks", "burial", "payee.account_no", "payee.bank_name"),
        *("deceased_bank_card.account_name", "deceased_bank_card.bank_name"),
        *("deceased_bank_card.account_no", "deceased_bank_card.bank_routing_no"),
    ),
}
"""The parts of the page → the questions in each, in order; matters and materials have parts of their own."""


class MatterPick(NamedTuple):
    """A matter that can be applied for."""

    number: int
    name: str
    department: str
    days: int
    state: str
    chosen: bool


class MaterialPick(NamedTuple):
    """A material, once for all matters that want it.

    Attributes:
        wanted_by: numbers of the matters that want it.
        state: how it stands in the case.
        had: whether it is ticked as handed in.
        by_original: numbers of the matters that want the original sighted.
        sighted: whether that is ticked.
        taken: hash of a file of it that was taken already.
    """

    kind: int
    name: Words
    wanted_by: tuple[int, ...]
    state: str
    had: bool
    by_original: tuple[int, ...]
    sighted: bool
    taken: str


@dataclass(frozen=True)
class ApplicationSheetView:
    """An application that is being taken.

    Attributes:
        sheet: the form, as it was drawn and typed.
        document: the case as the visitor sees it; of somebody unknown, an empty one.
        taken: kind of material → hash of the file that was taken.
        unread: whose card could not be read.
    """

    sheet: FormSheetView
    document: CaseDocument
    taken: Mapping[int, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def application_page(frame: Frame, view: ApplicationSheetView) -> str:
    """Return the page."""
    page = _ApplicationPage(frame, replace(view, sheet=_with_ready(view.sheet, view.document)))
    values = sheet_values(frame, page.view.sheet)
    picks = list(page.matters())
    ready = [one for one in picks if one.state == READY]
    fields = {one.name: _of_the_applicant(one) for one in values["fields"]}
    return render(
        "application/sheet",
        frame,
        case_id=view.sheet.form.case_id,
        known=bool(view.document["records"]),
        death_established=view.document["death_established"],
        established_at=view.document.get("established_at"),
        deceased=view.document["form"]["deceased"],
        proofs=proofs_of_death(view.document, frame.policy),
        ready=ready,
        others=[one for one in picks if one.state != READY],
        materials=list(page.materials()),
        taken=view.taken,
        parts={part: [fields[name] for name in names if name in fields] for part, names in _PARTS.items()},
        cards=[whose for whose in CARDS if whose == "applicant" or "name" in fields],
        unread=view.unread,
        focus=_first_empty(fields),
        picked=fields["matters"],
        handed_in=fields["materials"],
        relations=list(dict.fromkeys(code_list("relation").names.values())),
        examines=bool(frame.policy.window_rule.examine_first),
        to_correct=(view.sheet.posted.get("texts.to_correct") or ("",))[0],
        **{name: values[name] for name in ("hidden", "wrong", "changes")},
    )


def _with_ready(sheet: FormSheetView, document: CaseDocument) -> FormSheetView:
    """Return the sheet with what is ready ticked, until somebody has ticked for themselves."""
    if _MATTERS in sheet.posted or "record_id" in sheet.posted:
        return sheet
    ready = dict.fromkeys(str(one["matter"]) for one in document["matters"] if one["state"] == READY)
    return replace(sheet, posted={**sheet.posted, _MATTERS: [*ready]})


def _first_empty(fields: Mapping[str, FieldView]) -> str:
    """Return the field in which a card's reader, or a hand, goes on."""
    person = ("applicant.name", "applicant.id_number")
    if any(not fields[name].value for name in (*person, "name") if name in fields):
        return "card"
    return next((fields[n].id for n in ("applicant.relation", "applicant.phone") if not fields[n].value), "")


def _of_the_applicant(one: FieldView) -> FieldView:
    """Return a field by its own name: whose it is stands above the applicant's."""
    part = "applicant."
    if not one.name.startswith(part):
        return one
    return replace(one, label=Words(one.label.zh.rpartition("·")[2], one.label.en.removeprefix("applicant ")))


@dataclass(frozen=True)
class _ApplicationPage:
    frame: Frame
    view: ApplicationSheetView

    @property
    def policy(self) -> Policy:
        return self.frame.policy

    def matters(self) -> Iterator[MatterPick]:
        """Yield what can be applied for; a bank's matter counts as ready if it is so at any bank."""
        chosen = self._posted(_MATTERS)
        for one in self._open():
            yield MatterPick(
                one.matter,
                self.frame.naming.matter(one.matter),
                self.frame.naming.department(one.decides),
                one.limit_working_days,
                self._state_of(one.matter),
                str(one.matter) in chosen,
            )

    def materials(self) -> Iterator[MaterialPick]:
        """Yield each material that any of them wants."""
        offered, had = self._choices("materials"), self._posted("several.materials")
        sighted = self._posted("several.originals_sighted")
        open_ones = list(self._open())
        for kind in map(int, offered):
            wanted = tuple(one.matter for one in open_ones if _wants(one, kind))
            yield MaterialPick(
                kind,
                material_words(kind, self.policy),
                wanted,
                self._standing_of(kind),
                str(kind) in had,
                tuple(one.matter for one in open_ones if _wants(one, kind, original=True)),
                str(kind) in sighted,
                self.view.taken.get(kind, ""),
            )

    def _open(self) -> Iterator[Matter]:
        return (self.policy.by_number[int(number)] for number in self._choices("matters"))

    def _choices(self, name: str) -> tuple[str, ...]:
        asked = (one.choices for one in self.view.sheet.form.questions if one.name == name)
        return next(asked, ())

    def _posted(self, name: str) -> Iterable[str]:
        return self.view.sheet.posted.get(name, ())

    def _state_of(self, number: int) -> str:
        states = [one["state"] for one in self.view.document["matters"] if one["matter"] == number]
        return READY if READY in states else next(iter(states), "")

    def _standing_of(self, kind: int) -> str:
        """Return how a material stands: owed, if any open matter still wants it."""
        states = [
            paper["state"]
            for one in self.view.document["matters"]
            for paper in one["materials"]
            if paper["kind"] == kind and one["state"] not in SETTLED
        ]
        return next((one for one in (*OWED_MATERIALS, *states) if one in states), "missing")


def _wants(matter: Matter, kind: int, *, original: bool = False) -> bool:
    return any(one.kind == kind and (one.original or not original) for one in matter.materials)
