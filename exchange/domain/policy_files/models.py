"""The shape of the policy files, checked when read: a wrong word stops the start and its line is named."""

from collections.abc import Mapping
from datetime import UTC, date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from avro_schemas.catalogue import Schemas
from exchange.domain.policy_files.banks import Banks
from exchange.domain.policy_files.conditions import (
    require_condition,
    require_field,
    require_number,
    require_text,
    require_time,
)
from exchange.domain.policy_files.working_days import SATURDAY
from topics.catalogue import Catalogue
from topics.policy_file import no_such
from verification.code_lists import LISTS, code_list
from verification.shapes import DEATHS, shape_of
from verification.shapes import Field as RecordField
from verification.times import instant_text
from verification.watched_fields import is_watched

MONEY_MATTERS = "money_matters"
"""What a conflict holds that takes the death not back: a word beside the prerequisites."""
LARGEST_AVRO_INT = 2**31 - 1
Number = Annotated[int, Field(ge=1, le=LARGEST_AVRO_INT)]
"""Of a matter or a kind of material."""
Name = Annotated[str, Field(min_length=1)]
"""What somebody reads."""
LONGEST_DAYS = 36_500
"""Nobody waits longer than a hundred years; what is longer leaves the calendar."""
Days = Annotated[int, Field(gt=0, le=LONGEST_DAYS)]
DaysOrNone = Annotated[int, Field(ge=0, le=LONGEST_DAYS)]
READ_BY_NAME = {
    "deceased.name": "the family's page is headed by it",
    "deceased.id_number": "whose withdrawal is acknowledged is found by it",
    "deceased.death_time": "the family's deadlines and the statistics count from it",
    "applicant.name": "two who apply for one matter are told apart by it",
}
"""Fields of the form that code reads, and what for; a city may call all others as it likes."""
ICD10 = r"^[A-Z][0-9]{2}(\.[0-9A-Za-z]{1,8})?$"
PERSON = frozenset({"name", "id_number"})


def _known_record(name: str, schemas: Schemas) -> str:
    if name not in schemas.record_types:
        raise ValueError(no_such("record type", name, schemas.record_types))
    return name


def _known_department(code: str, catalogue: Catalogue) -> str:
    if code not in catalogue.departments:
        raise ValueError(no_such("department", code, catalogue.departments))
    return code


def _deciding_department(code: str, catalogue: Catalogue) -> str:
    if code not in catalogue.deciding:
        raise ValueError(no_such("deciding department", code, catalogue.deciding))
    return code


def _require_conditions(
    schemas: Schemas, records: tuple[str, ...], *conditions: dict[str, Any] | None
) -> None:
    """Make sure that each condition can hold; one with no record to be asked of never can."""
    for condition in filter(None, conditions):
        if not records:
            raise ValueError("a condition is there, and no record of which to ask it")
        for record_type in records:
            require_condition(record_type, condition, schemas)


def _require_sums(schemas: Schemas, records: tuple[str, ...], condition: dict[str, Any] | None) -> None:
    """Make sure that a condition on sums can hold: of names and dates there is none."""
    _require_conditions(schemas, records, condition)
    for record_type in records:
        for path in condition or {}:
            require_number(record_type, path, schemas)


