"""The policy: matters, materials, the form and disclosure, read from data that a city can edit."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from hashlib import blake2b
from pathlib import Path

from pydantic import BaseModel

from avro_schemas.catalogue import Schemas
from exchange.domain.policy_files.acceptance import AcceptanceFile, acceptance_rules
from exchange.domain.policy_files.banks import Banks
from exchange.domain.policy_files.models import (
    MONEY_MATTERS,
    ApplicantsRule,
    CityWords,
    ConflictRule,
    ConflictsFile,
    DeathEvidence,
    DisclosureFile,
    FormField,
    FormFile,
    Material,
    MaterialsFile,
    Matter,
    MatterMaterial,
    MattersFile,
    Periods,
    Prerequisite,
    SaidWayOut,
    VerifiedBy,
    WayOut,
    WindowRule,
    WorkingDaysFile,
)
from exchange.domain.policy_files.version import version_of
from exchange.domain.policy_files.working_days import WorkingDays, working_days
from topics.catalogue import CATALOGUE_PATH, Catalogue, Department, load_catalogue
from topics.own_schemas import own_schema_files
from topics.policy_file import PolicyFileError, PolicyFinding, error_at, no_such, read_policy
from verification.acceptance_rules import AcceptanceRules, RuleSet
from verification.records import Record

PolicyWords = Mapping[str, frozenset[str]]

HERE = Path(__file__).parent / "policy"
ACCEPTANCE = "acceptance.yaml"
FILES: Mapping[str, type[BaseModel]] = {
    "matters.yaml": MattersFile,
    "materials.yaml": MaterialsFile,
    "form.yaml": FormFile,
    "disclosure.yaml": DisclosureFile,
    "conflicts.yaml": ConflictsFile,
    "periods.yaml": Periods,
    "working_days.yaml": WorkingDaysFile,
    "city.yaml": CityWords,
    ACCEPTANCE: AcceptanceFile,
}
"""What a policy is made of, in the order of its reading."""
DECIDING = tuple(name for name, model in FILES.items() if model is not CityWords)
"""Those of them on which it depends what comes of a record."""
ON_MATTERS = frozenset({"application", "result"})
"""Types of record that name the matters they are on."""
EXAMINATION = frozenset({"examination"})
"""The type that is on an application, whatever the matters of that."""
NO_PROOF = frozenset({"application", "examination", "handover", "appointment", "enquiry"})
"""Types of record that prove no material: the family's word, and what the window did with it."""
WILLS = frozenset({"notary"})


