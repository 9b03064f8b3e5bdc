"""Whatever is sent as a batch: no fault, nothing let in that the rules refuse, and as many good ones let in.

By day 10^5 lines; `EXCHANGE_EXAMPLES_TIMES=100`, as `make nightly` has it, tries more than 10^6.
"""

import json
import random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.domain.credentials import Holder
from exchange.folding.case_ids import CaseIds
from exchange.gateway.batches import BatchLine
from exchange.gateway.bodies import Lines
from producers.admission import Admission, Admitted
from tests.gateway.made_gateway import CITY
from tests.gateway.test_records import CREMATION

HOLDER = Holder("civil_affairs")
ADMISSION = Admission(
    CITY.catalogue, CITY.policy, CaseIds(bytes(32)), lambda *_: b"avro", HOLDER.department, HOLDER
)
LINES_A_CASE = 500
TRICKS = (
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b'"',
    b"{",
    b"}",
    b"[" * 300,
    b"1e999",
    b"-0",
    b"null",
    b"\x00",
    b"\\",
)


def good_line(random_: random.Random) -> bytes:
    """A line that is to be let in."""
    record = {**CREMATION, "record_id": str(UUID(int=random_.getrandbits(128)))}
    return json.dumps({"type": "cremation", "record": record}, ensure_ascii=random_.random() < 0.5).encode()


def spoilt(line: bytes, random_: random.Random) -> bytes:
    """A line after one to three changes of its bytes: most are no record any more, some still are."""
    changed = bytearray(line)
    for _ in range(random_.randint(1, 3)):
        at = random_.randrange(len(changed))
        change = random_.randrange(4)
        if change == 0:
            changed[at] = random_.randrange(256)
        elif change == 1:
            del changed[at : at + random_.randint(1, 40)]
        elif change == 2:
            changed[at:at] = random_.choice(TRICKS)
        else:
            changed[at:at] = changed[at : at + random_.randint(1, 60)]
    return bytes(changed)


@settings(max_examples=200)
@given(st.integers(0, 2**32))
def test_no_spoilt_line_is_a_fault_and_none_is_let_in_that_is_not_json_of_its_own(seed: int) -> None:
    """Good lines stand between the others, and each of them is let in, whatever was before it."""
    random_ = random.Random(seed)
    written, good = [], set()
    for number in range(1, LINES_A_CASE + 1):
        line = good_line(random_)
        is_good = bool(number % 2)
        if is_good:
            good.add(line)
        written.append(line if is_good else spoilt(line, random_))
    lines, body = Lines(), b"\n".join(written)
    found: list[BatchLine] = []
    while body:
        size = random_.randint(1, 1 << 16)
        found += lines.feed(body[:size])
        body = body[size:]
    found += lines.finish()
    let_in = 0
    for line in found:
        verdict = ADMISSION.admit(line.submission)
        if isinstance(verdict, Admitted):
            let_in += line.raw in good
            _check_let_in(line.raw)
        else:
            assert line.raw not in good
            assert {one.code for one in verdict.reasons}.isdisjoint({"rule_failed"})
    assert let_in == len(good) == LINES_A_CASE // 2


def _check_let_in(raw: bytes) -> None:
    """What another reader of JSON makes of a line that was let in has what the rules ask for."""
    read = json.loads(raw)
    assert set(read) == {"type", "record"}
    assert read["type"] == "cremation"
    assert read["record"]["id_number"].strip().upper() == CREMATION["id_number"]
    UUID(read["record"]["record_id"].strip())
