"""By what a case is found, and by what it is not."""

import pytest

from consumers.read_model.search_keys import SearchKeys, SearchKind
from exchange.runtime.home import Home
from tests.case_documents import case_document
from tests.cases import applied, document, given, next_of, resulted
from tests.people import LI_XIULAN, WANG_JIANGUO, id_number, id_number_15

KEYS = SearchKeys(b"s" * 32)
UYGHUR = "买买提·艾力"
DEATH = given("death_certificate", name=UYGHUR)
PAID = resulted(7, "COMPLETED", name=UYGHUR, document_no="天医〔2026〕7号")
FOUND = KEYS.of_case(document(DEATH, applied(7, name=UYGHUR), PAID))
APPLICANT = document(DEATH, applied(7, name=UYGHUR))["applications"][0]["applicant"]["id_number"]["value"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", LI_XIULAN),
        ("number", f" {LI_XIULAN[:6]} {LI_XIULAN[6:]}"),
        ("name", UYGHUR),
        ("name", "买买提•艾力"),
        ("name", "买买提 艾力"),
        ("applicant", APPLICANT),
        ("certificate", "天医〔2026〕7号"),
        ("certificate", "天医〔2026〕 7号 "),
    ],
)
def test_a_case_is_found_however_what_is_said_is_written(kind: SearchKind, text: str) -> None:
    """By the rules by which records are compared."""
    assert KEYS.of(kind, text) in FOUND


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", WANG_JIANGUO),
        ("number", APPLICANT),
        ("applicant", LI_XIULAN),
        ("name", "买买提"),
        ("name", "艾力·买买提"),
        ("certificate", UYGHUR),
        ("certificate", "天医〔2026〕8号"),
        ("name", ""),
    ],
)
def test_a_case_is_not_found_by_what_is_not_said_of_it_so(kind: SearchKind, text: str) -> None:
    """Who applied is not who died, and a part of a name is another name."""
    assert KEYS.of(kind, text) not in FOUND


def test_the_15_digits_of_old_files_find_who_has_18() -> None:
    """And the other way round, whichever a record had."""
    assert KEYS.of("number", id_number_15()) == KEYS.of("number", id_number())


def test_where_records_disagree_each_ones_word_finds_the_case() -> None:
    """A clerk looks with the paper in hand, and does not know that another says otherwise."""
    found = KEYS.of_case(document(DEATH, given("hukou_cancellation", name="王建国")))
    assert {KEYS.of("name", UYGHUR), KEYS.of("name", "王建国")} <= found
    by_hand = KEYS.of_case(case_document())
    assert {KEYS.of("number", LI_XIULAN), KEYS.of("number", WANG_JIANGUO)} <= by_hand


def test_what_was_taken_back_finds_nobody() -> None:
    """A name that no record says any more is no name of theirs."""
    corrected = next_of(DEATH, "AMENDED", "corrected", name="王建国")
    assert KEYS.of("name", UYGHUR) not in KEYS.of_case(document(DEATH, corrected))


def test_keys_say_nothing_without_the_secret(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody tries all numbers, and another home's keys are others; a home keeps its own."""
    home = Home(tmp_path_factory.mktemp("home") / "one")
    home.create()
    own = SearchKeys.of_home(home)
    assert own == SearchKeys.of_home(home)
    assert own.of("number", LI_XIULAN) != KEYS.of("number", LI_XIULAN)
    assert own.mark not in own.of_case(document(DEATH))
    assert own.secret.hex() not in {repr(own), own.mark}
    assert (home.secrets / "search_key").stat().st_mode & 0o777 == 0o600