@dataclass(frozen=True, slots=True)
class FactRule:
    """What makes two records of a type speak of one fact, and how two records of one fact relate.

    ``kind`` is ``document`` (equal facts are one), ``state`` (the later one is in force) or ``each``
    (every record is a fact of its own).
    """

    keys: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class Policy:
    """Everything that the engine is told by data.

    ``window`` is the department that takes applications: its handlers decide what rules cannot. What it owes
    is in ``window_rule``. ``version`` follows from the files, and stands in each announcement made by them.
    """

    version: str
    departments: Mapping[str, Department]
    death: DeathEvidence
    banks: Banks
    prerequisites: Mapping[str, Prerequisite]
    ways_out: Mapping[str, SaidWayOut]
    matters: tuple[Matter, ...]
    materials: Mapping[int, Material]
    form: Mapping[str, Mapping[str, FormField]]
    grants: Mapping[str, frozenset[str]]
    readers: Mapping[str, frozenset[str]]
    shown_materials: frozenset[str]
    identity: frozenset[str]
    county_records: tuple[str, ...]
    facts: Mapping[str, FactRule]
    conflicts: tuple[ConflictRule, ...]
    money_matters: frozenset[int]
    applicants_differ: ApplicantsRule
    periods: Periods
    working_days: WorkingDays
    acceptance_file: AcceptanceFile
    window: str
    window_rule: WindowRule
    schemas: Schemas
    city: CityWords

    @cached_property
    def acceptance(self) -> AcceptanceRules:
        """Return what the acceptance of records takes from the policy."""
        return acceptance_rules(self.acceptance_file, self.deciders, self.materials, self.schemas)

    def holding_since(self, moments: Mapping[RuleSet, datetime]) -> "Policy":
        """Return the policy with its newer rules holding from these moments on, where its own are earlier."""
        file = self.acceptance_file
        later = {name: max(at, moments.get(name, at)) for name, at in file.rules_since.items()}
        return replace(self, acceptance_file=file.model_copy(update={"rules_since": later}))

    @cached_property
    def by_number(self) -> Mapping[int, Matter]:
        """Return the matters by their numbers, in the order of the file."""
        return {matter.matter: matter for matter in self.matters}

    @cached_property
    def deciders(self) -> Mapping[int, frozenset[str]]:
        """Return which departments decide each matter."""
        return {m.matter: frozenset({m.decides, *m.decides_instead.values()}) for m in self.matters}

    @cached_property
    def deciding(self) -> frozenset[str]:
        """Return the departments that decide any matter."""
        return frozenset().union(*self.deciders.values())

    @cached_property
    def certificates(self) -> Mapping[int, tuple[str, ...]]:
        """Return by kind of material the record types that are its certificate, where there are such."""
        found = {kind: self._certificates(one.verified_by) for kind, one in self.materials.items()}
        return {kind: types for kind, types in found.items() if types}

    def _certificates(self, rule: VerifiedBy | None) -> tuple[str, ...]:
        if rule is None or rule.any_record:
            return ()
        if rule.prerequisite:
            return self.prerequisites[rule.prerequisite].any_record
        return (rule.record,) if rule.record else ()

    @cached_property
    def read_by(self) -> Mapping[int, frozenset[str]]:
        """Return by matter the record types that its standing depends on, decisions apart."""
        return {matter.matter: self._read_by(matter) for matter in self.matters}

    def _read_by(self, matter: Matter) -> frozenset[str]:
        if matter.family_chooses or matter.applies.id_type:
            return frozenset(self.facts)  # who somebody was may stand in any record
        return (
            ON_MATTERS | EXAMINATION | self._asked_for(matter) | (WILLS if matter.entitled else frozenset())
        )

    def _asked_for(self, matter: Matter) -> frozenset[str]:
        """Return the record types that the matter's own section names, and those that establish the death."""
        prerequisites = (name for one in matter.prerequisites for name in self.prerequisites[one].any_record)
        about = (matter.applies.record, matter.instance.record if matter.instance else None)
        done = matter.done_by.record
        return frozenset((*self.death.established_by, *filter(None, about), *prerequisites, *done))

    @cached_property
    def _by_other_matters(self) -> frozenset[int]:
        """Return the matters whose standing depends on applications and results for others, too."""
        by_material = {name for name, one in self.prerequisites.items() if one.or_material}
        return frozenset(
            one.matter
            for one in self.matters
            if one.family_chooses
            or one.applies.id_type
            or not by_material.isdisjoint(one.prerequisites)
            or not ON_MATTERS.isdisjoint(self._asked_for(one))
        )

    def depends_on(self, record: Record, matter: int) -> bool:
        """Say whether a matter's standing depends on a record, as the record is: not what it corrected."""
        if record.type not in self.read_by[matter]:
            return False
        if record.type not in ON_MATTERS or matter in self._by_other_matters:
            return True
        if record.type == "application":
            return matter in record.facts["matters"]
        return bool(record.facts["matter"] == matter)

    @cached_property
    def read_for_material(self) -> Mapping[int, frozenset[str]]:
        """Return by kind of material the record types on which it depends what stands in for it."""
        any_record = frozenset(self.facts) - NO_PROOF
        return {
            kind: any_record
            if one.verified_by and one.verified_by.any_record
            else frozenset(self.certificates.get(kind, ()))
            for kind, one in self.materials.items()
        }

    @cached_property
    def read_for_field(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Return by section and name the record types that the value of a form's field depends on."""
        return {
            (section, name): frozenset().union(
                *(one.record_types for one in self.blocks.get(field.block or "", (field,))),
                ("application",) if field.of_applicant else (),
            )
            for section, fields in self.form.items()
            for name, field in fields.items()
        }

    @cached_property
    def of_one_applicant(self) -> frozenset[int]:
        """Return the matters that wait for a handler where several people apply for them."""
        return self.money_matters if self.applicants_differ.holds else frozenset(self.deciders)

    @cached_property
    def standing_rules(self) -> str:
        """Return what names the rules by which matters stand: other ones have another name, comments none."""
        rules = (
            self.death,
            self.banks,
            self.prerequisites,
            self.matters,
            self.materials,
            self.facts,
            self.conflicts,
        )
        held, rule = (sorted(self.money_matters), sorted(self.of_one_applicant)), self.window_rule
        said = repr((*rules, *held, self.periods.count_from, self.window, rule.examine_first, rule.since))
        return blake2b(said.encode(), digest_size=16).hexdigest()

    @cached_property
    def blocks(self) -> Mapping[str, tuple[FormField, ...]]:
        """Return the form's blocks with their fields."""
        fields = [field for section in self.form.values() for field in section.values()]
        names = {field.block for field in fields if field.block}
        return {name: tuple(field for field in fields if field.block == name) for name in names}


def load_policy(folder: Path = HERE, catalogue_path: Path = CATALOGUE_PATH) -> Policy:
    """Read and check the policy files, once.

    Args:
        folder: has the files.
        catalogue_path: the file that names the departments which they speak of.

    Raises:
        PolicyFileError: a file says something unknown; the message names file and line.
    """
    return _read(folder, catalogue_path)


def policy_texts(folder: Path = HERE, catalogue_path: Path = CATALOGUE_PATH) -> dict[str, str]:
    """Return what decides by the policy, with catalogue and own record types: name → text of each file."""
    beside = catalogue_path.parent
    paths = {name: beside / name for name in (catalogue_path.name, *own_schema_files(beside))}
    paths |= {name: folder / name for name in DECIDING}
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.exists()}


