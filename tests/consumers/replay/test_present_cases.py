"""Cases that an older version wrote are compared by what they say."""

from typing import Any

from avro_schemas.catalogue import released_versions, schema
from consumers.replay.present_cases import PresentCases
from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.domain.policy import load_policy
from exchange.runtime.registry.serde import Decoder, Encoder
from tests.case_documents import as_at_first
from tests.cases import document, given, state_of
from tests.policies import with_former_matters

OLD_ID, NEW_ID = 7, 8
SCHEMAS: dict[int, dict[str, Any]] = {OLD_ID: released_versions("case")[0], NEW_ID: schema("case")}
OLD, NEW = (Encoder(SCHEMAS[number], number) for number in (OLD_ID, NEW_ID))


def present() -> PresentCases:
    """As verification has it."""
    decoder = Decoder(SCHEMAS[NEW_ID], SCHEMAS.get)
    return PresentCases(decoder.decode, NEW.encode)


def test_an_older_case_without_anything_remarkable_is_the_same_case() -> None:
    """An upgrade makes no difference where no rule does."""
    records = (given("death_certificate"), given("social_insurance"))
    found = case_document(case_of(state_of(records), with_former_matters(load_policy())))
    rewritten = map(present().rewritten, (OLD.encode(as_at_first(found)), NEW.encode(found)))
    assert set(rewritten) == {NEW.encode(found)}


def test_an_older_case_with_a_damaged_name_is_another() -> None:
    """What the new rules change is named."""
    found = document(given("death_certificate", name="李?兰"))
    assert present().rewritten(OLD.encode(as_at_first(found))) != NEW.encode(found)


def test_what_is_no_case_stays_as_it_is() -> None:
    """Somebody wrote on the topic; that is a difference by itself."""
    assert [*map(present().rewritten, (b"", b"\x00\x00\x00\x00\x08\xff", b"text"))] == [
        *(b"", b"\x00\x00\x00\x00\x08\xff", b"text")
    ]


def test_a_present_case_is_read_once_and_then_passed_over() -> None:
    """A verification looks at every case of a city."""
    read: list[bytes] = []
    decoder = Decoder(SCHEMAS[NEW_ID], SCHEMAS.get)

    def decode(payload: bytes) -> dict[str, Any]:
        read.append(payload)
        return decoder.decode(payload)

    payload, cases = NEW.encode(document(given("death_certificate"))), PresentCases(decode, NEW.encode)
    assert [*map(cases.rewritten, [payload] * 3)] == [payload] * 3
    assert len(read) == 1
