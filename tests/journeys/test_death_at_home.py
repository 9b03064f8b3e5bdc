"""A death at home, from the family's first word at the window to a letter with the result, all over the desk.

At each step everybody signs in who could: who may do it does, and all others try, and are refused.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import uuid4

import pypdfium2
import pytest

from avro_schemas.typed_documents import CaseDocument
from consumers.family.progress import CaseProgress
from consumers.guide.sheet import sheet_of
from consumers.guide.text import guide_of
from consumers.printed_form.notice_pdf import notice_pdf
from consumers.statistics.report import Statistics, StatisticsFilter
from consumers.uploads.reading import NotTheirsError
from exchange.desk.accounts import open_accounts
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.applicant_codes import open_codes
from exchange.desk.asker import Asker, NotAllowedError, shell
from exchange.desk.case_document import case_or_empty
from exchange.desk.desk import Desk, open_desk
from exchange.desk.drawing import NothingToDoError, draw
from exchange.desk.looks import READ_LOOKS, looks
from exchange.desk.materials import OfferedFile, read, upload
from exchange.desk.notice import make_notice
from exchange.desk.persons import AskedPerson
from exchange.desk.progress import ProgressRequest, read_progress
from exchange.desk.publishing.publish import publish
from exchange.desk.statistics import read_statistics
from exchange.domain.access.may import WorkPlace
from exchange.runtime.home import Home
from exchange.runtime.principals import DESK
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.uploads.store import open_store
from tests.cases import given
from tests.journeys.live import Live
from tests.paper_files import pdf
from tests.people import MAIJI, QINZHOU, id_number
from tests.signing_in import shown_by, sign_in_of
from tests.waiting import wait_for

NUMBER: Final = id_number(QINZHOU, date(1937, 2, 11), 733)
NAME: Final = "司马若兰"
FAMILY: Final = {"name": "司马小川", "id_number": id_number(sequence=77), "relation": "子女"}
LACKING, POSTAL_NO, DOCUMENT_NO = "户口簿缺第二页", "1234567890123", "天司〔2026〕73号"
CASE: Final = FormSubject()
CLERK, HANDLER, PORTAL, APPLICANT = "window_clerk", "department_handler", "portal", "applicant"
PLACES: Final[dict[str, WorkPlace]] = {
    "window_clerk": {"county": QINZHOU},
    "department_handler": {"department": "justice"},
    "bank_clerk": {"department": "financial_regulation", "bank": "甘肃银行"},
    "county": {"department": "justice", "county": MAIJI},
    "supervisor": {"department": "police"},
    "leader": {},
    "auditor": {},
    "operator": {},
    "hotline": {},
    "portal": {},
}
"""Within what a holder of each role is kept; the matter that is followed is that of justice."""
MAY: Final = {
    "apply": {CLERK, PORTAL},
    "examine": {CLERK},
    "notice": {CLERK, "auditor"},
    "upload": {CLERK, PORTAL},
    "read": {CLERK, HANDLER},
    "accept": {HANDLER},
    "result": {HANDLER},
    "hand_out": {CLERK},
    "progress": {CLERK, PORTAL, APPLICANT},
    "statistics": {"supervisor", "leader", "auditor"},
    "looks": {"supervisor", "auditor"},
}
"""Step → who may do it here; whoever is not named is refused."""
REFUSED: Final = {
    **{"apply": 34, "examine": 40, "accept": 20, "result": 20, "hand_out": 20},
    **{"notice": 9, "upload": 9, "read": 9, "progress": 8, "statistics": 15, "looks": 9},
}
"""Step → how often somebody was refused: a form is asked for and sent, some steps are done twice."""
_TRIED: Final = {"accept", "result"}
LOOKED: Final[dict[str, set[str]]] = {
    CLERK: {"apply", "examine", "look", "read_material", "hand_out", "read_progress"},
    HANDLER: {"accept", "result", "read_material"},
    "bank_clerk": _TRIED,
    "county": _TRIED,
    "supervisor": _TRIED,
    "leader": set(),
    "auditor": {"look"},
    "operator": set(),
    "hotline": {"read_progress"},
    PORTAL: {"read_progress"},
    APPLICANT: {"read_progress"},
}
"""Role → what its look is for; who was told of the death has asked for a form of somebody else's matter."""