def findings_in_each(folder: Path, catalogue: Catalogue) -> Iterator[PolicyFinding]:
    """Yield what is wrong in each file by itself; what does not fit another file is for `load_policy`."""
    for name, model in FILES.items():
        try:
            read_policy(folder / name, model, catalogue)
        except PolicyFileError as problem:
            yield from problem.findings


@cache
def _read(folder: Path, catalogue_path: Path) -> Policy:
    catalogue = load_catalogue(catalogue_path)
    matters, matters_text = read_policy(folder / "matters.yaml", MattersFile, catalogue)
    materials, materials_text = read_policy(folder / "materials.yaml", MaterialsFile, catalogue)
    form, _ = read_policy(folder / "form.yaml", FormFile, catalogue)
    disclosure, disclosure_text = read_policy(folder / "disclosure.yaml", DisclosureFile, catalogue)
    _check_materials(folder / "materials.yaml", materials_text, materials, matters)
    kinds = [material.kind for material in materials.materials]
    _check_prerequisites(folder / "matters.yaml", matters_text, matters, kinds)
    _check_matters(folder / "matters.yaml", matters_text, matters, kinds)
    _check_conditions(folder / "matters.yaml", matters_text, matters, catalogue.schemas)
    _check_ways_out(folder / "matters.yaml", matters_text, matters)
    conflicts, conflicts_text = read_policy(folder / "conflicts.yaml", ConflictsFile, catalogue)
    periods, _ = read_policy(folder / "periods.yaml", Periods)
    calendar, calendar_text = read_policy(folder / "working_days.yaml", WorkingDaysFile)
    _check_conflicts(folder / "conflicts.yaml", conflicts_text, conflicts, matters, form)
    city, _ = read_policy(folder / "city.yaml", CityWords)
    words = _words(folder / "disclosure.yaml", disclosure_text, disclosure, form)
    return Policy(
        version=version_of(policy_texts(folder, catalogue_path)),
        departments=catalogue.departments,
        death=matters.death,
        banks=matters.banks,
        prerequisites=matters.prerequisites,
        ways_out=matters.ways_out,
        matters=matters.matters,
        materials={material.kind: material for material in materials.materials},
        form={section: dict(fields) for section, fields in form.fields.items()},
        grants=_grants(folder / "disclosure.yaml", disclosure_text, disclosure, words),
        readers=_readers(folder / "disclosure.yaml", disclosure_text, disclosure, words),
        shown_materials=_shown_materials(disclosure),
        identity=words["identity"],
        county_records=disclosure.county.any_record if disclosure.county else (),
        facts={name: _fact_rule(name, catalogue.schemas) for name in catalogue.schemas.record_types},
        conflicts=conflicts.conflicts,
        money_matters=frozenset(conflicts.money_matters.matters if conflicts.money_matters else ()),
        applicants_differ=conflicts.applicants_differ,
        periods=periods,
        working_days=_working_days(folder / "working_days.yaml", calendar_text, calendar),
        acceptance_file=_acceptance_file(folder, catalogue),
        window=catalogue.window,
        window_rule=matters.window,
        schemas=catalogue.schemas,
        city=city,
    )


