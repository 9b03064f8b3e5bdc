"""按需共享, of a case: what a department, one of its banks or counties, sees of it; a pure function.

Deny by default. A department sees of a case what it was told, and no more: the matters that were announced to
it, the fields that its grants name, who applied for its own matters. What stands nowhere in disclosure.yaml
(conflicts, what proves other matters, other departments' results, appointments, enquiries, who of the
window did something) it does not see here either.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from avro_schemas.typed_documents import (
    AnnouncementDocument,
    ApplicationEntryDocument,
    CaseDocument,
    ExaminationEntryDocument,
    FormDocument,
    FormFieldDocument,
    HandoverEntryDocument,
    MaterialRequestDocument,
    MatterDocument,
    RecordEntryDocument,
    ResultEntryDocument,
)
from exchange.domain.access.may import WorkPlace
from exchange.domain.case_counties import counties_of_applications, persons_county_in
from exchange.domain.disclosure import Recipient, disclosed, is_within
from exchange.domain.grants import REMINDERS, granted, shows_materials
from exchange.domain.known_case import known_case, known_matter
from exchange.domain.policy import Policy

DocumentFields = Mapping[str, FormFieldDocument]
MatterPlace = tuple[int, str | None]
"""A matter and its instance."""


class ShownCase(NamedTuple):
    """What is shown of a case.

    Attributes:
        case: the whole, or a department's part as a case of its own; nothing in it is masked.
        told: what the department was told last of each matter; nothing where the whole is shown.
    """

    case: CaseDocument
    told: tuple[AnnouncementDocument, ...] = ()


def recipient_of(kept_within: WorkPlace, policy: Policy) -> Recipient | None:
    """Return as whom somebody kept within that is told of cases; None: it is shown them whole."""
    department, county = kept_within.get("department"), kept_within.get("county")
    if department is None or department == policy.window:
        return None
    name = None if county is None else policy.city.county_name(county)
    return Recipient(department, kept_within.get("bank"), name)


def shown_case(
    document: CaseDocument,
    told: Iterable[AnnouncementDocument],
    kept_within: WorkPlace,
    policy: Policy,
) -> ShownCase | None:
    """Return of a case what somebody kept within that is shown; None: not even that it is there.

    Args:
        document: the case.
        told: what its department was told of it, in order.
        kept_within: what the account is kept within.
        policy: whose grants count.
    """
    to = recipient_of(kept_within, policy)
    if to is None:
        return ShownCase(document) if _is_within(document, kept_within, policy) else None
    seen = (disclosed(one, to, policy) for one in told)
    part = SeenPart(tuple(one for one in seen if one is not None), policy)
    return ShownCase(part.of(document), tuple(part.last.values())) if part.last else None


def _is_within(document: CaseDocument, kept_within: WorkPlace, policy: Policy) -> bool:
    """Say whether the person is of the county, and the case is the one, that somebody is kept within.

    While no record tells the person's county, it is each that took an application: its window examines it.
    """
    code = kept_within.get("county")
    county = None if code is None else policy.city.county_name(code)
    own = persons_county_in(document, policy)
    counties = (own,) if own else (None, *counties_of_applications(document).values())
    return any(is_within(one, county) for one in counties) and kept_within.get("case") in {
        None,
        document["case_id"],
    }


@dataclass(frozen=True)
class SeenPart:
    """The part of a case that a recipient sees.

    Attributes:
        told: what the recipient was told of the case, in order, as ``disclosed`` leaves it.
        policy: whose grants count.
    """

    told: tuple[AnnouncementDocument, ...]
    policy: Policy

    @cached_property
    def last(self) -> Mapping[MatterPlace, AnnouncementDocument]:
        """Return what each matter was told last, reminders apart: they change nothing of it."""
        return {_place(one): one for one in self.told if one["transition"] not in REMINDERS}

    @cached_property
    def whole(self) -> frozenset[MatterPlace]:
        """Return the matters of which more than whom they are about is shown: nothing was taken back."""
        shown = (place for place, one in self.last.items() if self._granted(one) - self.policy.identity)
        return frozenset(shown)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Return the fields of the form that are shown, as `section.name`."""
        return frozenset().union(*map(self._granted, self.last.values()))

    def of(self, document: CaseDocument) -> CaseDocument:
        """Return what is shown of the case, as a case of its own."""
        matters = [self._matter(one) for one in document["matters"] if self._is_own(one)]
        known = known_case(document)
        applications = self._applications(known["applications"], matters)
        return {
            "case_id": document["case_id"],
            "death_established": document["death_established"],
            "established_at": document["established_at"],
            "corroborated_by": [],
            "forwards_to": document["forwards_to"],
            "records": self._records(document["records"], matters),
            "conflicts": [],
            "decisions": [
                one for one in document["decisions"] if self._shows(one["matter"], one["instance"])
            ],
            "matters": matters,
            "requests": self._requests(known["requests"]),
            "form": self._form(known, applications),
            "applications": applications,
            "examinations": _examinations(document["examinations"], applications, matters),
            "handovers": _handovers(document["handovers"], matters),
            "appointments": [],
            "enquiries": [],
        }

    def _granted(self, told: AnnouncementDocument) -> frozenset[str]:
        return granted(told["department"], told["transition"], self.policy)

    def _shows(self, matter: int | None, instance: str | None) -> bool:
        return matter is not None and (matter, instance) in self.whole

    def _is_own(self, matter: MatterDocument) -> bool:
        """Say whether it was told of the matter, and no other department decides it by now."""
        told = self.last.get(_place(matter))
        return told is not None and told["department"] == matter["department"]

    def _matter(self, matter: MatterDocument) -> MatterDocument:
        told = self.last[_place(matter)]
        shown = shows_materials(told["department"], told["transition"], self.policy)
        known = known_matter(matter)
        materials = matter["materials"] if known is matter else told["materials"]
        return {
            **known,
            "materials": materials if shown else [],
            "results": [one for one in matter["results"] if _is_of(matter, one)],
            "applications": [
                {**one, "result": one["result"] if one["result"] and _is_of(matter, one["result"]) else None}
                for one in known["applications"]
            ],
        }

    def _records(
        self, records: Iterable[RecordEntryDocument], matters: Collection[MatterDocument]
    ) -> list[RecordEntryDocument]:
        """Return those on which the matters rest; of other departments' records, only that they are there."""
        own, named = {one["department"] for one in matters}, self._named(matters)
        return [
            one if one["department"] in own else {**one, "county": None, "warnings": []}
            for one in records
            if one["record_id"] in named
        ]

    def _named(self, matters: Iterable[MatterDocument]) -> frozenset[str]:
        """Return the ids of the records on which the matters rest, and of what was said in them."""
        told = (proof for one in self.last.values() for proof in one["proofs"])
        said = (
            one["record_id"] for matter in matters for one in (*matter["results"], *matter["applications"])
        )
        return frozenset((*told, *(proof for one in matters for proof in one["proofs"]), *said))

    def _applications(
        self, applications: Iterable[ApplicationEntryDocument], matters: Collection[MatterDocument]
    ) -> list[ApplicationEntryDocument]:
        """Return those for the own matters, and of each what concerns these."""
        asking = {one["record_id"] for matter in matters for one in matter["applications"]}
        own = {matter for matter, _ in self.whole}
        return [
            {
                **one,
                "matters": [matter for matter in one["matters"] if matter in own],
                "window": None,
                "handler": None,
                "applicant": self._section("applicant", one["applicant"]),
                "accounts": self._section("accounts", one["accounts"]),
            }
            for one in applications
            if one["record_id"] in asking and own.intersection(one["matters"])
        ]

    def _form(self, document: CaseDocument, own: list[ApplicationEntryDocument]) -> FormDocument:
        """Return the form with whoever applied for an own matter, never for another's."""
        asked = {one["record_id"] for one in document["applications"]}
        accounts = {
            name: field
            for name, field in document["form"]["accounts"].items()
            if field["source"] is None or field["source"]["record_id"] not in asked
        }
        return {
            "deceased": self._section("deceased", document["form"]["deceased"]),
            "applicant": own[-1]["applicant"] if own else {},
            "accounts": own[-1]["accounts"] if own else self._section("accounts", accounts),
        }

    def _section(self, section: str, fields: DocumentFields) -> dict[str, FormFieldDocument]:
        return {name: field for name, field in fields.items() if f"{section}.{name}" in self.fields}

    def _requests(self, requests: Iterable[MaterialRequestDocument]) -> list[MaterialRequestDocument]:
        own = {matter for matter, _ in self.whole}
        wanted: list[MaterialRequestDocument] = [
            {**one, "needs": [need for need in one["needs"] if need["matter"] in own]} for one in requests
        ]
        return [one for one in wanted if one["needs"]]


