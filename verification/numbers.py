"""Whether numbers of bodies, banks and files can be right. Personal numbers are in `identity`."""

import re
from functools import lru_cache

from stdnum import luhn
from stdnum.iso7064 import mod_11_10

# GB 32100-2015: no I, O, S, V, Z; the authority and kind (first two) may be letters, the region is digits.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"[{_USCC_ALPHABET}]{{2}}[0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

_ROUTING_NO = re.compile(r"[0-9]{12}")
_DIGITS = re.compile(r"[0-9]+")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PHONE = re.compile(r"(?=(?:[^0-9]*[0-9]){5})[0-9０-９+＋()（）\-－—–/、,，;；. 转]{5,60}")
_ICD10 = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Za-z]{1,8})?[+*†]?")


def is_uscc(text: str) -> bool:
    """统一社会信用代码: the form and check character of GB 32100; letters allowed in the authority code."""
    return bool(_USCC.fullmatch(text)) and _has_uscc_check(text)


@lru_cache(maxsize=4096)  # issuers are few, and their records many
def _has_uscc_check(text: str) -> bool:
    total = sum(_USCC_ALPHABET.index(c) * weight for c, weight in zip(text[:17], _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[-total % 31] == text[17]


def is_bank_routing_no(text: str) -> bool:
    """联行号: 12 digits, the last by ISO 7064 MOD 11,10."""
    return bool(_ROUTING_NO.fullmatch(text)) and bool(mod_11_10.checksum(text) == 1)


def may_be_bank_card(text: str) -> bool:
    """Whether an account number passes Luhn; one with letters is a passbook's, says nothing and passes."""
    return not _DIGITS.fullmatch(text) or bool(luhn.checksum(text) == 0)


def is_sha256(text: str) -> bool:
    """64 hexadecimal digits."""
    return bool(_SHA256.fullmatch(text))


def is_uuid(text: str) -> bool:
    """A UUID in its usual form of 36 characters; any version."""
    return bool(_UUID.fullmatch(text))


def is_phone(text: str) -> bool:
    """Loosely a telephone number: at least five digits, and otherwise only what people write among them."""
    return bool(_PHONE.fullmatch(text))


def is_icd10(text: str) -> bool:
    """The form of an ICD-10 code, with or without the national extension's longer ending."""
    return bool(_ICD10.fullmatch(text))