class PolicyEntry(BaseModel):
    """An entry of a policy file: frozen, and unknown words are refused.

    Where it names departments or record types, pydantic's validation context is the catalogue that has them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator(
        "record", "any_record", "established_by", "corroborated_by", "unless_only_proof", check_fields=False
    )
    @classmethod
    def _records_exist(cls, value: Any, info: ValidationInfo[Catalogue]) -> Any:
        names = value if isinstance(value, tuple) else () if isinstance(value, bool) else (value,)
        for name in names:
            if name is not None:
                _known_record(name, info.context.schemas)
        return value

    @field_validator("department", "owed_by", check_fields=False)
    @classmethod
    def _departments_exist(cls, value: Any, info: ValidationInfo[Catalogue]) -> Any:
        for code in value if isinstance(value, tuple) else (value,):
            _known_department(code, info.context)
        return value


class Text(PolicyEntry):
    """The same in both languages."""

    zh: Name
    en: Name


class DeathEvidence(PolicyEntry):
    """What establishes a death and what agrees with one."""

    established_by: Annotated[tuple[str, ...], Field(min_length=1)]
    corroborated_by: tuple[str, ...]
    source: str

    @field_validator("established_by")
    @classmethod
    def _say_when(cls, value: tuple[str, ...], info: ValidationInfo[Catalogue]) -> tuple[str, ...]:
        for record_type in value:
            fields = shape_of(record_type, info.context.schemas).fields
            if not any(field.required and field.name in DEATHS for field in fields):
                raise ValueError(f"{record_type} need not say when somebody died, by {' or '.join(DEATHS)}")
        return value


class Prerequisite(PolicyEntry):
    """What must be in before a matter is ready, and who owes it; without English, its name stands for it."""

    term: Name
    english: str = ""
    any_record: tuple[str, ...]
    or_material: Number | None = None
    owed_by: tuple[str, ...]
    source: str


class Applies(PolicyEntry):
    """When a matter applies: always, if nothing is said here.

    ``not_counted`` maps a field of ``together`` to the one whose amount does not count towards ``at_most``.
    """

    unless_only_proof: str | None = None
    id_type: tuple[str, ...] = ()
    record: str | None = None
    where: dict[str, Any] | None = None
    together: dict[str, Any] | None = None
    not_counted: dict[str, str] = {}

    @field_validator("id_type")
    @classmethod
    def _id_types_exist(cls, value: tuple[str, ...], info: ValidationInfo[Catalogue]) -> tuple[str, ...]:
        for id_type in value:
            require_condition("death_certificate", {"id_type": id_type}, info.context.schemas)
        return value

    @model_validator(mode="after")
    def _conditions_can_hold(self, info: ValidationInfo[Catalogue]) -> Self:
        schemas = info.context.schemas
        records = (self.record,) if self.record else ()
        _require_conditions(schemas, records, self.where)
        _require_sums(schemas, records, self.together)
        for field, less in self.not_counted.items():
            if field not in (self.together or {}):
                raise ValueError(no_such("sum to count less of", field, self.together or {}))
            require_number(self.record or "", less, schemas)
        return self


class Instance(PolicyEntry):
    """A matter that exists once for each bank, vehicle or the like.

    One is known by a record, or by an application that names it in the list ``in_application``; each names
    it by the first of ``named_by`` that is given. An application can name banks alone.
    """

    record: str
    named_by: Annotated[tuple[str, ...], Field(min_length=1)]
    in_application: str | None = None

    @property
    def of_banks(self) -> bool:
        """Say whether it is a bank, which the policy may know under several names."""
        return self.in_application is not None

    @model_validator(mode="after")
    def _fields_exist(self, info: ValidationInfo[Catalogue]) -> Self:
        schemas = info.context.schemas
        for name in self.named_by:
            require_text(self.record, name, schemas)
        if self.in_application is not None:
            listed = require_field("application", self.in_application, schemas).item
            if listed is None or not {one.name for one in listed.fields} & {*self.named_by}:
                said = " or ".join(self.named_by)
                raise ValueError(f"application.{self.in_application} is no list of what has {said}")
        return self


class DoneBy(PolicyEntry):
    """What ends a matter: a record of these types, or the department's result."""

    record: tuple[str, ...] = ()
    where: dict[str, Any] | None = None
    every: bool = False
    result: bool = False

    @model_validator(mode="after")
    def _one_of_both(self, info: ValidationInfo[Catalogue]) -> Self:
        if bool(self.record) == self.result:
            raise ValueError("done_by is either record: [...] or result: true")
        _require_conditions(info.context.schemas, self.record, self.where)
        return self


class MatterMaterial(PolicyEntry):
    """A material that a matter needs.

    ``original`` where the paper itself must be sighted, ``assumed`` where annex 2 does not list the matter;
    ``set_by_city`` where the city has decided so, which the family is told. What is not ``required`` is
    listed, and its lack stops nothing. ``called``: which paper of that kind it is here. ``waived_together``:
    it is not required, nor the prerequisite for which it will do, where the sums of the records by which the
    matter applies are so.
    """

    kind: Number
    called: Text | None = None
    waived_together: dict[str, Any] | None = None
    original: bool = False
    assumed: bool = False
    required: bool = True
    set_by_city: bool = False

    def require_of(self, records: tuple[str, ...], schemas: Schemas) -> None:
        """Make sure that what waives it can be true of records of these types.

        Raises:
            ValueError: it never can.
        """
        _require_sums(schemas, records, self.waived_together)