def _examinations(
    examinations: Iterable[ExaminationEntryDocument],
    applications: Iterable[ApplicationEntryDocument],
    matters: Iterable[MatterDocument],
) -> list[ExaminationEntryDocument]:
    """Return those of the applications shown, each with the materials that the matters need."""
    shown = {one["record_id"] for one in applications}
    needed = {material["kind"] for matter in matters for material in matter["materials"]}
    return [
        {**one, "materials": [seen for seen in one["materials"] if seen["kind"] in needed], "handler": None}
        for one in examinations
        if one["application"] in shown
    ]


def _handovers(
    handovers: Iterable[HandoverEntryDocument], matters: Iterable[MatterDocument]
) -> list[HandoverEntryDocument]:
    """Return those of the matters' results, each without others' results."""
    own = {result["record_id"] for matter in matters for result in matter["results"]}
    cut: list[HandoverEntryDocument] = [
        {**one, "results": [result for result in one["results"] if result in own], "handler": None}
        for one in handovers
    ]
    return [one for one in cut if one["results"]]


def _is_of(matter: MatterDocument, result: ResultEntryDocument) -> bool:
    return result["department"] == matter["department"]


def _place(one: AnnouncementDocument | MatterDocument) -> MatterPlace:
    return one["matter"], one["instance"]
