"""Made-up people: numbers that are valid and belong to nobody, built the same way every time."""

from datetime import date

from stdnum.iso7064 import mod_11_2

QINZHOU = "620502"
MAIJI = "620503"
ZHANGJIACHUAN = "620525"


def id_number(region: str = MAIJI, birth: date = date(1950, 1, 1), sequence: int = 11) -> str:
    """An 18-digit number with a valid check digit; an odd sequence is a man's."""
    body = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return f"{body}{mod_11_2.calc_check_digit(body)}"


def id_number_15(region: str = MAIJI, birth: date = date(1950, 1, 1), sequence: int = 11) -> str:
    """The same person's number as files before 1999 have it."""
    return f"{region}{birth:%y%m%d}{sequence:03d}"


LI_XIULAN = id_number(QINZHOU, date(1948, 3, 12), 24)
WANG_JIANGUO = id_number(MAIJI, date(1951, 7, 30), 37)
HMT_RESIDENT = id_number("810000", date(1960, 5, 6), 15)
FOREIGNER_2023 = id_number("911840", date(1970, 2, 3), 16)
FOREIGNER_2017 = "USA110070020316"
