"""Within what somebody is kept, as it is written: counties and banks also by their names."""

from collections.abc import Collection, Mapping

from exchange.domain.access.may import WorkPlace
from exchange.domain.policy_files.access import KeptWithin
from exchange.runtime.city import City
from verification.numbers import is_uscc


def read_place(city: City, written: WorkPlace) -> WorkPlace:
    """Return a place with counties and banks called as records and matters call them."""
    counties = {name: code for code, name in city.policy.city.county_names.items()}
    read = dict(written)
    if "county" in read:
        read["county"] = counties.get(read["county"], read["county"])
    if "bank" in read:
        read["bank"] = city.policy.banks.instance_of(read["bank"]) or read["bank"]
    return read


def known_places(city: City, place: WorkPlace) -> Mapping[KeptWithin, Collection[str]]:
    """Return what there is of each kind; also a bank that the policy does not name, by its code."""
    bank = place.get("bank", "")
    banks = tuple(one.instance for one in city.policy.banks.known)
    return {
        "department": city.catalogue.publishers,
        "county": tuple(city.policy.city.county_names),
        "bank": (*banks, bank) if is_uscc(bank) else banks,
    }
