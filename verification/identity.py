"""Tells from the form of a personal number what it is, whom it was given to and whether it can be right.

Source: GB 11643-1999 (公民身份号码); 国家移民管理局's rules for reading the 外国人永久居留身份证 of 2023: its
number begins with 9, and has its birth date and check digit as a citizen's does.
"""

import re
from dataclasses import dataclass
from datetime import date

from stdnum.iso7064 import mod_11_2

from verification.characters import without_blanks
from verification.reasons import Reason, UnfitValueError, reason
from verification.stand_ins import says_there_is_none

RESIDENT_ID = "RESIDENT_ID"
HMT_RESIDENCE_PERMIT = "HMT_RESIDENCE_PERMIT"
FOREIGN_PERMANENT_RESIDENT_ID = "FOREIGN_PERMANENT_RESIDENT_ID"
NO_NUMBER = "NONE"

MALE, FEMALE = "1", "2"

# Cards were first issued in 1984, and the earliest birth known on one is in 1886: an earlier year is a slip.
EARLIEST_BIRTH = date(1880, 1, 1)

HMT_REGIONS = frozenset({"810000", "820000", "830000"})
# The first two digits that GB/T 2260 gives to provinces; 81 to 83 also stand before the HMT permits' zeros.
_PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
PROVINCES = frozenset(str(code) for first, last in _PROVINCE_RANGES for code in range(first, last + 1))

_FULL_WIDTH = {0xFEE0 + ascii_code: ascii_code for ascii_code in range(0x21, 0x7F)}

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_FOREIGN_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")

# What spreadsheets make of a number, and what people write so that spreadsheets leave it as it is.
_AS_NUMBER = re.compile(r"[0-9](?:[.,][0-9]*)?E\+?[0-9]{2}|[0-9]{6,}\.0*")
_AS_FORMULA = re.compile(r"=.*|['`‘’].*")
# A passport, a permit to enter from Hong Kong, Macao or Taiwan, a Taiwan number; an officer's, a soldier's.
_OTHER_DOCUMENT = re.compile(r"[A-Z]{1,2}[0-9]{6,10}|[A-Z]{3}[0-9]{6,9}|.{1,6}字第?[0-9]{4,}号?")
_LONGEST_REPEATED = 3
_LEAP_YEAR = 2000
_LOST_DIGITS = "000"
"""A spreadsheet keeps 15 digits of a number and replaces the others by zeros."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A personal number that may be right, and what it says.

    Attributes:
        number: the normalised number, by which records are keyed.
        kind: one of the symbols of `id_type`, never `NONE`.
        original: the 15-digit form as it stood in the file, if it was one.
        birth_date: None if the form does not tell it for sure (that of 2017 has a two-digit year).
        sex: GB/T 2261.1, `1` or `2`; None if the form does not tell it.
        region_known: False if no province has these first digits: a warning, since old codes stay valid.
    """

    number: str
    kind: str
    original: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    region_known: bool = True

    def __repr__(self) -> str:
        """Never shows the number: a repr ends in logs."""
        return f"Identity(kind={self.kind!r})"


class UnfitIdentityError(UnfitValueError):
    """A number that cannot be right; `reason` says why, with the number masked."""

    def __init__(self, refusal: Reason) -> None:
        super().__init__(refusal.code)
        self.reason = refusal


def nobodys(number: str) -> str:
    """The code of why a normalised number of a right form was given to nobody; empty for nearly every one.

    Fifteen digits that are a few again and again, which somebody writes who must write a number, can hold a
    birth date; and the form of 2017, whose check digit is not known here, is that of many other numbers.
    """
    if number[:1].isalpha():
        return "" if _may_be_born(number[9:11], number[11:13]) else "id_permit_wrong"
    if number[:2] * 3 != number[:6] and number[:3] * 2 != number[:6]:
        return ""
    fifteen = number[:6] + number[8:17]
    lengths = range(1, _LONGEST_REPEATED + 1)
    return "id_filler" if any((fifteen[:one] * 15)[:15] == fifteen for one in lengths) else ""