class WayOut(PolicyEntry):
    """What records of a matter that does not apply say, each or together, and the way out then."""

    way_out: str
    where: dict[str, Any] | None = None
    together: dict[str, Any] | None = None

    def require_of(self, records: tuple[str, ...], schemas: Schemas) -> None:
        """Make sure that what it asks can be true of records of these types.

        Raises:
            ValueError: it never can.
        """
        _require_conditions(schemas, records, self.where)
        _require_sums(schemas, records, self.together)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.where is None) == (self.together is None):
            raise ValueError("a way out is for records by themselves (where) or for their sums (together)")
        return self


class Entitled(PolicyEntry):
    """Who a matter is meant for: relatives by GB/T 4761, and who is named in a notarised will.

    Others are told the way out, and may apply all the same.
    """

    relations: tuple[str, ...]
    way_out: str
    source: str

    @field_validator("relations")
    @classmethod
    def _relations_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = code_list("relation").names
        for relation in value:
            if relation not in known:
                raise ValueError(no_such("relation of GB/T 4761", relation, known))
        return value


class FamilyChooses(PolicyEntry):
    """A matter that the family may do without, where custom or region allows it.

    There the matter waits for the prerequisite ``waits_for`` until an application says in its field ``by``
    whether the family does without (true), or asks for the matter. ``declined`` and ``bound`` are ways out:
    of a family that does without, and of one that may not, because the death has one of these causes.
    """

    waits_for: str
    by: str
    declined: str
    peoples: tuple[str, ...] = ()
    regions: tuple[Annotated[str, Field(pattern=r"^[0-9]{6}$")], ...] = ()
    county_names: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    never_after_icd10: tuple[Annotated[str, Field(pattern=ICD10)], ...] = ()
    bound: str
    source: str

    @field_validator("by")
    @classmethod
    def _field_exists(cls, value: str, info: ValidationInfo[Catalogue]) -> str:
        if require_field("application", value, info.context.schemas).kind != "boolean":
            raise ValueError(f"application.{value} is not answered by yes or no")
        return value

    @field_validator("peoples")
    @classmethod
    def _peoples_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = code_list("ethnicity").names
        for people in value:
            if people not in known:
                raise ValueError(no_such("people of GB/T 3304", people, known))
        return value


class SaidWayOut(Text):
    """A way out in words."""

    source: str


class Matter(PolicyEntry):
    """A matter, by its number, which stands in records and so never becomes another's.

    ``opened_by_application``: who applies for it has applied, whatever else is missing, the death included;
    so it is after all that had completed it was revoked.
    ``without_application``: what a family is told of a matter that goes on though nobody applies.
    """

    matter: Number
    term: Name
    english: Name
    decides: str
    decides_instead: dict[str, str] = {}
    applies: Applies
    instance: Instance | None = None
    family_chooses: FamilyChooses | None = None
    prerequisites: tuple[str, ...]
    opened_by_application: bool = False
    without_application: str | None = None
    done_by: DoneBy
    limit_working_days: Days
    materials: tuple[MatterMaterial, ...]
    ways_out: tuple[WayOut, ...] = ()
    entitled: Entitled | None = None
    source: str

    @model_validator(mode="after")
    def _what_an_application_opens_a_record_ends(self) -> Self:
        if self.opened_by_application and not self.done_by.record:
            raise ValueError("what opened_by_application opens, a record ends: done_by is record: [...]")
        if self.family_chooses and not self.done_by.record:
            raise ValueError("what the family chooses, a record ends: done_by is record: [...]")
        return self

    @field_validator("instance")
    @classmethod
    def _applies_by_the_same_record(
        cls, value: Instance | None, info: ValidationInfo[Catalogue]
    ) -> Instance | None:
        about = info.data["applies"].record if "applies" in info.data else None
        if value and about is not None and about != value.record:
            raise ValueError(f"it applies by {about}, and exists once for each {value.record}")
        return value

    @field_validator("decides")
    @classmethod
    def _decider_exists(cls, value: str, info: ValidationInfo[Catalogue]) -> str:
        return _deciding_department(value, info.context)

    @field_validator("decides_instead")
    @classmethod
    def _records_and_deciders_exist(
        cls, value: dict[str, str], info: ValidationInfo[Catalogue]
    ) -> dict[str, str]:
        for record_type, code in value.items():
            _known_record(record_type, info.context.schemas)
            _deciding_department(code, info.context)
        return value


