"""Whom a new credential is for, as somebody types it."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import typer

from exchange.domain.credentials import Holder
from exchange.domain.policy_files.access import AUDITORS
from exchange.runtime.city import City
from exchange.runtime.sentences import said
from verification.numbers import is_uscc

_RSA_BITS: Final = 2048


def read_holder(city: City, department: str, bank: str | None, county: str | None) -> Holder:
    """Return who is meant: a department, or a bank or a county that acts as one.

    Raises:
        typer.BadParameter: the city has none such; says which there are, and which was probably meant.
    """
    if bank is not None and county is not None:
        raise typer.BadParameter(said("credential_bank_and_county"))
    known = (*city.catalogue.publishers, AUDITORS)
    if department not in known:
        meant, listed = _nearest(department, known), ", ".join(known)
        raise typer.BadParameter(
            said("credential_department_unknown", name=department, nearest=meant, known=listed)
        )
    return Holder(
        department,
        bank=None if bank is None else _bank(city, department, bank),
        county=None if county is None else _county(city, county),
    )


def read_public_key(file: Path) -> str:
    """Return a public key as it is kept: PEM, of a kind with which an assertion can be signed.

    Raises:
        typer.BadParameter: the file holds none.
    """
    # Imported here: few commands ask for it.
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415

    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except (OSError, ValueError):
        raise typer.BadParameter(said("public_key_unread", file=file)) from None
    fits = isinstance(key, ed25519.Ed25519PublicKey) or (
        (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1")
        or (isinstance(key, rsa.RSAPublicKey) and key.key_size >= _RSA_BITS)
    )
    if not fits:
        raise typer.BadParameter(said("public_key_weak", file=file))
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode("ascii")


def _bank(city: City, department: str, written: str) -> str:
    """Return the bank's code, also by a name whose code the policy has."""
    deciding = sorted({one.decides for one in city.policy.matters if one.instance})
    if department not in deciding:
        raise typer.BadParameter(said("credential_bank_elsewhere", known=", ".join(deciding)))
    code = city.policy.banks.instance_of(written) or written
    if not is_uscc(code):
        names = tuple(bank.name for bank in city.policy.banks.known)
        meant, listed = _nearest(written, names), ", ".join(names)
        raise typer.BadParameter(said("credential_bank_unknown", name=written, nearest=meant, known=listed))
    return code


def _county(city: City, written: str) -> str:
    """Return the county's code, also by its name."""
    counties = city.policy.city.county_names
    codes = {**{code: code for code in counties}, **{name: code for code, name in counties.items()}}
    if written not in codes:
        meant, listed = (
            _nearest(written, codes),
            ", ".join(f"{code} {name}" for code, name in counties.items()),
        )
        raise typer.BadParameter(said("credential_county_unknown", name=written, nearest=meant, known=listed))
    return codes[written]


def _nearest(written: str, known: Iterable[str]) -> str:
    """Return what was probably meant, in brackets behind what was written; nothing if none is near."""
    nearest = get_close_matches(written, tuple(known), 1)
    return f" ({nearest[0]}?)" if nearest else ""
