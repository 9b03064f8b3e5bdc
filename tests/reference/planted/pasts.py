"""Bugs in looking back at a case as it was known at a moment."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from consumers.history.messages import CaseMessages
from consumers.history.past import AsOf, CasePast
from tests.reference.histories import CERTIFICATE, PENSION
from tests.reference.planted.bug import begin, planted, step
from topics.catalogue import MOVES

AS_OF, MESSAGES_OF = CasePast.as_of, CaseMessages.of


@planted(
    "a look back shows what is known now",
    rule="as-of answers what was known then",
    instead_of=AS_OF,
    history=(begin(CERTIFICATE, PENSION), step("look_back", which=0)),
)
def known_now(past: CasePast, *asked: Any) -> AsOf:
    found = AS_OF(past, *asked)
    return replace(found, case=found.now)


@planted(
    "a look back leaves out what came at that moment",
    rule="as-of goes by what the log had taken by then",
    instead_of=AS_OF,
    history=(begin(CERTIFICATE), step("look_back", which=0)),
)
def known_before(past: CasePast, asked: str, case_id: str, moment: datetime) -> AsOf:
    return AS_OF(past, asked, case_id, moment - timedelta(milliseconds=1))


@planted(
    "a look back sees nothing that was linked",
    rule="as-of shows the case as it was",
    instead_of=MESSAGES_OF,
    history=(
        step("publish", made=CERTIFICATE, who=1),
        step("link", which=0, who=0),
        step("look_back", which=1),
    ),
)
def filed_alone(messages: CaseMessages, *asked: Any) -> list[Any]:
    return [one for one in MESSAGES_OF(messages, *asked) if one.topic() != MOVES]
