"""Masks what a reader may see only with a reason: numbers of persons, cards and telephones.

Which fields these are is policy (`form.yaml`, `sensitive: true`); a field that the policy does not know is
also masked. In a handler's own words, every long number is masked.
"""

from collections.abc import Mapping

from avro_schemas.typed_documents import (
    CaseDocument,
    ConflictDocument,
    ConflictingValueDocument,
    FormFieldDocument,
    ResultEntryDocument,
)
from exchange.domain.policy import Policy
from verification.characters import without_blanks
from verification.long_numbers import IN_WORDS, without_numbers
from verification.reasons import mask


def is_sensitive(field: str, policy: Policy) -> bool:
    """Say whether a field, named as `section.name`, is masked."""
    section, _, name = field.partition(".")
    known = policy.form.get(section, {}).get(name)
    return known is None or known.sensitive


def masked_case(document: CaseDocument, policy: Policy) -> CaseDocument:
    """Return the case with all sensitive values masked: form, applications, conflicts, decisions, results."""
    return {
        **document,
        "form": {
            "deceased": _masked_section("deceased", document["form"]["deceased"], policy),
            "applicant": _masked_section("applicant", document["form"]["applicant"], policy),
            "accounts": _masked_section("accounts", document["form"]["accounts"], policy),
        },
        "applications": [
            {
                **one,
                "applicant": _masked_section("applicant", one["applicant"], policy),
                "accounts": _masked_section("accounts", one["accounts"], policy),
            }
            for one in document["applications"]
        ],
        "conflicts": [_masked_conflict(conflict, policy) for conflict in document["conflicts"]],
        "decisions": [
            {**decision, "reason": masked_text(decision["reason"])} for decision in document["decisions"]
        ],
        "matters": [
            {
                **matter,
                "results": [masked_result(result) for result in matter["results"]],
                "applications": [
                    {**one, "result": one["result"] and masked_result(one["result"])}
                    for one in matter["applications"]
                ],
            }
            for matter in document["matters"]
        ],
    }


def masked_result(result: ResultEntryDocument) -> ResultEntryDocument:
    """Return a department's result with the long numbers in its own words masked."""
    return {
        **result,
        "reason": result["reason"] and masked_text(result["reason"]),
        "to_correct": [masked_text(one) for one in result["to_correct"]],
        "answer": [masked_text(one) for one in result["answer"]],
    }


def _masked_section(
    section: str, fields: Mapping[str, FormFieldDocument], policy: Policy
) -> dict[str, FormFieldDocument]:
    masked = masked_fields({f"{section}.{name}": field for name, field in fields.items()}, policy)
    return {name.partition(".")[2]: field for name, field in masked.items()}


def masked_fields(fields: Mapping[str, FormFieldDocument], policy: Policy) -> dict[str, FormFieldDocument]:
    """Return fields, named `section.name`, with the sensitive values masked."""
    return {
        name: {**field, "value": masked_value(field["value"])} if is_sensitive(name, policy) else field
        for name, field in fields.items()
    }


def masked_text(text: str) -> str:
    """Return what somebody wrote in their own words, with the long numbers in it masked."""
    return without_numbers(text, IN_WORDS)


def masked_name(name: str) -> str:
    """Return a person's name with its first character alone to be read."""
    seen = without_blanks(name)  # else the one character that is shown might be a blank
    return seen[:1] + "*" * (len(seen) - 1)


def masked_value(value: str | None) -> str | None:
    """Return the value of a sensitive field, masked."""
    return None if value is None else mask(value)


def masked_conflicting(entry: ConflictingValueDocument) -> ConflictingValueDocument:
    """Return one of the disagreeing values of a sensitive field, masked."""
    return {**entry, "value": mask(entry["value"])}


def _masked_conflict(conflict: ConflictDocument, policy: Policy) -> ConflictDocument:
    if not is_sensitive(conflict["field"], policy):
        return conflict
    return {**conflict, "values": [masked_conflicting(entry) for entry in conflict["values"]]}