class WindowRule(PolicyEntry):
    """What the window owes, and which applications departments are told of only once it has examined them.

    A file of an earlier version says nothing of it: then departments are told at once. What is not known of
    ``correct_working_days``, ``where`` and ``telephone`` is left out of the notice to the family.
    """

    examine_since: AwareDatetime | None = None
    examine_first: tuple[Literal["ONLINE", "WINDOW", "ASSISTED", "HOME_VISIT"], ...] = ()
    examine_working_days: Days = 1
    hand_out_working_days: Days = 3
    answer_working_days: Days = 5
    correct_working_days: Days | None = None
    where: Text | None = None
    telephone: Name | None = None
    source: str = "assumed"

    @field_validator("examine_first")
    @classmethod
    def _is_said_from_when(cls, value: tuple[str, ...], info: ValidationInfo[Catalogue]) -> tuple[str, ...]:
        if value and info.data.get("examine_since", value) is None:
            raise ValueError("it needs examine_since, or what departments were told would be taken back")
        return value

    @property
    def since(self) -> str:
        """Return from when on applications are examined first (ISO instant, UTC); empty: none is."""
        return instant_text(self.examine_since.astimezone(UTC)) if self.examine_since else ""


class MattersFile(PolicyEntry):
    """``matters.yaml``."""

    death: DeathEvidence
    window: WindowRule = WindowRule()
    banks: Banks = Banks()
    ways_out: dict[str, SaidWayOut] = {}
    prerequisites: dict[str, Prerequisite]
    matters: tuple[Matter, ...]


class VerifiedBy(PolicyEntry):
    """Which shared data stands in for a material."""

    any_record: bool = False
    prerequisite: str | None = None
    record: str | None = None
    where: dict[str, Any] | None = None
    naming_applicant: bool = False

    @model_validator(mode="after")
    def _conditions_can_hold(self, info: ValidationInfo[Catalogue]) -> Self:
        _require_conditions(info.context.schemas, (self.record,) if self.record else (), self.where)
        if [self.any_record, self.prerequisite is not None, self.record is not None].count(True) != 1:
            raise ValueError("verified_by is one of any_record: true, prerequisite and record")
        return self


class Material(PolicyEntry):
    """A kind of material, by its number: of those of annex 2 the row there.

    ``or_materials``: other kinds, each of which will do as well when it is handed in.
    """

    kind: Number
    term: Name
    english: Name
    supplied_by_application: bool = False
    verified_by: VerifiedBy | None = None
    or_materials: tuple[Number, ...] = ()
    remark: Text | None = None
    source: str


class MaterialsFile(PolicyEntry):
    """``materials.yaml``."""

    materials: tuple[Material, ...]


class Sourced(PolicyEntry):
    """What takes values from records, named as ``record.path``."""

    @field_validator("from_", "values", "against", check_fields=False)
    @classmethod
    def _sources_exist(cls, value: tuple[str, ...], info: ValidationInfo[Catalogue]) -> tuple[str, ...]:
        schemas = info.context.schemas
        for source in value:
            record_type, _, path = source.partition(".")
            require_field(_known_record(record_type, schemas), path, schemas)
        return value

    @field_validator("only_if", check_fields=False)
    @classmethod
    def _conditions_hold(
        cls, value: dict[str, dict[str, Any]], info: ValidationInfo[Catalogue]
    ) -> dict[str, dict[str, Any]]:
        schemas = info.context.schemas
        for record_type, condition in value.items():
            require_condition(_known_record(record_type, schemas), condition, schemas)
        return value