@dataclass
class Hall:
    """The desk, everybody who has signed in at it, and how many were refused at each step."""

    desk: Desk
    askers: dict[str, Asker]
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def person(self) -> AskedPerson:
        """Who has died."""
        return AskedPerson(NUMBER, self.desk.case_ids.of_key(NUMBER))

    def case(self) -> CaseDocument:
        """The case as readers see it."""
        with self.desk.session() as session:
            return case_or_empty(self.desk, session, self.person.case_id)

    def refuse_others(self, step: str, act: Callable[[Asker], object]) -> None:
        """Let everybody try who may not."""
        for who in self.askers.keys() - MAY[step]:
            with pytest.raises((NotAllowedError, NotTheirsError, NothingToDoError)):
                act(self.askers[who])
            self.refused[step] += 1

    def look(self, step: str, act: Callable[[Asker], Any]) -> dict[str, Any]:
        """Return what everybody is shown who may see it; the others are refused."""
        self.refuse_others(step, act)
        return {who: act(asker) for who, asker in self.askers.items() if who in MAY[step]}

    def send(self, action: str, subject: FormSubject = CASE, **typed: Any) -> str:
        """Send a form as who may; return the record's id."""
        who = CLERK if CLERK in MAY[action] else HANDLER
        asker, case_id = self.askers[who], self.person.case_id
        form = draw(self.desk, asker, action, case_id, subject)
        self.refuse_others(action, lambda other: draw(self.desk, other, action, case_id, subject))
        self.refuse_others(action, lambda other: publish(self.desk, other, form, typed))
        outcome = publish(self.desk, asker, form, typed)
        assert (outcome.end, outcome.is_in) == ("ANSWERED", True), outcome
        return form.record_id


@pytest.fixture
def hall(stack: Settings) -> Iterator[Hall]:
    """The desk, and people of every role; who does something has signed in with password and code."""
    askers = {role: Asker(f"{role} 73", role, place, "console") for role, place in PLACES.items()}
    with open_desk(load_settings(stack.home), 4) as desk:
        yield Hall(desk, {**askers, **signed_in(stack)})


def signed_in(stack: Settings) -> dict[str, Asker]:
    """Those who do something, each with an account."""
    accounts, now = open_accounts(stack), datetime.now(UTC)
    opened = {
        role: accounts.create(f"at-home-{uuid4().hex}", role, PLACES[role], shell("root"), now)
        for role in (CLERK, HANDLER, "leader", "auditor")
    }
    sign_in = sign_in_of(stack.home)
    tokens = {
        role: sign_in.sign_in(shown_by(one, now), "192.0.2.7", "console", now) for role, one in opened.items()
    }
    return {role: sign_in.find(token, now).asker for role, token in tokens.items()}


def comes_with_a_code(hall: Hall, application: str) -> None:
    """Let the applicant in, who has the code on the 收件凭证."""
    codes, now = open_codes(load_settings(hall.desk.settings.home, DESK)), datetime.now(UTC)
    code = codes.create(application, hall.person.case_id, hall.askers[CLERK], now)
    sign_in = sign_in_of(hall.desk.settings.home)
    token = sign_in.sign_in_with_code(code, "192.0.2.8", "console", now)
    hall.askers[APPLICANT] = sign_in.find(token, now).asker


def text_of(paper: bytes) -> str:
    """All that a paper says, without the breaks that it makes."""
    with pypdfium2.PdfDocument(paper) as pages:
        return re.sub(r"[\s\u200b]", "", "".join(one.get_textpage().get_text_range() for one in pages))


def statistics(hall: Hall) -> Statistics:
    """The whole city's, which each of those who may see them is told alike."""
    told = hall.look("statistics", lambda one: read_statistics(hall.desk, one, filter_of(one)))
    assert told["leader"].states == told["auditor"].states
    found: Statistics = told["leader"]
    return found


def filter_of(asker: Asker) -> StatisticsFilter:
    """All that somebody may ask for."""
    return StatisticsFilter(department=asker.kept_within.get("department"))


def completed(told: Statistics) -> Counter[int]:
    """How many there are that are done, by matter."""
    return Counter({one["matter"]: one["count"] for one in told.states if one["state"] == "COMPLETED"})


def page_for(hall: Hall, asker: Asker, audience: str) -> CaseProgress:
    """The family's page, as it is shown to somebody who asks as that audience."""
    found = hall.desk.settings.city.family.audience(audience)
    assert found
    page = read_progress(hall.desk, asker, hall.person, ProgressRequest(found))
    assert page
    return page


