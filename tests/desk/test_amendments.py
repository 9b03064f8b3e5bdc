"""The window changes contact, delivery and materials of an application; all else stays as the log has it."""

from typing import Any, Final, cast
from uuid import uuid4

from exchange.desk.actions.amendments import AMEND, amended
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.asker import Asker
from exchange.desk.publishing.records import admitted
from exchange.runtime.city import City
from producers.admission import Admitted
from tests.case_documents import case_document, record
from tests.desk.test_publishing import ToldNothing, case_of_li, form
from tests.people import LI_XIULAN, id_number

POLICY: Final = City().policy
FIRST, SECOND = str(uuid4()), str(uuid4())
SCAN, OTHER_SCAN = "0" * 64, "1" * 64
BEFORE: Final[dict[str, Any]] = {
    "record_id": FIRST,
    "action": "ISSUED",
    "revision": 1,
    "id_number": LI_XIULAN,
    "county": "秦州区",
    "backfill": True,
    "channel": "WINDOW",
    "delivery": "WINDOW",
    "applicant": {"name": "赵小明", "id_number": id_number(sequence=75), "phone": "13900000000"},
    "matters": [2, 10],
    "banks": [{"bank_name": "甘肃银行", "bank_uscc": None}],
    "burial": False,
    "payee": None,
    "deceased_bank_card": None,
    "materials": [
        {"kind": 1, "sha256": SCAN, "original_sighted": False},
        {"kind": 2, "sha256": None, "original_sighted": False},
    ],
    "handler": "张敏",
}
"""An application as the log has it."""
WANG: Final = Asker("wang", "window_clerk", {}, "api", display_name="王芳")


def case_with_it() -> Any:
    """The case of it."""
    entry = {"record_id": FIRST, "revision": 1, "matters": [2, 10], "handler": "张敏", "applicant": {}}
    own = record(FIRST, "application", "service_centre", revision=1)
    return case_of_li(records=[own], applications=[entry])


def answered(**typed: Any) -> Any:
    """What comes of answers: the record, or codes and fields of what cannot stand."""
    document, desk = case_with_it(), ToldNothing()
    (subject,) = AMEND.subjects(document, POLICY)
    drawn = form("amend", document, subject)
    verdict = admitted(cast(Any, desk), WANG, AMEND, drawn, document, typed, BEFORE)
    if isinstance(verdict, Admitted):
        return desk.encoded[-1]
    return [(one.code, one.field) for one in verdict]


def test_what_is_typed_is_changed_and_nothing_else() -> None:
    """Banks, burial and the county stand in no case document: they are as they were."""
    found = answered(**{"applicant.phone": "13911112222"}, delivery="MAIL")
    assert (found["action"], found["supersedes"], found["revision"]) == ("AMENDED", FIRST, 2)
    assert (found["delivery"], found["handler"]) == ("MAIL", "王芳")
    assert found["applicant"] == {**found["applicant"], **BEFORE["applicant"], "phone": "13911112222"}
    stays = ("matters", "burial", "county", "backfill", "channel", "materials")
    assert {name: found[name] for name in stays} == {name: BEFORE[name] for name in stays}
    assert [one["bank_name"] for one in found["banks"]] == ["甘肃银行"]


def test_what_is_handed_in_now_comes_on_top() -> None:
    """No scan is lost: another of the same kind stands beside it; an original was sighted for both."""
    papers = amended(
        BEFORE,
        {
            "materials": [
                {"kind": 1, "sha256": OTHER_SCAN, "original_sighted": True},
                {"kind": 2, "original_sighted": True},
                {"kind": 3},
            ]
        },
    )["materials"]
    assert papers == [
        {"kind": 1, "sha256": SCAN, "original_sighted": True},
        {"kind": 2, "sha256": None, "original_sighted": True},
        {"kind": 1, "sha256": OTHER_SCAN, "original_sighted": True},
        {"kind": 3},
    ]


def test_what_changes_nothing_or_something_else_is_refused() -> None:
    """Sent by mistake, it would be taken for what the family was asked to put right."""
    assert answered() == answered(materials=[]) == [("nothing_changed", "")]
    assert answered(matters=["4"]) == [("field_unknown", "matters")]
    assert answered(materials=["1"], originals_sighted=["1"])["materials"][0]["original_sighted"] is True


def test_sent_again_it_belongs_where_it_did() -> None:
    """Of nobody's county yet, it is that of the window that took it, also once it is amended."""
    document, subject = case_with_it(), FormSubject(application=FIRST)
    document["records"][0]["county"] = "秦州区"
    before = AMEND.place(document, subject, POLICY)
    assert before["county"] == "620502"
    document["applications"][0]["record_id"] = SECOND
    document["records"] = [
        {**document["records"][0], "in_force": False},
        record(SECOND, "application", "service_centre", supersedes=FIRST, county="秦州区"),
    ]
    assert AMEND.place(document, subject, POLICY) == before


def test_who_comes_second_is_told() -> None:
    """The form rests on the version that it amends."""
    document = case_with_it()
    before = AMEND.concerns(document, FormSubject(application=FIRST))
    document["applications"][0]["revision"] = 2
    assert AMEND.concerns(document, FormSubject(application=FIRST)) != before
    assert AMEND.subjects(case_document(applications=[]), POLICY) == ()
