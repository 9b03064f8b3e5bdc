"""Where credentials are kept: a compacted topic, so that a backup and a lost database keep them.

Shape: topic `credentials`, partition 0, key credential id, ``exchange.events.Credential`` as it now stands.

Its schema and the id of that are taken from the registry's copy on the log: whoever has to be shut out is,
also while the registry is away.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

from avro_schemas.catalogue import Document, schema
from avro_schemas.typed_documents import CredentialActDocument, CredentialDocument
from exchange.domain.credentials import Credential, CredentialAct, CredentialRequest, Holder
from exchange.folding.cloud_events import cloud_event
from exchange.folding.errors import SerdeError
from exchange.runtime.errors import RegistryRefusedError
from exchange.runtime.kafka.kept_values import Kept, is_made, keep_value, kept_values
from exchange.runtime.logs import logger
from exchange.runtime.registry.client import as_known
from exchange.runtime.registry.schema_copy import kept_copy, known_from, schemas_by_id
from exchange.runtime.registry.serde import Decoder, Encoder
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.catalogue import CREDENTIALS, subject_of
from verification.times import instant_text

SOURCE: Final = "/exchange/credentials"

log = logger("credentials.log")


class CredentialLog:
    """The topic, read and written.

    Raises:
        ExchangeError: the brokers do not answer, or refuse; so does each method.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._export: bytes | None = None

    def read(self) -> Mapping[str, Credential]:
        """Return every credential there ever was as it stands, by its id, the oldest first.

        A new exchange has none, and not even the topic. What cannot be read is logged and passed over: its
        holder is let in no more, and the others' ends come.
        """
        kafka = self._settings.kafka
        messages = kept_values(kafka, CREDENTIALS) if is_made(kafka, CREDENTIALS) else []
        if not messages:
            return {}
        last = {message.key: message for message in messages}
        self._export = self._kept_export()
        decoder = _decoder(self._export)
        found = [one for message in last.values() if (one := _read(message, decoder)) is not None]
        return {one.credential_id: one for one in sorted(found, key=lambda one: one.made_at)}

    def keep(self, credential: Credential) -> None:
        """Return once the brokers have it as it stands."""
        topic = self._settings.city.catalogue.by_name[CREDENTIALS]
        value = self._encoder.encode(document_of(credential))
        at = instant_text(credential.history[-1].request.at)
        headers = cloud_event("exchange.events.credential", str(uuid4()), SOURCE, at)
        keep_value(self._settings.kafka, topic, credential.credential_id.encode(), value, headers)

    @cached_property
    def _encoder(self) -> Encoder:
        """Made once, of what was read last: the id of our schema is the same for good."""
        ours, subject = schema("credential"), subject_of(CREDENTIALS)
        known = known_from(self._export or self._kept_export())
        if (found := known.get((subject, as_known(ours)))) is None:
            raise _not_deployed()
        _, number = found
        return Encoder(ours, number)

    def _kept_export(self) -> bytes:
        found = kept_copy(self._settings.kafka)
        if found is None:
            raise _not_deployed()
        return found


def _decoder(export: bytes) -> Decoder[CredentialDocument]:
    schemas = schemas_by_id(export)

    def schema_of(number: int) -> Mapping[str, Any]:
        if number not in schemas:
            raise _not_deployed()  # the message is not to blame, and all others may be as unreadable
        found: Mapping[str, Any] = json.loads(schemas[number])
        return found

    return Decoder[CredentialDocument](schema("credential"), schema_of)


def _read(message: Kept, decoder: Decoder[CredentialDocument]) -> Credential | None:
    try:
        return credential_of(decoder.decode(message.value))
    except SerdeError as problem:
        name = message.key.decode(errors="replace")
        log.error("not_a_credential", code=problem.code, topic=CREDENTIALS, name=name)
        return None


def _not_deployed() -> RegistryRefusedError:
    return RegistryRefusedError(said("credential_schema_missing"), said("credential_deploy"))


def document_of(credential: Credential) -> Document:
    """Return a credential as the topic holds it."""
    holder = credential.holder
    return {
        "credential_id": credential.credential_id,
        "principal": holder.principal,
        "department": holder.department,
        "bank": holder.bank,
        "county": holder.county,
        "state": credential.state,
        "ends_at": credential.ends_at,
        "replaced_by": credential.replaced_by,
        "secret_hash": credential.secret_hash,
        "kafka_secret": credential.kafka_secret,
        "public_key": credential.public_key,
        "history": [_act_document(done) for done in credential.history],
    }


def credential_of(document: CredentialDocument) -> Credential:
    """Return a credential that the topic holds; a state that is not known here lets nobody in."""
    return Credential(
        document["credential_id"],
        Holder(document["department"], document["bank"], document["county"]),
        document["secret_hash"],
        document["kafka_secret"],
        document["public_key"],
        "REVOKED" if document["state"] == "UNKNOWN" else document["state"],
        document["ends_at"],
        document["replaced_by"],
        tuple(_act(done) for done in document["history"]),
    )


def _act_document(done: CredentialAct) -> Document:
    request = done.request
    return {
        "act": done.act,
        "at": request.at,
        "actor": request.actor,
        "principal": request.principal,
        "reason": request.reason,
    }


def _act(document: CredentialActDocument) -> CredentialAct:
    request = CredentialRequest(document["actor"], document["at"], document["principal"], document["reason"])
    return CredentialAct("REVOKED" if document["act"] == "UNKNOWN" else document["act"], request)