def notice_for_the_family(hall: Hall, application: str) -> str:
    """What the paper says on which the family is told what to put right."""
    made = hall.look("notice", lambda one: make_notice(hall.desk, one, hall.person, application, "补正"))
    return text_of(notice_pdf(made[CLERK], hall.desk.policy, date(2026, 11, 30)))


def purposes(hall: Hall) -> dict[str, set[str]]:
    """What for everybody has looked, by role, as an auditor reads it who asks for the looks."""
    told = looks(hall.desk, hall.askers["auditor"], hall.person) or ()
    return {
        role: {str(one.purpose) for one in told if one.role == role} - {READ_LOOKS} for role in hall.askers
    }


def guided(hall: Hall, number: int) -> set[int]:
    """The kinds of material that the guide of a matter asks for; its sheet names each."""
    city = hall.desk.settings.city
    guide = guide_of(number, city.guide, city.policy)
    sheet = text_of(sheet_of([guide], city.policy.city, "zh"))
    assert [one for one in guide.materials if one.name.zh not in sheet] == []
    return {one.kind for one in guide.materials}


def matter(hall: Hall, number: int) -> Any:
    """A matter as the case has it."""
    (found,) = (one for one in hall.case()["matters"] if one["matter"] == number)
    return found


def test_a_death_at_home_goes_its_way_through_everybodys_hands(stack: Settings, hall: Hall) -> None:
    """What the numbers say at the end is what the family reads, and each look has the name of who looked."""
    desk, live, papers = hall.desk, Live(stack), open_store(Home(stack.home))
    before = completed(statistics(hall))
    applying = {"applicant": FAMILY, "channel": "WINDOW", "delivery": "MAIL"}
    application = hall.send("apply", matters=["1", "9"], id_number=NUMBER, name=NAME, **applying)
    assert not hall.case()["death_established"]
    comes_with_a_code(hall, application)
    certificate = given("death_certificate", NUMBER, id_number=NUMBER, name=NAME)
    assert live.publish(certificate) == ["ACCEPTED"]
    live.until_visible()

    examined = FormSubject(application=application)
    hall.send("examine", examined, originals_sighted=["1"], to_correct=[LACKING])
    assert LACKING in str(page_for(hall, hall.askers[APPLICANT], "applicant"))
    assert LACKING not in str(page_for(hall, hall.askers["hotline"], "12345"))
    notice = notice_for_the_family(hall, application)
    assert [one for one in ("一次性告知书", LACKING, FAMILY["name"]) if one not in notice] == []
    assert not re.search(r"\d{15}", notice)

    offered = OfferedFile(pdf(3), "register.pdf", 3)
    taken = hall.look("upload", lambda one: upload(desk.settings.city, one, offered, papers))
    digest = taken[CLERK].sha256
    named = [{"kind": 3, "sha256": digest}]
    hall.send("apply", matters=["9"], materials=named, **applying)
    hall.send("examine", examined, originals_sighted=["1", "2", "4"])
    assert {one["kind"] for one in matter(hall, 9)["materials"]} == guided(hall, 9)

    read_by = hall.look("read", lambda one: read(desk, one, hall.person, digest, "核对", papers))
    assert set(read_by.values()) == {pdf(3)}
    hall.send("accept", FormSubject(9))
    result = hall.send("result", FormSubject(9), outcome="COMPLETED", document_no=DOCUMENT_NO)
    hall.send("hand_out", results=[result], delivery="MAIL", postal_no=POSTAL_NO)

    after = completed(statistics(hall))
    assert after - before == {1: 1, 9: 1}
    pages = hall.look("progress", lambda one: page_for(hall, one, "applicant"))
    for page in pages.values():
        done = {one["matter"]: one for one in page["matters"] if one["situation"] == "done"}
        assert (page["done"], done.keys()) == (2, {1, 9})
        assert done[9]["document_no"] == DOCUMENT_NO
        assert done[9]["handed_over"]
        assert done[9]["handed_over"]["postal_no"] == POSTAL_NO
    assert page_for(hall, hall.askers["hotline"], "12345")["done"] == 2
    wait_for("the looks", lambda: purposes(hall) == LOOKED, seen=lambda: purposes(hall))
    told = hall.look("looks", lambda one: looks(desk, one, hall.person))
    names = {role: asker.name for role, asker in hall.askers.items()}
    assert {one.actor for one in told["auditor"]} == {names[role] for role, what in LOOKED.items() if what}
    assert {one.actor for one in told["supervisor"]} == {names["supervisor"]}
    assert hall.refused == REFUSED