def _acceptance_file(folder: Path, catalogue: Catalogue) -> AcceptanceFile:
    """Read the file; what a city's folder leaves out is as shipped."""
    shipped, _ = read_policy(HERE / ACCEPTANCE, AcceptanceFile, catalogue)
    if not (folder / ACCEPTANCE).exists():
        return shipped
    own, _ = read_policy(folder / ACCEPTANCE, AcceptanceFile, catalogue)
    return own.completed_by(shipped)


def _working_days(path: Path, text: str, calendar: WorkingDaysFile) -> WorkingDays:
    """Refuse a calendar with a year missing in the middle."""
    try:
        return working_days(calendar.years)
    except ValueError as gap:
        raise error_at(path, text, ("years",), str(gap)) from None


def _fact_rule(record_type: str, schemas: Schemas) -> FactRule:
    attributes = schemas.schema(record_type)
    return FactRule(tuple(attributes.get("fact_key", ())), attributes.get("fact_rule", "document"))


def _check_prerequisites(path: Path, text: str, matters: MattersFile, kinds: Collection[int]) -> None:
    """Refuse one that nothing meets."""
    for name, wanted in matters.prerequisites.items():
        if not wanted.any_record and wanted.or_material is None:
            message = "no record meets it, and no or_material does"
            raise error_at(path, text, ("prerequisites", name, "any_record"), message)
        if wanted.or_material is not None and wanted.or_material not in kinds:
            place = ("prerequisites", name, "or_material")
            raise error_at(path, text, place, no_such("material", wanted.or_material, kinds))


def _check_matters(path: Path, text: str, matters: MattersFile, kinds: Collection[int]) -> None:
    """Refuse a matter listed twice, and one that asks for an undefined prerequisite or material."""
    seen: set[int] = set()
    for at, matter in enumerate(matters.matters):
        if matter.matter in seen:
            raise error_at(path, text, ("matters", at, "matter"), f"matter {matter.matter} stands here twice")
        seen.add(matter.matter)
        for index, name in enumerate(matter.prerequisites):
            if name not in matters.prerequisites:
                message = no_such("prerequisite", name, matters.prerequisites)
                raise error_at(path, text, ("matters", at, "prerequisites", index), message)
        if matter.family_chooses and matter.family_chooses.waits_for not in matters.prerequisites:
            message = no_such("prerequisite", matter.family_chooses.waits_for, matters.prerequisites)
            raise error_at(path, text, ("matters", at, "family_chooses", "waits_for"), message)
        for index, message in _wrong_materials(matter, kinds):
            raise error_at(path, text, ("matters", at, "materials", index), message)