class FormField(Sourced):
    """A field of annex 1, and where its value may come from, best source first (``record.path``).

    Fields of one ``block`` come from one record, whole. A record of a type in ``implied_by`` says the value
    by being there, before all sources. With ``yes_for_icd10`` the field says whether the source's code is one
    of these, or below one. With ``of_applicant`` it holds those in the source's list who are the applicant.
    """

    term: Name
    block: Literal["card", "applicant"] | None = None
    from_: Annotated[tuple[str, ...], Field(alias="from")]
    otherwise: Literal["missing", "for_applicant"] = "missing"
    only_if: dict[str, dict[str, Any]] = {}
    date_only: bool = False
    event_time: bool = False
    code_list: str | None = None
    sensitive: bool = False
    implied_by: dict[str, Annotated[str, Field(min_length=1)]] = {}
    yes_for_icd10: tuple[Annotated[str, Field(pattern=ICD10)], ...] = ()
    of_applicant: bool = False
    _fields: tuple[RecordField, ...] = PrivateAttr(())
    """Those of its sources."""

    @field_validator("code_list")
    @classmethod
    def _list_exists(cls, value: str | None) -> str | None:
        if value is not None and value not in LISTS:
            raise ValueError(no_such("code list", value, LISTS))
        return value

    @field_validator("date_only", "event_time")
    @classmethod
    def _is_of_times(cls, value: bool, info: ValidationInfo[Catalogue]) -> bool:
        for source in info.data.get("from_", ()) if value else ():
            record_type, _, path = source.partition(".")
            require_time(record_type, path, info.context.schemas)
        return value

    @field_validator("implied_by")
    @classmethod
    def _implying_exist(cls, value: dict[str, str], info: ValidationInfo[Catalogue]) -> dict[str, str]:
        for record_type in value:
            _known_record(record_type, info.context.schemas)
        return value

    @model_validator(mode="after")
    def _find_fields(self, info: ValidationInfo[Catalogue]) -> Self:
        self._fields = tuple(require_field(*source, info.context.schemas) for source in self.sources)
        if not self.record_types:
            raise ValueError("nothing ever says its value: from and implied_by are empty")
        if self.code_list and any(field.rule != f"codes:{self.code_list}" for field in self._fields):
            raise ValueError(f"code_list: its values are no codes of {self.code_list}")
        if self.yes_for_icd10 and any(field.rule != "icd10" for field in self._fields):
            raise ValueError("yes_for_icd10 is asked of codes of ICD-10")
        if self.of_applicant and not all(map(_lists_persons, self._fields)):
            raise ValueError("of_applicant is asked of lists of persons, each with name and id_number")
        return self

    @cached_property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """Return record type and path of every source, best first."""
        return _split(self.from_)

    @cached_property
    def record_types(self) -> frozenset[str]:
        """Return the record types that may say its value."""
        return frozenset((*self.implied_by, *(name for name, _ in self.sources)))

    @cached_property
    def path_of(self) -> Mapping[str, str]:
        """Map each record type among the sources to the path of its value, the best where it has several."""
        return dict(reversed(self.sources))

    @cached_property
    def holds_name(self) -> bool:
        """Say whether its values are names of persons."""
        return all(field.rule == "name" for field in self._fields)

    @cached_property
    def remarkable(self) -> bool:
        """Say whether a remark may be on one of its values."""
        return any(map(is_watched, self._fields))


def _lists_persons(field: RecordField) -> bool:
    return field.item is not None and {one.name for one in field.item.fields} >= PERSON


def _split(sources: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, path) for name, _, path in (source.partition(".") for source in sources))


class FormFile(PolicyEntry):
    """``form.yaml``: section → field name → field."""

    fields: dict[Literal["deceased", "applicant", "accounts", "further"], dict[str, FormField]]

    @field_validator("fields")
    @classmethod
    def _says_who_and_when(cls, value: dict[str, dict[str, FormField]]) -> dict[str, dict[str, FormField]]:
        for wanted, why in READ_BY_NAME.items():
            section, _, name = wanted.partition(".")
            if name not in value.get(section, {}):
                raise ValueError(f"there must be a field {wanted}: {why}")
        return value


class Grant(PolicyEntry):
    """What one department may see: groups, ``section.field`` or ``section.*``.

    It sees how the materials of its own matters stand, unless ``materials`` says that it does not.
    """

    department: str
    may_see: tuple[str, ...]
    materials: bool = True


class ReaderGrant(PolicyEntry):
    """What somebody else may see, masked, of what departments were told."""

    reader: str
    may_see: tuple[str, ...]
    materials: bool = True

    @field_validator("reader")
    @classmethod
    def _reader_exists(cls, value: str, info: ValidationInfo[Catalogue]) -> str:
        """A department that decides is told itself, by its grant."""
        readers = {reader for topic in info.context.topics for reader in topic.readers}
        if value not in (known := sorted(readers - {*info.context.deciding})):
            raise ValueError(no_such("reader", value, known))
        return value


