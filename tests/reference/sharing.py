"""What some departments may see of a death beyond the rest: written from the table of who sees what."""

import json
from collections.abc import Mapping

from tests.reference.choices import by_time
from tests.reference.matters import Sight, applying
from tests.reference.progress import Matter
from verification.names.keys import same_name
from verification.records import Record

MANNER, INFECTIOUS, OWN_SHARE = "further.death_manner", "further.infectious", "further.notary_own_share"
COUNTY = "county"
PLAGUE = "A20"
"""The only infection in these histories."""
ONLY: Mapping[str, str] = {
    "civil_affairs": INFECTIOUS,
    "human_resources": MANNER,
    "provident_fund": OWN_SHARE,
    "market_regulation": OWN_SHARE,
}


def shared(matter: Matter, now: Sight) -> dict[str, str | None]:
    """What a department is shown that others are not, by the field's name; None where nothing is known."""
    field = ONLY.get(matter.department)
    found = {
        MANNER: lambda: _manner(now),
        INFECTIOUS: lambda: _infectious(now),
        OWN_SHARE: lambda: _own_share(matter, now),
    }
    return {COUNTY: _county(matter, now), **({field: found[field]()} if field else {})}


def _county(matter: Matter, now: Sight) -> str | None:
    """That of the deciding department's own record, the last one; else where the hukou is."""
    proofs = [one for one in now.records if one.record_id in matter.stage.proofs]
    own = [one for one in proofs if one.department == matter.department and one.county]
    if own:
        return max(own, key=by_time).county
    hukou = min(now.of("hukou_cancellation"), key=_first, default=None)
    return hukou and hukou.county


def _manner(now: Sight) -> str | None:
    """The police certify what is abnormal; else as the certificate has it."""
    if now.of("abnormal_death"):
        return "ABNORMAL"
    certificate = _certificate(now)
    return certificate and certificate.facts.get("manner")


def _infectious(now: Sight) -> str | None:
    certificate = _certificate(now)
    code = certificate and certificate.facts.get("death_cause_icd10")
    return code and ("是" if code.startswith(PLAGUE) else "否")


def _certificate(now: Sight) -> Record | None:
    """Several certificates are one fact: the first counts."""
    return min(now.of("death_certificate"), key=_first, default=None)


def _first(record: Record) -> tuple[bool, str, str]:
    """News before history."""
    return (record.backfill, *by_time(record))


def _own_share(matter: Matter, now: Sight) -> str | None:
    """What the deeds leave to whoever applied; where several did, to whom the announcement is about."""
    asking = sorted(
        applying(matter.entry, matter.bank, now),
        key=lambda one: (one.record_id not in matter.stage.proofs, *by_time(one)),
    )
    applicants = [one.facts["applicant"] for one in asking[:1]]
    for deed in sorted(now.of("notary"), key=by_time):
        own = [
            one
            for one in deed.facts.get("beneficiaries") or ()
            if any(_are_one(one, who) for who in applicants)
        ]
        if own:
            return json.dumps(own, ensure_ascii=False, sort_keys=True)
    return None


def _are_one(named: Mapping[str, str], applicant: Mapping[str, str]) -> bool:
    number = named.get("id_number")
    return number == applicant["id_number"] if number else same_name(named["name"], applicant["name"])