def _wrong_materials(matter: Matter, kinds: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield which of a matter's materials cannot be asked for, and why."""
    asked = [material.kind for material in matter.materials]
    for index, kind in enumerate(asked):
        if kind not in kinds:
            yield index, no_such("material", kind, kinds)
        if kind in asked[:index]:
            yield index, f"material {kind} stands here twice"


def _check_conditions(path: Path, text: str, matters: MattersFile, schemas: Schemas) -> None:
    """Refuse a way out to which no record ever leads, and a waiver for which there never is a reason."""
    for at, matter in enumerate(matters.matters):
        records = (matter.applies.record,) if matter.applies.record else ()
        asked: list[tuple[str, int, WayOut | MatterMaterial]] = [
            *(("ways_out", index, one) for index, one in enumerate(matter.ways_out)),
            *(("materials", index, one) for index, one in enumerate(matter.materials)),
        ]
        for name, index, one in asked:
            try:
                one.require_of(records, schemas)
            except ValueError as never:
                raise error_at(path, text, ("matters", at, name, index), str(never)) from None


def _check_ways_out(path: Path, text: str, matters: MattersFile) -> None:
    """Refuse a way out that nothing is said of."""
    for at, matter in enumerate(matters.matters):
        named: list[tuple[tuple[str | int, ...], str]] = [
            (("ways_out", index, "way_out"), one.way_out) for index, one in enumerate(matter.ways_out)
        ]
        if matter.entitled:
            named.append((("entitled", "way_out"), matter.entitled.way_out))
        if matter.without_application:
            named.append((("without_application",), matter.without_application))
        if matter.family_chooses:
            named.append((("family_chooses", "declined"), matter.family_chooses.declined))
            named.append((("family_chooses", "bound"), matter.family_chooses.bound))
        for keys, name in named:
            if name not in matters.ways_out:
                message = no_such("way out", name, matters.ways_out)
                raise error_at(path, text, ("matters", at, *keys), message)


def _check_materials(path: Path, text: str, materials: MaterialsFile, matters: MattersFile) -> None:
    """Refuse a kind listed twice, and one that something unknown is to prove or to stand for."""
    seen: set[int] = set()
    kinds = [material.kind for material in materials.materials]
    for at, material in enumerate(materials.materials):
        if material.kind in seen:
            place = ("materials", at, "kind")
            raise error_at(path, text, place, f"material {material.kind} stands here twice")
        seen.add(material.kind)
        for index, other in enumerate(material.or_materials):
            if other not in kinds or other == material.kind:
                message = no_such("other material", other, [kind for kind in kinds if kind != material.kind])
                raise error_at(path, text, ("materials", at, "or_materials", index), message)
        rule = material.verified_by
        if rule and rule.prerequisite and rule.prerequisite not in matters.prerequisites:
            where = ("materials", at, "verified_by", "prerequisite")
            message = no_such("prerequisite", rule.prerequisite, matters.prerequisites)
            raise error_at(path, text, where, message)


def _check_conflicts(
    path: Path, text: str, conflicts: ConflictsFile, matters: MattersFile, form: FormFile
) -> None:
    """Refuse a rule listed twice, and one that holds or empties what nothing defines."""
    fields = [f"{section}.{name}" for section, names in form.fields.items() for name in names]
    known = [*matters.prerequisites, *((MONEY_MATTERS,) if conflicts.money_matters else ())]
    if conflicts.applicants_differ.holds is not None and MONEY_MATTERS not in known:
        message = no_such("prerequisite", MONEY_MATTERS, known)
        raise error_at(path, text, ("applicants_differ", "holds"), message)
    told = conflicts.applicants_differ.way_out
    if told is not None and told not in matters.ways_out:
        message = no_such("way out", told, matters.ways_out)
        raise error_at(path, text, ("applicants_differ", "way_out"), message)
    _check_money_matters(path, text, conflicts, matters)
    seen: set[str] = set()
    for at, rule in enumerate(conflicts.conflicts):
        if rule.rule in seen:
            raise error_at(path, text, ("conflicts", at, "rule"), f"rule {rule.rule} stands here twice")
        seen.add(rule.rule)
        if rule.must == "be_of_that_day" and not rule.against:
            message = "be_of_that_day needs against: what has to be of the day of a value"
            raise error_at(path, text, ("conflicts", at, "must"), message)
        if rule.holds_beyond_days is not None and not (rule.holds and rule.against):
            message = "holds_beyond_days needs holds and against: how far what is, to hold what"
            raise error_at(path, text, ("conflicts", at, "holds_beyond_days"), message)
        if rule.holds is not None and rule.holds not in known:
            message = no_such("prerequisite", rule.holds, known)
            raise error_at(path, text, ("conflicts", at, "holds"), message)
        if rule.holds is not None and rule.field not in fields:
            message = no_such("field of the form", rule.field, fields)
            raise error_at(path, text, ("conflicts", at, "field"), message)


def _check_money_matters(path: Path, text: str, conflicts: ConflictsFile, matters: MattersFile) -> None:
    numbers = [matter.matter for matter in matters.matters]
    for at, number in enumerate(conflicts.money_matters.matters if conflicts.money_matters else ()):
        if number not in numbers:
            place = (MONEY_MATTERS, "matters", at)
            raise error_at(path, text, place, no_such("matter", number, numbers))


def _words(path: Path, text: str, disclosure: DisclosureFile, form: FormFile) -> dict[str, frozenset[str]]:
    """Map every word that a grant may use to the fields that it stands for."""
    fields = [f"{section}.{name}" for section, names in form.fields.items() for name in names]
    words = {field: frozenset({field}) for field in fields}
    for section in form.fields:
        words[f"{section}.*"] = frozenset(field for field in fields if field.startswith(f"{section}."))
    for group, members in disclosure.groups.items():
        words[group] = _resolved(path, text, members, ("groups", group), words)
    if "identity" not in disclosure.groups:
        raise error_at(path, text, ("groups",), "there must be a group identity: what a withdrawal tells")
    return words


def _resolved(
    path: Path, text: str, members: tuple[str, ...], keys: tuple[str | int, ...], words: PolicyWords
) -> frozenset[str]:
    for index, word in enumerate(members):
        if word not in words:
            raise error_at(path, text, (*keys, index), no_such("field or group", word, words))
    return frozenset().union(*(words[word] for word in members))


def _grants(
    path: Path, text: str, disclosure: DisclosureFile, words: PolicyWords
) -> dict[str, frozenset[str]]:
    granted = ((one.department, one.may_see) for one in disclosure.grants)
    return _seen_by_each(path, text, ("grants", "department"), granted, words)


def _readers(
    path: Path, text: str, disclosure: DisclosureFile, words: PolicyWords
) -> dict[str, frozenset[str]]:
    granted = ((one.reader, one.may_see) for one in disclosure.readers)
    return _seen_by_each(path, text, ("readers", "reader"), granted, words)


def _shown_materials(disclosure: DisclosureFile) -> frozenset[str]:
    departments = (one.department for one in disclosure.grants if one.materials)
    return frozenset((*departments, *(one.reader for one in disclosure.readers if one.materials)))


def _seen_by_each(
    path: Path,
    text: str,
    keys: tuple[str, str],
    granted: Iterable[tuple[str, tuple[str, ...]]],
    words: PolicyWords,
) -> dict[str, frozenset[str]]:
    """Map who sees something to the fields; refuse one that stands twice."""
    listed, name = keys
    seen: dict[str, frozenset[str]] = {}
    for at, (who, may_see) in enumerate(granted):
        if who in seen:
            raise error_at(path, text, (listed, at, name), f"{who} stands here twice")
        seen[who] = _resolved(path, text, may_see, (listed, at, "may_see"), words)
    return seen