class CountyEntry(PolicyEntry):
    """The records that say a person's county, where the deciding department's own says none."""

    any_record: tuple[str, ...]
    source: str


class DisclosureFile(PolicyEntry):
    """``disclosure.yaml``. By a file of an earlier version nobody else reads, and no record says counties."""

    groups: dict[str, tuple[str, ...]]
    grants: tuple[Grant, ...]
    readers: tuple[ReaderGrant, ...] = ()
    county: CountyEntry | None = None


class ConflictRule(Sourced):
    """What has to be true between records, and what does not stand while it is not."""

    rule: str
    term: Name
    english: Name
    field: str
    values: Annotated[tuple[str, ...], Field(min_length=1)]
    against: tuple[str, ...] = ()
    only_if: dict[str, dict[str, Any]] = {}
    must: Literal["be_of_one_day", "be_of_that_day", "not_be_earlier", "not_be_later"]
    grace_days: DaysOrNone = 0
    holds: str | None = None
    holds_beyond_days: DaysOrNone | None = None
    source: str

    @field_validator("values", "against")
    @classmethod
    def _days_are_compared(cls, value: tuple[str, ...], info: ValidationInfo[Catalogue]) -> tuple[str, ...]:
        for source in value:
            record_type, _, path = source.partition(".")
            require_time(record_type, path, info.context.schemas)
        return value

    @cached_property
    def proofs(self) -> tuple[tuple[str, str], ...]:
        """Return record type and path of the values proper."""
        return _split(self.values)

    @cached_property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """Return record type and path of what they are compared with."""
        return _split(self.against)

    @cached_property
    def types(self) -> frozenset[str]:
        """Return every record type that the rule asks."""
        return frozenset(record_type for record_type, _ in self.proofs + self.compared)


class MoneyMatters(PolicyEntry):
    """The matters by which somebody is paid."""

    matters: tuple[Number, ...]
    source: str


class ApplicantsRule(PolicyEntry):
    """What holds a matter for which several people apply: the money matters, or else every one.

    ``way_out`` is told to those whose application was not chosen.
    """

    term: Name
    english: Name
    holds: Literal["money_matters"] | None = None
    way_out: str | None = None
    source: str


class ConflictsFile(PolicyEntry):
    """``conflicts.yaml``."""

    conflicts: tuple[ConflictRule, ...]
    money_matters: MoneyMatters | None = None
    applicants_differ: ApplicantsRule


class CityWords(PolicyEntry):
    """``city.yaml``: what the city, its counties and its papers are called."""

    name: Text
    plan: str
    form: Text
    materials_list: Text
    county_names: dict[Annotated[str, Field(pattern=r"^[0-9]{6}$")], Annotated[str, Field(min_length=1)]] = {}

    def county_name(self, code: str) -> str:
        """Return how records call the county with a code; the code itself where the city names none."""
        return self.county_names.get(code, code)


class Periods(PolicyEntry):
    """``periods.yaml``."""

    correction_minutes: Annotated[int, Field(gt=0, le=LONGEST_DAYS * 24 * 60)]
    acknowledge_hours: Annotated[int, Field(gt=0, le=LONGEST_DAYS * 24)]
    due_soon_working_days: Days
    count_from: Literal["told", "recorded"] = "told"
    source: str


class Year(PolicyEntry):
    """One year of China's calendar as the State Council arranges it."""

    days_off: tuple[date, ...]
    make_up_days: tuple[date, ...]
    source: str

    @model_validator(mode="after")
    def _days_are_of_their_kind(self) -> Self:
        if any(day.weekday() >= SATURDAY for day in self.days_off):
            raise ValueError("days_off are weekdays: Saturdays and Sundays are free anyway")
        if any(day.weekday() < SATURDAY for day in self.make_up_days):
            raise ValueError("make_up_days are Saturdays and Sundays: other days are worked anyway")
        return self


class WorkingDaysFile(PolicyEntry):
    """``working_days.yaml``: years that a city adds to those of the library, or corrects."""

    years: dict[int, Year]
    source: str

    @model_validator(mode="after")
    def _days_are_of_their_year(self) -> Self:
        for number, year in self.years.items():
            for day in (*year.days_off, *year.make_up_days):
                if day.year != number:
                    raise ValueError(f"{day} is no day of {number}")
        return self