def _may_be_born(month: str, day: str) -> bool:
    """Whether any year has the day."""
    try:
        date(_LEAP_YEAR, int(month), int(day))
    except ValueError:
        return False
    return True


def normalise(text: str) -> str:
    """Fold full-width characters, take out blanks and what has no shape, and write letters as capitals."""
    return without_blanks(text).translate(_FULL_WIDTH).upper() if not _plain(text) else text


def identify(text: str, field: str = "id_number") -> Identity:
    """Guarantee a number of a known form, with a right check digit and a birth date that the calendar has.

    That nobody is born in the future is a rule of acceptance, since only the log tells what time it is.

    Args:
        text: the number as it was written; normalised here.
        field: the field that a reason is to name.

    Raises:
        UnfitIdentityError: `id_number_missing`, `id_as_number`, `id_as_formula`, `id_of_other_document`,
            `id_characters_wrong`, `id_length_wrong`, `id_digits_lost`, `id_checksum_wrong`,
            `id_birth_date_wrong` or `id_sequence_wrong`; the first of them that holds.
    """
    number = normalise(text)
    if _EIGHTEEN.fullmatch(number):
        return _read_eighteen(number, field, None)
    if _FIFTEEN.fullmatch(number):
        return _read_eighteen(_upgrade(number, field), field, number)
    if _FOREIGN_2017.fullmatch(number):
        return Identity(number, FOREIGN_PERMANENT_RESIDENT_ID)
    raise _refused(_wrong_form(number), field, number)


def _plain(text: str) -> bool:
    """The usual case, recognised without touching each character."""
    return text.isascii() and text.isdigit()


def _wrong_form(number: str) -> str:
    if says_there_is_none(number):
        return "id_number_missing"
    if _AS_NUMBER.fullmatch(number):
        return "id_as_number"
    if _AS_FORMULA.fullmatch(number):
        return "id_as_formula"
    if _OTHER_DOCUMENT.fullmatch(number):
        return "id_of_other_document"
    characters_possible = re.fullmatch(r"[0-9]*X?|[A-Z]{3}[0-9]*", number)
    return "id_length_wrong" if characters_possible else "id_characters_wrong"


def _upgrade(number: str, field: str) -> str:
    """15 digits to 18: the century is 19, since such numbers were issued only then.

    A foreigner's number beginning with 9 and an HMT permit never had 15 digits.
    """
    if number[0] == "9" or number[:6] in HMT_REGIONS:
        raise _refused("id_length_wrong", field, number)
    body = f"{number[:6]}19{number[6:]}"
    return f"{body}{mod_11_2.calc_check_digit(body)}"


def _read_eighteen(number: str, field: str, original: str | None) -> Identity:
    if mod_11_2.checksum(number) != 1:
        raise _refused(_or_lost("id_checksum_wrong", number, original), field, number)
    birth_date = _birth_date(number)
    if birth_date is None:
        raise _refused("id_birth_date_wrong", field, number)
    if number[14:17] == "000":
        raise _refused(_or_lost("id_sequence_wrong", number, original), field, number)
    kind = _kind(number)
    sex = MALE if int(number[16]) % 2 else FEMALE
    known = kind != RESIDENT_ID or number[:2] in PROVINCES
    return Identity(number, kind, original, birth_date, sex, known)


def _or_lost(code: str, number: str, original: str | None) -> str:
    if not number.strip("0"):
        return "id_number_missing"
    return "id_digits_lost" if original is None and number.endswith(_LOST_DIGITS) else code


def _kind(number: str) -> str:
    if number[0] == "9":
        return FOREIGN_PERMANENT_RESIDENT_ID
    return HMT_RESIDENCE_PERMIT if number[:6] in HMT_REGIONS else RESIDENT_ID


def _birth_date(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born >= EARLIEST_BIRTH else None


def _refused(code: str, field: str, number: str) -> UnfitIdentityError:
    return UnfitIdentityError(reason(code, field, number))
