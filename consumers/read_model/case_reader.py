"""Finds a person's case in the read model."""

import re

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import CaseDocument
from consumers.log.copy_session import Session
from exchange.folding.case_ids import MOVES_FOLLOWED, CaseIds
from exchange.folding.errors import SerdeError
from exchange.runtime.errors import ExchangeError
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.sentences import said
from verification.identity import UnfitIdentityError, identify

_CASE_ID = re.compile(r"[0-9a-f]{32}")
FIND_CASE = "SELECT document FROM read_model.cases WHERE case_id = %s"


def case_id_of(text: str, case_ids: CaseIds) -> str | None:
    """Return the case id that a person's number or a case id stands for; None if the text is neither.

    A number may be written in any way that `verification.identity` reads, including the 15-digit form.
    """
    asked = text.strip()
    if _CASE_ID.fullmatch(asked.lower()):
        return asked.lower()
    try:
        return case_ids.of_key(identify(asked).number)
    except UnfitIdentityError:
        return None


CaseDecoder = Decoder[CaseDocument]


def case_decoder(registry: Registry) -> CaseDecoder:
    """Return what reads the cases of the read model."""
    return Decoder[CaseDocument](schema("case"), registry.schema_by_id)


def find_case(session: Session, decoder: CaseDecoder, case_id: str) -> CaseDocument | None:
    """Return the case as ``exchange.events.Case``, or None if there is none.

    A case whose person's number was corrected forwards to the new case, which is returned.

    Raises:
        ExchangeError: the read model is not yet built, or a part does not answer.
    """
    for _ in range(MOVES_FOLLOWED):
        row = session.connection.execute(FIND_CASE, (case_id,)).fetchone()
        if row is None:
            session.require_complete()
            return None
        document = _decoded(decoder, row[0])
        if document["forwards_to"] is None:
            return document
        case_id = document["forwards_to"]
    raise ExchangeError(said("case_in_a_circle"), said("tell_the_operator"))


def _decoded(decoder: CaseDecoder, payload: bytes) -> CaseDocument:
    try:
        return decoder.decode(payload)
    except SerdeError as problem:
        raise ExchangeError(said("case_unreadable", problem=problem), said("deploy_schemas")) from None
